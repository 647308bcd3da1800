import pytest

from ctlab.claims import Direction, Kind, Verdict, judge
from ctlab.errors import ClaimError
from ctlab.lab.pending_claim import PendingClaim
from ctlab.statistics import auc
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


ADJUSTED = claim(Direction.INCREASE, kind=Kind.AUC, scale="probability", adjust=("n_operations",))
VALUES = [float(k % 10) for k in range(200)]
LARGE = [k % 10 > 6 for k in range(200)]
STRATA = {"n_operations": [1.0 + k // 100 for k in range(200)]}


def pending(of):
    return PendingClaim(of, 0.05, lambda of, effect: judge(of, effect, alpha=0.05))


def test_what_is_held_fixed_is_shown_by_group():
    waiting = pending(ADJUSTED)
    waiting.judge(auc(VALUES, LARGE, waiting, strata=STRATA))
    assert waiting.judgement.reason.endswith(
        "By operations: 1.00 (1 operation) and 1.00 (2 operations); without regard to it 1.00."
    )
    assert waiting.judgement.null == "AUC ≤ 0.5 among problems with the same operations"


@pytest.mark.parametrize(
    ("of", "strata", "message"),
    [
        (ADJUSTED, None, "adjusts for n_operations, and the statistic was told to adjust for nothing"),
        (LARGER, STRATA, "adjusts for nothing, and the statistic was told to adjust for n_operations"),
        (ADJUSTED, {"n_tokens": [1] * 200}, "and the statistic was told to adjust for n_tokens"),
    ],
)
def test_the_features_held_fixed_are_the_claims(of, strata, message):
    with pytest.raises(ClaimError, match=message):
        auc(VALUES, LARGE, pending(of), strata=strata)


@pytest.mark.parametrize("broken", [[], [False] * 60, [True] * 60], ids=["right on nothing", "none broke", "all broke"])
def test_a_group_without_problems_decides_nothing_and_says_so(broken):
    waiting = pending(ADJUSTED)
    strata = {"n_operations": [1.0 + k % 2 for k in range(len(broken))]}
    waiting.judge(auc([float(k) for k in range(len(broken))], broken, waiting, strata=strata))
    judgement = waiting.judgement
    assert judgement.verdict == Verdict.INCONCLUSIVE
    assert judgement.reason.startswith("no estimate")
    assert "0 (positive)" in judgement.reason or "0 (negative)" in judgement.reason
