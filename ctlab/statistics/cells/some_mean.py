"""Means of a measurement, one a cell: whether some cell's lies beyond a margin, and on which side each cell's lies."""

from collections.abc import Sequence
from dataclasses import replace

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.at_level import AtLevel
from ctlab.statistics.cells.cell import FEWEST, UNKNOWN, Measured, Shown, cell_row, check_once
from ctlab.statistics.cells.some_cell import some_cell
from ctlab.statistics.checks import check_alpha
from ctlab.statistics.means.sides import Bounds
from ctlab.statistics.means.tested import mean_effect
from ctlab.statistics.pairing import Question
from ctlab.statistics.requested import check_requested


@checked_arguments
def some_measured_mean(
    cells: Sequence[Measured],
    claim: Question,
    *,
    asks: str,
    labels: tuple[str, str],
    unit: str = "points",
    bounds: Bounds | None = None,
) -> Effect:
    """Return whether the mean of some cell lies above the claim's margin, with every cell.

    Parameters
    ----------
    cells : sequence of Measured
        Thoughts by places, each with one number for each of its problems. Which problems a cell has must not depend
        on its numbers.
    claim : Question
        `direction` is `increase`; `margin` is the mean that some cell exceeds, in `unit`.
    asks : str
        Which question the cells answer, such as `carries`.
    labels : tuple of str
        What a cell shows whose simultaneous interval lies above the margin, and one whose lies below it.
    unit, bounds
        As `measured_mean`.

    Returns
    -------
    Effect
        `estimate` is the mean of the cell with the smallest p-value; ``details["cells"]`` holds every cell. Cells of
        fewer than 50 problems are `unknown`, are not tested, and take no share of α; while there are any with problems,
        nothing is refuted (`claims.decision.untested_cells`).

    Raises
    ------
    ClaimError, StatisticsError
        As `measured_mean`; for another direction, no cell, and a cell that is there twice.

    Notes
    -----
    Each cell is a `measured_mean` at α / K (`some_cell`).
    """
    check_requested(claim, "some_measured_mean")
    check_alpha(claim.alpha)
    if claim.direction != "increase" or not cells:
        raise StatisticsError(
            f"Some cell's mean exceeds a margin: that takes cells and the direction increase, got {len(cells)} and "
            f"{claim.direction!r}."
        )
    check_once([cell.place for cell in cells])
    large = [cell for cell in cells if len(cell.values) >= FEWEST]
    share = AtLevel(direction=claim.direction, margin=claim.margin, alpha=claim.alpha / max(len(large), 1))
    each = AtLevel(direction=claim.direction, margin=claim.margin, alpha=claim.alpha)
    null = f"no cell's mean lies above {claim.margin:g}"
    tested = {cell.place.name: mean_effect(cell.values, share, unit, bounds=bounds, strata=None) for cell in large}
    rows = [_row(cell, tested.get(cell.place.name), share, labels) for cell in cells]
    if not tested:
        return _none(claim, unit, null, asks, rows)
    n = max(len(cell.values) for cell in large)
    # What may refute needs α alone; where a cell's strict interval does not reach below the margin, all is not refuted.
    open_ = any(effect.low > claim.margin for effect in tested.values())
    plain = (
        tested
        if open_
        else {cell.place.name: mean_effect(cell.values, each, unit, bounds=bounds, strata=None) for cell in large}
    )
    effect = some_cell(tested, plain, rows, n=n, null=null, asks=asks)
    if all(cell.undecided for cell in tested.values()):
        return replace(effect, undecided=next(iter(tested.values())).undecided)
    return replace(effect, undecided="")


def _row(cell: Measured, effect: Effect | None, share: AtLevel, labels: tuple[str, str]) -> dict[str, object]:
    """Return a cell with what it shows."""
    size = len(cell.values)
    if effect is None:
        return cell_row(cell.place, size, Shown(label=UNKNOWN, why=f"fewer than {FEWEST} problems"), more=cell.more)
    return cell_row(cell.place, size, _shown(effect, share, labels), effect, cell.more)


def _shown(effect: Effect, share: AtLevel, labels: tuple[str, str]) -> Shown:
    if effect.undecided:
        return Shown(label=UNKNOWN, why=effect.undecided)
    if effect.p_value <= share.alpha and effect.low > share.margin:
        return Shown(label=labels[0])
    if effect.high < share.margin:
        return Shown(label=labels[1])
    return Shown(label=UNKNOWN, why="the interval reaches across the margin")


def _none(claim: Question, unit: str, null: str, asks: str, rows: list[dict[str, object]]) -> Effect:
    """Return what is left where no cell is large enough to be tested."""
    effect = Effect(
        estimate=0.0,
        low=0.0,
        high=0.0,
        level=1.0 - 2.0 * claim.alpha,
        p_value=1.0,
        n=max((int(str(row["n"])) for row in rows), default=0),
        method="no cell is large enough",
        alternative="greater",
        margin=claim.margin,
        boundary=claim.margin,
        null=null,
        unit=unit,
        details={"asks": asks, "cells": rows},
    )
    return effect.no_estimate(f"no cell has {FEWEST} problems")
