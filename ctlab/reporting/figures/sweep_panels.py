"""A sweep as panels, each a heat map of two of its axes: what is drawn of it alike in a report and in a notebook."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from ctlab import formatting
from ctlab.reporting.figures.style import INK, SMALL, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage

Value = str | int | None
_CORNER = 0.42
"""Part of a cell's sides that its corner takes, where it is not shown to differ."""
_LEAST = 0.1
"""Points at which colours end at the least: a sweep in which nothing changed has none."""


class SweepCells(NamedTuple):
    """What a map of a sweep shows."""

    axes: Mapping[str, Sequence[Value]]
    """The swept axes with their values, in order."""
    places: Sequence[Sequence[int]]
    """Where each cell stands along each of them."""
    estimates: Sequence[float]
    """Difference of each cell to the baseline, a proportion."""
    marked: Sequence[bool]
    """Whether each cell is shown to differ from 0."""
    picked: int
    """Number of the cell that one half of the problems picked."""


class Shown(NamedTuple):
    """Which axes a map shows how; an empty name where a sweep has one axis alone."""

    rows: str
    """From top to bottom."""
    columns: str
    """From left to right."""
    others: tuple[str, ...]
    """A panel for each place of these."""

    def shape(self, cells: SweepCells) -> tuple[int, int]:
        """Rows and columns of each panel."""
        tall, wide = (len(cells.axes[axis]) if axis else 1 for axis in (self.rows, self.columns))
        return tall, wide

    def panels(self, cells: SweepCells) -> list[dict[str, int]]:
        """Place of each panel along the other axes, by their names."""
        every = product(*(range(len(cells.axes[axis])) for axis in self.others))
        return [dict(zip(self.others, at, strict=True)) for at in every]


def shown_axes(axes: Mapping[str, Sequence[Value]], rows: str = "", columns: str = "") -> Shown:
    """Return the axes of each panel: those named, else the last two that have several values.

    Where no two have, there are columns alone; an axis with one value stands in the titles.
    """
    several = [axis for axis, values in axes.items() if len(values) > 1 and axis not in (rows, columns)]
    columns = columns or (several.pop() if several else "" if rows else list(axes)[-1])
    rows = rows or (several.pop() if several else "")
    return Shown(rows, columns, tuple(axis for axis in axes if axis not in (rows, columns)))


def panel_title(cells: SweepCells, place: Mapping[str, int]) -> str:
    """Say which places of the other axes a panel shows."""
    return ", ".join(said(axis, cells.axes[axis][at]) for axis, at in place.items())


def said(axis: str, value: Value) -> str:
    """Say a place of an axis: ``CT0``, ``layer 2``, ``from answer``."""
    return f"from {value}" if axis == "reader" else str(value) if axis == "position" else f"{axis} {value}"


def reach_of(cells: SweepCells) -> float:
    """Return where the colours end, on both sides of 0, in points."""
    return max(_LEAST, *(abs(formatting.in_hundredths(value)) for value in cells.estimates))


def number_text(estimate: float) -> str:
    """Write a cell's difference in points; without a sign where it is 0.0."""
    text = f"{formatting.in_hundredths(estimate):+z.1f}"
    return text.replace("-", formatting.MINUS).replace("+0.0", "0.0")


def draw_panel(
    axes: "Axes",
    cells: SweepCells,
    place: Mapping[str, int],
    shown: Shown,
    *,
    numbered: bool,
    size: float = SMALL,
    frame: float = 1.6,
    steps: tuple[int, int] = (1, 1),
) -> "AxesImage":
    """Draw one heat map; ``size`` is that of its text and ``frame`` the width of the frame, in points.

    Of rows and of columns every so manieth is named that ``steps`` says, where names have no room for each.
    """
    from matplotlib.collections import PolyCollection
    from matplotlib.patches import Rectangle
    from matplotlib.patheffects import withStroke

    tall, wide = shown.shape(cells)
    reach, names = reach_of(cells), list(cells.axes)
    values = [[float("nan")] * wide for _ in range(tall)]
    corners = []
    for number, at in enumerate(cells.places):
        where = dict(zip(names, at, strict=True))
        if any(where[axis] != value for axis, value in place.items()):
            continue
        y, x = (where[axis] if axis else 0 for axis in (shown.rows, shown.columns))
        values[y][x] = formatting.in_hundredths(cells.estimates[number])
        if not cells.marked[number]:
            corners.append([(x + 0.5 - _CORNER, y - 0.5), (x + 0.5, y - 0.5), (x + 0.5, y - 0.5 + _CORNER)])
        if number == cells.picked:
            # Not clipped, since at a panel's edge half of it would be lost; around it white, since the cell that was
            # picked is a dark one.
            framed = Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, edgecolor=INK, linewidth=frame, zorder=4)
            framed.set(clip_on=False, path_effects=[withStroke(linewidth=2.2 * frame, foreground="white")])
            axes.add_patch(framed)
        if numbered:
            shade = "white" if abs(values[y][x]) > 0.6 * reach else INK
            weight = "bold" if cells.marked[number] else "normal"
            text = number_text(cells.estimates[number])
            axes.text(x, y, text, ha="center", va="center", fontsize=size, color=shade, fontweight=weight)
    image = axes.imshow(values, cmap="RdBu_r", vmin=-reach, vmax=reach, aspect="auto")
    axes.add_collection(PolyCollection(corners, facecolor=SOFT, edgecolor="white", linewidth=0.3, zorder=3))
    for axis, ticks, every in zip((shown.rows, shown.columns), (axes.yaxis, axes.xaxis), steps, strict=True):
        values_of = cells.axes[axis] if axis else ("",)
        ticks.set_ticks(range(0, len(values_of), every), [str(each) for each in values_of[::every]], fontsize=size)
    axes.tick_params(length=0, pad=1.5)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return image


def key_handles() -> tuple[Any, Any]:
    """Return what stands before the words of a key: a grey corner and a frame."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    corner: Any = [(-1.0, 1.0), (1.0, 1.0), (1.0, -1.0)]  # matplotlib's types know names of markers alone
    return (
        Line2D([], [], linestyle="", marker=corner, markersize=7, markerfacecolor=SOFT, markeredgecolor=SOFT),
        Patch(fill=False, edgecolor=INK, linewidth=1.6),
    )
