"""own_outcomes.png: how often each outcome of the suite's own occurs, by condition."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.reporting.figures.picture import Picture
from ctlab.reporting.figures.style import INK, SOFT, condition_styles, new_figure, quiet, shortened
from ctlab.reporting.model.outcome_table import Outcomes
from ctlab.reporting.model.record import Count, Record
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import ProblemRow

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BAR, _GAP, _BELOW, _ABOVE = 0.2, 0.25, 0.55, 0.15
"""Inches: a bar, what lies between two outcomes, the axis with its title, the edge."""


class OwnNumbers(Record):
    """What the picture shows."""

    conditions: dict[str, Outcomes]
    """Every own outcome of each condition, in the report's order."""
    n: dict[str, Count]
    """Problems of each condition."""


def numbers(report: Report, problems: Sequence[ProblemRow]) -> OwnNumbers | None:
    """Take what is shown from the report; None where the suite has no outcome of its own."""
    shown = {row.name: own for row in report.conditions if row.n and (own := report.own_outcomes(row.name))}
    counts = {row.name: row.n for row in report.conditions if row.n and row.name in shown}
    return OwnNumbers(conditions=shown, n=counts) if shown else None


def words(shown: OwnNumbers) -> str:
    """Describe the picture for those who do not see it."""
    said = [
        f"{formatting.outcome(label)} under {name} {formatting.share_of(cell.count, shown.n[name])}"
        for name, own in shown.conditions.items()
        for label, cell in own.items()
    ]
    return f"Outcomes of the suite's own by condition: {'; '.join(said)}."


def draw(shown: OwnNumbers) -> "Figure":
    """Draw a group of bars an outcome, one bar a condition, with counts beside them."""
    names, labels = list(shown.conditions), list(next(iter(shown.conditions.values())))
    group = _BAR * len(names) + _GAP
    legend = 0.2 * len(names) + 0.1
    height = group * len(labels) + _BELOW + _ABOVE + legend
    figure = new_figure(10.5, height)
    axes = figure.add_axes((0.245, _BELOW / height, 0.735, group * len(labels) / height))
    styles = condition_styles(names)
    for place, label in enumerate(labels):
        for at, name in enumerate(names):
            cell, y = shown.conditions[name][label], place * group + at * _BAR
            share = formatting.in_hundredths(cell.rate)
            axes.barh(y, share, height=_BAR * 0.92, label=shortened(name, 44) if not place else None, **styles[name])
            text = f"{formatting.percent(cell.rate)} ({formatting.count(cell.count)})"
            axes.annotate(
                text, (share, y), xytext=(6, 0), textcoords="offset pixels", va="center", fontsize=7, color=SOFT
            )
    middle = _BAR * (len(names) - 1) / 2
    axes.set_yticks([place * group + middle for place in range(len(labels))], [formatting.outcome(x) for x in labels])
    axes.set_ylim(group * len(labels) - (_BAR + _GAP) / 2, -(_BAR + _GAP) / 2)
    axes.set_xlim(0, 112)  # beside a bar of 100 % there is room for its number
    axes.set_xticks(range(0, 101, 20))
    axes.set_xlabel("% of all problems; in brackets counts of problems", color=INK)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), frameon=False, fontsize=8, borderpad=0.2)
    quiet(axes)
    return figure


PICTURE = Picture(file="own_outcomes.png", title="Outcomes of the suite's own", numbers=numbers, words=words, draw=draw)
