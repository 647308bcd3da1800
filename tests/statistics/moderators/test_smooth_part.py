import numpy as np
import pytest
from patsy import dmatrix
from scipy.stats import norm, rankdata

from ctlab.statistics.moderators.smooth_part import left_over, spline, still_goes_with

KNOTS = (0.05, 0.275, 0.5, 0.725, 0.95)


def drawn(n=400, seed=0):
    generator = np.random.default_rng(seed)
    other = np.exp(2 * generator.normal(size=n))
    return other, generator.normal(size=n), generator


def test_the_curves_are_those_of_a_natural_cubic_spline():
    other, feature, _ = drawn()
    scores = norm.ppf((rankdata(other) - 0.5) / len(other))
    low, *inner, high = np.quantile(scores, KNOTS)
    # patsy's natural spline spans the same curves: what each leaves of any feature is the same
    inside = (scores > low) & (scores < high)
    theirs = np.asarray(dmatrix(f"cr(x, knots={list(map(float, inner))}) ", {"x": scores[inside]}))
    ours = np.column_stack([np.ones(inside.sum()), spline(other)[inside]])
    for design in (ours, theirs):
        assert np.linalg.matrix_rank(design) == 5
    left = [feature[inside] - d @ np.linalg.lstsq(d, feature[inside], rcond=None)[0] for d in (ours, theirs)]
    assert np.corrcoef(*left)[0, 1] > 0.99


def test_beyond_its_outer_knots_it_is_a_straight_line():
    other = np.arange(2000.0)
    scores, terms = norm.ppf((rankdata(other) - 0.5) / 2000), spline(other)
    for tail in (scores < np.quantile(scores, 0.05), scores > np.quantile(scores, 0.95)):
        design = np.column_stack([np.ones(tail.sum()), scores[tail]])
        assert np.abs(terms[tail] - design @ np.linalg.lstsq(design, terms[tail], rcond=None)[0]).max() < 1e-8


def test_what_is_left_goes_with_neither_strata_nor_curves():
    other, feature, generator = drawn()
    stratum = generator.integers(0, 3, len(other))
    left = left_over(feature + np.log(other) + stratum, stratum, [other])
    assert np.abs(np.bincount(stratum, weights=left)).max() < 1e-8
    assert np.abs(left @ spline(other)).max() < 1e-7
    assert np.corrcoef(left, feature)[0, 1] > 0.98


def test_of_a_curve_itself_nothing_is_left():
    other, *_ = drawn()
    assert not left_over(spline(other)[:, 1], np.zeros(len(other), dtype=int), [other]).any()


def test_few_values_make_a_line():
    assert spline(np.repeat([1.0, 2.0, 3.0], [150, 20, 150])).shape[1] <= 2


@pytest.mark.parametrize("n", [200, 1319])
def test_what_no_spline_follows_is_seen_and_noise_is_not(n):
    seen = 0
    for seed in range(100):
        other, noise, _ = drawn(n, seed)
        nothing = np.zeros(n, dtype=int)
        seen += still_goes_with(left_over(noise + np.log(other), nothing, [other]), other)
    assert seen <= 1
    wave = np.sin(4 * np.log(other)) + 0.1 * noise
    assert still_goes_with(left_over(wave, nothing, [other]), other)


def test_equal_values_are_no_neighbours_of_each_other_only():
    other = np.repeat([1.0, 2.0], 100)
    assert not still_goes_with(np.random.default_rng(0).normal(size=200), other)
    assert not still_goes_with(np.zeros(200), np.arange(200.0))
