import numpy as np
import pytest
from scipy.stats import ttest_1samp

from ctlab.errors import StatisticsError
from ctlab.statistics import ratio
from ctlab.statistics.contrasts.ratio import Losses
from tests.statistics.fake_runs import FakeRun, Question, labels

CLAIM = Question("increase", margin=2.0, alpha=0.05)


def runs(first, second, n=1319, right=1000):
    baseline = FakeRun("baseline", labels([row < right for row in range(n)]))
    one = FakeRun("ct0", labels([first <= row < right for row in range(n)]))
    other = FakeRun("ct1", labels([second <= row < right for row in range(n)]))
    return baseline, one, other


def drawn(generator, n, first, second, right=0.9):
    """Return runs that break at these rates."""
    before = generator.random(n) < right
    after = [before & (generator.random(n) > rate / right) for rate in (first, second)]
    return tuple(FakeRun(name, labels(row)) for name, row in zip("bac", (before, *after), strict=True))


def test_without_skewness_it_is_student_s_test_of_the_difference():
    # 120 problems lose by the first only, 120 by the second only: a − b is symmetric, its skewness 0
    baseline = FakeRun("b", labels([True] * 600))
    one = FakeRun("a", labels([row >= 120 for row in range(600)]))
    other = FakeRun("c", labels([row < 120 or row >= 240 for row in range(600)]))
    contrast = np.array([1.0] * 120 + [-1.0] * 120 + [0.0] * 360)
    effect = ratio(baseline, one, other, Question("increase", margin=1.0, alpha=0.05))
    assert effect.p_value == pytest.approx(ttest_1samp(contrast, 0.0, alternative="greater").pvalue, rel=1e-9)


@pytest.mark.parametrize("alpha", [0.05, 0.05 / 6])
@pytest.mark.parametrize("seed", range(4))
def test_p_is_alpha_at_both_ends_of_the_interval(alpha, seed):
    sample = drawn(np.random.default_rng(seed), 400, 0.3, 0.1)
    effect = ratio(*sample, Question("increase", margin=2.0, alpha=alpha))
    at_low = ratio(*sample, Question("increase", margin=effect.low, alpha=alpha))
    assert at_low.p_value == pytest.approx(alpha, rel=1e-6)
    # The end above: the same problems with the first and the second loss exchanged, at one over the ratio
    baseline, one, other = sample
    at_high = ratio(baseline, other, one, Question("increase", margin=1.0 / effect.high, alpha=alpha))
    assert at_high.p_value == pytest.approx(alpha, rel=1e-6)


def test_near_fieller_where_many_are_lost():
    # (a − R b)² = 1.644854² (var a − 2 R cov + R² var b), whose roots numpy finds: Fieller's interval
    sample = drawn(np.random.default_rng(5), 20_000, 0.3, 0.15)
    effect = ratio(*sample, CLAIM)
    before, *after = (np.array([label == "CORRECT" for label in run.labels], dtype=float) for run in sample)
    (a, b), v = np.mean([before - row for row in after], axis=1), np.cov([before - row for row in after]) / 20_000
    z2 = 1.644854**2
    roots = np.roots([b * b - z2 * v[1, 1], -2 * (a * b - z2 * v[0, 1]), a * a - z2 * v[0, 0]])
    assert (effect.low, effect.high) == pytest.approx(tuple(np.sort(roots)), rel=2e-3)


@pytest.mark.parametrize("alpha", [0.05, 0.05 / 6])
def test_a_ratio_of_four_that_is_four_is_not_shown_too_often(alpha):
    # Fieller's test, which takes a − 4 b as normal, rejects in 6.3 % and 1.4 % of such runs of 1,319 problems
    generator = np.random.default_rng(11)
    found = 0
    for _ in range(3000):
        kind = generator.choice(3, 1319, p=[0.09, 0.03, 0.88])  # lost by the first, by both, by neither
        found += Losses((kind < 2) * 1.0, (kind == 1) * 1.0).p_value(4.0, above=True) <= alpha
    assert found / 3000 <= alpha + 3 * (alpha * (1 - alpha) / 3000) ** 0.5


def test_low_above_k_exactly_when_p_is_below_alpha():
    for second in (20, 40, 60, 80, 100, 120, 140, 180):
        effect = ratio(*runs(260, second), CLAIM)
        if not effect.undecided:
            assert (effect.low > 2.0) == (effect.p_value < 0.05)
            assert effect.low <= effect.estimate <= effect.high


def test_agrees_with_a_bootstrap():
    generator = np.random.default_rng(3)
    right = generator.random(1000) < 0.8
    one, other = right & (generator.random(1000) > 0.3), right & (generator.random(1000) > 0.15)
    drawn = generator.integers(0, 1000, (4000, 1000))
    losses = [(right[drawn].astype(int) - after[drawn]).mean(axis=1) for after in (one, other)]
    low, high = np.quantile(losses[0] / losses[1], [0.05, 0.95])
    effect = ratio(*(FakeRun(name, labels(x)) for name, x in (("b", right), ("a", one), ("c", other))), CLAIM)
    assert effect.low == pytest.approx(low, rel=0.05)
    assert effect.high == pytest.approx(high, rel=0.05)


def test_a_denominator_that_may_be_zero_decides_nothing():
    effect = ratio(*runs(200, 2), CLAIM)
    assert "does not lie above 0" in effect.undecided
    assert effect.p_value == 1.0
    assert not effect.estimated
    assert effect.to_json()["high"] is None
    assert effect.details["first_loss"] == pytest.approx(100 * effect.details["second_loss"])


def test_a_denominator_of_zero_is_no_error():
    effect = ratio(*runs(200, 0), CLAIM)
    assert effect.undecided
    assert not effect.estimated


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (Question("decrease", margin=2.0), "use increase"),
        (Question("increase", margin=0.0), "margin above 0"),
        (Question("increase", margin=float("nan")), "margin must be a finite number"),
    ],
)
def test_bad_questions(question, message):
    with pytest.raises(StatisticsError, match=message):
        ratio(*runs(200, 100), question)


def test_losses_that_are_the_same_for_every_problem_decide_nothing():
    effect = ratio(*runs(1319, 1319, right=1319), CLAIM)
    assert "every problem loses alike" in effect.undecided
    assert not effect.estimated
