from ctlab.claims import Direction, Kind
from tests.claims.kinds.making_kinds import claim, effect, promise

TWICE = claim(Direction.INCREASE, kind=Kind.RATIO, margin=2.0, conditions=("baseline", "a", "b"))


def test_both_losses_are_named():
    times = effect(unit="ratio", margin=0.0, boundary=2.0)
    null = "the loss of “correct” under a is at most 2 times the loss under b"
    assert TWICE.kind.rules.null(TWICE, times) == null
    assert TWICE.kind.rules.noun(TWICE, times) == "ratio"


def test_nothing_is_promised():
    # A ratio of at least 2 was once promised "beyond 200 points".
    assert promise(TWICE).detectable is None
    assert promise(TWICE).note == "not known beforehand: it depends on both losses"
