"""answers_by_label.png: what all answers are, by label, and how many are right."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.reporting.figures.picture import Picture, Table
from ctlab.reporting.figures.style import (
    INK,
    PLAIN,
    SMALL,
    error_bar,
    new_figure,
    outcome_fills,
    quiet,
    shortened,
)
from ctlab.reporting.model.record import Count, Many, Record
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import ProblemRow
from ctlab.statistics.wilson import wilson

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BAR, _BELOW, _KEY, _ABOVE = 0.27, 0.42, 0.15, 0.05
"""Inches: a bar with its gap, the axis with its title, a line of the key, the edge."""
_NAMES, _EDGE = {False: 0.95, True: 1.45}, 0.1  # inches: names of conditions, in a column and in a text; right edge
_NUMBERED = 0.26  # inches: a narrower part of a bar has no room for its count


class ConditionAnswers(Record):
    """What the picture shows of one condition."""

    name: str
    """The condition."""
    n: Count
    """Answers."""
    counts: dict[str, Count]
    """Answers by label, those that there are."""


class AnswerNumbers(Record):
    """What the picture shows, by condition in the report's order."""

    conditions: Many[ConditionAnswers]
    """Every condition whose answers were labelled."""


def numbers(report: Report, problems: Sequence[ProblemRow]) -> AnswerNumbers | None:
    """Take what is shown from the report; problems are not needed."""
    rows = []
    for row in report.conditions:
        counts = {label: cell.count for label, cell in report.outcomes.get(row.name, {}).items() if cell.count}
        if n := row.n or sum(counts.values()):
            ordered = {label: counts[label] for label in formatting.outcome_order(list(counts))}
            if ordered:
                rows.append(ConditionAnswers(name=row.name, n=n, counts=ordered))
    return AnswerNumbers(conditions=tuple(rows)) if rows else None


def words(shown: AnswerNumbers) -> str:
    """Describe the picture for those who do not see it."""
    right = [f"{row.name} {formatting.percent(row.counts.get('CORRECT', 0) / row.n)}" for row in shown.conditions]
    return (
        f"All answers of each condition by label; whisker: {formatting.level(0.95)} Wilson interval of the share that "
        f"is right. Right: {formatting.listed(right)}."
    )


def table(shown: AnswerNumbers) -> Table:
    """One row a label and condition; the interval is that of what is right."""
    rows = []
    for row in shown.conditions:
        for label, count in row.counts.items():
            low, high = wilson(count, row.n) if label == "CORRECT" else (None, None)
            rows.append((row.name, label, row.n, count, count / row.n, low, high))
    return Table(heads=("condition", "label", "n", "count", "rate", "low", "high"), rows=tuple(rows))


def draw(shown: AnswerNumbers, width: float) -> "Figure":
    """Draw one stacked bar a condition, the key below."""
    labels = formatting.outcome_order(list(dict.fromkeys(label for row in shown.conditions for label in row.counts)))
    wide = width > 5.0
    left, columns = _NAMES[wide], 5 if wide else 3
    tall, key = _BAR * len(shown.conditions), _KEY * -(-len(labels) // columns)
    height = _ABOVE + tall + _BELOW + key
    figure = new_figure(width, height)
    place = (left / width, (_BELOW + key) / height, (width - left - _EDGE) / width, tall / height)
    axes = figure.add_axes(place)
    _bars(axes, shown, labels, width - left - _EDGE)
    names = [f"{shortened(row.name, 30 if wide else 18)}\nn = {formatting.count(row.n)}" for row in shown.conditions]
    axes.set_yticks(range(len(names)), names, fontsize=SMALL)
    axes.set_ylim(len(names) - 0.5, -0.5)
    whole = formatting.in_hundredths(1.0)
    axes.set_xlim(0, whole)
    axes.set_xlabel("% of all answers; in the bars, counts", fontsize=PLAIN)
    quiet(axes)
    axes.grid(visible=False)
    _legend(figure, labels, columns)
    return figure


def _bars(axes: "Axes", shown: AnswerNumbers, labels: Sequence[str], inches: float) -> None:
    fills = outcome_fills(labels)
    for at, row in enumerate(shown.conditions):
        start = 0.0
        for label in [label for label in labels if label in row.counts]:
            count = row.counts[label]
            share = formatting.in_hundredths(count / row.n)
            axes.barh(at, share, left=start, height=0.78, linewidth=0.5, **fills[label])
            if count / row.n * inches >= _NUMBERED:
                box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
                text = formatting.count(count)
                axes.text(start + share / 2, at, text, ha="center", va="center", fontsize=SMALL, color=INK, bbox=box)
            start += share
        right = row.counts.get("CORRECT", 0)
        middle = formatting.in_hundredths(right / row.n)
        low, high = map(formatting.in_hundredths, wilson(right, row.n))
        axes.errorbar(
            [middle], [at], xerr=error_bar(middle, low, high), fmt="none", ecolor=INK, elinewidth=1.1, capsize=2.2
        )


def _legend(figure: "Figure", labels: Sequence[str], columns: int) -> None:
    from matplotlib.patches import Patch

    fills = outcome_fills(labels)
    figure.legend(
        handles=[Patch(label=formatting.outcome(label), linewidth=0.5, **fills[label]) for label in labels],
        loc="lower left",
        bbox_to_anchor=(0.0, 0.0),
        ncols=columns,
        frameon=False,
        fontsize=SMALL,
        borderpad=0.1,
        handlelength=2.2,
        handleheight=1.0,
        columnspacing=0.9,
        labelspacing=0.25,
    )


PICTURE = Picture(
    file="answers_by_label.png", title="What are the answers?", numbers=numbers, words=words, draw=draw, table=table
)
