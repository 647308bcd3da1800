"""reasoning_paths.png: how far hidden states are from baseline's after the last layer, position by position."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.reporting.figures.picture import Picture, Table
from ctlab.reporting.figures.style import SMALL, condition_strokes, error_bar, key_on_top, new_figure, quiet, shortened
from ctlab.reporting.model.path_table import LineMeans
from ctlab.reporting.model.record import Count, Many, Record
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import ProblemRow

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_CONDITIONS = 6
"""Conditions in the picture: as many as lines can be told apart; the JSON has all."""
_TALL, _BELOW, _KEY, _LEFT, _EDGE = 1.55, 0.42, 0.14, 0.46, 0.06
"""Inches: the panel, its axis, a line of the key, the axis on the left, the right edge."""


class PathLine(Record):
    """One condition."""

    n: Count
    """Number of problems."""
    parts_at: str
    """First position that differs from baseline; empty where none does."""
    distance: LineMeans
    """Distance after the last layer, in lengths of baseline's state."""


class LineNumbers(Record):
    """What the picture shows."""

    positions: Many[str]
    """Places of the lines."""
    level: float
    """Level of the intervals."""
    conditions: dict[str, PathLine]
    """Lines."""
    omitted: Count
    """Conditions that are not shown."""


def numbers(report: Report, problems: Sequence[ProblemRow]) -> LineNumbers | None:
    """Take what is shown from the report."""
    paths = report.reasoning_paths
    if paths is None:
        return None
    return LineNumbers(
        positions=paths.positions,
        level=paths.level,
        conditions={
            name: PathLine(
                n=row.n,
                parts_at=paths.positions[row.parts_at[0]] if row.parts_at else "",
                distance=row.distance.last,
            )
            for name, row in list(paths.conditions.items())[:MOST_CONDITIONS]
        },
        omitted=max(0, len(paths.conditions) - MOST_CONDITIONS),
    )


def words(shown: LineNumbers) -> str:
    """Describe the picture for those who do not see it."""
    parts = [
        f"{name} parts at {line.parts_at}" if line.parts_at else f"{name} never leaves baseline"
        for name, line in shown.conditions.items()
    ]
    rest = f" {formatting.counted(shown.omitted, 'more condition')} in the JSON." if shown.omitted else ""
    return (
        "Distance of hidden states from baseline's after the last layer, in lengths of baseline's state, mean over "
        f"problems with unadjusted {formatting.level(shown.level)} intervals. {'; '.join(parts)}.{rest}"
    )


def table(shown: LineNumbers) -> Table:
    """One row a condition and position."""
    return Table(
        heads=("condition", "position", "n", "distance", "low", "high"),
        rows=tuple(
            (name, position, line.n, point.mean, point.low, point.high)
            for name, line in shown.conditions.items()
            for place, position in enumerate(shown.positions)
            for point in [line.distance.point(place)]
        ),
    )


def draw(shown: LineNumbers, width: float) -> "Figure":
    """Draw one line a condition, a little beside each other so that intervals do not cover each other."""
    columns = max(1, int(width / 1.65))
    key = 0.05 + _KEY * -(-len(shown.conditions) // columns)
    height = key + _TALL + _BELOW
    figure = new_figure(width, height)
    axes = figure.add_axes((_LEFT / width, _BELOW / height, (width - _LEFT - _EDGE) / width, _TALL / height))
    strokes = condition_strokes(list(shown.conditions))
    for place, (name, line) in enumerate(shown.conditions.items()):
        points = [line.distance.point(at) for at in range(len(shown.positions))]
        bars = [
            error_bar(p.mean, p.mean if p.low is None else p.low, p.mean if p.high is None else p.high) for p in points
        ]
        beside = 0.05 * (place - (len(shown.conditions) - 1) / 2)
        axes.errorbar(
            [at + beside for at in range(len(points))],
            [point.mean for point in points],
            yerr=[[below for (below,), _ in bars], [above for _, (above,) in bars]],
            linewidth=1.1,
            markersize=3.2,
            capsize=1.6,
            elinewidth=0.8,
            label=f"{shortened(name, 22)} (n = {formatting.count(line.n)})",
            **strokes[name],
        )
    axes.set_xticks(range(len(shown.positions)), shown.positions, fontsize=SMALL)
    axes.set_ylim(bottom=0.0)
    axes.set_xlabel("position")
    axes.set_ylabel("distance from baseline")
    quiet(axes, "y")
    key_on_top(figure, columns, handlelength=3.0)
    return figure


PICTURE = Picture(
    file="reasoning_paths.png",
    title="Where do hidden states part from baseline's?",
    numbers=numbers,
    words=words,
    draw=draw,
    table=table,
)
