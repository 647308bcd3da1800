import pytest

from ctlab.claims import Direction, Kind, Verdict, judge
from ctlab.errors import RegistryError
from ctlab.statistics import selectivity
from tests.claims.making import claim
from tests.statistics.fake_runs import Question
from tests.statistics.means.test_selectivity import fit

READS = claim(Direction.INCREASE, kind=Kind.SELECTIVITY, margin=0.1, conditions=("baseline",))


def judged(right, n=100, draws=None):
    made = fit([1] * right + [0] * (n - right), [0.1] * n, draws)
    return judge(READS, selectivity(made, Question("increase", margin=0.1, alpha=0.05)), alpha=0.05)


@pytest.mark.parametrize(
    ("right", "n", "verdict"),
    [
        (60, 100, Verdict.SUPPORTED),
        (10, 100, Verdict.REFUTED),
        (25, 100, Verdict.INCONCLUSIVE),
        (30, 40, Verdict.INCONCLUSIVE),  # too few
    ],
)
def test_every_verdict(right, n, verdict):
    assert judged(right, n).verdict == verdict


def test_a_probe_that_shuffled_labels_reach_as_often_is_not_supported():
    """The mean alone would support it."""
    assert judged(60, draws=[0.7] * 30 + [0.1] * 69).verdict == Verdict.INCONCLUSIVE


def test_what_is_said_beside_the_verdict():
    said = judged(60).why
    assert (
        "From CT1 at level 0 the probe names the result of step 2, modulo 10, in 60.0 % of the problems, and probes of "
        "shuffled labels theirs in 10.0 %; always naming the most common label is right in 10.0 %. Of 99 shuffled "
        "labellings, 0 have a probe that is right as often."
    ) in said


def test_a_decrease_is_refused():
    with pytest.raises(RegistryError):
        claim(Direction.DECREASE, kind=Kind.SELECTIVITY, margin=0.1, conditions=("baseline",))
