"""What a sweep shows: every cell's difference to the baseline, where it is largest, and means along each axis."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.errors import InputError
from ctlab.field_docs import documented
from ctlab.frames import frame
from ctlab.records.effect import Effect, builtins
from ctlab.statistics.many.all_cells import CellDifferences, Dependence, Together, cell_differences
from ctlab.statistics.many.axis_means import AxisMean, axis_means
from ctlab.statistics.many.held_out import (
    CrossFitted,
    Gap,
    HeldOut,
    cross_fitted_most,
    halves_of,
    held_out_most,
)
from ctlab.sweeps.cell_sample import check_seed
from ctlab.sweeps.cells import AXES, Axis, Grid, Value
from ctlab.sweeps.outcomes import SweepOutcomes

if TYPE_CHECKING:
    from ctlab.frames import DataFrame

_SIDES = {"decrease": "less", "increase": "greater"}
_COLUMNS = (*AXES, "difference", "low", "high", "p_value", "family_wise", "discovery", "differs", "lost", "gained", "n")


@documented
@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class SweepEffects:
    """What is concluded from a sweep; differences are proportions, rate under the cell less that under the baseline."""

    grid: Grid
    """The cells."""
    outcome: str
    """Outcome whose rate is compared."""
    cells: CellDifferences
    """Every cell, over all problems; intervals hold together."""
    most: HeldOut
    """The cell that moves the rate most, picked on one half of the problems and measured on the other."""
    both_halves: CrossFitted
    """Both halves, each measuring what the other one picked."""
    by_axis: Mapping[Axis, tuple[AxisMean, ...]]
    """Mean over the cells of each place, by axis; the intervals of one axis hold together."""

    def place(self, axis: Axis, number: int) -> Value:
        """Return the value of an axis at a place."""
        return self.grid.axes[axis][number]

    def to_rows(self) -> list[dict[str, Any]]:
        """Return one row a cell: its axes, difference, simultaneous interval, adjusted p-values and counts."""
        of = self.cells
        return [
            {
                **{axis: getattr(cell, axis) for axis in AXES},
                "difference": float(of.estimate[number]),
                "low": float(of.low[number]),
                "high": float(of.high[number]),
                "p_value": float(of.p_value[number]),
                "family_wise": float(of.family_wise[number]),
                "discovery": float(of.discovery[number]),
                "differs": bool(of.marked[number]),
                "lost": int(of.lost[number]),
                "gained": int(of.gained[number]),
                "n": of.n,
            }
            for number, cell in enumerate(self.grid.cells)
        ]

    def to_frame(self) -> "DataFrame":
        """Return the rows as a table of pandas."""
        return frame(self.to_rows(), _COLUMNS)

    def to_json(self) -> dict[str, Any]:
        """Return everything as JSON builtins."""
        most = {
            "cell": self.grid.cells[self.most.cell].to_json(),
            "where_picked": self.most.where_picked,
            "effect": self.most.effect.to_json(),
            "over_second": self._gap(self.most.over_second),
            "over_rest": self._gap(self.most.over_rest),
        }
        both = asdict(self.both_halves) | {
            "cells": [self.grid.cells[cell].to_json() for cell in self.both_halves.cells]
        }
        means = {
            axis: [
                {"place": self.place(axis, each.place), "cells": each.cells, "effect": each.effect.to_json()}
                for each in places
            ]
            for axis, places in self.by_axis.items()
        }
        found: dict[str, Any] = builtins(
            {
                "grid": self.grid.to_json(),
                "outcome": self.outcome,
                "alpha": self.cells.alpha,
                "method": self.cells.method,
                "cells": self.to_rows(),
                "most": most,
                "both_halves": both,
                "by_axis": means,
            }
        )
        return found

    def __repr__(self) -> str:
        of, picked = self.cells, self.most
        differ = f"{formatting.count(int(of.marked.sum()))} differ ({formatting.count(int(of.discovered.sum()))} by "
        lines = [
            f"{formatting.counted(len(self.grid), 'cell')} × {formatting.counted(of.n, 'problem')}: {differ}"
            f"false-discovery rate), α = {of.alpha:g}",
            f"most: {self.grid.cells[picked.cell].words}, {_said(picked.effect)}, picked on "
            f"{formatting.count(of.n - picked.effect.n)} other problems "
            f"({formatting.points(picked.where_picked)} there)",
        ]
        if picked.over_second is not None:
            gap, second = picked.over_second, self.grid.cells[picked.over_second.cell or 0]
            ends = formatting.interval(gap.low, gap.high, formatting.POINTS, unit_shown=False)
            lines.append(f"      {formatting.points(gap.estimate)} ({ends}) further than the next, {second.words}")
        for axis, places in self.by_axis.items():
            lines.append(f"by {axis}:")
            lines += [f"  {self.place(axis, each.place)!s:>8}  {_said(each.effect)}" for each in places]
        return "\n".join(lines)

    def _gap(self, gap: Gap | None) -> dict[str, Any] | None:
        if gap is None:
            return None
        return asdict(gap) | {"cell": None if gap.cell is None else self.grid.cells[gap.cell].to_json()}


def sweep_effects(
    swept: Any,
    *,
    direction: str = "decrease",
    outcome: str = "CORRECT",
    alpha: float = 0.05,
    together: Together = "bonferroni",
    dependence: Dependence = "positive",
    clusters: Sequence[Hashable] | None = None,
    seed: int = 0,
) -> SweepEffects:
    """Return what a sweep shows of an outcome's rate.

    Parameters
    ----------
    swept : Sweep or SweepOutcomes
        What `ctlab.sweep` returned.
    direction : {'decrease', 'increase'}
        Which way the cell is looked for that moves the rate most.
    outcome : str
        The outcome whose rate is compared.
    alpha : float
        What all cells share; what all places of an axis share; and the one-sided level of the cell that moves it most.
    together, dependence, clusters
        As `ctlab.statistics.many.all_cells.cell_differences`.
    seed : int
        Of the two halves, and of what is drawn.

    Raises
    ------
    InputError
        For what is no sweep, a sweep of one problem, and another direction.
    StatisticsError
        As the statistics.
    """
    of = getattr(swept, "outcomes", swept)
    if not isinstance(of, SweepOutcomes):
        raise InputError(f"effects are those of what ctlab.sweep returned, not of {type(swept).__name__}")
    if direction not in _SIDES:
        raise InputError(f"direction is 'decrease' or 'increase', not {direction!r}")
    if len(of.problem_ids) < 2:
        raise InputError(
            "one half of the problems picks and the other measures, and this sweep has one; raise its limit"
        )
    check_seed(seed)
    right, half = of.having(outcome), halves_of(of.problem_ids, seed, clusters)
    asked: dict[str, Any] = {"alternative": _SIDES[direction], "alpha": alpha, "clusters": clusters}
    return SweepEffects(
        grid=of.grid,
        outcome=outcome,
        cells=cell_differences(
            right, alpha=alpha, together=together, dependence=dependence, clusters=clusters, seed=seed
        ),
        most=held_out_most(right, half, **asked),
        both_halves=cross_fitted_most(right, half, **asked),
        by_axis={
            axis: tuple(axis_means(right, of.grid.along(axis), alpha=alpha, clusters=clusters))
            for axis, places in of.grid.axes.items()
            if len(places) > 1
        },
    )


def _said(effect: Effect) -> str:
    return (
        f"{formatting.points(effect.estimate)} "
        f"({formatting.interval(effect.low, effect.high, formatting.POINTS, unit_shown=False)})"
    )
