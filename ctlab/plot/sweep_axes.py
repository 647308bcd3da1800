"""A sweep's differences as heat maps: two axes in each, one panel for each place of the others."""

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.errors import InputError
from ctlab.plot.given_axes import PLAIN_TEXT, SMALL_TEXT, TITLE_TEXT
from ctlab.reporting.figures.style import INK, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NUMBERED, _PLAIN = (0.52, 0.3), (0.13, 0.13)
"""Inches: a cell with its number, and one without."""
_MOST_NUMBERED = 40
"""Cells of a panel up to which each has room for its number."""
_ACROSS = 9.0
"""Inches that panels side by side may take."""
_CORNER = 0.42
"""Part of a cell's sides that its corner takes, where it is marked as not different."""


def sweep_map(
    effects: Any, *, rows: str = "", columns: str = "", title: str = "", numbered: bool | None = None
) -> "list[Axes]":
    """Draw every cell's difference to the baseline, in points.

    Parameters
    ----------
    effects : SweepEffects
        What `ctlab.sweeps.sweep_effects` returned.
    rows, columns : str
        The axes of each heat map, such as ``layer`` and ``head``; the last two that are swept where they are not given.
        Each place of the others has a panel.
    title : str
        Title of the figure.
    numbered : bool, optional
        Whether cells hold their numbers; where there is room if it is not given.

    Returns
    -------
    list of matplotlib.axes.Axes
        One for each panel, of one new figure: colours part at 0 and are the same in all; a cell whose simultaneous
        interval contains 0 has a grey corner, the cell that one half of the problems picked a frame.
    """
    from matplotlib import pyplot

    grid = getattr(effects, "grid", None)
    if grid is None or not hasattr(effects, "cells"):
        raise InputError(f"a sweep's map is drawn of what sweep_effects returned, not of {type(effects).__name__}")
    rows, columns = _axes_of(grid, rows, columns)
    others = [axis for axis in grid.axes if axis not in (rows, columns)]
    tall, wide = (len(grid.axes[axis]) if axis else 1 for axis in (rows, columns))
    if numbered is None:
        numbered = tall * wide <= _MOST_NUMBERED
    cell = _NUMBERED if numbered else _PLAIN
    panels = list(product(*(range(len(grid.axes[axis])) for axis in others)))
    across = max(1, min(len(panels), int(_ACROSS / (cell[0] * wide + 0.3))))
    down = -(-len(panels) // across)
    size = (cell[0] * wide * across + 0.3 * across + 1.9, (cell[1] * tall + 0.42) * down + 1.1)
    figure, made = pyplot.subplots(
        down, across, figsize=size, squeeze=False, layout="constrained", sharex=True, sharey=True
    )
    reach = max(0.1, formatting.in_hundredths(float(abs(effects.cells.estimate).max())))
    drawn: list[Axes] = []
    image: Any = None
    for number, axes in enumerate(made.flat):
        if number >= len(panels):
            axes.set_visible(False)
            continue
        place = dict(zip(others, panels[number], strict=True))
        image = _panel(axes, effects, place, (rows, columns), reach, numbered)
        axes.set_title(", ".join(_named(axis, grid.axes[axis][at]) for axis, at in place.items()), fontsize=PLAIN_TEXT)
        if number % across == 0 and rows:
            axes.set_ylabel(rows, fontsize=PLAIN_TEXT)
        if number >= len(panels) - across and columns:
            axes.set_xlabel(columns, fontsize=PLAIN_TEXT)
            axes.tick_params(axis="x", labelbottom=True)
        drawn.append(axes)
    bar = figure.colorbar(image, ax=made, pad=0.015, aspect=30)
    bar.set_label(f"difference in {formatting.POINTS}", fontsize=SMALL_TEXT)
    bar.ax.tick_params(labelsize=SMALL_TEXT)
    figure.suptitle(title, fontsize=TITLE_TEXT, fontweight="bold", x=0.01, ha="left", parse_math=False)
    _legend(figure, effects)
    return drawn


def _panel(
    axes: "Axes", effects: Any, place: dict[str, int], shown: tuple[str, str], reach: float, numbered: bool
) -> Any:
    """Draw one heat map."""
    from matplotlib.collections import PolyCollection
    from matplotlib.patches import Rectangle

    grid, cells = effects.grid, effects.cells
    tall, wide = (len(grid.axes[axis]) if axis else 1 for axis in shown)
    values = [[float("nan")] * wide for _ in range(tall)]
    corners, names = [], list(grid.axes)
    for number, at in enumerate(grid.places.tolist()):
        where = dict(zip(names, at, strict=True))
        if any(where[axis] != value for axis, value in place.items()):
            continue
        y, x = (where[axis] if axis else 0 for axis in shown)
        values[y][x] = formatting.in_hundredths(float(cells.estimate[number]))
        if not cells.marked[number]:
            corners.append([(x + 0.5 - _CORNER, y - 0.5), (x + 0.5, y - 0.5), (x + 0.5, y - 0.5 + _CORNER)])
        if number == effects.most.cell:
            axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, edgecolor=INK, linewidth=1.6, zorder=4))
        if numbered:
            shade = "white" if abs(values[y][x]) > 0.6 * reach else INK
            weight = "bold" if cells.marked[number] else "normal"
            text = f"{values[y][x]:+z.1f}".replace("-", formatting.MINUS).replace("+0.0", "0.0")
            axes.text(x, y, text, ha="center", va="center", fontsize=SMALL_TEXT, color=shade, fontweight=weight)
    image = axes.imshow(values, cmap="RdBu_r", vmin=-reach, vmax=reach, aspect="auto")
    axes.add_collection(PolyCollection(corners, facecolor=SOFT, edgecolor="white", linewidth=0.3, zorder=3))
    for axis, ticks in zip(shown, (axes.yaxis, axes.xaxis), strict=True):
        values_of: Sequence[Any] = grid.axes[axis] if axis else ("",)
        step = 1 if numbered else -(-len(values_of) // 8)
        ticks.set_ticks(range(0, len(values_of), step), [str(each) for each in values_of[::step]], fontsize=SMALL_TEXT)
    axes.tick_params(length=0, pad=1.5)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return image


def _legend(figure: Any, effects: Any) -> None:
    """Say below the panels what corners and the frame are."""
    from matplotlib.patches import Patch, Polygon

    cells, picked = effects.cells, effects.most
    said = f"not different from 0, all {formatting.count(len(cells.estimate))} cells together at α = {cells.alpha:g}"
    where = effects.grid.cells[picked.cell].words
    measured = (
        f"{where}: picked as most by {formatting.count(cells.n - picked.effect.n)} problems, on the other "
        f"{formatting.count(picked.effect.n)} {formatting.points(picked.effect.estimate)} "
        f"({formatting.interval(picked.effect.low, picked.effect.high, formatting.POINTS, unit_shown=False)})"
    )
    corner = Polygon([(0, 0), (1, 0), (1, 1)], facecolor=SOFT)
    frame = Patch(fill=False, edgecolor=INK, linewidth=1.6)
    figure.legend(
        [corner, frame],
        [f"grey corner: {said}", measured],
        loc="outside lower left",
        fontsize=SMALL_TEXT,
        frameon=False,
        handlelength=1.2,
        handleheight=1.0,
    )


def _axes_of(grid: Any, rows: str, columns: str) -> tuple[str, str]:
    """Return the axes of each panel; of a sweep of one axis there are columns alone."""
    swept = list(grid.axes)
    for axis in filter(None, (rows, columns)):
        if axis not in swept:
            raise InputError(f"this sweep has no axis {axis!r}; it has {formatting.listed(swept)}")
    if rows and rows == columns:
        raise InputError(f"rows and columns of a map are two axes, not {rows!r} twice")
    left = [axis for axis in swept if axis not in (rows, columns)]
    columns = columns or (left.pop() if left else "")
    return rows or (left.pop() if left else ""), columns


def _named(axis: str, value: object) -> str:
    return f"from {value}" if axis == "reader" else str(value) if axis == "position" else f"{axis} {value}"
