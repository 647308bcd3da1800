from fractions import Fraction
from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta, binomtest

from ctlab.errors import StatisticsError
from ctlab.statistics.many.exact_interval import exact_interval, melded_p, sign_test_p
from ctlab.statistics.paired.mcnemar import mcnemar_p


@pytest.mark.parametrize("alternative", ["greater", "less", "two-sided"])
def test_sign_tests_are_binomial_tests(alternative):
    counts = [(0, 1), (1, 0), (5, 15), (60, 12), (7, 7), (300, 200)]
    lost, gained = np.array(counts).T
    expected = [binomtest(g, g + before, alternative=alternative).pvalue for before, g in counts]
    assert sign_test_p(lost, gained, alternative) == pytest.approx(expected, rel=1e-9)
    assert sign_test_p([0], [0], alternative)[0] == 1.0 == mcnemar_p(0, 0, alternative)


def melded_above(end, lost, gained, n):
    """P(θ > end) of the melded upper distribution, by adaptive quadrature over β in place of a fixed rule over π."""
    changed = lost + gained
    upper, lower = beta(changed + 1, n - changed), beta(changed, n - changed + 1)

    def summand(b):
        balance = 2 * b - 1
        if end >= 0:
            above = upper.sf(end / balance) if balance > 0 else 0.0
        else:
            above = lower.cdf(end / balance) if balance < 0 else 1.0
        return beta(gained + 1, lost).pdf(b) * above

    return sum(quad(summand, *part, limit=400)[0] for part in ((0, 0.5), (0.5, 1)))


@pytest.mark.parametrize(
    ("lost", "gained", "n"), [(5, 15, 100), (12, 60, 1319), (60, 12, 1319), (1, 4, 60), (30, 31, 200)]
)
def test_ends_leave_out_their_tail_by_another_integral(lost, gained, n):
    _, high = exact_interval([lost], [gained], n, tail=0.025)
    assert melded_above(float(high[0]), lost, gained, n) == pytest.approx(0.025, rel=1e-3)


@pytest.mark.slow
def test_an_end_is_the_quantile_of_what_is_drawn():
    draw = np.random.default_rng(0)
    share, upper, lower = draw.beta(16, 5, 2_000_000), draw.beta(21, 80, 2_000_000), draw.beta(20, 81, 2_000_000)
    theta = np.where(share > 0.5, upper, lower) * (2 * share - 1)
    assert exact_interval([5], [15], 100, tail=0.01)[1][0] == pytest.approx(np.quantile(theta, 0.99), abs=5e-4)


def test_where_nothing_changed_it_says_what_may_have_been_missed():
    low, high = exact_interval([0], [0], 1319, tail=0.05 / 2 / 3072)
    assert high[0] == pytest.approx(1 - (0.05 / 2 / 3072) ** (1 / 1319), rel=1e-9), (
        "Clopper and Pearson's limit of none"
    )
    assert low[0] == -high[0]


def test_where_every_problem_changed_it_is_that_of_a_binomial():
    low, high = exact_interval([10], [40], 50, tail=0.025)
    ends = binomtest(40, 50).proportion_ci(0.95, method="exact")
    assert 2 * ends.low - 1.02 < low[0] < 2 * ends.low - 1, "of the next sample not every problem need change"
    assert high[0] == pytest.approx(2 * ends.high - 1, abs=1e-9)
    assert exact_interval([0], [50], 50, tail=0.025)[1][0] == 1.0


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_it_says_what_the_sign_test_says(data):
    n = data.draw(st.integers(2, 400))
    lost = data.draw(st.integers(0, n))
    gained = data.draw(st.integers(0, n - lost))
    tail = data.draw(st.sampled_from([0.025, 0.05, 1e-4, 8e-6]))
    low, high = exact_interval([lost, gained], [gained, lost], n, tail)
    estimate = (gained - lost) / n
    assert -1 <= low[0] <= estimate <= high[0] <= 1
    assert (low[1], high[1]) == pytest.approx((-high[0], -low[0]), abs=1e-9), "the other way round it is mirrored"
    assert (low[0] > 1e-12) == (mcnemar_p(lost, gained, "greater") < tail)
    assert (high[0] < -1e-12) == (mcnemar_p(lost, gained, "less") < tail)
    wider = exact_interval([lost], [gained], n, tail / 2)
    assert wider[0][0] <= low[0] + 1e-9
    assert wider[1][0] >= high[0] - 1e-9


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_p_value_says_what_the_interval_says(data):
    n = data.draw(st.integers(2, 300))
    lost = data.draw(st.integers(0, n))
    gained = data.draw(st.integers(0, n - lost))
    boundary = data.draw(st.sampled_from([-0.5, -0.1, -0.02, 0.0, 0.02, 0.1, 0.5]))
    low, high = exact_interval([lost], [gained], n, 0.03)
    less, greater = (melded_p(lost, gained, n, boundary, greater=way) for way in (False, True))
    assert (less < 0.03) == (high[0] < boundary) or high[0] == pytest.approx(boundary, abs=1e-9)
    assert (greater < 0.03) == (low[0] > boundary) or low[0] == pytest.approx(boundary, abs=1e-9)
    if boundary == 0.0:
        assert less == pytest.approx(mcnemar_p(lost, gained, "less"), rel=1e-6)


def test_at_zero_it_is_the_exact_test_of_however_few_problems():
    for n in (1, 2, 3, 5, 8, 12, 50, 1319):
        for lost, gained in product(range(min(n, 12) + 1), repeat=2):
            if lost + gained <= n:
                found = melded_p(lost, gained, n, 0.0, greater=False)
                assert found == pytest.approx(mcnemar_p(lost, gained, "less"), rel=1e-8), (n, lost, gained)


def test_it_covers_what_is_enumerated():
    """Every table of 12 problems, exactly weighted: no true difference is missed more often than the tail says."""
    n, tail = 12, Fraction(1, 20)
    tables = [(lost, gained) for lost, gained in product(range(n + 1), repeat=2) if lost + gained <= n]
    low, high = exact_interval(*np.array(tables).T, n, float(tail))
    for lose, gain in product([Fraction(k, 12) for k in range(13)], repeat=2):
        if lose + gain > 1:
            continue
        chance = [comb(n, a) * comb(n - a, b) * lose**a * gain**b * (1 - lose - gain) ** (n - a - b) for a, b in tables]
        true = float(gain - lose)
        assert sum(each for each, end in zip(chance, low, strict=True) if end > true + 1e-12) <= tail
        assert sum(each for each, end in zip(chance, high, strict=True) if end < true - 1e-12) <= tail


def test_what_is_no_count_is_refused():
    for wrong in (([-1], [0], 10), ([6], [6], 10), ([0], [0], 0)):
        with pytest.raises(StatisticsError):
            exact_interval(*wrong, tail=0.025)
    with pytest.raises(StatisticsError, match="tail must lie"):
        exact_interval([1], [1], 10, tail=0.0)
    with pytest.raises(StatisticsError, match="alternative must be"):
        sign_test_p([1], [1], "more")
