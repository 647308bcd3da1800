import pytest
from scipy.stats import chi2, ncx2
from statsmodels.stats.power import TTestPower

from ctlab.statistics.power.large_sample import (
    detectable_between_halves,
    detectable_mean,
    detectable_range,
    standard_errors,
)

ALPHA = 0.05 / 6


@pytest.mark.parametrize(("n", "two_sided"), [(50, False), (50, True), (1319, False)])
def test_a_mean_is_found_as_students_test_finds_it(n, two_sided):
    found = detectable_mean(n, alpha=ALPHA, two_sided=two_sided)
    power = TTestPower().power(found, n, ALPHA, alternative="two-sided" if two_sided else "larger")
    assert power == pytest.approx(0.8, abs=1e-4)


def test_the_range_of_several_conditions_is_that_of_the_noncentral_chi_square():
    noncentrality = 1319 * detectable_range(6, 0.1, 1319, alpha=ALPHA) ** 2 / 0.1
    assert ncx2.sf(chi2.isf(ALPHA, 5), 5, noncentrality) == pytest.approx(0.8, abs=1e-6)


def test_a_range_is_never_larger_than_the_discordance_it_takes():
    assert detectable_range(6, 0.01, 200, alpha=ALPHA) > 0.01
    # With that discordance the general form finds the same.
    found = detectable_range(6, 0.01, 200, alpha=ALPHA)
    assert detectable_range(6, found, 200, alpha=ALPHA) == pytest.approx(found)


def test_halves_take_larger_losses_where_nearly_all_are_right():
    middle, high = (detectable_between_halves(rate, 0.1, 1319, alpha=ALPHA) for rate in (0.5, 0.95))
    assert middle < high
    # Half-way between 0 and 1 log-odds are points times four, so that points tell: standard errors of a difference
    assert middle == pytest.approx(standard_errors(ALPHA) * 2 * (0.1 / 1319) ** 0.5, rel=0.02)


@pytest.mark.parametrize("rate", [0.0, 1.0, 0.05])
def test_nothing_to_lose_is_nothing_to_find(rate):
    assert detectable_between_halves(rate, 0.5, 120, alpha=ALPHA) is None
