"""The thought program: what may stand in it, and what it says of itself."""

from dataclasses import dataclass

import pytest

from ctlab.errors import CheckpointError
from ctlab.models import load_model
from ctlab.models.families import FAMILIES
from ctlab.models.thought_program import (
    SCHEDULES,
    SOURCES,
    STOP_RULES,
    AllAtOnce,
    HiddenState,
    Jacobi,
    LatentToken,
    LearnedEmbedding,
    Loop,
    OneAfterAnother,
    ThoughtProgram,
)


@dataclass(frozen=True)
class Mixture(HiddenState):
    """A kind that nobody built; that it is derived from one that is must not help it."""


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        ({"slots": (Mixture(),)}, "a slot's source is one of HiddenState, LearnedEmbedding, LatentToken; not Mixture"),
        ({"slots": (), "schedule": Mixture()}, "OneAfterAnother, AllAtOnce, Jacobi, Loop; not Mixture"),
        ({"slots": (), "stop": Mixture()}, "is one of EverySlot, StopHead; not Mixture"),
        ({"slots": (HiddenState(),), "schedule": AllAtOnce()}, "the schedule is OneAfterAnother, or Jacobi"),
        ({"slots": (LearnedEmbedding(),), "schedule": Jacobi(3)}, "what is fixed needs no passes"),
        (
            {"slots": (HiddenState(),), "schedule": Loop(3)},
            "a loop thinks in the depth of every token and has no slots",
        ),
    ],
)
def test_what_no_engine_runs_is_refused(program, sentence):
    with pytest.raises(CheckpointError) as refused:
        ThoughtProgram(**program)
    assert sentence in str(refused.value)


@pytest.mark.parametrize("passes", [0, -1, True, 2.0, "3"])
def test_passes_are_counted(passes):
    for schedule in (Jacobi, Loop):
        with pytest.raises(CheckpointError, match="a whole number from 1"):
            schedule(passes)


@pytest.mark.parametrize("state", [{"init_scale": 1.0}, {"init_seed": 3}, {"init_scale": 0.0, "init_seed": 0}])
def test_a_drawn_state_has_a_seed_and_zeros_have_none(state):
    with pytest.raises(CheckpointError, match="needs its seed, and one with zeros has none"):
        Loop(2, **state)


def test_what_a_program_says_of_itself():
    sequential = ThoughtProgram(slots=(HiddenState(projected=True),) * 6)
    assert (sequential.thoughts, sequential.passes, sequential.schedule) == (6, 1, OneAfterAnother())
    jacobi = ThoughtProgram(slots=(HiddenState(),) * 6, schedule=Jacobi(3))
    assert (jacobi.passes, jacobi.schedule.start) == (4, LatentToken())
    assert ThoughtProgram(slots=()).thoughts == 0
    assert (sequential.loop, ThoughtProgram(slots=(), schedule=Loop(4)).loop) == (None, Loop(4))
    assert ThoughtProgram(slots=(LearnedEmbedding(),) * 2, schedule=AllAtOnce()).passes == 1


def test_a_model_hands_its_family_s_program_on():
    model = load_model("tiny")
    assert model.program == FAMILIES[model.settings.family].program(model.settings)
    assert model.num_thoughts == model.program.thoughts == model.settings.num_latent
    assert {type(slot) for slot in model.program.slots} <= set(SOURCES)
    assert type(model.program.schedule) in SCHEDULES
    assert type(model.program.stop) in STOP_RULES
