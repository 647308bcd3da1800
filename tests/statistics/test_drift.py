"""Intervals of the difference between two runs, held against others' implementations and against arithmetic."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from ctlab.errors import StatisticsError
from ctlab.statistics.drift import Ends, independent_drift, paired_drift, rate_ends, under_any_dependence


def test_of_two_wilson_intervals_it_is_newcombes():
    # statsmodels 0.15: confint_proportions_2indep(56, 70, 48, 80, method="newcomb"); Newcombe (1998), table II (a).
    drift = independent_drift(rate_ends(48, 80), rate_ends(56, 70))
    assert (drift.low, drift.high) == pytest.approx(confint_proportions_2indep(56, 70, 48, 80, method="newcomb"))
    assert (round(drift.low, 4), round(drift.high, 4)) == (0.0524, 0.3339)


@pytest.mark.parametrize(("count", "n", "alpha"), [(0, 10, 0.05), (10, 10, 0.05), (754, 1319, 0.025)])
def test_wilson(count, n, alpha):
    ends = rate_ends(count, n, alpha=alpha)
    assert (ends.low, ends.high) == pytest.approx(proportion_confint(count, n, alpha=alpha, method="wilson"), abs=1e-12)
    assert ends.low <= ends.estimate <= ends.high


def test_of_many_problems_it_is_students_paired_interval():
    # scipy: stats.ttest_rel(after, before).confidence_interval(); Gaffke's asks for no shape and is a little wider.
    draw = np.random.default_rng(5)
    before, after = draw.choice([-1, 0, 1], 4000, p=[0.3, 0.6, 0.1]), draw.choice([-1, 0, 1], 4000, p=[0.2, 0.6, 0.2])
    drift = paired_drift(before, after)
    student = stats.ttest_rel(after, before).confidence_interval()
    assert drift.estimate == pytest.approx((after - before).mean())
    assert drift.low <= student.low
    assert drift.high >= student.high
    assert drift.high - drift.low == pytest.approx(student.high - student.low, rel=0.03)


def test_where_nothing_changed_the_rule_of_three_is_left():
    # Of n problems none changed: Clopper and Pearson's upper end of 0 of n, for a change by the most there is, 2.
    drift = paired_drift([1] * 300, [1] * 300)
    least = 2 * proportion_confint(0, 300, alpha=0.05, method="beta")[1]
    assert least <= drift.high <= 1.02 * least  # between the least and the most that a problem can change: two sides
    assert drift.low == pytest.approx(-drift.high)


@pytest.mark.parametrize("correlation", [-1.0, 0.0, 0.9])
def test_end_to_end_covers_whatever_the_dependence(correlation):
    # Exact for the normal case: the interval has half-width 2 z, the difference standard deviation √(2 − 2 r).
    z = stats.norm.ppf(0.9875)
    half = under_any_dependence(Ends(0, -z, z, 0.975), Ends(0, -z, z, 0.975)).high
    covered = 2 * stats.norm.cdf(half / np.sqrt(2 - 2 * correlation)) - 1
    assert covered >= 0.95


ends = st.tuples(st.floats(-1, 1), st.floats(0, 1), st.floats(0, 1)).map(
    lambda drawn: Ends(drawn[0], drawn[0] - drawn[1], drawn[0] + drawn[2], 0.975)
)


@given(ends, ends)
def test_what_is_known_of_the_runs_narrows_and_swapping_mirrors(before, after):
    narrow, wide = independent_drift(before, after), under_any_dependence(before, after)
    assert wide.low - 1e-12 <= narrow.low <= narrow.estimate <= narrow.high <= wide.high + 1e-12
    back = independent_drift(after, before)
    assert (back.low, back.high) == (pytest.approx(-narrow.high), pytest.approx(-narrow.low))


@pytest.mark.parametrize("sides", [([], []), ([1], [0]), ([3, 0], [0, 0])])
def test_what_is_no_effect_of_problems_is_refused(sides):
    with pytest.raises(StatisticsError):
        paired_drift(*sides)
