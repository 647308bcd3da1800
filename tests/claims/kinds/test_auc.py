from ctlab.claims import Direction, Kind
from tests.claims.kinds.making_kinds import claim, effect, promise

LARGER = claim(Direction.INCREASE, kind=Kind.AUC, scale="probability")


def test_it_has_a_name_of_its_own_and_no_pairs():
    area = effect(unit="probability", null="AUC ≤ 0.5", boundary=0.5)
    assert LARGER.kind.rules.noun(LARGER, area) == "AUC"
    assert LARGER.kind.rules.null(LARGER, area) == "AUC ≤ 0.5"
    assert LARGER.kind.rules.pairs(LARGER) == []


def test_a_quarter_of_the_problems_is_a_group():
    assert promise(LARGER, n=199).detectable is None
    assert promise(LARGER, n=200).detectable > 0
