"""A whole sweep as a claim's details hold it: its axes, every cell's difference, and which cell was picked."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import product
from typing import Annotated, Self

from pydantic import Strict, model_validator

from ctlab.reporting.model.record import Count, Level, Many, Record

Value = str | int
Edge = Annotated[tuple[str, str], Strict(False)]


class SweepGrid(Record):
    """The axes of a sweep, as ``ctlab.sweeps.Grid`` writes them; an axis that is not swept is empty."""

    positions: Many[str] = ()
    """What is hidden."""
    layers: Many[Count] = ()
    """In which layer alone."""
    heads: Many[Count] = ()
    """In which head alone."""
    readers: Many[str] = ()
    """From whom."""
    edgeless: Many[Edge] = ()
    """Position and reader that no edge joins: places without a cell."""

    @cached_property
    def axes(self) -> Mapping[str, tuple[Value, ...]]:
        """The swept axes by name, in the order in which cells are counted: the last one fastest."""
        every: dict[str, tuple[Value, ...]] = {
            "position": self.positions,
            "layer": self.layers,
            "head": self.heads,
            "reader": self.readers,
        }
        return {axis: values for axis, values in every.items() if values}

    @cached_property
    def places(self) -> tuple[tuple[int, ...], ...]:
        """Where each cell stands along each swept axis."""
        return tuple(self._placed())

    def _placed(self) -> Iterator[tuple[int, ...]]:
        edgeless = set(self.edgeless)
        for place in product(*(range(len(values)) for values in self.axes.values())):
            at = {axis: values[number] for (axis, values), number in zip(self.axes.items(), place, strict=True)}
            # Where an axis is not swept, every thought is hidden, from all that comes later.
            if (at.get("position", "thoughts"), at.get("reader", "later")) not in edgeless:
                yield place


class SweptCells(Record):
    """Every cell of a sweep over all problems, and the one that half of them picked."""

    grid: SweepGrid
    """The axes."""
    cell: Count
    """Number of the picked cell, from 0."""
    estimates: Many[float]
    """Difference to the baseline of each cell, a proportion."""
    marked: Many[bool]
    """Whether each cell is shown to differ from 0, family-wise."""
    n: Count
    """Problems."""
    alpha: Level
    """What all cells share."""

    @model_validator(mode="after")
    def _one_number_a_cell(self) -> Self:
        cells = len(self.grid.places)
        if not self.grid.axes or not cells == len(self.estimates) == len(self.marked):
            raise ValueError(
                f"must have one estimate and one mark for each of the grid's {cells} cells, got "
                f"{len(self.estimates)} and {len(self.marked)}"
            )
        if self.cell >= cells:
            raise ValueError(f"must pick one of its {cells} cells, got number {self.cell}")
        return self
