"""attention_flow.png: who reads what, how that differs from baseline, and what renormalisation does not explain."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ctlab import formatting
from ctlab.reporting.figures.picture import Picture
from ctlab.reporting.figures.style import INK, SOFT, hatched, new_figure, shortened
from ctlab.reporting.model.flow_table import KINDS, CellState, FlowCondition, Kind
from ctlab.reporting.model.record import BASELINE, Count, Many, Record
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import ProblemRow

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

MOST_CONDITIONS = 2
"""Treated conditions in the picture, so that it stays one screen high; the JSON has all."""
_MOST_LAYERS = 3
"""Single layers beside their mean: the first, a middle and the last one."""
_CELL, _LEFT, _GAP, _HEAD = 0.245, 0.78, 0.30, 0.62  # inches
_NAMES = 0.6  # inches for the names of the segments, once a condition
_FAINT, _FAINT_POINTS = 0.5, 0.05
"""Percent and points below which a cell carries no number: it would be written as 0."""
_TITLES: dict[Kind, str] = {
    "mass": "mass in %",
    "minus_baseline": "minus baseline, in points",
    "minus_expected": "minus renormalised baseline, in points",
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
    parts = []
    for name, condition in shown.conditions.items():
        table = condition.means[shown.layers[0]].get("minus_expected")
        if name != BASELINE and table is not None:
            parts.append(f"{name}: {_extreme(shown, table)}")
    rest = f" {formatting.counted(shown.omitted, 'more condition')} in the JSON." if shown.omitted else ""
    largest = f" Largest difference from the renormalised baseline, over layers, {'; '.join(parts)}." if parts else ""
    return (
        "Share of each reader's attention (rows) on each segment (columns), mean over heads and problems; under each "
        f"condition its difference from baseline and from the renormalised baseline.{largest} Hatched: removed "
        f"edges.{_unexpected(shown)}{rest}"
    )


def _extreme(shown: FlowNumbers, table: Means) -> str:
    """The cell that differs most."""
    cells = [
        (value, reader, segment)
        for reader, row in zip(shown.readers, table, strict=True)
        for segment, value in zip(shown.segments, row, strict=True)
        if value is not None
    ]
    if not cells:
        return "none"
    value, reader, segment = max(cells, key=lambda cell: abs(cell[0]))
    return f"{formatting.points(value)} where {reader} reads {segment}"


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


def draw(shown: FlowNumbers) -> "Figure":
    """Draw one line of heat maps a table: columns are layers, blocks are conditions."""
    lines = _lines(shown)
    wide = _CELL * len(shown.segments)
    width = _LEFT + len(shown.layers) * (wide + _GAP) + 0.55
    height = sum(_CELL * len(line.rows) + _HEAD for line in lines) + len(shown.conditions) * _NAMES
    figure = new_figure(width, height)
    top = height
    for number, line in enumerate(lines):
        title, tall = f"{shortened(line.name, 60)}: {_TITLES[line.kind]}", _CELL * len(line.rows)
        readers = [shown.readers[row] for row in line.rows]
        figure.text(_LEFT / width, (top - 0.24) / height, title, fontsize=9.5, fontweight="bold", va="bottom")
        last = number + 1 == len(lines) or lines[number + 1].name != line.name
        below = (top - _HEAD - tall + 0.08) / height
        for place, layer in enumerate(shown.layers):
            left = _LEFT + place * (wide + _GAP)
            axes = figure.add_axes((left / width, below, wide / width, tall / height))
            image = _heat(axes, line, layer)
            axes.set_title(layer, fontsize=8, fontweight="normal", color=SOFT, pad=3)
            axes.set_yticks(range(len(readers)), readers if place == 0 else [], fontsize=7)
            axes.set_xticks(range(len(shown.segments)), shown.segments if last else [], fontsize=7, rotation=90)
        bar = figure.add_axes(((width - 0.48) / width, below, 0.09 / width, tall / height))
        figure.colorbar(image, cax=bar)
        bar.tick_params(labelsize=6.5, length=2)
        top -= tall + _HEAD + (_NAMES if last else 0.0)
    return figure


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
    tables = [_visible(condition, layer, kind) for layer in layers]
    values = [abs(value) for table in tables for row in table for value in row if value is not None]
    return formatting.in_hundredths(max([0.001, *values]))


def _visible(condition: ConditionNumbers, layer: str, kind: Kind) -> list[list[float | None]]:
    """One heat map; nothing where nobody reads and where an edge was removed: what is lost there is no finding."""
    return [
        [value if state == "described" else None for value, state in zip(row, states, strict=True)]
        for row, states in zip(condition.means[layer][kind], condition.cells, strict=True)
    ]


def _heat(axes: "Axes", line: Line, layer: str) -> "AxesImage":
    """One heat map: numbers where there is something to say, hatches where edges were removed."""
    visible = _visible(line.condition, layer, line.kind)
    shown = [
        [float("nan") if value is None else formatting.in_hundredths(value) for value in visible[row]]
        for row in line.rows
    ]
    difference = line.kind != "mass"
    image = axes.imshow(
        shown,
        cmap="RdBu_r" if difference else "Blues",
        vmin=-line.reach if difference else 0.0,
        vmax=line.reach,
        aspect="auto",
    )
    for y, row in enumerate(line.rows):
        states, means = line.condition.cells[row], line.condition.means[layer][line.kind][row]
        for x, value in enumerate(shown[y]):
            if states[x] == "removed" and means[x] is not None:
                axes.add_patch(hatched(x, y))
            if value == value and abs(value) >= (_FAINT_POINTS if difference else _FAINT):
                dark = abs(value) > 0.6 * line.reach
                text = f"{value:.0f}" if abs(value) >= 9.5 or not difference else f"{value:.1f}"
                text = text.replace("-", formatting.MINUS)
                axes.text(x, y, text, ha="center", va="center", fontsize=5.6, color="white" if dark else INK)
    axes.tick_params(length=0, pad=2)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return image


PICTURE = Picture(file="attention_flow.png", title="Where attention goes", numbers=numbers, words=words, draw=draw)
