"""The score test against brute force: all pairs of problems, a numeric minimiser, and the interval as inverted test."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from ctlab.statistics.moderators.feature_cells import sort_into_cells
from ctlab.statistics.moderators.loss_scale import LogOdds, Points
from ctlab.statistics.moderators.loss_slope import Sample, measure
from ctlab.statistics.moderators.score import FURTHEST, Slopes, _nearer


def drawn(seed, n=60, levels=3, strata=1):
    generator = np.random.default_rng(seed)
    values = generator.integers(0, levels, n).astype(float)
    others = [generator.integers(0, strata, n).astype(float)] if strata > 1 else []
    before, after = generator.random(n) < 0.7, generator.random(n) < 0.5
    return values, others, before, after


def slopes(scale, values, others, before, after):
    cells = sort_into_cells(values, others)
    return cells, Slopes.of(scale, cells, cells.counts(before[None], after[None]))


@pytest.mark.parametrize("strata", [1, 2])
def test_the_estimate_minimises_the_sum_over_all_pairs_of_problems(strata):
    values, others, before, after = drawn(1, strata=strata)
    cells, slope = slopes(LogOdds(), values, others, before, after)
    size = cells.sizes

    def total(parameters):
        beta, *offsets = parameters
        found = 0.0
        for i, j in itertools.permutations(range(len(values)), 2):
            cell = cells.of_problem[i]
            if cell != cells.of_problem[j]:
                continue
            half = (offsets[cells.stratum[cell]] + beta * values[i]) / 2
            gained, lost = after[i] and not before[j], before[i] and not after[j]
            found += (gained * np.exp(half) + lost * np.exp(-half)) / (size[cell] - 1)
        return found

    best = minimize(total, np.zeros(1 + strata), method="BFGS").x[0]
    assert slope.estimate()[0] / slope.spread == pytest.approx(best, abs=1e-4)


def test_points_are_least_squares_over_cells():
    values, _, before, after = drawn(2)
    _, slope = slopes(Points(), values, [], before, after)
    expected = np.polyfit(values, before.astype(float) - after, 1)[0]
    assert slope.estimate()[0] / slope.spread == pytest.approx(expected)


def test_the_function_expects_nothing_at_the_true_loss_however_small_the_cell():
    generator = np.random.default_rng(0)
    luck = generator.random((200_000, 3))
    again = np.where(generator.random(luck.shape) < 0.6, luck, generator.random(luck.shape))
    # Odds of 9 before and 9 / e² after.
    cells = sort_into_cells(np.zeros(3))
    counts = cells.counts(luck < 0.9, again < 9 / (9 + np.e**2))
    total = LogOdds().score(counts, np.full((len(luck), 1), 2.0)).total[:, 0]
    assert abs(total.mean()) < 4 * total.std() / len(total) ** 0.5


@pytest.mark.parametrize(("p", "loss", "same"), [(0.95, 1.0, 0.6), (0.6, 1.0, 0.0), (0.25, 2.0, 0.6)])
def test_the_variance_is_that_of_repeated_samples(p, loss, same):
    generator = np.random.default_rng(1)
    luck = generator.random((40_000, 20))
    again = np.where(generator.random(luck.shape) < same, luck, generator.random(luck.shape))
    odds = p / (1 - p) * np.exp(-loss)
    counts = sort_into_cells(np.zeros(20)).counts(luck < p, again < odds / (1 + odds))
    supposed = np.full((len(luck), 1), loss)
    spread = LogOdds().score(counts, supposed).total.var()
    assert LogOdds().moments(counts, supposed).variance.mean() == pytest.approx(spread, rel=0.04)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10_000), st.sampled_from(["log-odds", "points"]), st.sampled_from(["greater", "less", "two-sided"])
)
def test_p_and_interval_say_the_same(seed, scale, alternative):
    values, others, before, after = drawn(seed, n=50, levels=4, strata=seed % 2 + 1)
    slope = measure(Sample(values=values, before=before, after=after, adjusted=tuple(others)), scale, alternative, 0.1)
    if not slope.estimated:
        return
    inside = {"greater": slope.low <= 0, "less": slope.high >= 0, "two-sided": slope.low <= 0 <= slope.high}
    assert (slope.p_value > 0.1) == inside[alternative]
    assert slope.low <= slope.estimate <= slope.high


def test_an_end_is_where_the_test_no_longer_rejects():
    _, slope = slopes(LogOdds(), *drawn(4))
    ends = slope.repeated(2).ends(np.repeat(slope.estimate(), 2), np.full(2, 1.6448536), np.array([-1.0, 1.0]))
    assert slope.repeated(2).z(ends) == pytest.approx([1.6448536, -1.6448536])


def test_what_nothing_bounds_has_an_open_end_or_no_estimate():
    values = np.repeat([0.0, 1.0], 30)
    right, wrong = np.ones(60, dtype=bool), np.zeros(60, dtype=bool)
    mixed = np.arange(60) % 3 > 0
    before, after = np.where(values == 1, right, mixed), np.where(np.arange(60) % 2 > 0, mixed, wrong)
    slope = measure(Sample(values=values, before=before, after=after), "log-odds", "greater", 0.05)
    assert slope.trouble.startswith("separation: problems with the feature are all right under the baseline")
    assert not slope.estimated
    idle = measure(Sample(values=values, before=right, after=right), "points", "greater", 0.05)
    assert idle.trouble == "no problem's outcome tells one level from another"
    assert FURTHEST == 12.0


@given(st.floats(-6, 6), st.floats(-0.5, 0.5))
def test_skewness_takes_no_score_further_out(t, skewness):
    left = float(_nearer(np.array(t), np.array(skewness)))
    assert abs(left) <= abs(t)
    assert left * t >= 0
    if t * skewness > 0:
        assert left == pytest.approx(t)


def test_strata_of_two_problems_have_the_spread_of_a_pair():
    # One loss a stratum is fitted: of a pair's two squares around their mean one degree of freedom is left, so that
    # the variance is twice the sum of squares, and z that of a paired t test of the differences within strata
    generator = np.random.default_rng(0)
    before, after = generator.random((2, 400)) < 0.5
    values, others = np.tile([0.0, 1.0], 200), np.repeat(np.arange(200.0), 2)
    cells = sort_into_cells(values, [np.floor(others / 20)])
    pairs = cells.counts(before[None], after[None])
    z = Slopes.of(Points(), cells, pairs).z(np.zeros(1))[0]
    loss = before * 1.0 - after
    inside = [loss[np.floor(others / 20) == k] for k in range(10)]
    top = sum((part[1::2] - part.mean()).sum() - (part[::2] - part.mean()).sum() for part in inside) / 2
    bottom = sum(((part - part.mean()) ** 2).sum() * len(part) / (len(part) - 1) for part in inside) / 4
    assert z == pytest.approx(top / np.sqrt(bottom), abs=0.05)
