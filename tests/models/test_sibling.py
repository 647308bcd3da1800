"""Explicit siblings: which checkpoints have one, what it is asked, and how much room its steps have."""

import pytest

from ctlab.errors import CheckpointError, ConditionError
from ctlab.interventions import BASELINE, Condition
from ctlab.models import CheckpointSettings, load_model
from ctlab.models.families import FAMILIES
from ctlab.models.families.written_task import WrittenTask
from ctlab.models.sibling import by_thinking, decoding_of_sibling, sibling
from ctlab.models.ways_of_thinking import refusal
from ctlab.records.generation import Decoding
from tests.models.checkpoints.making_checkpoints import write_codi

HIDDEN = [{"keys": ["CT0"], "readers": "later"}]


@pytest.fixture(scope="module", params=[True, False])
def codi(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("codi")
    return load_model(folder, settings=write_codi(folder, kind="llama", remove_eos=request.param))


def test_what_stands_between_question_and_answer_is_the_teachers(codi):
    """As ``ref_input_ids`` of the official train.py: eos after question and steps unless remove_eos, no BOT or EOT."""
    delimiter = () if codi.settings.remove_eos else (codi.eos_token_id,)
    explicit, none = sibling(codi, "explicit"), sibling(codi, "none")
    assert (explicit.begin_ids, explicit.end_ids) == (delimiter, ())
    assert (none.begin_ids, none.end_ids) == (delimiter * 2, ())
    assert (codi.ends, explicit.ends, none.ends) == (1, 1 + len(delimiter), 1)
    assert explicit.task.marker == (2, 2, 2)  # three words that the test's tokenizer does not know, and no bos
    assert [each.num_thoughts for each in (codi, explicit, none)] == [6, 0, 0]
    assert explicit.network is codi.network
    assert explicit.digest == codi.digest


def test_steps_have_room_of_their_own(codi):
    asked = Decoding(max_new_tokens=10)
    found = [decoding_of_sibling(each, asked) for each in (codi, sibling(codi, "explicit"), sibling(codi, "none"))]
    assert [each.max_new_tokens for each in found] == [10, 10 + FAMILIES["codi"].writes.most_steps, 10]


@pytest.mark.parametrize("name", [name for name in FAMILIES if name != "codi"])
@pytest.mark.parametrize("thinking", ["explicit", "none"])
def test_every_other_family_says_in_a_clause_why_not(name, thinking):
    found = refusal(CheckpointSettings.from_json(dict(FAMILIES[name].example)), thinking)
    assert f"family {name}" in found
    assert "\n" not in found
    assert (name == "explicit_cot") == ("always writes its steps" in found)


def test_a_model_that_hides_edges_of_its_thoughts_is_not_asked(codi):
    hiding = CheckpointSettings.from_json({**codi.settings.to_json(), "hidden": HIDDEN})
    assert "its setting 'hidden' hides edges" in refusal(hiding, "explicit")
    assert refusal(hiding, "latent") == ""
    with pytest.raises(CheckpointError, match="one of latent, explicit, none"):
        refusal(hiding, "aloud")


def test_conditions_are_sorted_by_their_way():
    explicit, none = Condition(name="e", thinking="explicit"), Condition(name="n", thinking="none")
    assert by_thinking([none, explicit, BASELINE]) == {"latent": (BASELINE,), "explicit": (explicit,), "none": (none,)}
    assert by_thinking([]) == {}


TASK = WrittenTask(before=(), between=(0,), marker=(8, 9), steps=8)


@pytest.mark.parametrize(
    ("written", "steps"),
    [
        ((1, 2, 0, 8, 9, 5, 0), (1, 2)),
        ((1, 2, 8, 9, 5, 0), (1, 2)),  # it did not write the eos before its marker
        ((8, 9, 5, 0), ()),
        ((1, 8, 2, 8, 9, 3, 8, 9), (1, 8, 2)),  # the first marker ends the steps
        ((1, 2, 0, 8), None),
        ((1, 2, 3, 4, 5, 6, 0, 8, 9), None),  # nothing would be left of the limit
        ((), None),
    ],
)
def test_steps_are_cut_out_at_the_marker(written, steps):
    assert TASK.steps_of(written) == steps
    assert TASK.given((1, 2)) == (1, 2, 0, 8, 9)


def test_a_refusal_names_the_model(tmp_path, codi):
    settings = {**codi.settings.to_json(), "hidden": HIDDEN}
    write_codi(tmp_path, kind="llama")
    hiding = load_model(tmp_path, settings=settings)
    with pytest.raises(ConditionError, match=f"\"none\" is not for {hiding.name}: its setting 'hidden'"):
        sibling(hiding, "none")
