"""Where paths part, as a reader meets it: sentences by condition, and distances as tables."""

from ctlab import formatting
from ctlab.reporting.html.claim_tables import DetailTable
from ctlab.reporting.html.mechanism_view import MechanismView, missing
from ctlab.reporting.model.path_table import Breaking, LineMeans, PathCondition, PointMean, ReasoningPaths
from ctlab.reporting.model.run_report import Report

_GROUPS = 2
"""Broken and unbroken: a table that compares needs both."""


def paths_view(report: Report) -> MechanismView:
    """Where paths part."""
    paths, title, anchor = report.reasoning_paths, "Where paths part", "_paths"
    if paths is None:
        return MechanismView(title=title, anchor=anchor, paragraphs=(missing(report, "H"),))
    size = next(iter(paths.conditions.values())).n
    intro = (
        f"Hidden states of {formatting.counted(size, 'problem')} under each condition beside baseline's: distance "
        "relative to the length of baseline's state, and cosine. These numbers describe; what is claimed about them is "
        "judged above."
    )
    tables = [_distance_table(paths)]
    for name, row in paths.conditions.items():
        if row.breaking and len(row.breaking.lines) == _GROUPS:
            tables.append(_breaking_table(paths, name, row.breaking))
    if paths.cascade:
        tables.append(_cascade_table(paths))
    if paths.decoded:
        tables.append(_decoded_table(paths))
    return MechanismView(
        title=title,
        anchor=anchor,
        paragraphs=(intro, *(_parting(paths, name, row) for name, row in paths.conditions.items())),
        tables=tuple(tables),
        file="reasoning_paths.png",
    )


def _parting(paths: ReasoningPaths, name: str, row: PathCondition) -> str:
    """Where one condition leaves baseline, and how far it is at the end."""
    if row.parts_at is None:
        return f"Under {name} no hidden state differs from baseline's."
    place, level = row.parts_at
    before = "" if place == 0 else f"identical to baseline before {paths.positions[place]}, "
    return (
        f"Under {name} the states are {before}first different at {paths.positions[place]} "
        f"({paths.levels[level]}), and at {paths.positions[-1]} {_length(row.distance.last.point(-1))} away after the "
        "last layer."
    )


def _length(point: PointMean) -> str:
    mean = formatting.decimal(point.mean, digits=2)
    if point.low is None or point.high is None:
        return mean
    return f"{mean} [{formatting.decimal_interval(point.low, point.high)}] lengths"


def _distance_table(paths: ReasoningPaths) -> DetailTable:
    rows = []
    for name, row in paths.conditions.items():
        rows.append((f"{name}, distance", *_cells(row.distance.last)))
        rows.append((f"{name}, cosine", *_cells(row.cosine.last)))
    caption = f"Distance and cosine after the last layer [{formatting.level(paths.level)}]"
    return DetailTable(caption=caption, heads=("condition", *paths.positions), rows=tuple(rows))


def _cells(line: LineMeans) -> tuple[str, ...]:
    return tuple(_with_ends(line.point(place)) for place in range(len(line.mean)))


def _with_ends(point: PointMean) -> str:
    """One number with its interval."""
    text = formatting.decimal(point.mean, digits=2)
    if point.low is None or point.high is None or point.low == point.high:
        return text
    return f"{text} [{formatting.decimal_interval(point.low, point.high)}]"


def _breaking_table(paths: ReasoningPaths, name: str, breaking: Breaking) -> DetailTable:
    rows = tuple((f"{group} ({formatting.count(n)})", *_cells(line)) for group, (n, line) in breaking.lines.items())
    caption = f"{name}: distance after the last layer among problems that baseline answers correctly"
    return DetailTable(caption=caption, heads=("problems", *paths.positions), rows=rows)


def _cascade_table(paths: ReasoningPaths) -> DetailTable:
    rows = tuple(
        (
            f"{row.thought} at {row.position}",
            _with_ends(row.direct_distance),
            _with_ends(row.whole_distance),
            _with_ends(row.beyond),
        )
        for row in paths.cascade
    )
    heads = ("hidden thought, reader", "hidden from it alone", "hidden from all later", "difference")
    return DetailTable(caption="Direct effect and cascade: distance after the last layer", heads=heads, rows=rows)


def _decoded_table(paths: ReasoningPaths) -> DetailTable:
    rows = tuple(
        (
            f"{name}, {row.thought}",
            formatting.share_of(row.hits, row.n),
            "–" if row.shuffled is None else formatting.percent(row.shuffled),
        )
        for name, thoughts in paths.decoded.items()
        for row in thoughts
    )
    caption = "Thoughts that decode to an intermediate result, and how often they would to another problem's"
    return DetailTable(caption=caption, heads=("condition, thought", "hits", "shuffled problems"), rows=rows)
