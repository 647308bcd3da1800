"""own_outcomes.png: how often each outcome of the suite's own occurs, by condition."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.reporting.figures.dot_rows import Dot, DotRows, draw_rows
from ctlab.reporting.figures.picture import Picture, Table
from ctlab.reporting.figures.style import condition_strokes
from ctlab.reporting.model.outcome_table import OutcomeCell, Outcomes
from ctlab.reporting.model.record import Count, Record
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import ProblemRow
from ctlab.statistics.wilson import wilson

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
    return (
        f"Share of all answers with each outcome of the suite's own, with its {formatting.level(0.95)} Wilson "
        f"interval: {'; '.join(said)}."
    )


def table(shown: OwnNumbers) -> Table:
    """One row an outcome and condition."""
    return Table(
        heads=("condition", "outcome", "n", "count", "rate", "low", "high"),
        rows=tuple(
            (name, label, shown.n[name], cell.count, cell.rate, *wilson(cell.count, shown.n[name]))
            for name, own in shown.conditions.items()
            for label, cell in own.items()
        ),
    )


def draw(shown: OwnNumbers, width: float) -> "Figure":
    """Draw a block an outcome and a row a condition."""
    labels = dict.fromkeys(label for own in shown.conditions.values() for label in own)
    rows = DotRows(
        blocks={
            formatting.outcome(label): {
                name: _dot(own[label], shown.n[name]) for name, own in shown.conditions.items() if label in own
            }
            for label in labels
        },
        strokes=condition_strokes(list(shown.conditions)),
        names={name: f"{name} (n = {formatting.count(n)})" for name, n in shown.n.items()},
        axis=f"% of all answers, with {formatting.level(0.95)} intervals",
    )
    return draw_rows(rows, width)


def _dot(cell: OutcomeCell, n: int) -> Dot:
    low, high = map(formatting.in_hundredths, wilson(cell.count, n))
    return Dot(at=formatting.in_hundredths(cell.rate), ends=(low, high))


PICTURE = Picture(
    file="own_outcomes.png",
    title="How often does each outcome of the suite's own occur?",
    numbers=numbers,
    words=words,
    draw=draw,
    table=table,
)
