"""error_distributions.png: what wrong answers are, beside what chance alone would make of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.reporting.figures.picture import Picture
from ctlab.reporting.figures.style import (
    DPI,
    INK,
    OUTCOME_COLOURS,
    SOFT,
    condition_styles,
    new_figure,
    quiet,
    shortened,
)
from ctlab.reporting.model.outcome_table import OutcomeCell, Outcomes
from ctlab.reporting.model.record import Count, Many, Record
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import ProblemRow

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


_TEXT = 0.12
"""Room that the text beside a bar takes, as a share of the axis."""
_TITLE = "Wrong answers that what was read labels: share of each label"


class ConditionErrors(Record):
    """What the picture shows of one condition."""

    name: str
    """The condition."""
    n: Count
    """Number of problems."""
    outcomes: Outcomes
    """Every outcome by label."""

    @property
    def with_chance(self) -> dict[str, tuple[OutcomeCell, float, float]]:
        """Labels of wrong answers that have a chance rate, with their share and that rate."""
        return {
            label: (cell, cell.share, cell.chance)
            for label, cell in self.outcomes.items()
            if cell.share is not None and cell.chance is not None and label != "CORRECT"
        }

    @property
    def wrong_numbers(self) -> int:
        """Wrong answers that what was read labels: the ones that the labels with a chance rate share."""
        return max((cell.of or 0 for cell, _, _ in self.with_chance.values()), default=0)


class ErrorNumbers(Record):
    """What the picture shows, by condition in the report's order."""

    conditions: Many[ConditionErrors]
    """Every condition whose answers were labelled."""


def numbers(report: Report, problems: Sequence[ProblemRow]) -> ErrorNumbers | None:
    """Take what is shown from the report; problems are not needed."""
    conditions = tuple(
        ConditionErrors(name=row.name, n=row.n or sum(cell.count for cell in table.values()), outcomes=table)
        for row in report.conditions
        if (table := report.outcomes.get(row.name))
    )
    return ErrorNumbers(conditions=conditions) if conditions else None


def words(shown: ErrorNumbers) -> str:
    """Describe the picture for those who do not see it."""
    parts = []
    for row in shown.conditions:
        right = row.outcomes["CORRECT"].count if "CORRECT" in row.outcomes else 0
        errors = {name: cell.count for name, cell in row.outcomes.items() if name != "CORRECT" and cell.count}
        most = max(errors, key=lambda name: errors[name], default=None)
        text = f"{row.name}: {formatting.share_of(right, row.n)} correct"
        if most:
            text += f", most common error {formatting.outcome(most)} ({formatting.count(errors[most])})"
        parts.append(text)
    return "Error labels by condition, with chance rates, and all answers by label. " + "; ".join(parts) + "."


def draw(shown: ErrorNumbers) -> "Figure":
    """Draw grouped bars with chance rates above, stacked bars of all answers below."""
    conditions = shown.conditions
    names = [row.name for row in conditions]
    labels = formatting.outcome_order(sorted({label for row in conditions for label in row.with_chance}))
    bar = 0.17 if len(names) <= 4 else 0.115
    grouped_height = max(2.0, len(labels) * (len(names) * bar + 0.17))
    stacked_height = max(0.9, len(names) * 0.34)
    columns = 2 if max(len(name) for name in names) > 24 else 3
    legend_height = 0.08 + 0.165 * -(-(len(names) + 1) // columns)
    height = grouped_height + stacked_height + legend_height + 2.6
    figure = new_figure(10.5, height)
    left = 0.245
    top = 0.4 + legend_height + grouped_height
    upper = figure.add_axes((left, 1 - top / height, 0.735, grouped_height / height))
    lower = figure.add_axes((left, 1.1 / height, 0.735, stacked_height / height))
    figure.text(left, 1 - 0.27 / height, _TITLE, fontsize=10, fontweight="bold")
    _condition_legend(upper, conditions, columns)
    _grouped(upper, conditions, labels)
    _stacked(lower, conditions)
    return figure


def _grouped(axes: "Axes", conditions: Sequence[ConditionErrors], labels: Sequence[str]) -> None:
    """Bars of each label's share, condition beside condition, with a mark at the chance rate."""
    if not labels:
        axes.text(0.5, 0.5, "no wrong answer could be read", transform=axes.transAxes, ha="center", color=SOFT)
        axes.set_axis_off()
        return
    styles = condition_styles([row.name for row in conditions])
    # Beside more bars the numbers would run into each other.
    thick, reach, numbered = 0.84 / len(conditions), _reach(conditions), len(conditions) <= 4
    for place, row in enumerate(conditions):
        for at, label in enumerate(labels):
            if label not in row.with_chance:
                continue
            cell, rate, chance_rate = row.with_chance[label]
            share, chance = formatting.in_hundredths(rate), formatting.in_hundredths(chance_rate)
            middle = at - 0.42 + (place + 0.5) * thick
            axes.barh(middle, share, height=thick * 0.92, linewidth=0, **styles[row.name])
            axes.plot([chance, chance], [middle - thick * 0.5, middle + thick * 0.5], color=INK, linewidth=1.6)
            if numbered:
                axes.annotate(
                    f"{formatting.percent(rate)} ({formatting.count(cell.count)})",
                    # Beside its bar, unless the mark of the chance rate stands where the text would be.
                    (share if chance - share > _TEXT * reach else max(share, chance), middle),
                    xytext=(6, 0),
                    textcoords="offset pixels",
                    va="center",
                    fontsize=7,
                    color=SOFT,
                )
    axes.set_yticks(range(len(labels)), [formatting.outcome(label) for label in labels])
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_xlim(0, reach * (1.16 if numbered else 1.04))
    axes.set_xlabel("% of wrong answers that could be read" + ("; in brackets counts of problems" if numbered else ""))
    quiet(axes)


def _reach(conditions: Sequence[ConditionErrors]) -> float:
    """Largest share or chance rate, in percent."""
    rates = [max(share, chance) for row in conditions for _, share, chance in row.with_chance.values()]
    return formatting.in_hundredths(max([0.05, *rates]))


def _condition_legend(axes: "Axes", conditions: Sequence[ConditionErrors], columns: int) -> None:
    """Conditions with how many wrong answers that could be read each has, and the mark of the chance rate."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    styles = condition_styles([row.name for row in conditions])
    handles: list[Artist] = [
        Patch(label=f"{shortened(row.name, 44)} (n = {formatting.count(row.wrong_numbers)})", **styles[row.name])
        for row in conditions
    ]
    handles.append(Line2D([], [], color=INK, linewidth=1.6, label="chance rate"))
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(-0.01, 1.0),
        ncol=columns,
        frameon=False,
        fontsize=8,
        borderpad=0.2,
    )


def _stacked(axes: "Axes", conditions: Sequence[ConditionErrors]) -> None:
    """All answers by label, one bar a condition."""
    axes.set_title("All answers, by label")
    labels = formatting.outcome_order(list(dict.fromkeys(label for row in conditions for label in row.outcomes)))
    used = set()
    for at, row in enumerate(conditions):
        start = 0.0
        for label in labels:
            count = row.outcomes[label].count if label in row.outcomes else 0
            if not count:
                continue
            used.add(label)
            share = formatting.in_hundredths(count / row.n)
            colour = OUTCOME_COLOURS.get(label, SOFT)
            axes.barh(at, share, left=start, height=0.74, color=colour, edgecolor="white", linewidth=0.6)
            if share >= 4:
                shade = "white" if label in _DARK else INK
                text = formatting.count(count)
                axes.text(start + share / 2, at, text, ha="center", va="center", fontsize=7.5, color=shade)
            start += share
    names = [f"{shortened(row.name)} ({formatting.count(row.n)})" for row in conditions]
    axes.set_yticks(range(len(conditions)), names, fontsize=8)
    axes.set_ylim(len(conditions) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    axes.set_xlabel("% of all problems; numbers are counts of problems")
    quiet(axes)
    _outcome_legend(axes, [label for label in labels if label in used])


_DARK = (
    "NONE",
    "OPERATION_REVERSAL",
    "SIGN_ERROR",
    "NONSENSE",
    "WRONG_OPTION",
    "OTHER_ENTITY_NOT_NAMED",
    "WRONG_ORDER",
)
"""Labels whose colour is too dark for dark text."""


def _outcome_legend(axes: "Axes", names: Sequence[str]) -> None:
    from matplotlib.patches import Patch

    handles = [Patch(facecolor=OUTCOME_COLOURS.get(name, SOFT), label=formatting.outcome(name)) for name in names]
    inches = axes.get_window_extent().height / DPI
    axes.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(-0.01, -0.42 / inches),
        ncol=4,
        frameon=False,
        fontsize=8,
        handlelength=1.2,
        columnspacing=1.4,
    )


PICTURE = Picture(file="error_distributions.png", title="What the answers are", numbers=numbers, words=words, draw=draw)
