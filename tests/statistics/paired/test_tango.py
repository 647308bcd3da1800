import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize_scalar

from ctlab.statistics.paired.tango import tango_interval, tango_p, tango_z

counts = st.integers(1, 400).flatmap(
    lambda n: st.integers(0, n).flatmap(lambda lost: st.tuples(st.just(lost), st.integers(0, n - lost), st.just(n)))
)


def by_likelihood(lost, gained, n, difference):
    """The statistic by its definition: maximise the likelihood under θ = difference, then standardise."""
    low, high = max(0.0, -difference), (1.0 - difference) / 2.0

    def minus_likelihood(q):
        terms = ((lost, q), (gained, q + difference), (n - lost - gained, 1.0 - 2.0 * q - difference))
        return -sum(count * math.log(max(p, 1e-300)) for count, p in terms if count)

    inner = minimize_scalar(minus_likelihood, bounds=(low, high), method="bounded", options={"xatol": 1e-13}).x
    q = min((low, inner, high), key=minus_likelihood)
    variance = n * (2.0 * q + difference - difference**2)
    distance = gained - lost - n * difference
    if variance > 0:
        return distance / math.sqrt(variance)
    return 0.0 if distance == 0 else math.copysign(math.inf, distance)


@pytest.mark.parametrize(
    ("lost", "gained", "n", "level", "low", "high"),
    [
        # PropCIs::scoreci.mp(25, 28, 618, 0.90), as quoted in public code; R was not run here
        (25, 28, 618, 0.90, -0.0148, 0.0247),
        # PropCIs::scoreci.mp(7, 1, 21, 0.95), quoted likewise; airway hyper-responsiveness, Fagerland et al. 2014
        (7, 1, 21, 0.95, -0.517, -0.026),
        # Zero discordant problems: θ = ±z² / (n + z²)
        (0, 0, 100, 0.95, -0.0370, 0.0370),
    ],
)
def test_published_intervals(lost, gained, n, level, low, high):
    digits = 4 if n > 21 else 3
    assert tuple(round(end, digits) for end in tango_interval(lost, gained, n, level)) == (low, high)


def test_published_test_of_a_margin():
    # Tango 1998, soft contact lenses (Miyanaga 1994): 44 pairs, 0 and 1 discordant, margin 0.1: Z = 1.709, p = 0.044
    assert tango_z(1, 0, 44, -0.1) == pytest.approx(1.709, abs=5e-4)
    assert tango_p(1, 0, 44, -0.1, greater=True) == pytest.approx(0.044, abs=5e-4)


def test_wilson_is_the_special_case_without_losses():
    from statsmodels.stats.proportion import proportion_confint

    assert tango_interval(0, 14, 50, 0.95) == pytest.approx(proportion_confint(14, 50, method="wilson"), abs=1e-12)


def test_score_at_zero_is_the_square_root_of_mcnemar():
    assert tango_z(5, 15, 100, 0.0) == pytest.approx(10 / math.sqrt(20))


@given(counts, st.integers(-95, 95).map(lambda percent: percent / 100))
def test_agrees_with_the_likelihood(counts, difference):
    lost, gained, n = counts
    expected = by_likelihood(lost, gained, n, difference)
    found = tango_z(lost, gained, n, difference)
    assert found == pytest.approx(expected, rel=1e-3, abs=1e-3)


@given(counts, st.sampled_from([0.80, 0.90, 0.95, 0.9833]))
def test_interval_is_the_brute_force_inversion(counts, level):
    from statistics import NormalDist

    lost, gained, n = counts
    z = NormalDist().inv_cdf((1 + level) / 2)
    low, high = tango_interval(lost, gained, n, level)
    for end, at in ((low, z), (high, -z)):
        if abs(end) < 1.0:
            expected = brentq(lambda d, at=at: tango_z(lost, gained, n, d) - at, -1 + 1e-12, 1 - 1e-12, xtol=1e-14)
            assert end == pytest.approx(expected, abs=1e-9)


@given(counts)
def test_contains_the_estimate_and_mirrors(counts):
    lost, gained, n = counts
    low, high = tango_interval(lost, gained, n, 0.95)
    assert -1.0 <= low <= (gained - lost) / n <= high <= 1.0
    assert tango_interval(gained, lost, n, 0.95) == (-high, -low)


@given(counts, st.floats(-0.9, 0.9), st.floats(0.001, 0.09))
def test_statistic_falls_with_the_difference(counts, difference, step):
    lost, gained, n = counts
    assert tango_z(lost, gained, n, difference + step) < tango_z(lost, gained, n, difference)


@given(counts)
def test_wider_at_a_higher_level(counts):
    narrow, wide = tango_interval(*counts, 0.8), tango_interval(*counts, 0.99)
    assert wide[0] <= narrow[0]
    assert narrow[1] <= wide[1]


def test_all_lost_or_all_gained_ends_at_one():
    assert tango_interval(0, 60, 60, 0.95)[1] == 1.0
    assert tango_interval(60, 0, 60, 0.95)[0] == -1.0
