import pytest

from ctlab.errors import PairingError, StatisticsError
from ctlab.statistics import (
    at_least,
    change,
    equivalence,
    paired_difference,
    rate_difference,
    rate_equivalence,
    stronger,
)
from tests.statistics.fake_runs import FakeRun, Question, labels, pair


def test_counts_and_side_come_from_runs_and_claim():
    baseline, treated = pair(30, 5, 200)
    effect = rate_difference("CORRECT", baseline, treated, Question("decrease", alpha=0.01))
    assert effect == paired_difference(30, 5, 200, alternative="less", alpha=0.01)


def test_another_outcome():
    baseline, treated = pair(30, 5, 200)
    effect = rate_difference("LOGIC_ERROR", baseline, treated, Question("increase"))
    rate = effect.details["parts"]["rate"]
    assert (rate["lost"], rate["gained"], effect.alternative) == (5, 30, "greater")


def test_equivalence_by_direction():
    baseline, treated = pair(3, 5, 200)
    claim = Question("equivalent", margin=0.05)
    expected = equivalence(3, 5, 200, margin=0.05)
    assert rate_difference("CORRECT", baseline, treated, claim) == expected
    assert rate_equivalence("CORRECT", baseline, treated, claim) == expected


def test_at_least_needs_a_margin_and_change_takes_no_side():
    baseline, treated = pair(60, 5, 200)
    assert at_least("CORRECT", baseline, treated, Question("decrease", margin=0.1)).boundary == -0.1
    assert change("CORRECT", baseline, treated, Question("change")).alternative == "two-sided"
    with pytest.raises(StatisticsError, match="margin above 0"):
        at_least("CORRECT", baseline, treated, Question("decrease"))
    with pytest.raises(StatisticsError, match="A change has no direction"):
        change("CORRECT", baseline, treated, Question("decrease"))


def test_stronger_is_the_difference_of_the_two_losses():
    baseline = FakeRun("baseline", labels([True] * 100))
    first = FakeRun("ct0", labels([False] * 30 + [True] * 70))
    second = FakeRun("ct4", labels([True] * 25 + [False] * 10 + [True] * 65))
    effect = stronger(first, second, Question("increase"))
    loss = [1 - sum(run.has("CORRECT")) / 100 for run in (first, second)]
    assert effect.estimate == pytest.approx(loss[0] - loss[1])
    assert (effect.lost, effect.gained) == (5, 25)
    assert effect.alternative == "greater"
    assert baseline.ids == first.ids


def test_misaligned_runs_and_unknown_directions():
    baseline, treated = pair(3, 5, 200)
    reversed_ids = FakeRun("treated", treated.labels, ids=tuple(reversed(treated.ids)))
    with pytest.raises(PairingError, match="same order"):
        rate_difference("CORRECT", baseline, reversed_ids, Question())
    with pytest.raises(PairingError, match="same order"):
        stronger(baseline, reversed_ids, Question("increase"))
    with pytest.raises(StatisticsError, match="'sideways'"):
        rate_difference("CORRECT", baseline, treated, Question("sideways"))
