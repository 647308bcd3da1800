"""A family is named in its own file and nowhere else."""

import re
from dataclasses import MISSING, fields, replace
from pathlib import Path

import pytest

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.checkpoint_settings import CheckpointSettings
from ctlab.models.checkpoints.known import KNOWN
from ctlab.models.families import FAMILIES
from ctlab.models.families.base import Family
from ctlab.models.families.training_settings import TrainingSettings

ROOT = Path(__file__).parents[3]
ALLOWED = {
    "ctlab/models/families": "where families are listed; one may be said by how it differs from another",
    "ctlab/reproduction/causes": "a number that is tried has its source, and that may be a family's official code",
    "ctlab/commands/reproduce.py": "its example is a published model's id",
    **dict.fromkeys(
        ("ctlab/models/checkpoints/config_keys.py", "ctlab/certify/networks/__init__.py"),
        "a config's model_type, which is the name of an architecture",
    ),
    "hypotheses/claims/": "a claim has its source, and a paper names what it studied",
    "fixtures/other_models.py": "models that are compared, by what their study calls them",
    "ctlab/models/tiny/": "the recipe of one model, which is of one family and is written in its layout",
    "ctlab/models/tiny_graphs/": "the recipe of four models, each of a family and written in its layout",
    **dict.fromkeys(
        ("ctlab/problems/rows", "ctlab/problems/sources", "ctlab/results"),
        "a format may be called after the code that brought it",
    ),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_no_file_but_its_own_names_a_family(name):
    naming = [
        path.relative_to(ROOT).as_posix()
        for room in ("ctlab", "fixtures", "hypotheses")
        for path in sorted((ROOT / room).rglob("*.py"))
        if re.search(rf"(?<![a-z]){name}(?![a-z])", path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]
    own = f"ctlab/models/families/{name}.py"
    assert own in naming
    assert [path for path in naming if not path.startswith((own, *ALLOWED))] == []


@pytest.mark.parametrize("name", FAMILIES)
def test_the_documentation_has_a_row_for_each_family(name):
    page = (ROOT / "docs" / "checkpoints.md").read_text(encoding="utf-8")
    (row,) = re.findall(rf"^\| `{name}` \|.*$", page, re.MULTILINE)
    assert all(f"`{setting}`" in row for setting in FAMILIES[name].required)


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_examples_and_published_settings_are_the_family_s_own(family):
    assert CheckpointSettings.from_json(family.example).family == family.name
    for known in family.published.values():
        stated = {name: family.example[name] for name in known.in_files}  # the files' own values are not known here
        assert CheckpointSettings.from_json({**stated, **known.settings}).family == family.name


def test_a_published_checkpoint_belongs_to_one_family():
    assert len(KNOWN) == sum(len(family.published) for family in FAMILIES.values())


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_a_family_takes_the_settings_that_it_knows_and_no_other(family):
    values = {field.name: field.default for field in fields(TrainingSettings) if field.default is not MISSING}
    assert set(family.knows) <= set(values)
    assert {*family.required, *family.example} <= {"family", "num_latent", "question_suffix", "base", *family.knows}
    others = {"use_prj": True, "prj_dim": 8, "prj_no_ln": True, "remove_eos": False, "lora_r": 4, "lora_alpha": 8}
    others |= {"feedback_mode": "pause_curriculum", "use_rslora": True, "num_iterations": 3}
    others |= {"answer_prompt": "so", "stop_head": False, "add_latent_to_end": True}
    others |= {"num_steps": 4, "init_scale": 0.0, "init_seed": 1}
    assert set(others) == set(values)
    for name in set(values) - set(family.knows):
        more = {"lora_r": 4, "lora_alpha": 8} if name == "use_rslora" else {}
        with pytest.raises(CheckpointError, match=f"family {family.name} has no |lora_alpha must be a number"):
            CheckpointSettings.from_json({**family.example, name: others[name], **more})


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_a_program_has_as_many_slots_as_the_settings_say(family):
    settings = CheckpointSettings.from_json(family.example)
    assert family.program(settings).thoughts == settings.num_latent
    if settings.num_latent:
        assert family.program(replace(settings, num_latent=2)).thoughts == 2


def test_what_a_family_does_not_say_no_default_says():
    assert all(field.default is MISSING and field.default_factory is MISSING for field in fields(Family))
    rules = {name for name, member in vars(Family).items() if callable(member) and not name.startswith("_")}
    assert rules == Family.__abstractmethods__
