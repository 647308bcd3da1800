"""The cells that are recomputed: enough of them, and every position, layer, head and reader."""

import numpy as np
import pytest

from ctlab.sweeps import Grid
from ctlab.sweeps.cell_sample import sampled_cells

LARGE = Grid(positions=tuple(f"CT{k}" for k in range(6)), layers=tuple(range(16)), heads=tuple(range(32)))
GAPS = Grid(
    positions=("CT0", "CT1", "CT2"),
    readers=("CT1", "CT2", "end"),
    edgeless=frozenset({("CT1", "CT1"), ("CT2", "CT1"), ("CT2", "CT2")}),
)


@pytest.mark.parametrize(
    "grid", [LARGE, GAPS, Grid(layers=(3,)), Grid(positions=("CT0", "CT1"), heads=tuple(range(40)))]
)
@pytest.mark.parametrize("seed", range(5))
def test_every_value_of_every_axis_is_in_the_sample(grid, seed):
    sample = sampled_cells(grid, seed=seed)
    for axis in range(len(grid.shape)):
        assert set(grid.places[list(sample), axis]) == set(grid.places[:, axis])
    assert len(sample) >= 0.05 * len(grid)
    assert list(sample) == sorted(set(sample))


def test_no_more_are_drawn_than_are_needed():
    assert len(sampled_cells(LARGE)) == 154
    # Every value once takes as many cells as the longest axis is long.
    assert len(sampled_cells(Grid(positions=("CT0", "CT1"), layers=tuple(range(8))))) == 8
    assert len(sampled_cells(LARGE, share=1)) == 3072


def test_the_seed_decides():
    assert sampled_cells(LARGE, seed=1) == sampled_cells(LARGE, seed=1) != sampled_cells(LARGE, seed=2)


def test_cells_are_drawn_from_everywhere():
    """Over many seeds every cell is drawn about as often as any other."""
    grid = Grid(positions=("CT0", "CT1", "CT2"), layers=(0, 1, 2))
    drawn = np.bincount([cell for seed in range(900) for cell in sampled_cells(grid, seed=seed)], minlength=9)
    assert drawn.sum() == 900 * 3
    assert drawn.min() > 220
