"""The panels of paths_by_condition.png: each draws one thing into its axes."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.reporting.figures.style import INK, PLAIN, SMALL, SOFT, Stroke, error_bar, quiet, shortened
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
                axes.text(x, y, text, ha="center", va="center", fontsize=SMALL, color=shade)
    if parts_at is not None:
        place, level = parts_at
        axes.add_patch(Rectangle((level - 0.5, place - 0.5), 1, 1, fill=False, edgecolor=INK, linewidth=1.1))
    step = max(1, -(-len(levels) // 6))
    short = [level.removeprefix("layer ") for level in levels]
    axes.set_xticks(range(0, len(levels), step), short[::step], fontsize=SMALL)
    axes.set_xlabel("layer", fontsize=SMALL)
    axes.set_yticks(range(len(positions)), positions if named else [], fontsize=SMALL)
    axes.tick_params(length=0)
    axes.set_title(f"{shortened(name, 20)}: distance", fontsize=PLAIN)


def line_panel(
    axes: "Axes", kind: str, lines: Mapping[str, LineMeans], positions: Sequence[str], strokes: Mapping[str, Stroke]
) -> None:
    """One line a condition after the last layer, with its interval."""
    for name, line in lines.items():
        _line(axes, line, strokes[name], shortened(name, 24))
    _positions(axes, positions)
    axes.set_title(f"{kind} after the last layer", fontsize=PLAIN)
    axes.legend(fontsize=SMALL, frameon=False, handlelength=1.4, labelspacing=0.25)


def split_panel(
    axes: "Axes", name: str, groups: Mapping[str, tuple[int, LineMeans]], positions: Sequence[str], stroke: Stroke
) -> None:
    """Broken against unbroken problems (dashed), among those that baseline answers correctly."""
    for group, (n, line) in groups.items():
        _line(axes, line, stroke, f"{group} (n = {formatting.count(n)})", dashed=group == "unbroken")
    _positions(axes, positions)
    axes.set_title(f"{shortened(name, 26)}\nif right before", fontsize=PLAIN)
    _room_for_key(axes, len(groups))


def chain_panel(
    axes: "Axes", thought: str, whole: str, rows: Sequence[CascadeRow], strokes: Mapping[str, Stroke]
) -> None:
    """At each reader: the thought hidden from it alone, and hidden from everyone before it too.

    Hidden from one alone is another condition at each reader, so its line is ink and its points have their colours.
    """
    for points, colour, label in (
        ([row.direct_distance for row in rows], SOFT, "hidden from it alone"),
        ([row.whole_distance for row in rows], strokes[whole]["color"], shortened(whole, 26)),
    ):
        means = [point.mean for point in points]
        bars = [
            error_bar(point.mean, _known(point.low, point.mean), _known(point.high, point.mean)) for point in points
        ]
        axes.errorbar(
            range(len(points)),
            means,
            yerr=[[below for (below,), _ in bars], [above for _, (above,) in bars]],
            fmt="o--" if colour == SOFT else "o-",
            markersize=2.5,
            linewidth=0.9,
            capsize=2,
            color=colour,
            label=label,
        )
    for place, row in enumerate(rows):
        axes.plot(place, row.direct_distance.mean, "o", markersize=3.5, color=strokes[row.direct]["color"], zorder=3)
    _positions(axes, [row.position for row in rows])
    axes.set_xlim(-0.4, len(rows) - 0.6)
    axes.set_ylim(bottom=0.0)
    axes.set_title(f"{thought}: direct and cascade", fontsize=PLAIN)
    axes.legend(fontsize=SMALL, frameon=False)


def decoded_panel(axes: "Axes", decoded: Mapping[str, Sequence[DecodedRow]], strokes: Mapping[str, Stroke]) -> None:
    """Share of problems whose thought decodes to an intermediate result; dotted and hollow what shuffled ones reach."""
    lines = 0
    for name, rows in decoded.items():
        _line(axes, _bare([row.hits / row.n for row in rows]), strokes[name], shortened(name, 24), dashed=False)
        shuffled = [row.shuffled for row in rows if row.shuffled is not None]
        lines += 1 + (len(shuffled) == len(rows))
        if len(shuffled) == len(rows):
            _line(axes, _bare(shuffled), strokes[name], f"{shortened(name, 14)}, shuffled", dashed=True)
    _positions(axes, [row.thought for row in next(iter(decoded.values()))])
    _room_for_key(axes, lines)
    axes.set_title("decodes to a result, in %", fontsize=PLAIN)


def _room_for_key(axes: "Axes", lines: int) -> None:
    """Put the key above everything drawn: as much of the panel is left free as its lines are high."""
    tall = axes.get_window_extent().height / axes.figure.dpi
    key = min(0.7, (lines * 1.3 + 0.8) * SMALL / 72 / tall)
    drawn = max(1e-3, axes.get_ylim()[1])
    axes.set_yticks([tick for tick in axes.get_yticks() if 0 <= tick <= drawn])  # no grid and no rate behind the key
    axes.set_ylim(-0.04 * drawn, drawn / (1 - key))
    axes.legend(loc="upper right", fontsize=SMALL, frameon=False, handlelength=2.2, labelspacing=0.2, borderaxespad=0.1)


def _known(end: float | None, mean: float) -> float:
    """An end of an interval, the mean itself where one problem has no spread."""
    return mean if end is None else end


def _bare(rates: Sequence[float]) -> LineMeans:
    """Rates in percent, without an interval."""
    none = (None,) * len(rates)
    return LineMeans(mean=tuple(map(formatting.in_hundredths, rates)), low=none, high=none)


def _line(axes: "Axes", line: LineMeans, stroke: Stroke, label: str, *, dashed: bool | None = None) -> None:
    """Draw a line with its condition's own dashes; where two lines share a condition, one is whole, one dashed, hollow.

    So that they part in grey too, whatever the condition's own dashes are.
    """
    places = range(len(line.mean))
    axes.plot(
        places,
        line.mean,
        marker=stroke["marker"],
        markersize=3.2 if dashed else 2.5,
        linewidth=0.9,
        color=stroke["color"],
        label=label,
        markerfacecolor="white" if dashed else stroke["color"],
        markeredgewidth=0.6,
        linestyle=stroke["linestyle"] if dashed is None else (0, (2, 1.5)) if dashed else "-",
    )
    low, high = ([end for end in ends if end is not None] for ends in (line.low, line.high))
    if len(low) == len(high) == len(places):
        axes.fill_between(places, low, high, color=stroke["color"], alpha=0.2, linewidth=0)


def _positions(axes: "Axes", positions: Sequence[str]) -> None:
    axes.set_xticks(range(len(positions)), positions, fontsize=SMALL)
    axes.tick_params(axis="y", labelsize=SMALL)
    quiet(axes, "y")
