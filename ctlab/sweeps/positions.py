"""How much a sweep computes, in forward positions: with what cells share, and one condition at a time."""

from dataclasses import dataclass, replace

from ctlab.field_docs import documented
from ctlab.interventions import BASELINE, Condition
from ctlab.sweeps.cells import Cell, Grid
from ctlab.sweeps.model_shape import ModelShape
from ctlab.sweeps.tiles import Tiles

ANSWER = 16
"""Answer tokens that a row is taken to need before any was written, as the engine takes it where it cuts batches."""


@documented
@dataclass(frozen=True, slots=True, kw_only=True)
class Positions:
    """Positions that pass through the network: tokens and thoughts of every row."""

    shared: int
    """In the plans of the sweep, where a position that several conditions compute alike is computed once."""
    alone: int
    """Where every condition, the baseline too, computes all of its own."""


def positions_of(grid: Grid, tiles: Tiles, shape: ModelShape, answer: int = ANSWER) -> Positions:
    """Count the positions of a whole sweep, answers taken as ``answer`` tokens each."""
    problems, questions = len(shape.questions), sum(shape.questions)
    one = questions + problems * (shape.layout.rows + answer)
    shared = 0 if tiles.with_baseline else one
    for group in tiles.groups:
        roots, rows = _computed([grid.cells[number] for number in group], shape, answer, tiles.with_baseline)
        shared += roots * questions + rows * problems
    return Positions(shared=shared, alone=(1 + len(grid)) * one)


def _computed(cells: list[Cell], shape: ModelShape, answer: int, baseline: bool) -> tuple[int, int]:
    """Prompts of one problem, and positions after them, in one plan: the engine's own tree, on fewer layers."""
    from ctlab.engine.edge_factors import edge_factors
    from ctlab.engine.prefix_tree import grow

    layers, heads, hidden = shape.layers, shape.heads, shape.hidden
    if all(edges.everywhere for edges in hidden):
        cells = _likened(cells)
        # One more than is named, which stands for all that no cell of the group is about.
        layers = 2 + max((cell.layer for cell in cells if cell.layer is not None), default=0)
        heads = 2 + max((cell.head for cell in cells if cell.head is not None), default=0)
    conditions: list[Condition] = [*([BASELINE] if baseline else []), *(cell.condition for cell in cells)]
    tree = grow(edge_factors(conditions, shape.layout, layers=layers, heads=heads, hidden=hidden))
    first, *others = tree.levels
    sizes = [len(step.rows) for step in shape.layout.steps]
    sizes = [*sizes[:-1], sizes[-1] + answer] if shape.layout.own_stop else [*sizes, answer]
    return len(first.parents), sum(len(level.parents) * size for level, size in zip(others, sizes, strict=True))


def _likened(cells: list[Cell]) -> list[Cell]:
    """Number the layers and heads of some cells from 0: which of them branch does not depend on their numbers.

    So a plan of 3,072 cells needs no table for each of 512 layers and heads, and is counted in seconds.
    """
    layers = {layer: rank for rank, layer in enumerate(dict.fromkeys(cell.layer for cell in cells))}
    heads = {head: rank for rank, head in enumerate(dict.fromkeys(cell.head for cell in cells))}
    return [
        replace(
            cell,
            layer=None if cell.layer is None else layers[cell.layer],
            head=None if cell.head is None else heads[cell.head],
        )
        for cell in cells
    ]
