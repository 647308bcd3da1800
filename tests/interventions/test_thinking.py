"""Ways of thinking: what a condition may say in each, and what it is called by."""

import pytest

from ctlab.errors import ConditionError
from ctlab.interventions import BASELINE, Condition
from ctlab.interventions.steps_patch import StepsPatch

STEPS = {"steps": "all", "by": "resample"}
QUESTION = {"keys": "question", "readers": "answer"}


def condition(*forms, **more):
    return Condition.from_json({"name": "this", "interventions": list(forms), **more})


def test_latent_is_left_out_of_form_and_digest():
    assert condition(thinking="latent").to_json() == {"name": "this", "interventions": []}
    assert condition(thinking="latent").digest == BASELINE.digest


@pytest.mark.parametrize(
    "form",
    [
        {"name": "this", "interventions": [], "thinking": "explicit"},
        {"name": "this", "interventions": [QUESTION], "thinking": "none"},
        {"name": "this", "interventions": [STEPS], "thinking": "explicit"},
        {"name": "this", "interventions": [{**STEPS, "seed": 3}], "thinking": "explicit"},
    ],
)
def test_the_form_is_read_back_and_told_apart(form):
    found = Condition.from_json(form)
    assert found.to_json() == form
    others = [condition(thinking="latent"), condition(thinking="none"), condition(STEPS, QUESTION, thinking="explicit")]
    assert found.digest not in {each.digest for each in others}
    assert not found.undisturbed
    assert found.plain == (not form["interventions"])


def test_interventions_may_be_left_out():
    assert Condition.from_json({"name": "this", "thinking": "explicit"}).plain


def test_steps_of_others_draw_on_the_set_and_on_no_thought():
    found = condition(STEPS, thinking="explicit")
    assert found.draws_on_others
    assert not found.takes_of_others
    assert found.steps_patch == StepsPatch()
    assert found.digest_among(["a", "b"]) != found.digest_among(["a", "c"])


@pytest.mark.parametrize(
    ("forms", "more", "message"),
    [
        ([], {"thinking": "silent"}, "is one of latent, explicit, none, not 'silent'; leave it out for latent"),
        ([], {"thinking": ["none"]}, "'thinking' is one of latent, explicit, none"),
        ([], {"thinking": None}, "'thinking' is one of latent, explicit, none"),
        ([STEPS], {}, "replaces written steps, and they are written where 'thinking' is \"explicit\" alone"),
        ([STEPS], {"thinking": "none"}, 'it is "none"'),
        ([STEPS, {**STEPS, "seed": 1}], {"thinking": "explicit"}, "replaces its written steps twice"),
        ([], {"thinking": "explicit", "num_thoughts": 2}, "says how many thoughts are fed"),
        ([{"thoughts": "all", "by": "zero"}], {"thinking": "explicit"}, "replaces thoughts, and with 'thinking'"),
        ([{"keys": ["CT0"], "readers": "later"}], {"thinking": "none"}, "names .*CT0.*keys are question or"),
        ([{"keys": "question", "readers": ["begin"]}], {"thinking": "none"}, "names .*begin.*readers later or answer"),
        ([{"keys": "thoughts", "readers": "answer"}], {"thinking": "explicit"}, "names .*thoughts"),
        (
            [{**STEPS, "steps": "first"}],
            {"thinking": "explicit"},
            "'steps' of a patch of written steps must be \"all\"",
        ),
        ([{**STEPS, "by": "zero"}], {"thinking": "explicit"}, "replaced by those of another problem"),
        ([{**STEPS, "seed": -1}], {"thinking": "explicit"}, "whole number from 0, not -1"),
        ([{**STEPS, "seed": True}], {"thinking": "explicit"}, "whole number from 0"),
        ([{**STEPS, "step": 1}], {"thinking": "explicit"}, "unknown field 'step' in a patch of written steps"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(forms, more, message):
    with pytest.raises(ConditionError, match=message) as refused:
        condition(*forms, **more)
    assert "\n" not in str(refused.value)


def test_the_baseline_thinks_in_thoughts():
    with pytest.raises(ConditionError, match="give a condition that does otherwise another name"):
        Condition(name="baseline", thinking="explicit")
