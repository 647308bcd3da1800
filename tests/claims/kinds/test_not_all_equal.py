from ctlab.claims import Direction, Kind
from ctlab.statistics.power.large_sample import detectable_range
from tests.claims.kinds.making_kinds import ALPHA, claim, effect, promise

DIFFER = claim(Direction.CHANGE, kind=Kind.NOT_ALL_EQUAL, conditions=("baseline", "ct0", "ct4", "ct5"))
RULES = DIFFER.kind.rules
LARGEST = effect(18, 282, alternative="two-sided")
LARGEST = LARGEST.with_details(
    pairs=[
        {"first": "ct0", "second": "ct4", "estimate": 0.01},
        {"first": "ct0", "second": "ct5", "estimate": LARGEST.estimate},
    ]
)


def test_the_two_that_lie_furthest_apart_are_compared():
    assert RULES.pairs(DIFFER) == [("ct0", "ct4"), ("ct0", "ct5"), ("ct4", "ct5")]
    assert RULES.compared(DIFFER, LARGEST) == ("ct0", "ct5")
    noun = "largest difference between two of the conditions (ct5 against ct0) in the rate of “correct”"
    assert RULES.noun(DIFFER, LARGEST) == noun


def test_its_null_hypothesis_names_them_all():
    assert RULES.null(DIFFER, LARGEST) == "the rate of “correct” is the same under ct0, ct4 and ct5"


def test_p_alone_decides():
    across = effect(40, 41, alternative="two-sided", p_value=0.001)
    assert RULES.supports(across, 0.01)
    assert not claim(Direction.CHANGE).kind.rules.supports(across, 0.01)


def test_the_others_half_way_are_the_hardest_case():
    assert promise(DIFFER).detectable == detectable_range(3, 0.1, 1319, alpha=ALPHA)
