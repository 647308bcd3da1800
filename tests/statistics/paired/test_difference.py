import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from statsmodels.stats.proportion import proportion_confint

from ctlab.errors import StatisticsError
from ctlab.statistics import equivalence, paired_difference
from tests.statistics.paired.test_tango import by_likelihood

counts = st.integers(50, 1500).flatmap(
    lambda n: st.integers(0, n // 3).flatmap(lambda lost: st.tuples(st.just(lost), st.integers(0, n // 3), st.just(n)))
)
alphas = st.sampled_from([0.05, 0.05 / 6, 0.025, 0.001])


def test_the_original_studys_counts():
    effect = paired_difference(lost=230, gained=29, n=1319, alternative="less", alpha=0.05)
    assert effect.estimate == (29 - 230) / 1319
    assert (effect.lost, effect.gained, effect.n) == (230, 29, 1319)
    assert effect.level == pytest.approx(0.9)
    assert effect.p_value < 1e-30
    assert effect.low < effect.estimate < effect.high < 0


def test_published_examples_of_equivalence():
    # Tango 1998, soft contact lenses: 44 pairs, 1 and 0 discordant, margin 0.1: p = 0.044 for "at most 0.1 worse"
    lenses = equivalence(1, 0, 44, margin=0.1)
    assert lenses.details["p_above_lower_margin"] == pytest.approx(0.044, abs=5e-4)
    # PropCIs::scoreci.mp(25, 28, 618, 0.90) = −0.0148 to 0.0247, quoted in public code (R was not run here): as two
    # one-sided tests at 5 % this proves ±2.5 points and not ±2.4
    proven, open_ = (equivalence(25, 28, 618, margin=margin) for margin in (0.025, 0.024))
    assert (round(proven.low, 4), round(proven.high, 4)) == (-0.0148, 0.0247)
    assert proven.p_value < 0.05 < open_.p_value


@pytest.mark.parametrize(
    ("lost", "gained", "n", "margin"),
    [(30, 24, 400, 0.05), (12, 20, 250, 0.08), (0, 0, 90, 0.04), (60, 41, 1319, 0.03)],
)
def test_two_one_sided_tests_by_likelihood(lost, gained, n, margin):
    effect = equivalence(lost, gained, n, margin=margin)
    above, below = by_likelihood(lost, gained, n, -margin), by_likelihood(lost, gained, n, margin)
    assert effect.details["p_above_lower_margin"] == pytest.approx(norm.sf(above), rel=1e-3)
    assert effect.details["p_below_upper_margin"] == pytest.approx(norm.cdf(below), rel=1e-3)
    assert effect.p_value == max(effect.details.values())


def newcombe(both, lost, gained, neither):
    """Newcombe 1998, Statistics in Medicine 17, 2635-2650, method 10: Wilson's intervals of both rates, put together.

    Returned for gained − lost, as here; `both` and `neither` are the concordant pairs.
    """
    n = both + lost + gained + neither
    after, before = (both + gained) / n, (both + lost) / n
    (l1, u1), (l2, u2) = (proportion_confint(round(rate * n), n, method="wilson") for rate in (after, before))
    spread = math.sqrt(after * (1 - after) * before * (1 - before)) * n * n
    product = both * neither - lost * gained
    phi = (max(product - n / 2, 0.0) if product > 0 else product) / spread
    low = math.sqrt((after - l1) ** 2 - 2 * phi * (after - l1) * (u2 - before) + (u2 - before) ** 2)
    high = math.sqrt((u1 - after) ** 2 - 2 * phi * (u1 - after) * (before - l2) + (before - l2) ** 2)
    return after - before - low, after - before + high


@pytest.mark.parametrize("table", [(503, 230, 29, 557), (300, 40, 52, 208), (59, 16, 6, 80), (120, 24, 31, 25)])
def test_close_to_newcombes_interval_which_is_made_another_way(table):
    both, lost, gained, neither = table
    effect = paired_difference(lost, gained, sum(table))
    assert (effect.low, effect.high) == pytest.approx(newcombe(both, lost, gained, neither), abs=0.008)


def test_levels_by_alternative():
    assert paired_difference(3, 9, 200).level == pytest.approx(0.95)
    assert paired_difference(3, 9, 200, alternative="greater").level == pytest.approx(0.90)
    assert equivalence(3, 9, 200, margin=0.1).level == pytest.approx(0.90)


def test_zero_discordant_pairs_are_a_result():
    difference, same = paired_difference(0, 0, 1319), equivalence(0, 0, 1319, margin=0.02)
    assert (difference.p_value, difference.estimate) == (1.0, 0.0)
    assert difference.low < 0 < difference.high
    assert same.p_value < 1e-6
    assert -0.02 < same.low < same.high < 0.02


@pytest.mark.parametrize(
    ("alpha", "margin", "most"),
    # n = 1,319: ±2 points take at most 254 discordant problems at α = .05 and 116 at .05 / 6; ±1 takes 60 and 24.
    [(0.05, 0.02, 254), (0.05 / 6, 0.02, 116), (0.05, 0.01, 60), (0.05 / 6, 0.01, 24)],
)
def test_discordance_up_to_which_equivalence_is_provable(alpha, margin, most):
    def proven(total):
        effect = equivalence(total // 2, total - total // 2, 1319, margin=margin, alpha=alpha)
        return -margin < effect.low and effect.high < margin and effect.p_value <= alpha

    assert proven(most)
    assert not proven(most + 1)


@given(counts, alphas)
def test_interval_contains_the_estimate_and_mirrors(counts, alpha):
    lost, gained, n = counts
    for alternative, mirrored in (("greater", "less"), ("less", "greater"), ("two-sided", "two-sided")):
        effect = paired_difference(lost, gained, n, alternative=alternative, alpha=alpha)
        other = paired_difference(gained, lost, n, alternative=mirrored, alpha=alpha)
        assert effect.low <= effect.estimate <= effect.high
        assert (effect.low, effect.high, effect.p_value) == (-other.high, -other.low, other.p_value)


@given(counts, alphas)
def test_more_gained_is_more_evidence_of_an_increase(counts, alpha):
    lost, gained, n = counts
    one = paired_difference(lost, gained, n, alternative="greater", alpha=alpha)
    more = paired_difference(lost, gained + 1, n, alternative="greater", alpha=alpha)
    assert more.p_value <= one.p_value
    assert more.low > one.low


@given(counts, st.integers(2, 4), alphas)
def test_more_data_in_the_same_proportion_never_weakens(counts, times, alpha):
    lost, gained, n = counts
    one = paired_difference(lost, gained, n, alternative="greater", alpha=alpha)
    more = paired_difference(lost * times, gained * times, n * times, alternative="greater", alpha=alpha)
    if one.p_value <= alpha and one.low > 0:
        assert more.p_value <= alpha
        assert more.low > 0
    if one.high < 0:
        assert more.high < 0


@given(counts, st.integers(2, 4), alphas, st.sampled_from([0.01, 0.02, 0.05]))
def test_more_data_in_the_same_proportion_never_unproves_equivalence(counts, times, alpha, margin):
    lost, gained, n = counts
    one = equivalence(lost, gained, n, margin=margin, alpha=alpha)
    more = equivalence(lost * times, gained * times, n * times, margin=margin, alpha=alpha)
    if -margin < one.low and one.high < margin:
        assert -margin < more.low
        assert more.high < margin


@given(counts, alphas, st.sampled_from([0.01, 0.02, 0.1]))
def test_equivalence_and_its_p_value_agree(counts, alpha, margin):
    effect = equivalence(*counts, margin=margin, alpha=alpha)
    within = -margin < effect.low and effect.high < margin
    # The mend of the interval only ever concerns the end that decides nothing here, unless the estimate is outside.
    if abs(effect.estimate) < margin:
        assert within == (effect.p_value < alpha) or math.isclose(effect.p_value, alpha, rel_tol=1e-9)


def test_at_least_a_margin():
    effect = paired_difference(230, 29, 1319, margin=0.1, alternative="less", alpha=0.05)
    assert effect.boundary == -0.1
    assert effect.high < -0.1
    assert effect.p_value < 1e-4
    assert "exact" in effect.method


def test_numpy_counts_are_counts():
    effect = paired_difference(np.int64(3), np.int64(9), np.int64(200))
    assert effect.to_json()["lost"] == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1, 2, 100), "lost must not be negative, got -1"),
        ((1, -2, 100), "gained must not be negative, got -2"),
        ((1, 2, -100), "n must not be negative, got -100"),
        ((0, 0, 0), "n must be at least 1, got 0"),
        ((60, 60, 100), r"lost \+ gained must not exceed n, got 60 \+ 60 > 100"),
        ((1.5, 2, 100), "lost must be a whole number of problems, got 1.5"),
        ((math.nan, 2, 100), "lost must be a whole number"),
        ((True, 2, 100), "lost must be a whole number"),
        ((None, 2, 100), "lost must be a whole number"),
        (("1", 2, 100), "lost must be a whole number"),
    ],
)
def test_bad_counts(arguments, message):
    with pytest.raises(StatisticsError, match=message):
        paired_difference(*arguments)
    with pytest.raises(StatisticsError, match=message):
        equivalence(*arguments, margin=0.02)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"margin": -0.01, "alternative": "greater"}, "margin must not be negative, got -0.01"),
        ({"margin": 0.02}, "A two-sided test takes no margin, got margin=0.02"),
        ({"margin": math.nan, "alternative": "greater"}, "margin must be a finite number"),
        ({"margin": 2.0, "alternative": "greater"}, "margin must be below 1, got 2.0"),
        ({"alternative": "larger"}, "alternative must be 'two-sided', 'greater' or 'less', got 'larger'"),
        ({"alpha": 0.0}, "alpha must lie between 0 and 0.5, got 0.0"),
        ({"alpha": 5}, "alpha must lie between 0 and 0.5, got 5"),
        ({"alpha": math.nan}, "alpha must be a finite number"),
    ],
)
def test_bad_options(options, message):
    with pytest.raises(StatisticsError, match=message):
        paired_difference(3, 9, 200, **options)


@pytest.mark.parametrize("margin", [0.0, -0.02, math.inf, math.nan, 1.0])
def test_bad_margins_of_an_equivalence(margin):
    with pytest.raises(StatisticsError, match="margin") as raised:
        equivalence(3, 9, 200, margin=margin)
    assert "alternative" not in str(raised.value)
