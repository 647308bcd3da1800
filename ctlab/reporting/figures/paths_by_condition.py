"""paths_by_condition.png: what reasoning_paths.png has no room for, layers, cosines, groups of problems, cascades."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.reporting.figures.path_panels import chain_panel, decoded_panel, heat_panel, line_panel, split_panel
from ctlab.reporting.figures.picture import Picture, Table
from ctlab.reporting.figures.style import Stroke, condition_strokes, new_figure
from ctlab.reporting.model.path_table import (
    Breaking,
    CascadeRow,
    DecodedRow,
    LineMeans,
    PathCondition,
    Place,
)
from ctlab.reporting.model.record import BASELINE, Count, Many, Record
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import ProblemRow

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_CONDITIONS = 6
"""Conditions in the picture, two lines of panels; the JSON has all."""
_MOST_SPLITS, _MOST_CHAINS = 3, 2
"""Panels of broken against unbroken problems, and of cascades."""
_ACROSS = {False: 2, True: 3}
"""Panels beside each other, in a column and in a text."""
_TALL, _LEFT, _GAP_X, _GAP_Y, _EDGE = 0.95, 0.4, 0.36, 0.64, 0.05  # inches


class ConditionPath(Record):
    """What the picture shows of one condition."""

    n: Count
    """Number of problems."""
    mean: Many[Many[float]]
    """Mean distance by position and level."""
    last: LineMeans
    """Distance after the last layer."""
    cosine: LineMeans
    """Cosine after the last layer."""
    parts_at: Place | None
    """First position and level that differ from baseline."""
    breaking: Breaking | None
    """Broken against unbroken problems."""


class PathNumbers(Record):
    """What the picture shows."""

    positions: Many[str]
    """Rows of the heat maps, places of the lines."""
    levels: Many[str]
    """Columns of the heat maps."""
    conditions: dict[str, ConditionPath]
    """Conditions that there is room for."""
    cascade: Many[CascadeRow]
    """Direct effects beside whole ones."""
    decoded: dict[str, Many[DecodedRow]]
    """What thoughts decode to, under baseline and the conditions shown."""
    omitted: Count
    """Conditions that are not shown."""


def numbers(report: Report, problems: Sequence[ProblemRow]) -> PathNumbers | None:
    """Take what is shown from the report."""
    paths = report.reasoning_paths
    if paths is None:
        return None
    kept = dict(list(paths.conditions.items())[:MOST_CONDITIONS])
    return PathNumbers(
        positions=paths.positions,
        levels=paths.levels,
        conditions={name: _condition(row) for name, row in kept.items()},
        cascade=paths.cascade,
        decoded={name: rows for name, rows in paths.decoded.items() if name == BASELINE or name in kept},
        omitted=max(0, len(paths.conditions) - MOST_CONDITIONS),
    )


def _condition(row: PathCondition) -> ConditionPath:
    return ConditionPath(
        n=row.n,
        mean=row.distance.mean,
        last=row.distance.last,
        cosine=row.cosine.last,
        parts_at=row.parts_at,
        breaking=row.breaking,
    )


def words(shown: PathNumbers) -> str:
    """Describe the picture for those who do not see it."""
    rest = f" {formatting.counted(shown.omitted, 'more condition')} in the JSON." if shown.omitted else ""
    return (
        "Distance of hidden states from baseline's, by position and layer (framed: the first that differs); cosine "
        "after the last layer; broken against unbroken problems; direct effect against cascade; how often thoughts "
        f"decode to intermediate results, where that was measured.{_decoded_words(shown)}{rest}"
    )


def table(shown: PathNumbers) -> Table:
    """One row a point of every panel."""
    rows: list[tuple[str, str, str, str, int, float, float | None, float | None]] = []
    for name, row in shown.conditions.items():
        for place, (position, line) in enumerate(zip(shown.positions, row.mean, strict=True)):
            rows += [
                ("distance", name, position, level, row.n, value, None, None)
                for level, value in zip(shown.levels, line, strict=True)
            ]
            point = row.cosine.point(place)
            rows.append(("cosine", name, position, shown.levels[-1], row.n, point.mean, point.low, point.high))
        for group, (n, means) in (row.breaking.lines if row.breaking else {}).items():
            points = [means.point(place) for place in range(len(shown.positions))]
            rows += [
                (f"distance, {group}", name, position, shown.levels[-1], n, point.mean, point.low, point.high)
                for position, point in zip(shown.positions, points, strict=True)
            ]
    for chain in shown.cascade:
        for name, point in ((chain.direct, chain.direct_distance), (chain.whole, chain.whole_distance)):
            where = (f"cascade of {chain.thought}", name, chain.position, shown.levels[-1], chain.n)
            rows.append((*where, point.mean, point.low, point.high))
    for name, decoded in shown.decoded.items():
        rows += [("decoded", name, each.thought, "", each.n, each.hits / each.n, None, None) for each in decoded]
        shuffled = [(each.thought, each.n, each.shuffled) for each in decoded if each.shuffled is not None]
        rows += [("decoded, shuffled", name, thought, "", n, rate, None, None) for thought, n, rate in shuffled]
    return Table(heads=("panel", "condition", "position", "level", "n", "value", "low", "high"), rows=tuple(rows))


def _decoded_words(shown: PathNumbers) -> str:
    """Where each condition's thoughts decode to an intermediate result most often."""
    text = ""
    for name, rows in shown.decoded.items():
        best = max(rows, key=lambda row: row.hits / row.n)
        chance = f", shuffled {formatting.percent(best.shuffled)}" if best.shuffled is not None else ""
        where = f"at {best.thought} ({formatting.percent(best.hits / best.n)}{chance})"
        text += f" Under {name} thoughts decode to an intermediate result most often {where}."
    return text


def draw(shown: PathNumbers, width: float) -> "Figure":
    """Draw heat maps of the distance, the cosine after the last layer, broken against unbroken, then the cascade."""
    across = _ACROSS[width > 5.0]
    panels = _panels(shown, across)
    lines = -(-len(panels) // across)
    wide = (width - _LEFT - _EDGE - (across - 1) * _GAP_X) / across
    height = lines * (_TALL + _GAP_Y) + 0.02
    figure = new_figure(width, height)
    for number, panel in enumerate(panels):
        down, beside = divmod(number, across)
        bottom = height - 0.27 - _TALL - down * (_TALL + _GAP_Y)
        left = _LEFT + beside * (wide + _GAP_X)
        panel(figure.add_axes((left / width, bottom / height, wide / width, _TALL / height)))
    return figure


def _panels(shown: PathNumbers, across: int) -> "list[Callable[[Axes], None]]":
    """Every panel in order, each waiting for its axes."""
    conditions, positions, strokes = shown.conditions, shown.positions, _strokes(shown)
    largest = max([1e-3, *(value for row in conditions.values() for line in row.mean for value in line)])
    panels: list[Callable[[Axes], None]] = []
    for place, (name, row) in enumerate(conditions.items()):
        heat = partial(heat_panel, name=name, table=row.mean, parts_at=row.parts_at, positions=positions)
        # Positions are named on the left of each line of panels only.
        panels.append(partial(heat, levels=shown.levels, largest=largest, named=place % across == 0))
    cosines = {name: row.cosine for name, row in conditions.items()}
    panels.append(partial(line_panel, kind="cosine", lines=cosines, positions=positions, strokes=strokes))
    splits = {name: row.breaking.lines for name, row in conditions.items() if row.breaking and row.breaking.broken.line}
    for name, groups in list(splits.items())[:_MOST_SPLITS]:
        panels.append(partial(split_panel, name=name, groups=groups, positions=positions, stroke=strokes[name]))
    for (thought, whole), rows in list(_chains(shown.cascade).items())[:_MOST_CHAINS]:
        panels.append(partial(chain_panel, thought=thought, whole=whole, rows=rows, strokes=strokes))
    if shown.decoded:
        panels.append(partial(decoded_panel, decoded=shown.decoded, strokes=strokes))
    return panels


def _strokes(shown: PathNumbers) -> dict[str, Stroke]:
    """One look a condition in every panel, those of the cascade included."""
    chained = [name for row in shown.cascade for name in (row.whole, row.direct)]
    return condition_strokes(list(dict.fromkeys([*shown.conditions, *chained, BASELINE])))


def _chains(cascade: Sequence[CascadeRow]) -> dict[tuple[str, str], list[CascadeRow]]:
    """Rows of the cascade by thought and by what hides it from all."""
    chains: dict[tuple[str, str], list[CascadeRow]] = {}
    for row in cascade:
        chains.setdefault((row.thought, row.whole), []).append(row)
    return chains


PICTURE = Picture(
    file="paths_by_condition.png",
    title="How do hidden states part from baseline's?",
    numbers=numbers,
    words=words,
    draw=draw,
    table=table,
    appendix=True,
)
