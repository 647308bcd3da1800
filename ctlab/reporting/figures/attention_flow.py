"""attention_flow.png: who reads what, and what hiding a thought changes beyond renormalisation, over all layers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.reporting.figures.heat_map import HeatMap, heat, reach_of
from ctlab.reporting.figures.picture import Picture, Table
from ctlab.reporting.figures.style import LARGE, SMALL, new_figure, shortened
from ctlab.reporting.model.flow_table import AttentionFlow, CellState, Kind, MeanTable
from ctlab.reporting.model.record import BASELINE, Count, Many, Record
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import ProblemRow

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LEFT, _HEAD, _NAMES, _ROW, _EDGE = 0.44, 0.24, 0.44, 0.165, 0.05
"""Inches: names of readers, what stands above a panel, names of segments, a reader, the right edge."""
_WIDE = 5.0  # inches: from here on two panels stand beside each other
_TITLES: dict[Kind, str] = {"mass": "attention in %", "minus_expected": "change in points"}
Cells = Many[Many[float | None]]


class FlowPanel(Record):
    """One heat map."""

    name: str
    """The condition."""
    kind: Kind
    """The table: attention, or its difference from baseline with removed edges taken out and the rest renormalised."""
    n: Count
    """Number of problems."""
    readers: Many[str]
    """Rows: readers of which the table knows anything."""
    states: Many[Many[CellState]]
    """What each cell is."""
    mean: Cells
    """Proportions."""
    low: Cells
    """Lower ends, unadjusted."""
    high: Cells
    """Upper ends."""

    @property
    def clear(self) -> list[list[bool]]:
        """Cells of a difference whose interval excludes 0."""
        return [
            [low is not None and high is not None and low * high > 0 for low, high in zip(*ends, strict=True)]
            for ends in zip(self.low, self.high, strict=True)
        ]


class FlowNumbers(Record):
    """What the picture shows."""

    segments: Many[str]
    """Columns."""
    level: float
    """Level of every interval."""
    panels: Many[FlowPanel]
    """Baseline, and the first treated condition against it."""


def numbers(report: Report, problems: Sequence[ProblemRow]) -> FlowNumbers | None:
    """Take what is shown from the report."""
    flow = report.attention_flow
    if flow is None:
        return None
    wanted: list[tuple[str, Kind]] = [(BASELINE, "mass"), *((name, "minus_expected") for name in flow.treated[:1])]
    panels = [panel for name, kind in wanted if name in flow.conditions and (panel := _panel(flow, name, kind))]
    return FlowNumbers(segments=flow.segments, level=flow.level, panels=tuple(panels)) if panels else None


def _panel(flow: AttentionFlow, name: str, kind: Kind) -> FlowPanel | None:
    condition = flow.conditions[name]
    table: MeanTable | None = condition.layers[flow.all_layers].table(kind)
    if table is None:
        return None
    rows = [row for row in flow.shown_readers if any(value is not None for value in table.mean[row])]
    mean, low, high = (tuple(grid[row] for row in rows) for grid in (table.mean, table.low, table.high))
    return FlowPanel(
        name=name,
        kind=kind,
        n=condition.n,
        readers=tuple(flow.readers[row] for row in rows),
        states=tuple(condition.cells[row] for row in rows),
        mean=mean,
        low=low,
        high=high,
    )


def words(shown: FlowNumbers) -> str:
    """Describe the picture for those who do not see it."""
    found = "".join(_largest(shown, panel) for panel in shown.panels if panel.kind != "mass")
    return (
        "Share of each reader's attention (rows) on each segment (columns), mean over layers, heads and problems; "
        "beside it what hiding a thought changes beyond renormalisation (bold: its unadjusted "
        f"{formatting.level(shown.level)} interval excludes 0). Hatched: removed edges.{found}"
    )


def _largest(shown: FlowNumbers, panel: FlowPanel) -> str:
    """The cell that changes most."""
    cells = [
        (abs(value), value, reader, segment)
        for reader, states, row in zip(panel.readers, panel.states, panel.mean, strict=True)
        for segment, state, value in zip(shown.segments, states, row, strict=True)
        if value is not None and state == "described"
    ]
    if not cells:
        return ""
    _, value, reader, segment = max(cells)
    return f" Under {panel.name} most where {reader} reads {segment} ({formatting.points(value)})."


def table(shown: FlowNumbers) -> Table:
    """One row a cell; proportions."""
    rows = [
        (panel.name, panel.kind, reader, segment, panel.n, *cell)
        for panel in shown.panels
        for reader, *lines in zip(panel.readers, panel.states, panel.mean, panel.low, panel.high, strict=True)
        for segment, *cell in zip(shown.segments, *lines, strict=True)
    ]
    return Table(
        heads=("condition", "table", "reader", "segment", "n", "state", "mean", "low", "high"), rows=tuple(rows)
    )


def draw(shown: FlowNumbers, width: float) -> "Figure":
    """Draw the panels beside each other, in a column below each other."""
    wide = width >= _WIDE
    tall = [_HEAD + _ROW * len(panel.readers) + _NAMES for panel in shown.panels]
    height = max(tall) if wide else sum(tall)
    figure = new_figure(width, height)
    room = width / (2 if wide else 1)
    for place, panel in enumerate(shown.panels):
        left, top = (place * room, height) if wide else (0.0, height - sum(tall[:place]))
        inches = _ROW * len(panel.readers)
        axes = figure.add_axes(
            (
                (left + _LEFT) / width,
                (top - _HEAD - inches) / height,
                (room - _LEFT - _EDGE) / width,
                inches / height,
            )
        )
        title = f"{shortened(panel.name, 20)} (n = {formatting.count(panel.n)}): {_TITLES[panel.kind]}"
        figure.text((left + 0.02) / width, (top - 0.15) / height, title, fontsize=LARGE, fontweight="bold")
        reach = 100.0 if panel.kind == "mass" else reach_of([(panel.mean, panel.states)])
        clear = panel.clear if panel.kind != "mass" else ()
        heat(axes, HeatMap(panel.kind, panel.mean, panel.states, reach, clear))
        axes.set_yticks(range(len(panel.readers)), panel.readers, fontsize=SMALL)
        axes.set_xticks(range(len(shown.segments)), shown.segments, fontsize=SMALL, rotation=90)
    return figure


PICTURE = Picture(
    file="attention_flow.png",
    title="Where does attention go?",
    numbers=numbers,
    words=words,
    draw=draw,
    table=table,
)
