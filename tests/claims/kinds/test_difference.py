import pytest

from ctlab.claims import Direction
from ctlab.errors import RegistryError
from tests.claims.kinds.making_kinds import claim, effect

FALLS = claim(conditions=("baseline", "ct0_blocked"))


def test_a_change_has_no_margin():
    with pytest.raises(RegistryError, match=r"a change takes no margin, got 0\.1; choose a direction"):
        claim(Direction.CHANGE, margin=0.1)


def test_its_conditions_are_named_in_their_order():
    falls = effect(alternative="less", margin=0.25)
    assert FALLS.kind.rules.compared(FALLS, falls) == ("baseline", "ct0_blocked")
    null = "rate of “correct” under ct0_blocked minus rate under baseline ≥ −25.0 points"
    assert FALLS.kind.rules.null(FALLS, falls) == null
    assert FALLS.kind.rules.null(FALLS, effect(null="odds ratio = 1")) == "odds ratio = 1"
    back = claim(Direction.INCREASE, conditions=("ct0_blocked", "given_back"))
    assert back.kind.rules.null(back, effect()) == "rate of “correct” under given_back minus rate under ct0_blocked ≤ 0"


def test_it_is_the_difference_of_a_rate():
    assert FALLS.kind.rules.noun(FALLS, effect()) == "difference in the rate of “correct”"
    assert FALLS.kind.rules.noun(FALLS, effect(unit="log-odds")) == "effect"


@pytest.mark.parametrize("direction", list(Direction))
def test_gained_problems_show_that_there_are_more(direction):
    judged = claim(direction, margin=0.0 if direction == Direction.CHANGE else 0.02)
    assert judged.kind.rules.gained_first(judged) == (direction == Direction.INCREASE)
