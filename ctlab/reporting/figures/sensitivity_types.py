"""problem_sensitivity_types.png: accuracy with and without the intervention, by type of problem, and the difference."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.claims.decision import SMALLEST_GROUP
from ctlab.reporting.figures.picture import Picture, Table
from ctlab.reporting.figures.sensitivity_scatter import MOST_CONDITIONS
from ctlab.reporting.figures.style import (
    BASELINE_COLOUR,
    INK,
    LARGE,
    SMALL,
    SOFT,
    TREATED_COLOUR,
    error_bar,
    new_figure,
    quiet,
    shortened,
)
from ctlab.reporting.model.record import Count, Many, Record
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import ProblemKind, ProblemRow

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


_HEAD, _ROW, _BELOW = 0.24, 0.17, 0.4
"""Inches: the name of a condition, a kind of problem, the axis with its title."""
_NAMES, _GAP, _EDGE = 1.42, 0.14, 0.06
"""Inches: names of kinds, between the panels, the right edge."""


class ConditionTypes(Record):
    """What the picture shows of one condition."""

    n: Count
    """Number of problems."""
    types: Many[ProblemKind]
    """Kinds of problem."""


class TypeNumbers(Record):
    """What the picture shows."""

    conditions: dict[str, ConditionTypes]
    """Blocks below each other."""
    omitted: Count
    """Conditions that are not shown."""


def numbers(report: Report, problems: Sequence[ProblemRow]) -> TypeNumbers | None:
    """Take what is shown from the summary; problems are not needed."""
    conditions = report.problem_sensitivity.conditions if report.problem_sensitivity else {}
    chosen = list(conditions.items())[:MOST_CONDITIONS]
    shown = {name: ConditionTypes(n=row.n, types=row.types) for name, row in chosen if row.types}
    omitted = max(0, len(conditions) - MOST_CONDITIONS)
    return TypeNumbers(conditions=shown, omitted=omitted) if shown else None


def words(shown: TypeNumbers) -> str:
    """Describe the picture for those who do not see it."""
    most = [
        f"under {name}, {kind.label} ({formatting.points(measured.estimate)}, n = {formatting.count(kind.n)})"
        for name, row in shown.conditions.items()
        for kind in [min(row.types, key=lambda kind: kind.measured.estimate if kind.measured else 0.0)]
        if (measured := kind.measured)
    ]
    found = f" Lost most: {'; '.join(most)}." if most else ""
    rest = f" {formatting.counted(shown.omitted, 'more condition')} in the JSON." if shown.omitted else ""
    return (
        "Accuracy under baseline (ring) and under the condition (diamond), n in brackets; their paired difference with "
        f"unadjusted {formatting.level(0.95)} intervals.{found}{rest}"
    )


def table(shown: TypeNumbers) -> Table:
    """One row a kind of problem."""
    rows = []
    for name, row in shown.conditions.items():
        for kind in row.types:
            measured = kind.measured or (None, None, None)
            rows.append((name, kind.label, kind.n, kind.baseline_correct, kind.treated_correct, *measured))
    heads = ("condition", "problems", "n", "right under baseline", "right under condition", "difference", "low", "high")
    return Table(heads=heads, rows=tuple(rows))


def draw(shown: TypeNumbers, width: float) -> "Figure":
    """Draw one block a condition: accuracies on the left, differences on the right."""
    blocks = shown.conditions
    height = sum(_HEAD + _ROW * len(row.types) + _BELOW for row in blocks.values())
    figure = new_figure(width, height)
    panel = (width - _NAMES - _EDGE - _GAP) / 2
    top = height
    for name, row in blocks.items():
        inches = _ROW * len(row.types)
        bottom = (top - _HEAD - inches) / height
        left = figure.add_axes((_NAMES / width, bottom, panel / width, inches / height))
        right = figure.add_axes(((_NAMES + panel + _GAP) / width, bottom, panel / width, inches / height), sharey=left)
        _accuracies(left, row.types)
        _differences(right, row.types)
        title = f"{shortened(name, 30)} against baseline, n = {formatting.count(row.n)}"
        figure.text(0.02 / width, (top - 0.15) / height, title, fontsize=LARGE, fontweight="bold")
        top -= _HEAD + inches + _BELOW
    return figure


def _accuracies(axes: "Axes", kinds: Sequence[ProblemKind]) -> None:
    """Accuracy under baseline (grey ring) and under the condition (filled)."""
    for at, kind in enumerate(kinds):
        if not kind.n:
            axes.text(50, at, "no such problem", ha="center", va="center", fontsize=SMALL, color=SOFT)
            continue
        before = formatting.in_hundredths(kind.baseline_correct / kind.n)
        after = formatting.in_hundredths(kind.treated_correct / kind.n)
        axes.plot([before, after], [at, at], color=BASELINE_COLOUR, linewidth=1.1, zorder=1)
        axes.scatter([before], [at], s=22, facecolor="white", edgecolor=SOFT, linewidth=1.0, zorder=2)
        axes.scatter([after], [at], s=11, color=TREATED_COLOUR, marker="D", linewidth=0, zorder=3)
    labels = [f"{kind.label} ({formatting.count(kind.n)})" for kind in kinds]
    axes.set_yticks(range(len(kinds)), labels, fontsize=SMALL)
    axes.set_ylim(len(kinds) - 0.4, -0.6)
    axes.set_xlim(-4, 104)
    axes.set_xlabel("accuracy in %")
    quiet(axes)


def _differences(axes: "Axes", kinds: Sequence[ProblemKind]) -> None:
    """Paired difference with its interval; pale where a group is too small to decide anything."""
    drawn = {
        at: (kind.n, *map(formatting.in_hundredths, measured))
        for at, kind in enumerate(kinds)
        if (measured := kind.measured)
    }
    for at, (n, middle, low, high) in drawn.items():
        colour = INK if n >= SMALLEST_GROUP else BASELINE_COLOUR
        length = error_bar(middle, low, high)
        axes.errorbar([middle], [at], xerr=length, fmt="o", markersize=2.8, elinewidth=1.0, color=colour, capsize=1.8)
    axes.axvline(0, color=SOFT, linewidth=0.9)
    telling = [row for row in drawn.values() if row[0] >= SMALLEST_GROUP] or list(drawn.values())
    ends = [0.0, *(middle for _, middle, _, _ in drawn.values())]
    ends += [end for _, _, low, high in telling for end in (low, high)]
    room = 0.08 * (max(ends) - min(ends) or 1.0)
    axes.set_xlim(min(ends) - room, max(ends) + room)
    axes.tick_params(labelleft=False)
    small = f" (grey: n < {SMALLEST_GROUP})" if len(telling) < len(drawn) else ""
    axes.set_xlabel(f"difference in {formatting.POINTS}{small}")
    quiet(axes)


PICTURE = Picture(
    file="problem_sensitivity_types.png",
    title="Which types of problems suffer?",
    numbers=numbers,
    words=words,
    draw=draw,
    table=table,
)
