"""The panels of reasoning_paths.png: each draws one thing into its axes."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.reporting.figures.style import INK, SOFT, error_bar, quiet, shortened
from ctlab.reporting.model.path_table import CascadeRow, DecodedRow, LineMeans

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def heat_panel(
    axes: "Axes",
    name: str,
    table: Sequence[Sequence[float]],
    parts_at: tuple[int, int] | None,
    positions: Sequence[str],
    levels: Sequence[str],
    *,
    largest: float,
    named: bool,
) -> None:
    """Mean distance: rows are positions, columns levels; a frame around the first cell that differs."""
    from matplotlib.patches import Rectangle

    axes.imshow(table, cmap="Oranges", vmin=0.0, vmax=largest, aspect="auto")
    if len(levels) <= 8:
        for y, line in enumerate(table):
            for x, value in enumerate(line):
                text = "0" if value == 0 else f"{value:.2f}"
                shade = "white" if value > 0.65 * largest else INK if value else SOFT
                axes.text(x, y, text, ha="center", va="center", fontsize=6, color=shade)
    if parts_at is not None:
        place, level = parts_at
        axes.add_patch(Rectangle((level - 0.5, place - 0.5), 1, 1, fill=False, edgecolor=INK, linewidth=1.6))
    step = max(1, -(-len(levels) // 6))
    short = [level.removeprefix("layer ") for level in levels]
    axes.set_xticks(range(0, len(levels), step), short[::step], fontsize=7)
    axes.set_xlabel("layer", fontsize=7.5)
    axes.set_yticks(range(len(positions)), positions if named else [], fontsize=7)
    axes.tick_params(length=0)
    axes.set_title(f"{shortened(name, 34)}: distance", fontsize=8.5)


def line_panel(
    axes: "Axes", kind: str, lines: Mapping[str, LineMeans], positions: Sequence[str], colours: Mapping[str, str]
) -> None:
    """One line a condition after the last layer, with its interval."""
    for name, line in lines.items():
        _line(axes, line, colours[name], shortened(name, 24))
    _positions(axes, positions)
    axes.set_title(f"{kind} after the last layer", fontsize=8.5)
    axes.legend(fontsize=6.5, frameon=False, handlelength=1.4, labelspacing=0.25)


def split_panel(
    axes: "Axes", name: str, groups: Mapping[str, tuple[int, LineMeans]], positions: Sequence[str], colour: str
) -> None:
    """Broken against unbroken problems (dashed), among those that baseline answers correctly."""
    for group, (n, line) in groups.items():
        _line(axes, line, colour, f"{group} (n = {formatting.count(n)})", dashed=group == "unbroken")
    _positions(axes, positions)
    axes.set_title(f"{shortened(name, 22)}: distance if right before", fontsize=8.5)
    axes.legend(fontsize=6.5, frameon=False)


def chain_panel(axes: "Axes", thought: str, whole: str, rows: Sequence[CascadeRow], colours: Mapping[str, str]) -> None:
    """At each reader: the thought hidden from it alone, and hidden from everyone before it too.

    Hidden from one alone is another condition at each reader, so its line is ink and its points have their colours.
    """
    for points, colour, label in (
        ([row.direct_distance for row in rows], SOFT, "hidden from it alone"),
        ([row.whole_distance for row in rows], colours[whole], shortened(whole, 26)),
    ):
        means = [point.mean for point in points]
        bars = [
            error_bar(point.mean, _known(point.low, point.mean), _known(point.high, point.mean)) for point in points
        ]
        axes.errorbar(
            range(len(points)),
            means,
            yerr=[[below for (below,), _ in bars], [above for _, (above,) in bars]],
            fmt="o-",
            markersize=3.5,
            linewidth=1.2,
            capsize=2,
            color=colour,
            label=label,
        )
    for place, row in enumerate(rows):
        axes.plot(place, row.direct_distance.mean, "o", markersize=4.5, color=colours[row.direct], zorder=3)
    _positions(axes, [row.position for row in rows])
    axes.set_xlim(-0.4, len(rows) - 0.6)
    axes.set_ylim(bottom=0.0)
    axes.set_title(f"{thought}: direct effect and cascade", fontsize=8.5)
    axes.legend(fontsize=6.5, frameon=False)


def decoded_panel(axes: "Axes", decoded: Mapping[str, Sequence[DecodedRow]], colours: Mapping[str, str]) -> None:
    """Share of problems whose thought decodes to an intermediate result; dashed what shuffled problems reach."""
    for name, rows in decoded.items():
        _line(axes, _bare([row.hits / row.n for row in rows]), colours[name], shortened(name, 24))
        shuffled = [row.shuffled for row in rows if row.shuffled is not None]
        if len(shuffled) == len(rows):
            _line(axes, _bare(shuffled), colours[name], f"{shortened(name, 14)}, shuffled", dashed=True)
    _positions(axes, [row.thought for row in next(iter(decoded.values()))])
    axes.set_ylim(bottom=0.0)
    axes.set_title("decodes to an intermediate result, in %", fontsize=8.5)
    axes.legend(fontsize=6.5, frameon=False, handlelength=1.8, labelspacing=0.25)


def _known(end: float | None, mean: float) -> float:
    """An end of an interval, the mean itself where one problem has no spread."""
    return mean if end is None else end


def _bare(rates: Sequence[float]) -> LineMeans:
    """Rates in percent, without an interval."""
    none = (None,) * len(rates)
    return LineMeans(mean=tuple(map(formatting.in_hundredths, rates)), low=none, high=none)


def _line(axes: "Axes", line: LineMeans, colour: str, label: str, *, dashed: bool = False) -> None:
    places = range(len(line.mean))
    axes.plot(
        places,
        line.mean,
        marker="o",
        markersize=3,
        linewidth=1.3,
        color=colour,
        label=label,
        markerfacecolor="white" if dashed else colour,
        linestyle="--" if dashed else "-",
    )
    low, high = ([end for end in ends if end is not None] for ends in (line.low, line.high))
    if len(low) == len(high) == len(places):
        axes.fill_between(places, low, high, color=colour, alpha=0.2, linewidth=0)


def _positions(axes: "Axes", positions: Sequence[str]) -> None:
    axes.set_xticks(range(len(positions)), positions, fontsize=7)
    axes.tick_params(axis="y", labelsize=7)
    quiet(axes, "y")
