from ctlab.claims import Direction, Kind
from ctlab.claims.reasons import counts
from tests.claims.kinds.making_kinds import claim, effect

COSTS_MORE = claim(
    Direction.INCREASE, kind=Kind.MORE_THAN, conditions=("baseline", "ct0_from_answer", "ct4_from_answer")
)
RULES = COSTS_MORE.kind.rules


def test_the_reference_cancels():
    pair = ("ct0_from_answer", "ct4_from_answer")
    assert RULES.compared(COSTS_MORE, effect()) == pair
    assert RULES.pairs(COSTS_MORE) == [pair]
    words = counts(COSTS_MORE, effect(176, 219), pair)
    assert words == "176 correct under ct0_from_answer only, 219 under ct4_from_answer only"


def test_losses_are_what_is_compared():
    null = "loss of “correct” under ct0_from_answer minus loss under ct4_from_answer ≤ 0"
    assert RULES.null(COSTS_MORE, effect()) == null
    noun = "difference between the two losses (ct0_from_answer minus ct4_from_answer) in the rate of “correct”"
    assert RULES.noun(COSTS_MORE, effect()) == noun


def test_a_lost_problem_shows_it():
    assert not RULES.gained_first(COSTS_MORE)
