import numpy as np
import pytest

from ctlab.statistics.moderators.feature_cells import BANDS, WIDEST_BIN, bands, quantile_bins, sort_into_cells


def test_few_values_are_levels_of_their_own():
    cells = sort_into_cells(np.array([3.0, 1.0, 1.0, 2.0]))
    assert cells.value.tolist() == [1.0, 2.0, 3.0]
    assert cells.of_problem.tolist() == [2, 0, 0, 1]
    assert not cells.binned


def test_many_values_are_bins_of_at_most_about_twenty_within_what_is_adjusted_for():
    generator = np.random.default_rng(0)
    values, other = generator.normal(size=1000), generator.integers(0, 2, 1000).astype(float)
    cells = sort_into_cells(values, [other])
    assert cells.binned
    assert cells.sizes.max() <= WIDEST_BIN + 3
    for cell in range(len(cells.value)):
        inside = cells.of_problem == cell
        assert len(set(other[inside])) == 1
        assert cells.value[cell] == pytest.approx(values[inside].mean())


def test_counts_are_those_of_a_loop():
    generator = np.random.default_rng(1)
    values = generator.integers(0, 3, 40).astype(float)
    before, after = generator.random((2, 40)) < 0.5, generator.random((2, 40)) < 0.5
    cells = sort_into_cells(values)
    expected = np.zeros((2, 3, 4))
    for sample in range(2):
        for row, value in enumerate(values):
            expected[sample, int(value), 2 * before[sample, row] + after[sample, row]] += 1
    assert (cells.counts(before, after) == expected).all()


def test_equal_values_are_never_apart():
    index = quantile_bins(np.array([1.0] * 30 + [2.0] * 3 + [3.0] * 30), 6)
    assert len(set(index[:30])) == len(set(index[30:33])) == len(set(index[33:])) == 1


def test_bands_are_values_or_fifths():
    assert bands(np.array([5.0, 1.0, 5.0])).tolist() == [1, 0, 1]
    assert np.bincount(bands(np.arange(100.0))).tolist() == [100 // BANDS] * BANDS


def test_variance_that_lies_in_few_problems():
    assert sort_into_cells(np.array([*range(200), *[10_000] * 5], dtype=float)).concentrated
    assert not sort_into_cells(np.arange(200.0)).concentrated
    assert not sort_into_cells(np.array([0.0] * 190 + [1.0] * 10)).concentrated
