from ctlab.claims import Kind
from ctlab.statistics.power.paired_power import detectable_difference
from tests.claims.kinds.making_kinds import ALPHA, claim, effect, promise

FALLS = claim(kind=Kind.TREND, conditions=("baseline", "half", "none"))
RULES = FALLS.kind.rules
SECOND = effect(alternative="less", details={"weakest": "half → none"})


def test_the_step_that_decides_is_compared():
    assert RULES.pairs(FALLS) == [("baseline", "half"), ("half", "none")]
    assert RULES.compared(FALLS, SECOND) == ("half", "none")
    assert RULES.compared(FALLS, effect()) is None
    assert RULES.noun(FALLS, SECOND) == "difference in the rate of “correct” at the step that decides, half → none"


def test_it_may_pause_at_some_step():
    null = "at some step of baseline → half → none the rate of “correct” does not decrease"
    assert RULES.null(FALLS, SECOND) == null
    steep = claim(kind=Kind.TREND, margin=0.02, conditions=FALLS.conditions)
    assert RULES.null(steep, SECOND) == f"{null} by more than 2.0 points"


def test_the_step_that_changes_most_is_planned_and_all_of_them_must_be_found():
    assert RULES.pilot_discordance([0.1, 0.3, 0.2]) == 0.3
    assert claim().kind.rules.pilot_discordance([0.1, 0.3]) == 0.2
    assert promise(FALLS).detectable == detectable_difference(0.1, 1319, alpha=ALPHA, power=0.8**0.5)
