"""What a claim test holds: the effect of its claim's kind, as the statistic makes it that the page names."""

import pytest

from ctlab.claims import Direction, Kind
from ctlab.errors import ClaimError
from ctlab.lab.pending_claim import PendingClaim
from ctlab.statistics import cochran_q, measured_mean, rank_correlation, rate_difference, stronger
from tests.claims.making import claim
from tests.statistics.fake_runs import pair

RUNS = dict(zip(("baseline", "a"), pair(20, 5, 100, names=("baseline", "a")), strict=True))
RUNS["b"] = pair(8, 5, 100, names=("baseline", "b"))[1]
NUMBERS = [0.1 * (row % 7) for row in range(100)]


def pending(kind, count=2, direction=Direction.INCREASE, run=RUNS.get, **fields):
    names = ("baseline", "a", "b")[:count]
    return PendingClaim(claim(direction, kind=kind, conditions=names, **fields), 0.01, lambda *_: None, run)


@pytest.mark.parametrize(
    ("held", "by_hand"),
    [
        (pending(Kind.DIFFERENCE), lambda held: rate_difference("CORRECT", RUNS["baseline"], RUNS["a"], held)),
        (pending(Kind.MORE_THAN, 3), lambda held: stronger(RUNS["a"], RUNS["b"], held)),
        (
            pending(Kind.NOT_ALL_EQUAL, 3, Direction.CHANGE, outcome="LOGIC_ERROR"),
            lambda held: cochran_q([RUNS["a"], RUNS["b"]], held, outcome="LOGIC_ERROR"),
        ),
    ],
)
def test_it_calls_the_statistic_of_its_kind_with_what_it_names(held, by_hand):
    assert held.effect().to_json() == by_hand(held).to_json()


def test_measurements_and_options_are_handed_on():
    mean, correlation = pending(Kind.MEAN), pending(Kind.CORRELATION)
    by_hand = measured_mean(NUMBERS, mean, unit="lengths")
    assert mean.effect(NUMBERS, unit="lengths").to_json() == by_hand.to_json()
    assert (
        correlation.effect(NUMBERS, NUMBERS[::-1]).to_json()
        == rank_correlation(NUMBERS, NUMBERS[::-1], correlation).to_json()
    )


@pytest.mark.parametrize(
    ("held", "given", "said"),
    [
        (pending(Kind.DIFFERENCE), (NUMBERS,), "compares runs of its own conditions; write claim.effect()"),
        (pending(Kind.MEAN), (), "numbers that a test measures; write claim.effect(numbers)"),
        (pending(Kind.DISTANCE), (NUMBERS,), "no statistic of ctlab answers; make an Effect"),
        (pending(Kind.DIFFERENCE, run=None), (), "has no runs here; call its statistic"),
    ],
)
def test_what_its_kind_does_not_take_is_refused(held, given, said):
    with pytest.raises(ClaimError) as refused:
        held.effect(*given)
    assert said in str(refused.value)
