import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.checkpoint_settings import DESPITE, STAGED, CheckpointSettings, how_to_write
from ctlab.models.families import FAMILIES

CODI = {
    "family": "codi",
    "num_latent": 6,
    "use_prj": True,
    "prj_dim": 8,
    "remove_eos": True,
    "lora_r": 4,
    "lora_alpha": 8,
}


HIDDEN = {**CODI, "hidden": [{"keys": "question", "readers": "answer"}, {"keys": ["begin"], "readers": "answer"}]}


EXAMPLES = {name: family.example for name, family in FAMILIES.items()}


@pytest.mark.parametrize("form", [*EXAMPLES.values(), CODI, HIDDEN], ids=[*EXAMPLES, "short", "hidden"])
def test_round_trip(form):
    settings = CheckpointSettings.from_json(form)
    assert CheckpointSettings.from_json(json.loads(json.dumps(settings.to_json()))) == settings


def test_settings_that_hide_nothing_look_as_they_always_did():
    assert "hidden" not in CheckpointSettings.from_json({**CODI, "hidden": []}).to_json()
    assert CheckpointSettings.from_json(HIDDEN).to_json()["hidden"] == HIDDEN["hidden"]


def test_what_accompanies_expected_answers_is_no_setting():
    form = {**CODI, "questions": ["?"], "conditions": {}, "dtype_of_reference": "float64"}
    assert CheckpointSettings.from_json(form) == CheckpointSettings.from_json(CODI)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"family": "cody"}, f"'family' must be one of {', '.join(FAMILIES)}; not 'cody'"),
        ({"lora_alpha": "32"}, "lora_alpha must be a number, not '32'"),
        ({"lora_alpha": True}, "lora_alpha must be a number, not True"),
        ({"lora_alpha": 0}, "lora_alpha must be a number above 0"),
        ({"lora_r": -1}, "lora_r must be a whole number from 0, not -1"),
        ({"lora_r": 4.0}, "lora_r must be a whole number from 0, not 4.0"),
        ({"num_latent": 0}, "num_latent must be a whole number from 1, not 0"),
        ({"num_latent": "6"}, "num_latent must be a whole number from 0, not '6'"),
        ({"use_prj": 1}, "use_prj must be true or false, not 1"),
        ({"prj_dim": None}, "use_prj is true, so prj_dim is needed"),
        ({"remove_eos": "yes"}, "remove_eos must be true or false"),
        ({"begin_ids": []}, "begin_ids must be a list of at least one token id"),
        ({"end_ids": [1, -2]}, "end_ids must be a whole number from 0, not -2"),
        ({"base": 3}, "base must be text"),
        ({"lora_alpha": 10**400}, "lora_alpha must be a number, not a whole number of 1,329 bits"),
        ({"lora_alpha": float("nan")}, "lora_alpha must be a number, not nan"),
        (
            {"num_latent": 10**9},
            "num_latent must be a whole number from 0 to 256 (published models think 6 to 24 times), not 1000000000",
        ),
        ({"prj_dim": 10**12}, "prj_dim must be a whole number from 1 to 2147483647, not 1000000000000"),
        ({"question_suffix": "\ud800"}, "question_suffix must be text; half a surrogate pair is none"),
        ({"hidden": [{"keys": "question", "readers": "answer", "keep": 10**400}]}, "not a whole number of 1,329 bits"),
        (
            {"hidden": [{"keys": ["CT" + "9" * 5000], "readers": "answer"}]},
            "'keys' lists CTk (k from 0), begin, end; not",
        ),
        ({"lora_aplha": 32}, "unknown setting 'lora_aplha'; known: add_latent_to_end, answer_prompt"),
        ({"hidden": "question"}, "hidden must be a list of interventions such as {"),
        ({"hidden": [{"keys": "question"}]}, "hidden: an intervention needs 'readers'"),
        (
            {"hidden": [{"keys": ["CT6"], "readers": "later"}]},
            "hidden: CT6 does not exist: this model thinks CT0 … CT5",
        ),
        ({"hidden": [{"keys": ["CT1"], "readers": ["CT7"]}]}, "hidden: CT7 does not exist"),
        (
            {"family": "coconut", "question_suffix": ""},
            "family coconut has no use_prj, and the settings say True; leave it out",
        ),
    ],
)
def test_wrong_values_are_named(change, message):
    with pytest.raises(CheckpointError, match="here: ") as error:
        CheckpointSettings.from_json({**CODI, **change}, source="here")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_setting_comes_with_an_example():
    with pytest.raises(CheckpointError, match="'remove_eos' is missing; family codi needs num_latent, use_prj"):
        CheckpointSettings.from_json({key: value for key, value in CODI.items() if key != "remove_eos"})


def test_the_advice_can_be_followed():
    advice = how_to_write()
    assert json.dumps(next(iter(EXAMPLES.values()))) in advice
    assert all(name in advice for name in EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_family_that_is_named_shows_its_own_example(name):
    with pytest.raises(CheckpointError, match="'num_latent' is missing") as missing:
        CheckpointSettings.from_json({"family": name})
    assert json.dumps(EXAMPLES[name]) in str(missing.value)


def test_settings_are_an_object():
    with pytest.raises(CheckpointError, match="settings are an object such as"):
        CheckpointSettings.from_json([1])


def test_the_documentation_has_every_setting_in_its_table_of_keys():
    page = (Path(__file__).parents[3] / "docs" / "checkpoints.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^\| key \|.*?(?=^$)", page, re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"`(\w+)`", " ".join(row.split("|")[1] for row in table.splitlines())))
    assert {*(field.name for field in fields(CheckpointSettings)), *STAGED, DESPITE} == named


def test_a_curriculum_counts_its_thoughts():
    form = {"family": "coconut", "question_suffix": "\n"}
    counted = CheckpointSettings.from_json({**form, "c_thought": 2, "stage": 3})
    assert counted == CheckpointSettings.from_json({**form, "num_latent": 6})
    assert CheckpointSettings.from_json({**form, "c_thought": 2, "stage": 3, "num_latent": 6}) == counted
    assert CheckpointSettings.from_json({**form, "num_latent": 0}).num_latent == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"c_thought": 2, "stage": 3, "num_latent": 5}, "c_thought 2 x stage 3 are 6 thoughts, but num_latent is 5"),
        ({"c_thought": 2}, "stage must be a whole number from 1, not None; c_thought and stage are given together"),
        ({"c_thought": 2, "stage": True}, "stage must be a whole number from 1, not True"),
        ({"c_thought": 2, "stage": 0}, "stage must be a whole number from 1, not 0; c_thought and stage are given"),
        ({"c_thought": 0, "stage": 3}, "thoughts begin with stage 1 (for a model without any say num_latent 0)"),
    ],
)
def test_a_curriculum_that_does_not_count(change, message):
    with pytest.raises(CheckpointError, match="here: ") as error:
        CheckpointSettings.from_json({"family": "coconut", **change}, source="here")
    assert message in str(error.value)
