"""attention_by_layer.png: what attention_flow.png has no room for, every table by layer and treated condition."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ctlab import formatting
from ctlab.reporting.figures.heat_map import HeatMap, heat, reach_of
from ctlab.reporting.figures.picture import Picture, Table
from ctlab.reporting.figures.style import LARGE, SMALL, SOFT, new_figure, shortened
from ctlab.reporting.model.flow_table import KINDS, CellState, FlowCondition, Kind
from ctlab.reporting.model.record import BASELINE, Count, Many, Record
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import ProblemRow

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_CONDITIONS = 1
"""Treated conditions in the picture, so that it stays a page high in a column too; the JSON has all."""
_MOST_LAYERS = 3
"""Single layers beside their mean: the first, a middle and the last one."""
_LEFT, _BAR, _GAP = 0.44, 0.42, 0.08
"""Inches: names of readers, the scale of colours, between panels."""
_HEAD, _LAYER = 0.36, 0.18
"""Inches above a line of panels: title and layer where a table begins, else the layer alone."""
_NAMES = 0.42  # inches for the names of the segments, below each table
_WIDE = 5.0  # inches: from here on four panels stand beside each other, else two
_ROW = {False: 0.09, True: 0.115}
"""Inches a reader has, in a column and in a text: as little as its name allows, so that all of it is on one page."""
_TITLES: dict[Kind, str] = {
    "mass": "mass in %",
    "minus_baseline": "change in points",
    "minus_expected": "beyond renormalisation",
}
Means = Many[Many[float | None]]


class ConditionNumbers(Record):
    """What the picture shows of one condition."""

    n: Count
    """Number of problems."""
    cells: Many[Many[CellState]]
    """What each cell is: one row a reader, one column a segment."""
    means: dict[str, dict[Kind, Means]]
    """Means by layer and table."""


class FlowNumbers(Record):
    """What the picture shows: means only, of the readers and layers that it has room for."""

    readers: Many[str]
    """Rows."""
    segments: Many[str]
    """Columns."""
    layers: Many[str]
    """Panels beside each other."""
    omitted: Count
    """Treated conditions that are not shown."""
    conditions: dict[str, ConditionNumbers]
    """Conditions below each other."""


class Line(NamedTuple):
    """One line of heat maps: one table of one condition, layer beside layer."""

    name: str
    """The condition."""
    condition: ConditionNumbers
    """Its numbers."""
    kind: Kind
    """The table."""
    rows: list[int]
    """Readers of which the table knows anything."""
    reach: float
    """Where the colours end, in percent or points."""


def numbers(report: Report, problems: Sequence[ProblemRow]) -> FlowNumbers | None:
    """Take what is shown from the report."""
    flow = report.attention_flow
    if flow is None:
        return None
    rows, layers = flow.shown_readers, _layers(flow.layers)
    names = [name for name in (BASELINE, *flow.treated[:MOST_CONDITIONS]) if name in flow.conditions]
    return FlowNumbers(
        readers=tuple(flow.readers[row] for row in rows),
        segments=flow.segments,
        layers=layers,
        omitted=max(0, len(flow.treated) - MOST_CONDITIONS),
        conditions={name: _condition(flow.conditions[name], rows, layers) for name in names},
    )


def _layers(layers: Sequence[str]) -> tuple[str, ...]:
    """The mean over layers and, where there are many, the first, a middle and the last layer."""
    pooled, *single = layers
    if len(single) > _MOST_LAYERS:
        single = [single[0], single[len(single) // 2], single[-1]]
    return (pooled, *single)


def _condition(condition: FlowCondition, rows: Sequence[int], layers: Sequence[str]) -> ConditionNumbers:
    return ConditionNumbers(
        n=condition.n,
        cells=tuple(condition.cells[row] for row in rows),
        means={
            layer: {
                kind: tuple(table.mean[row] for row in rows) for kind, table in condition.layers[layer].tables.items()
            }
            for layer in layers
        },
    )


def words(shown: FlowNumbers) -> str:
    """Describe the picture for those who do not see it."""
    rest = f" {formatting.counted(shown.omitted, 'more condition')} in the JSON." if shown.omitted else ""
    return (
        "Share of each reader's attention (rows) on each segment (columns), mean over heads and problems; under each "
        "condition its difference from baseline and from the renormalised baseline. Hatched: removed edges."
        f"{_unexpected(shown)}{rest}"
    )


def table(shown: FlowNumbers) -> Table:
    """One row a cell of every heat map; masses and their differences are proportions."""
    rows = [
        (name, layer, kind, reader, segment, condition.n, state, value)
        for name, condition in shown.conditions.items()
        for layer, tables in condition.means.items()
        for kind, means in tables.items()
        for reader, states, values in zip(shown.readers, condition.cells, means, strict=True)
        for segment, state, value in zip(shown.segments, states, values, strict=True)
    ]
    return Table(heads=("condition", "layer", "table", "reader", "segment", "n", "state", "mean"), rows=tuple(rows))


def _unexpected(shown: FlowNumbers) -> str:
    """Which readers have no row beside the renormalised baseline, and why."""
    compared = [
        _rows(condition, shown.layers, "minus_expected")
        for condition in shown.conditions.values()
        if "minus_expected" in condition.means[shown.layers[0]]
    ]
    left_out = [
        reader for row, reader in enumerate(shown.readers) if any(row not in described for described in compared)
    ]
    if not left_out:
        return ""
    return (
        f" The renormalised baseline says nothing of {formatting.listed(left_out)}: answers differ between conditions, "
        "so what they would have read is not known."
    )


def _rows(condition: ConditionNumbers, layers: Sequence[str], kind: Kind) -> list[int]:
    """Readers of which a table knows anything in some layer."""
    tables = [condition.means[layer][kind] for layer in layers]
    return [row for row in range(len(tables[0])) if any(v is not None for table in tables for v in table[row])]


def draw(shown: FlowNumbers, width: float) -> "Figure":
    """Draw one line of heat maps a table: columns are layers, blocks are conditions."""
    wide = width >= _WIDE
    across = min(len(shown.layers), 4 if wide else 2)
    rows = [(line, at) for line in _lines(shown) for at in range(0, len(shown.layers), across)]
    heads = [_LAYER if at else _HEAD for _, at in rows]
    ends = [number + 1 == len(rows) or rows[number + 1][1] == 0 for number in range(len(rows))]
    tall = [_ROW[wide] * len(line.rows) for line, _ in rows]
    height = sum(tall) + sum(heads) + _NAMES * sum(ends)
    figure = new_figure(width, height)
    panel = (width - _LEFT - _BAR) / across
    top = height
    for (line, at), head, inches, last in zip(rows, heads, tall, ends, strict=True):
        if not at:
            size = f"n = {formatting.count(line.condition.n)}"
            title = f"{shortened(line.name, 60 if wide else 20)} ({size}): {_TITLES[line.kind]}"
            figure.text(0.02 / width, (top - 0.14) / height, title, fontsize=LARGE, fontweight="bold", va="bottom")
        below = (top - head - inches) / height
        readers = [shown.readers[row] for row in line.rows]
        for place, layer in enumerate(shown.layers[at : at + across]):
            left = _LEFT + place * panel
            axes = figure.add_axes((left / width, below, (panel - _GAP) / width, inches / height))
            image = heat(axes, _map(line, layer), numbered=False)
            axes.set_title(layer, fontsize=SMALL, fontweight="normal", color=SOFT, pad=2)
            axes.set_yticks(range(len(readers)), readers if place == 0 else [], fontsize=SMALL)
            axes.set_xticks(range(len(shown.segments)), shown.segments if last else [], fontsize=SMALL, rotation=90)
        bar = figure.add_axes(((width - _BAR + 0.02) / width, below, 0.07 / width, inches / height))
        figure.colorbar(image, cax=bar)
        bar.tick_params(labelsize=SMALL, length=1.5, pad=1.5)
        top -= inches + head + (_NAMES if last else 0.0)
    return figure


def _map(line: Line, layer: str) -> HeatMap:
    """One heat map, of the readers of which the line knows anything."""
    means, cells = line.condition.means[layer][line.kind], line.condition.cells
    return HeatMap(line.kind, [means[row] for row in line.rows], [cells[row] for row in line.rows], line.reach)


def _lines(shown: FlowNumbers) -> list[Line]:
    return [
        Line(name, condition, kind, _rows(condition, shown.layers, kind), _reach(condition, shown.layers, kind))
        for name, condition in shown.conditions.items()
        for kind in KINDS
        if kind in condition.means[shown.layers[0]]
    ]


def _reach(condition: ConditionNumbers, layers: Sequence[str], kind: Kind) -> float:
    """Where the colours end: everything for a mass, the largest difference of the line for a difference."""
    if kind == "mass":
        return 100.0
    return reach_of([(condition.means[layer][kind], condition.cells) for layer in layers])


PICTURE = Picture(
    file="attention_by_layer.png",
    title="Where does attention go in each layer?",
    numbers=numbers,
    words=words,
    draw=draw,
    table=table,
    appendix=True,
)
