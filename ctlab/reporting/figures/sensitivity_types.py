"""problem_sensitivity_types.png: accuracy with and without the intervention, by type of problem, and the difference."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.claims.decision import SMALLEST_GROUP
from ctlab.reporting.figures.picture import Picture
from ctlab.reporting.figures.sensitivity_scatter import MOST_CONDITIONS
from ctlab.reporting.figures.style import (
    BASELINE_COLOUR,
    INK,
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
    parts = [
        f"{name}, {kind.label} (n = {formatting.count(kind.n)}): {formatting.points(measured.estimate)}"
        for name, row in shown.conditions.items()
        for kind in row.types
        if (measured := kind.measured)
    ]
    rest = f" {formatting.counted(shown.omitted, 'more condition')} in the JSON." if shown.omitted else ""
    return (
        "Accuracy under baseline and under the condition, and their difference with unadjusted "
        f"{formatting.level(0.95)} intervals. {'; '.join(parts)}.{rest}"
    )


def draw(shown: TypeNumbers) -> "Figure":
    """Draw one block a condition: accuracies on the left, differences on the right."""
    blocks = shown.conditions
    rows = sum(len(row.types) for row in blocks.values())
    height = 0.27 * rows + 1.1 * len(blocks)
    figure = new_figure(10.5, height)
    top = height
    for name, row in blocks.items():
        inches = 0.27 * len(row.types)
        bottom = (top - 0.45 - inches) / height
        left = figure.add_axes((0.25, bottom, 0.34, inches / height))
        right = figure.add_axes((0.635, bottom, 0.345, inches / height), sharey=left)
        _accuracies(left, row.types)
        _differences(right, row.types)
        left.set_title(f"{shortened(name, 60)} against baseline, n = {formatting.count(row.n)}")
        top -= inches + 1.1
    return figure


def _accuracies(axes: "Axes", kinds: Sequence[ProblemKind]) -> None:
    """Accuracy under baseline (grey ring) and under the condition (filled)."""
    for at, kind in enumerate(kinds):
        if not kind.n:
            axes.text(50, at, "no such problem", ha="center", va="center", fontsize=7.5, color=SOFT)
            continue
        before = formatting.in_hundredths(kind.baseline_correct / kind.n)
        after = formatting.in_hundredths(kind.treated_correct / kind.n)
        axes.plot([before, after], [at, at], color=BASELINE_COLOUR, linewidth=1.6, zorder=1)
        axes.scatter([before], [at], s=60, facecolor="white", edgecolor=SOFT, linewidth=1.5, zorder=2)
        axes.scatter([after], [at], s=26, color=TREATED_COLOUR, marker="D", linewidth=0, zorder=3)
    labels = [f"{kind.label} ({formatting.count(kind.n)})" for kind in kinds]
    axes.set_yticks(range(len(kinds)), labels, fontsize=8)
    axes.set_ylim(len(kinds) - 0.4, -0.6)
    axes.set_xlim(-2, 102)
    axes.set_xlabel("accuracy in %: ring baseline, diamond with the intervention", fontsize=8)
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
        axes.errorbar([middle], [at], xerr=length, fmt="o", markersize=4, color=colour, capsize=2.5)
    axes.axvline(0, color=SOFT, linewidth=0.9)
    telling = [row for row in drawn.values() if row[0] >= SMALLEST_GROUP] or list(drawn.values())
    ends = [0.0, *(middle for _, middle, _, _ in drawn.values())]
    ends += [end for _, _, low, high in telling for end in (low, high)]
    room = 0.08 * (max(ends) - min(ends) or 1.0)
    axes.set_xlim(min(ends) - room, max(ends) + room)
    axes.tick_params(labelleft=False)
    small = f"; grey: under {SMALLEST_GROUP} problems" if len(telling) < len(drawn) else ""
    axes.set_xlabel(f"difference in {formatting.POINTS}, {formatting.level(0.95)} interval{small}", fontsize=8)
    quiet(axes)


PICTURE = Picture(
    file="problem_sensitivity_types.png",
    title="Impact by type of problem",
    numbers=numbers,
    words=words,
    draw=draw,
)
