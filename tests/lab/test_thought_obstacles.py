"""Claims that a model's way to think leaves no room for: not judged, in words, and never wrong or VOID."""

import pytest

from ctlab.interventions import Condition
from ctlab.lab.thought_obstacles import program_of, thought_obstacle
from ctlab.models.thought_program import AllAtOnce, HiddenState, Jacobi, LearnedEmbedding, StopHead, ThoughtProgram
from tests.claims.making import claim

PAUSES = ThoughtProgram(slots=(LearnedEmbedding(),) * 3, schedule=AllAtOnce())
STATES = ThoughtProgram(slots=(HiddenState(),) * 3)
PASSES = ThoughtProgram(slots=(HiddenState(),) * 3, schedule=Jacobi(passes=3))
STOPS = ThoughtProgram(slots=(HiddenState(),) * 3, stop=StopHead())
HIDDEN = {"keys": ["CT0"], "readers": "later"}


def asked(program, *interventions, measured="", **fields):
    condition = Condition.from_json({"name": "changed", "interventions": list(interventions), **fields})
    about = claim(conditions=("baseline", "changed"))
    return thought_obstacle(about, {"changed": condition}, program, measured)


@pytest.mark.parametrize("by", ["mean", "mean-own-norm", "resample", "resample-own-norm", "self", "baseline"])
def test_to_feed_a_fixed_thought_another_runs_thought_is_no_experiment(by):
    patch = {"thoughts": ["CT1"], "by": by}
    said = "changed feeds CT1 what this model is fed there anyway: one trained vector, in every problem"
    assert asked(PAUSES, patch) == said
    assert asked(PAUSES, HIDDEN, patch) == said
    for other in (STATES, PASSES, None):
        assert asked(other, HIDDEN, patch) == ""


@pytest.mark.parametrize("by", ["zero", "noise", "decoded", "decoded-own-norm"])
def test_what_is_another_vector_is_judged(by):
    assert asked(PAUSES, {"thoughts": ["CT1"], "by": by}) == ""


def test_hiding_and_a_declared_no_op_are_judged():
    assert asked(PAUSES, HIDDEN) == ""
    assert asked(PAUSES, {"thoughts": ["CT1"], "by": "self"}, no_op=True) == ""


def test_thoughts_are_judged_however_often_they_are_computed():
    assert asked(STATES, HIDDEN) == ""
    assert asked(PASSES, HIDDEN) == ""


def test_layers_are_patched_where_a_thought_s_position_is_computed_once():
    patch = {"thoughts": ["CT1"], "by": "zero", "at": {"layers": [0], "position": "key"}}
    assert asked(STATES, patch) == asked(PAUSES, patch) == ""
    for program in (PASSES, STOPS):
        assert asked(program, patch).startswith("changed patches at layers, which is done where each thought's")


def test_a_model_that_decides_itself_when_to_stop():
    assert asked(STOPS, HIDDEN) == asked(STOPS, {"thoughts": ["CT1"], "by": "noise"}) == ""
    assert asked(STOPS, HIDDEN, measured="hidden states").startswith(
        "needs hidden states, which are measured where all problems have the same thoughts"
    )
    for by in ("resample", "mean", "baseline"):
        said = asked(STOPS, HIDDEN, {"thoughts": ["CT1"], "by": by})
        assert said.startswith("changed feeds thoughts of another run, and this model decides itself how many")
    assert asked(STOPS, num_thoughts=1) == (
        "changed says how many thoughts are fed, which no condition tells a model with a stop head"
    )


def test_the_card_says_how_a_model_thinks():
    settings = {"family": "pccot", "num_latent": 3, "num_iterations": 3, "use_prj": False, "answer_prompt": "So:"}
    assert program_of({"family": "pccot", "settings": settings}) == PASSES
    assert program_of({"num_thoughts": 3}) is None
