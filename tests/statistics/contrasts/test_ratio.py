import numpy as np
import pytest

from ctlab.errors import StatisticsError
from ctlab.statistics import ratio
from ctlab.statistics.contrasts.ratio import fieller
from tests.statistics.fake_runs import FakeRun, Question, labels

CLAIM = Question("increase", margin=2.0, alpha=0.05)


def runs(first, second, n=1319, right=1000):
    baseline = FakeRun("baseline", labels([row < right for row in range(n)]))
    one = FakeRun("ct0", labels([first <= row < right for row in range(n)]))
    other = FakeRun("ct1", labels([second <= row < right for row in range(n)]))
    return baseline, one, other


def test_limits_are_the_roots_of_fieller_s_quadratic():
    # Means 10 and 5, variances of the means 0.25 and 0.16, no covariance, 95 %: the roots of
    # (10 − 5 R)² = 1.959964² (0.25 + 0.16 R²), found by numpy and not by outside software
    effect = fieller(10.0, 5.0, 0.25, 0.16, 0.0, n=100, times=1.0, alpha=0.025)
    z2 = 1.959964**2
    expected = np.sort(np.roots([25 - z2 * 0.16, -100, 100 - z2 * 0.25]))
    assert (effect.low, effect.high) == pytest.approx(tuple(expected), rel=1e-5)
    assert effect.estimate == 2.0


@pytest.mark.parametrize("covariance", [-0.1, 0.0, 0.15])
def test_p_is_alpha_at_the_end_of_the_interval_whatever_the_covariance(covariance):
    for alpha in (0.05, 0.05 / 6):
        low = fieller(10.0, 5.0, 0.25, 0.16, covariance, n=100, times=1.0, alpha=alpha).low
        at_low = fieller(10.0, 5.0, 0.25, 0.16, covariance, n=100, times=low, alpha=alpha)
        assert at_low.p_value == pytest.approx(alpha, rel=1e-6)


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
