from dataclasses import replace

from ctlab.claims import EVERY_OUTCOME
from ctlab.statistics import equivalence
from ctlab.statistics.joint.intersection_union import all_of
from tests.claims.kinds.making_kinds import promise
from tests.claims.making import EQUIVALENCE

ONE = EQUIVALENCE
EVERY = replace(EQUIVALENCE, outcome=EVERY_OUTCOME)
PART = equivalence(60, 40, 1319, margin=0.02)
NOTHING = equivalence(0, 0, 1319, margin=0.02)
PARTS = all_of({"CORRECT": PART, "NONE": NOTHING}, {"CORRECT": PART, "NONE": NOTHING}, null="")


def test_one_outcome_or_some_outcome():
    rules = ONE.kind.rules
    assert rules.null(ONE, PART) == "the rates of “correct” under baseline and ct0_blocked differ by 2.0 points or more"
    some = "some outcome's rates under baseline and ct0_blocked differ by 2.0 points or more"
    assert rules.null(EVERY, PARTS) == some
    assert rules.noun(ONE, PART) == "difference in the rate of “correct”"
    assert rules.noun(EVERY, PARTS) == "difference in the rate of “correct”, the outcome that decides"


def test_of_every_outcome_the_one_that_changes_most_is_planned():
    assert promise(EVERY).note == f"{promise(ONE).note}; for the outcome that changes most"
