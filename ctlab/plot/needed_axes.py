"""Thoughts by strata: what hiding each costs where, and whether that makes it needed, idle or neither."""

from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.errors import InputError
from ctlab.plot.given_axes import LARGER, axes_or_new, titled
from ctlab.records import Effect, Judgement
from ctlab.reporting.figures.needed_cells import NeedNumbers, of_cells
from ctlab.reporting.figures.thoughts_needed import draw_block
from ctlab.reporting.model.reading import read
from ctlab.reporting.model.role_table import CellRow

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_CELL, _AROUND = (0.95, 0.8), 1.4  # inches: a cell's width and height; what stands above the cells
_LETTER = 0.085  # inches: a letter of a thought's name


def thoughts_by_stratum(what: Judgement | Effect, ax: "Axes | None" = None, *, title: str = "") -> "Axes":
    """Draw the accuracy that hiding each thought costs in each stratum of problems, in points.

    Parameters
    ----------
    what : Judgement or Effect
        Of a claim of the kind "needed where" (`ctlab.statistics.needed_where`).
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure where it is not given.
    title : str
        Title; the claim's id where it is empty.

    Returns
    -------
    matplotlib.axes.Axes
        The axes: a cell is filled where the thought is needed, plain where it is idle, hatched where neither is shown;
        in it the cost in points, its simultaneous interval in digits and as a line.
    """
    shown = _numbers(what)
    wide, tall = _CELL[0] * len(shown.strata), _CELL[1] * len(shown.thoughts)
    names = _LETTER * max(map(len, shown.thoughts))
    axes = axes_or_new(ax, wide + names + 0.3, tall + _AROUND)
    draw_block(axes, shown, range(len(shown.strata)), larger=LARGER)
    margin = formatting.boundary(shown.margin).lstrip("+")
    asked = f"points lost; needed: above {margin}"
    titled(axes, "\n".join(filter(None, [title or shown.claim, asked])))
    return axes


def _numbers(what: Any) -> NeedNumbers:
    effect = what.effect if isinstance(what, Judgement) else what
    cells = effect.details.get("cells") if isinstance(effect, Effect) else None
    if not cells or "estimate" not in cells[0]:
        raise InputError(
            "thoughts by strata are drawn of the effect of ctlab.statistics.needed_where, or of the judgement of such "
            f"a claim, and this is {type(what).__name__}" + (" of another kind" if isinstance(effect, Effect) else "")
        )
    rows = [read(CellRow, cell, "cells of the effect") for cell in cells]
    feature = rows[0].place.partition(" ")[0]
    name = what.claim_id if isinstance(what, Judgement) else ""
    return of_cells(rows, claim=name, feature=feature, margin=effect.margin, level=effect.level)
