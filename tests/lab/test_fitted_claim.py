"""Claims about each thought, of models that have fewer."""

from dataclasses import replace

from ctlab.lab.fitted_claim import absent, fitted, no_such_thought
from fixtures.conditions import conditions
from hypotheses.registry import EARLY_ANSWER, POSITION, ROLE

KNOWN = {condition.name: condition for condition in conditions(num_thoughts=3)}
NEEDED = ROLE["thoughts-are-needed-somewhere"]


def test_thoughts_that_there_are_not_are_left_out_with_their_controls():
    asked = fitted(NEEDED, KNOWN, 3)
    assert asked.conditions == ("baseline", "ct0_blocked", "ct1_blocked", "ct2_blocked")
    left_out = {name for control in NEEDED.controls for name in control.conditions} - {
        name for control in asked.controls for name in control.conditions
    }
    assert left_out == {"ct3_blocked", "ct4_blocked", "ct5_blocked"}
    assert replace(asked, conditions=NEEDED.conditions, controls=NEEDED.controls) == NEEDED
    assert absent(asked, KNOWN, 3) == {}


def test_where_all_are_there_or_none_is_known_the_claim_is_judged_as_it_is():
    assert fitted(NEEDED, KNOWN, 6) is NEEDED
    assert fitted(NEEDED, KNOWN, None) is NEEDED


def test_a_claim_of_which_nothing_is_left_stays_and_cannot_be_judged():
    ct5 = replace(NEEDED, conditions=("baseline", "ct5_blocked"))
    assert fitted(ct5, KNOWN, 3) is ct5
    assert absent(ct5, KNOWN, 3)["ct5_blocked"] == 5


def test_a_claim_that_compares_all_of_its_conditions_is_about_all_of_them():
    for claim in POSITION.claims:
        assert fitted(claim, KNOWN, 3) is claim


def test_an_early_answer_needs_a_thought_that_it_leaves_out():
    claim = EARLY_ANSWER["answers-need-no-last-thought"]
    assert absent(claim, KNOWN, 3) == {"after_5": 5}
    assert no_such_thought(claim, KNOWN, 3) == "after_5 is about CT5, and this model thinks CT0 … CT2"
    assert absent(EARLY_ANSWER["answers-need-no-thoughts"], KNOWN, 3) == {}
