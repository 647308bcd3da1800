"""error_distributions.png: which labels wrong answers have more often than chance alone would give them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.reporting.figures.dot_rows import Dot, DotRows, draw_rows
from ctlab.reporting.figures.picture import Picture, Table
from ctlab.reporting.figures.style import SMALL, SOFT, condition_strokes, new_figure
from ctlab.reporting.model.outcome_table import OutcomeCell
from ctlab.reporting.model.record import Count, Many, Record
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import ProblemRow

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class LabelRate(Record):
    """One label under one condition, proportions of the wrong answers that what was read labels."""

    count: Count
    """Wrong answers with it."""
    share: float
    """Their share."""
    chance: float
    """What chance alone would make of it."""
    low: float | None
    """Lower end of the unadjusted 95 % interval of what lies beyond chance, put where the share is; null for none."""
    high: float | None
    """Upper end."""


class ConditionErrors(Record):
    """What the picture shows of one condition."""

    name: str
    """The condition."""
    n: Count
    """Wrong answers that what was read labels: the ones that the labels share."""
    labels: dict[str, LabelRate]
    """Labels that have a chance rate."""


class ErrorNumbers(Record):
    """What the picture shows, by condition in the report's order."""

    conditions: Many[ConditionErrors]
    """Every condition whose wrong answers were labelled."""


def numbers(report: Report, problems: Sequence[ProblemRow]) -> ErrorNumbers | None:
    """Take what is shown from the report; problems are not needed."""
    rows = [_condition(row.name, table) for row in report.conditions if (table := report.outcomes.get(row.name))]
    return ErrorNumbers(conditions=tuple(rows)) if rows else None


def _condition(name: str, table: dict[str, OutcomeCell]) -> ConditionErrors:
    labels = {
        label: _rate(cell, cell.share, cell.chance)
        for label, cell in table.items()
        if cell.share is not None and cell.chance is not None and label != "CORRECT"
    }
    return ConditionErrors(name=name, n=max((table[label].of or 0 for label in labels), default=0), labels=labels)


def _rate(cell: OutcomeCell, share: float, chance: float) -> LabelRate:
    # What lies beyond chance is (share − chance) / (1 − chance); turned around, its ends stand on the axis of shares.
    low, high = (None if end is None else chance + end * (1.0 - chance) for end in (cell.low, cell.high))
    return LabelRate(count=cell.count, share=share, chance=chance, low=low, high=high)


def words(shown: ErrorNumbers) -> str:
    """Describe the picture for those who do not see it."""
    beyond = [
        f"{formatting.outcome(label)} under {row.name}"
        for row in shown.conditions
        for label, rate in row.labels.items()
        if rate.low is not None and rate.low > rate.chance
    ]
    found = f" Beyond chance: {formatting.listed(beyond)}." if beyond else " No label lies beyond chance."
    return (
        "Share of each label among the wrong answers that could be read, with its unadjusted "
        f"{formatting.level(0.95)} interval; bar: its share if every such answer were swapped for another problem's."
        f"{found}"
    )


def table(shown: ErrorNumbers) -> Table:
    """One row a label and condition."""
    return Table(
        heads=("condition", "label", "n", "count", "share", "chance", "low", "high"),
        rows=tuple(
            (row.name, label, row.n, rate.count, rate.share, rate.chance, rate.low, rate.high)
            for row in shown.conditions
            for label, rate in row.labels.items()
        ),
    )


def draw(shown: ErrorNumbers, width: float) -> "Figure":
    """Draw a block a label and a row a condition."""
    labels = formatting.outcome_order(list(dict.fromkeys(label for row in shown.conditions for label in row.labels)))
    if not labels:
        figure = new_figure(width, 0.5)
        figure.add_axes((0, 0, 1, 1)).set_axis_off()
        figure.text(0.5, 0.5, "no wrong answer could be read", ha="center", va="center", fontsize=SMALL, color=SOFT)
        return figure
    rows = DotRows(
        blocks={
            formatting.outcome(label): {
                row.name: _dot(row.labels[label]) for row in shown.conditions if label in row.labels
            }
            for label in labels
        },
        strokes=condition_strokes([row.name for row in shown.conditions]),
        names={row.name: f"{row.name} (n = {formatting.count(row.n)})" for row in shown.conditions},
        axis="% of wrong answers that could be read",
        mark="chance rate",
    )
    return draw_rows(rows, width)


def _dot(rate: LabelRate) -> Dot:
    ends = None
    if rate.low is not None and rate.high is not None:
        ends = formatting.in_hundredths(rate.low), formatting.in_hundredths(rate.high)
    return Dot(at=formatting.in_hundredths(rate.share), ends=ends, mark=formatting.in_hundredths(rate.chance))


PICTURE = Picture(
    file="error_distributions.png",
    title="Which errors are more common than by chance?",
    numbers=numbers,
    words=words,
    draw=draw,
    table=table,
)
