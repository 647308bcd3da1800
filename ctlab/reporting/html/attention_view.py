"""Where attention goes, as a reader meets it: what moved most in a sentence, and the means as tables."""

from ctlab import formatting
from ctlab.reporting.html.claim_tables import DetailTable
from ctlab.reporting.html.mechanism_view import MechanismView, missing
from ctlab.reporting.model.flow_table import AttentionFlow, CellState, Kind, MeanTable
from ctlab.reporting.model.record import BASELINE
from ctlab.reporting.model.run_report import Report

_MANY = 1e-3
"""Difference of attention, a proportion, that is worth a sentence: a tenth of a point is the last digit shown."""


def attention_view(report: Report) -> MechanismView:
    """Where attention goes."""
    flow, title, anchor = report.attention_flow, "Where attention goes", "_attention"
    if flow is None:
        return MechanismView(title=title, anchor=anchor, paragraphs=(missing(report, "A"),))
    size = next(iter(flow.conditions.values())).n
    intro = (
        f"Mean over heads and {formatting.counted(size, 'problem')} of the share of its attention that each reader "
        "spends on each segment. These numbers describe; what is claimed about them is judged above. A reader's row "
        f"sums to {formatting.percent(1.0, 0)}, so a removed edge raises the rest of its row by itself: “beyond "
        "renormalisation” is what is left when that is taken out."
    )
    return MechanismView(
        title=title,
        anchor=anchor,
        paragraphs=(intro, *(text for name in flow.treated if (text := _moved(flow, name)))),
        tables=tuple(_table(flow, name) for name in flow.conditions),
        file="attention_flow.png",
    )


def _moved(flow: AttentionFlow, name: str) -> str:
    """Which cell of a condition differs most from the renormalised baseline, where its interval excludes 0."""
    condition = flow.conditions[name]
    table = condition.layers[flow.all_layers].minus_expected
    if table is None:
        return ""
    moved = [
        (abs(mean), row, column)
        for row in flow.shown_readers
        for column in range(len(flow.segments))
        if condition.cells[row][column] == "described"
        if (mean := table.mean[row][column]) is not None and _excludes_zero(table, row, column)
    ]
    if not moved or max(moved)[0] < _MANY:
        least = formatting.points(_MANY).lstrip("+")
        return f"Under {name} no cell, over layers, differs from renormalised baseline by {least} or more."
    _, row, column = max(moved)
    return (
        f"Under {name} the largest difference beyond renormalisation, over layers, is where {flow.readers[row]} reads "
        f"{flow.segments[column]}: {_with_interval(flow, table, row, column)}, the largest of "
        f"{formatting.counted(len(moved), 'cell')} whose interval excludes 0."
    )


def _excludes_zero(table: MeanTable, row: int, column: int) -> bool:
    low, high = table.low[row][column], table.high[row][column]
    return low is not None and high is not None and low * high > 0


def _with_interval(flow: AttentionFlow, table: MeanTable, row: int, column: int) -> str:
    mean, low, high = (end[row][column] or 0.0 for end in (table.mean, table.low, table.high))
    interval = formatting.interval(low, high, formatting.POINTS)
    return (
        f"{formatting.points(mean)} ({formatting.level(flow.level)} interval {interval}, unadjusted, "
        f"n = {formatting.count(table.n[row])})"
    )


def _table(flow: AttentionFlow, name: str) -> DetailTable:
    """One condition over all layers: masses in percent, or differences in points with their intervals."""
    condition = flow.conditions[name]
    tables = condition.layers[flow.all_layers]
    expected = None if name == BASELINE else tables.minus_expected
    kind: Kind = "minus_expected" if expected else "mass"
    table = expected or tables.mass
    caption = f"{name}: mass in % by reader and segment, over layers"
    if expected:
        level = formatting.level(flow.level)
        caption = f"{name}: difference from renormalised baseline in {formatting.POINTS} [{level}]"
    rows = []
    for row in flow.shown_readers:
        if all(mean is None for mean in table.mean[row]):
            continue  # answers differ between conditions, so nothing is expected of them
        states = enumerate(condition.cells[row])
        rows.append((flow.readers[row], *(_cell(state, table, row, column, kind) for column, state in states)))
    return DetailTable(caption=caption, heads=("reader", *flow.segments), rows=tuple(rows))


def _cell(state: CellState, table: MeanTable, row: int, column: int, kind: Kind) -> str:
    mean, low, high = (end[row][column] for end in (table.mean, table.low, table.high))
    if state == "removed":
        return "removed"
    if state == "absent" or mean is None:
        return "–"
    if kind == "mass":
        return formatting.percent(mean).removesuffix(" %")
    text = formatting.points(mean, unit=False)
    if low is None or high is None or low == high:
        return text
    return f"{text} [{formatting.interval(low, high, formatting.POINTS, unit_shown=False)}]"
