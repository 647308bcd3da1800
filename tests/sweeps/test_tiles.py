"""How a sweep is cut: every cell and problem once, within the memory that was set."""

import pytest

from ctlab.engine.layout import Layout
from ctlab.problems import Problem
from ctlab.sweeps import Grid
from ctlab.sweeps.model_shape import ModelShape
from ctlab.sweeps.tiles import ANSWERS, FACTOR_BYTES, tiles_of

LARGE = ModelShape(layout=Layout(begin=1, thoughts=6, end=1), layers=16, heads=32, hidden=(), questions=[60] * 1319)
GRID = Grid(positions=tuple(f"CT{k}" for k in range(6)), layers=tuple(range(16)), heads=tuple(range(32)))
PROBLEMS = [Problem(question=f"{'x ' * (n % 50)} {n} ?", gold=n) for n in range(1319)]


def test_every_cell_and_every_problem_is_in_one_tile() -> None:
    tiles = tiles_of(GRID, PROBLEMS, LARGE)
    assert [cell for group in tiles.groups for cell in group] == list(range(3072))
    assert sorted(problem for block in tiles.blocks for problem in block) == list(range(1319))


def test_a_tile_is_within_its_memory() -> None:
    tiles = tiles_of(GRID, PROBLEMS, LARGE)
    largest = max(map(len, tiles.groups))
    assert 4 * largest * LARGE.factor_bytes(GRID) <= FACTOR_BYTES
    assert largest - min(map(len, tiles.groups)) <= 1
    assert all((1 + largest) * len(block) <= ANSWERS for block in tiles.blocks)
    assert not tiles.with_baseline


def test_problems_of_a_block_are_alike_in_length() -> None:
    tiles = tiles_of(GRID, PROBLEMS, LARGE)
    lengths = [len(PROBLEMS[problem].question) for block in tiles.blocks for problem in block]
    assert lengths == sorted(lengths)


def test_a_small_sweep_is_one_plan_with_its_baseline() -> None:
    tiles = tiles_of(Grid(positions=("CT0", "CT1")), PROBLEMS, LARGE)
    assert (len(tiles.groups), len(tiles.blocks), tiles.with_baseline) == (1, 1, True)


def test_an_axis_that_is_not_swept_takes_no_memory() -> None:
    assert LARGE.factor_bytes(GRID) == 512 * LARGE.factor_bytes(Grid(positions=("CT0",)))


def test_in_order_all_problems_are_one_block() -> None:
    tiles = tiles_of(GRID, PROBLEMS, LARGE, in_order=True)
    assert tiles.blocks == (tuple(range(1319)),)


@pytest.mark.parametrize("count", [1, 2, 300])
def test_cells_of_a_model_that_nobody_knows_are_cut_too(count: int) -> None:
    tiles = tiles_of(Grid(layers=tuple(range(count))), PROBLEMS, None)
    assert [cell for group in tiles.groups for cell in group] == list(range(count))
