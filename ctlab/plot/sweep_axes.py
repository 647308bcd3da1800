"""A sweep's differences as heat maps: two axes in each, one panel for each place of the others."""

from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.errors import InputError
from ctlab.plot.given_axes import PLAIN_TEXT, SMALL_TEXT, TITLE_TEXT
from ctlab.reporting.figures.sweep_panels import (
    Shown,
    SweepCells,
    draw_panel,
    key_handles,
    panel_title,
    shown_axes,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NUMBERED, _PLAIN = (0.52, 0.3), (0.13, 0.13)
"""Inches: a cell with its number, and one without."""
_MOST_NUMBERED = 40
"""Cells of a panel up to which each has room for its number."""
_ACROSS = 9.0
"""Inches that panels side by side may take."""


def sweep_map(
    effects: Any, *, rows: str = "", columns: str = "", title: str = "", numbered: bool | None = None
) -> "list[Axes]":
    """Draw every cell's difference to the baseline, in points.

    Parameters
    ----------
    effects : SweepEffects
        What `ctlab.sweeps.sweep_effects` returned.
    rows, columns : str
        The axes of each heat map, such as ``layer`` and ``head``; the last two that have several values where they are
        not given. Each place of the others has a panel.
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
    shown = _shown(grid, rows, columns)
    cells = SweepCells(
        axes=grid.axes,
        places=grid.places.tolist(),
        estimates=effects.cells.estimate.tolist(),
        marked=effects.cells.marked.tolist(),
        picked=effects.most.cell,
    )
    tall, wide = shown.shape(cells)
    if numbered is None:
        numbered = tall * wide <= _MOST_NUMBERED
    cell = _NUMBERED if numbered else _PLAIN
    panels = shown.panels(cells)
    across = max(1, min(len(panels), int(_ACROSS / (cell[0] * wide + 0.3))))
    down = -(-len(panels) // across)
    size = (cell[0] * wide * across + 0.3 * across + 1.9, (cell[1] * tall + 0.42) * down + 1.1)
    figure, made = pyplot.subplots(
        down, across, figsize=size, squeeze=False, layout="constrained", sharex=True, sharey=True
    )
    steps = (1, 1) if numbered else (-(-tall // 8), -(-wide // 8))
    drawn: list[Axes] = []
    image: Any = None
    for number, axes in enumerate(made.flat):
        if number >= len(panels):
            axes.set_visible(False)
            continue
        image = draw_panel(axes, cells, panels[number], shown, numbered=numbered, size=SMALL_TEXT, steps=steps)
        axes.set_title(panel_title(cells, panels[number]), fontsize=PLAIN_TEXT)
        if number % across == 0 and shown.rows:
            axes.set_ylabel(shown.rows, fontsize=PLAIN_TEXT)
        if number >= len(panels) - across and shown.columns:
            axes.set_xlabel(shown.columns, fontsize=PLAIN_TEXT)
            axes.tick_params(axis="x", labelbottom=True)
        drawn.append(axes)
    bar = figure.colorbar(image, ax=made, pad=0.015, aspect=30)
    bar.set_label(f"difference in {formatting.POINTS}", fontsize=SMALL_TEXT)
    bar.ax.tick_params(labelsize=SMALL_TEXT)
    figure.suptitle(title, fontsize=TITLE_TEXT, fontweight="bold", x=0.01, ha="left", parse_math=False)
    _legend(figure, effects)
    return drawn


def _legend(figure: Any, effects: Any) -> None:
    """Say below the panels what corners and the frame are."""
    cells, picked = effects.cells, effects.most
    together = f"all {formatting.count(len(cells.estimate))} cells together at α = {cells.alpha:g}"
    where = effects.grid.cells[picked.cell].words
    measured = (
        f"{where}: picked as most by {formatting.count(cells.n - picked.effect.n)} problems, on the other "
        f"{formatting.count(picked.effect.n)} {formatting.points(picked.effect.estimate)} "
        f"({formatting.interval(picked.effect.low, picked.effect.high, formatting.POINTS, unit_shown=False)})"
    )
    figure.legend(
        key_handles(),
        [f"grey corner: not shown to differ from 0, {together}", measured],
        loc="outside lower left",
        fontsize=SMALL_TEXT,
        frameon=False,
        handlelength=1.2,
        handleheight=1.0,
    )


def _shown(grid: Any, rows: str, columns: str) -> Shown:
    """Return the axes of each panel, or say which are wrong."""
    swept = list(grid.axes)
    for axis in filter(None, (rows, columns)):
        if axis not in swept:
            raise InputError(f"this sweep has no axis {axis!r}; it has {formatting.listed(swept)}")
    if rows and rows == columns:
        raise InputError(f"rows and columns of a map are two axes, not {rows!r} twice")
    return shown_axes(grid.axes, rows, columns)
