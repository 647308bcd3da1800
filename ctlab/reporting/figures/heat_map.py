"""One heat map of attention: numbers where there is something to say, hatches where edges were removed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ctlab import formatting
from ctlab.reporting.figures.style import INK, SMALL, hatched
from ctlab.reporting.model.flow_table import CellState, Kind

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage

_FAINT, _FAINT_POINTS = 0.5, 0.05
"""Percent and points below which a cell carries no number: it would be written as 0."""
Means = Sequence[Sequence[float | None]]


class HeatMap(NamedTuple):
    """What one heat map shows."""

    kind: Kind
    """The table."""
    means: Means
    """(readers, segments) proportions; None where nobody reads."""
    cells: Sequence[Sequence[CellState]]
    """What each cell is."""
    reach: float
    """Where the colours end, in percent or points."""
    clear: Sequence[Sequence[bool]] = ()
    """Cells whose interval excludes 0, in bold; empty where that is not shown."""


def visible(means: Means, cells: Sequence[Sequence[CellState]]) -> list[list[float | None]]:
    """Leave out where nobody reads and where an edge was removed: what is lost there is no finding."""
    return [
        [value if state == "described" else None for value, state in zip(row, states, strict=True)]
        for row, states in zip(means, cells, strict=True)
    ]


def reach_of(tables: Sequence[tuple[Means, Sequence[Sequence[CellState]]]]) -> float:
    """Return where the colours of differences end: at the largest of them, in points."""
    values = [
        abs(value) for means, cells in tables for row in visible(means, cells) for value in row if value is not None
    ]
    return formatting.in_hundredths(max([0.001, *values]))


def heat(
    axes: "Axes", shown: HeatMap, *, numbered: bool = True, zeros: bool = False, size: float = SMALL
) -> "AxesImage":
    """Draw it into axes; without numbers where a cell has no room for them. ``size`` is that of numbers, in points.

    ``zeros`` writes those that are 0 too, where a cell without a number is one of which nothing is known.
    """
    difference = shown.kind != "mass"
    values = [
        [float("nan") if value is None else formatting.in_hundredths(value) for value in row]
        for row in visible(shown.means, shown.cells)
    ]
    image = axes.imshow(
        values,
        cmap="RdBu_r" if difference else "Blues",
        vmin=-shown.reach if difference else 0.0,
        vmax=shown.reach,
        aspect="auto",
    )
    for y, row in enumerate(values):
        for x, value in enumerate(row):
            if shown.cells[y][x] == "removed" and shown.means[y][x] is not None:
                axes.add_patch(hatched(x, y))
            least = 0.0 if zeros else _FAINT_POINTS if difference else _FAINT
            if numbered and abs(value) >= least:  # never of what is not there, NaN
                bold = bool(shown.clear) and shown.clear[y][x]
                shade = "white" if abs(value) > 0.6 * shown.reach else INK
                weight = "bold" if bold else "normal"
                text = _number(value, difference=difference)
                axes.text(x, y, text, ha="center", va="center", fontsize=size, color=shade, fontweight=weight)
    axes.tick_params(length=0, pad=1.5)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return image


def _number(value: float, *, difference: bool) -> str:
    text = f"{value:z.0f}" if abs(value) >= 9.5 or not difference else f"{value:z.1f}"  # z: no minus before a 0
    return text.replace("-", formatting.MINUS)
