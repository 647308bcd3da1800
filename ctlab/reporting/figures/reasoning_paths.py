"""reasoning_paths.png: how far hidden states are from baseline's, by position and layer, and what that goes with."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.reporting.figures.path_panels import chain_panel, decoded_panel, heat_panel, line_panel, split_panel
from ctlab.reporting.figures.picture import Picture
from ctlab.reporting.figures.style import BASELINE_COLOUR, condition_styles, new_figure
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
_ACROSS = 3
"""Panels beside each other."""
_WIDE, _TALL, _LEFT, _GAP_X, _GAP_Y = 2.75, 1.45, 0.75, 0.62, 0.95  # inches


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
    parts = []
    for name, row in shown.conditions.items():
        if row.parts_at is None:
            parts.append(f"{name} never leaves baseline")
            continue
        place, level = row.parts_at
        far = max(range(len(row.last.mean)), key=lambda at, mean=row.last.mean: mean[at])  # type: ignore[misc]
        parts.append(
            f"{name} parts from baseline at {shown.positions[place]} ({shown.levels[level]}) and is furthest at "
            f"{shown.positions[far]} ({formatting.decimal(row.last.mean[far], digits=2)} times baseline's length)"
        )
    rest = f" {formatting.counted(shown.omitted, 'more condition')} in the JSON." if shown.omitted else ""
    return (
        "Distance of hidden states from baseline's, by position and layer; cosine and distance after the last layer; "
        "broken against unbroken problems; direct effect against cascade; how often thoughts decode to intermediate "
        f"results, where that was measured. {'; '.join(parts)}.{_decoded_words(shown)}{rest}"
    )


def _decoded_words(shown: PathNumbers) -> str:
    """Where each condition's thoughts decode to an intermediate result most often."""
    text = ""
    for name, rows in shown.decoded.items():
        best = max(rows, key=lambda row: row.hits / row.n)
        chance = f", shuffled {formatting.percent(best.shuffled)}" if best.shuffled is not None else ""
        where = f"at {best.thought} ({formatting.percent(best.hits / best.n)}{chance})"
        text += f" Under {name} thoughts decode to an intermediate result most often {where}."
    return text


def draw(shown: PathNumbers) -> "Figure":
    """Draw heat maps of the distance, lines after the last layer, broken against unbroken, then the cascade."""
    panels = _panels(shown)
    lines = -(-len(panels) // _ACROSS)
    width = _LEFT + _ACROSS * (_WIDE + _GAP_X)
    height = lines * (_TALL + _GAP_Y) + 0.15
    figure = new_figure(width, height)
    for number, panel in enumerate(panels):
        down, across = divmod(number, _ACROSS)
        bottom = height - 0.36 - _TALL - down * (_TALL + _GAP_Y)
        left = _LEFT + across * (_WIDE + _GAP_X)
        axes = figure.add_axes((left / width, bottom / height, _WIDE / width, _TALL / height))
        axes.title.set_fontsize(8.5)
        panel(axes)
    return figure


def _panels(shown: PathNumbers) -> "list[Callable[[Axes], None]]":
    """Every panel in order, each waiting for its axes."""
    conditions, positions, colours = shown.conditions, shown.positions, _colours(shown)
    largest = max([1e-3, *(value for row in conditions.values() for line in row.mean for value in line)])
    panels: list[Callable[[Axes], None]] = []
    for place, (name, row) in enumerate(conditions.items()):
        heat = partial(heat_panel, name=name, table=row.mean, parts_at=row.parts_at, positions=positions)
        # Positions are named on the left of each line of panels only.
        panels.append(partial(heat, levels=shown.levels, largest=largest, named=place % _ACROSS == 0))
    cosines = {name: row.cosine for name, row in conditions.items()}
    distances = {name: row.last for name, row in conditions.items()}
    for kind, drawn in (("cosine", cosines), ("distance", distances)):
        panels.append(partial(line_panel, kind=kind, lines=drawn, positions=positions, colours=colours))
    splits = {name: row.breaking.lines for name, row in conditions.items() if row.breaking and row.breaking.broken.line}
    for name, groups in list(splits.items())[:_MOST_SPLITS]:
        panels.append(partial(split_panel, name=name, groups=groups, positions=positions, colour=colours[name]))
    for (thought, whole), rows in list(_chains(shown.cascade).items())[:_MOST_CHAINS]:
        panels.append(partial(chain_panel, thought=thought, whole=whole, rows=rows, colours=colours))
    if shown.decoded:
        panels.append(partial(decoded_panel, decoded=shown.decoded, colours=colours))
    return panels


def _colours(shown: PathNumbers) -> dict[str, str]:
    """One colour a condition in every panel, those of the cascade included."""
    chained = [name for row in shown.cascade for name in (row.whole, row.direct)]
    styles = condition_styles(list(dict.fromkeys([*shown.conditions, *chained])))
    return {BASELINE: BASELINE_COLOUR, **{name: style["facecolor"] for name, style in styles.items()}}


def _chains(cascade: Sequence[CascadeRow]) -> dict[tuple[str, str], list[CascadeRow]]:
    """Rows of the cascade by thought and by what hides it from all."""
    chains: dict[tuple[str, str], list[CascadeRow]] = {}
    for row in cascade:
        chains.setdefault((row.thought, row.whole), []).append(row)
    return chains


PICTURE = Picture(file="reasoning_paths.png", title="Where paths part", numbers=numbers, words=words, draw=draw)
