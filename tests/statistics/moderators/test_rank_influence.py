import numpy as np
import pytest
from scipy.stats import spearmanr

from ctlab.statistics.moderators.rank_influence import rank_correlation_of


def sample(seed=0, n=80, ties=False):
    generator = np.random.default_rng(seed)
    x = generator.normal(size=n)
    y = 0.4 * x + np.exp(x) * generator.normal(size=n)
    return (np.round(x), np.round(y)) if ties else (x, y)


@pytest.mark.parametrize("ties", [False, True])
def test_rho_is_that_of_scipy(ties):
    x, y = sample(ties=ties)
    assert rank_correlation_of(x, y).rho == pytest.approx(spearmanr(x, y).statistic, abs=1e-12)


@pytest.mark.parametrize("ties", [False, True])
def test_its_error_is_that_of_leaving_each_problem_out(ties):
    x, y = sample(n=150, ties=ties)
    found, n = rank_correlation_of(x, y), len(x)
    left = np.array([spearmanr(np.delete(x, row), np.delete(y, row)).statistic for row in range(n)])
    jackknife = np.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum())
    assert found.error * (1.0 - found.rho**2) == pytest.approx(jackknife, rel=0.03)


def test_where_nothing_goes_with_anything_it_is_one_over_n():
    generator = np.random.default_rng(3)
    errors = [rank_correlation_of(*generator.normal(size=(2, 400))).error for _ in range(40)]
    assert np.mean(errors) == pytest.approx(1.0 / np.sqrt(399.0), rel=0.03)


def test_its_interval_holds_what_its_test_does_not_reject():
    found = rank_correlation_of(*sample())
    low, high = found.interval(0.05)
    assert found.p_values(low)[0] == pytest.approx(0.05)
    assert found.p_values(high)[1] == pytest.approx(0.05)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_perfect_order_has_an_interval_of_some_length(sign):
    x = np.arange(60.0)
    found = rank_correlation_of(x, sign * x)
    low, high = found.interval(0.05)
    assert found.rho == sign
    assert -1.0 <= low < high <= 1.0


def test_few_that_move_it_leave_few_degrees_of_freedom():
    x = np.arange(200.0)
    rare = (x % 20 == 3).astype(float)
    assert rank_correlation_of(x, rare).freedom < 40 < rank_correlation_of(x, (x * 7.0) % 199.0).freedom <= 198
