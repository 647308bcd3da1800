"""Rows of dots with intervals: what several pictures draw, a block a thing and a row a condition."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctlab.reporting.figures.style import INK, LINE, PLAIN, Stroke, error_bar, key_on_top, new_figure, quiet, shortened

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROW, _GAP, _BELOW, _KEY = 0.1, 0.09, 0.42, 0.135
"""Inches: a row, what lies between two blocks, the axis with its title, a line of the key."""
_NAMES, _EDGE = {False: 1.1, True: 1.45}, 0.08  # inches: names of blocks, in a column and in a text; the right edge
_WIDE = 5.0  # inches: from here on a picture is as wide as a text


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One estimate."""

    at: float
    """Where it stands."""
    ends: tuple[float, float] | None
    """Its interval; None where it has none."""
    mark: float | None = None
    """What it is compared with, such as its chance rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DotRows:
    """A picture of dots."""

    blocks: Mapping[str, Mapping[str, Dot]]
    """Blocks by name, each with its dots by condition."""
    strokes: Mapping[str, Stroke]
    """How each condition looks."""
    names: Mapping[str, str]
    """What the key says of each condition."""
    axis: str
    """Title of the axis."""
    mark: str = ""
    """What the key says of what a dot is compared with; empty where nothing is."""


def draw_rows(rows: DotRows, width: float) -> "Figure":
    """Draw one block a thing, in it one row a condition, with a bar at what a dot is compared with."""
    left = _NAMES[width >= _WIDE]
    columns = max(1, int(width / 1.6))
    block = _ROW * len(rows.strokes) + _GAP
    lines = -(-(len(rows.strokes) + bool(rows.mark)) // columns)
    key, tall = 0.06 + _KEY * lines, block * max(1, len(rows.blocks))
    height = key + tall + _BELOW
    figure = new_figure(width, height)
    axes = figure.add_axes((left / width, _BELOW / height, (width - left - _EDGE) / width, tall / height))
    for place, dots in enumerate(rows.blocks.values()):
        if place % 2:
            axes.axhspan(place * block, (place + 1) * block, color=LINE, alpha=0.35, linewidth=0)
        for at, (name, stroke) in enumerate(rows.strokes.items()):
            if name in dots:
                _dot(axes, place * block + (_GAP + _ROW) / 2 + at * _ROW, dots[name], stroke)
    axes.set_yticks([(place + 0.5) * block for place in range(len(rows.blocks))], list(rows.blocks), fontsize=PLAIN)
    axes.set_ylim(tall, 0)
    axes.set_xlabel(rows.axis)
    quiet(axes)
    key_on_top(figure, columns, handlelength=2.0, handles=_key(rows))
    return figure


def _dot(axes: "Axes", y: float, dot: Dot, stroke: Stroke) -> None:
    length = None if dot.ends is None else error_bar(dot.at, *dot.ends)
    axes.errorbar(
        [dot.at],
        [y],
        xerr=length,
        fmt=stroke["marker"],
        color=stroke["color"],
        markersize=3.2,
        elinewidth=0.9,
        capsize=1.6,
        capthick=0.7,
        clip_on=False,
    )
    if dot.mark is not None:
        axes.plot([dot.mark] * 2, [y - _ROW / 2, y + _ROW / 2], color=INK, linewidth=1.4, solid_capstyle="butt")


def _key(rows: DotRows) -> "list[Artist]":
    from matplotlib.lines import Line2D

    marks: list[Artist] = [
        Line2D(
            [],
            [],
            color=stroke["color"],
            marker=stroke["marker"],
            markersize=3.2,
            linewidth=0.9,
            label=shortened(rows.names[name], 30),
        )
        for name, stroke in rows.strokes.items()
    ]
    if rows.mark:
        marks.append(
            Line2D([], [], color=INK, marker="|", linestyle="", markersize=7, markeredgewidth=1.4, label=rows.mark)
        )
    return marks
