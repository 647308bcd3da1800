import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from ctlab.statistics.interval import MENDED_UP_TO, exact_lower_limit, paired_interval
from ctlab.statistics.tango import tango_interval


@pytest.mark.parametrize(("count", "n"), [(1, 50), (4, 200), (10, 1319), (5, 5)])
def test_exact_limit_is_clopper_pearson(count, n):
    assert exact_lower_limit(count, n, 0.025) == pytest.approx(proportion_confint(count, n, method="beta")[0], rel=1e-9)


def test_only_few_and_one_sided_differ_from_tango():
    assert paired_interval(0, 8, 200, 0.95)[0] < tango_interval(0, 8, 200, 0.95)[0]
    assert paired_interval(0, 8, 200, 0.95)[1] == tango_interval(0, 8, 200, 0.95)[1]
    for lost, gained in ((1, 8), (0, MENDED_UP_TO + 1), (0, 2), (0, 0), (50, 60)):
        assert paired_interval(lost, gained, 200, 0.95) == tango_interval(lost, gained, 200, 0.95)


@given(st.integers(0, 15), st.integers(0, 15), st.integers(30, 2000), st.sampled_from([0.9, 0.95, 0.99]))
def test_contains_the_estimate_mirrors_and_never_shrinks_tango(lost, gained, n, level):
    low, high = paired_interval(lost, gained, n, level)
    tango_low, tango_high = tango_interval(lost, gained, n, level)
    assert low <= tango_low <= (gained - lost) / n <= tango_high <= high
    assert paired_interval(gained, lost, n, level) == (-high, -low)


@given(st.integers(0, 14), st.integers(40, 1500), st.sampled_from([0.9, 0.95, 0.99]))
def test_ends_grow_with_the_number_gained_across_the_mend(gained, n, level):
    one, more = paired_interval(0, gained, n, level), paired_interval(0, gained + 1, n, level)
    assert one[0] <= more[0]
    assert one[1] <= more[1]
