from ctlab.claims import Direction, Kind, Verdict, judge
from tests.claims.kinds.making_kinds import ALPHA, claim, effect, promise

FAR = claim(Direction.INCREASE, kind=Kind.DISTANCE, scale="lengths")


def test_an_effect_of_the_tests_own_is_judged_and_nothing_is_planned():
    own = effect(20, 90, unit="lengths", counted=False, null="distance ≤ 0")
    judgement = judge(FAR, own, alpha=ALPHA)
    assert (judgement.verdict, judgement.null, judgement.noun) == (Verdict.SUPPORTED, "distance ≤ 0", "effect")
    assert promise(FAR).note == "not known beforehand: the test brings a statistic of its own"
