"""How a sweep is cut: groups of cells that run together, and blocks of problems whose answers are held at once.

A *tile* is one group of cells on one block of problems: what is answered in one plan and held in memory together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, starmap

from ctlab.field_docs import documented
from ctlab.problems import Problem
from ctlab.sweeps.cells import Grid
from ctlab.sweeps.model_shape import ModelShape

FACTOR_BYTES = 256 << 20
"""What the factors of one group may take. A condition that names a layer and a head has a table for each of them: with
16 layers, 32 heads and six thoughts that is half a megabyte."""
_COPIES = 4
"""Beside the table itself its parts by level of the tree, their bytes by which branches are told apart, and a step's
masks."""
ANSWERS = 1 << 17
"""Answers of a tile, some 60 MB: what is held at once, however many there are. Below it the whole sweep is one plan."""
_UNKNOWN_GROUP = 256
"""Cells of a group where nobody knows the model's layers."""


@documented
@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """The cut of a sweep."""

    groups: tuple[range, ...]
    """Cells of each group, as numbers: neighbours of the grid, which hide the same position, and share most."""
    blocks: tuple[tuple[int, ...], ...]
    """Problems of each block, as numbers: alike in length, so that little of a batch is padding."""
    with_baseline: bool
    """Whether the baseline is one more condition of the only tile; else it runs before, in a pass of its own."""


def tiles_of(grid: Grid, problems: Sequence[Problem], shape: ModelShape | None, *, in_order: bool = False) -> Tiles:
    """Cut a sweep.

    A group has as many cells as their factors fit `FACTOR_BYTES`, a block as many problems as a group's answers fit
    `ANSWERS`. ``in_order`` keeps all problems in one block, for a decoding in which an answer depends on its batch.
    """
    most = _UNKNOWN_GROUP if shape is None else max(1, FACTOR_BYTES // (_COPIES * shape.factor_bytes(grid)))
    number = -(-len(grid) // most)
    bounds = [len(grid) * part // number for part in range(number + 1)]
    groups = tuple(starmap(range, pairwise(bounds)))
    order: Sequence[int] = range(len(problems))
    if in_order:
        return Tiles(groups=groups, blocks=(tuple(order),), with_baseline=number == 1)
    order = sorted(order, key=lambda index: (len(problems[index].question), index))
    size = max(1, ANSWERS // (1 + max(map(len, groups))))
    count = -(-len(order) // size)
    edges = [len(order) * part // max(1, count) for part in range(count + 1)]
    blocks = tuple(tuple(order[start:stop]) for start, stop in pairwise(edges))
    return Tiles(groups=groups, blocks=blocks, with_baseline=number == 1 and len(blocks) == 1)
