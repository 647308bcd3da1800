"""Where attention goes and where paths part, as a reader meets them: sentences and tables, or why there are none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ctlab import formatting
from ctlab.reporting.html.claim_tables import DetailTable
from ctlab.reporting.summaries.attention_flow import ALL_LAYERS, BASELINE, shown_readers, treated

Row = Mapping[str, Any]
_NEEDS = {"A": "attention weights", "H": "hidden states"}
_MANY = 1e-3
"""Proportion from which a difference of attention is worth a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MechanismView:
    """One of the two sections."""

    title: str
    """Heading."""
    anchor: str
    """Where a link can lead."""
    paragraphs: tuple[str, ...]
    """What was seen, or why nothing was."""
    tables: tuple[DetailTable, ...] = ()
    """The numbers of the picture, for those who do not see it."""
    file: str = ""
    """Picture of this section, beside the page."""


def mechanism_views(report: Row) -> list[MechanismView]:
    """Both sections of a completed report."""
    return [attention_view(report), paths_view(report)]


def attention_view(report: Row) -> MechanismView:
    """Where attention goes."""
    flow = report.get("attention_flow") or {}
    title, anchor = "Where attention goes", "_attention"
    if not flow:
        return MechanismView(title=title, anchor=anchor, paragraphs=(missing(report, "A"),))
    size = next(iter(flow["conditions"].values()))["n"]
    paragraphs = [
        f"Mean over heads and {formatting.counted(size, 'problem')} of the share of its attention that each reader "
        "spends on each segment. These numbers describe; what is claimed about them is judged above. A reader's row "
        f"sums to {formatting.percent(1.0, 0)}, so a removed edge raises the rest of its row by itself: “beyond "
        "renormalisation” is what is left when that is taken out.",
        *(text for name in treated(flow["conditions"]) if (text := _moved(flow, name))),
    ]
    tables = [_attention_table(flow, name, kind) for name in flow["conditions"] for kind in _kinds(flow, name)]
    return MechanismView(
        title=title, anchor=anchor, paragraphs=tuple(paragraphs), tables=tuple(tables), file="attention_flow.png"
    )


def _kinds(flow: Row, name: str) -> list[str]:
    table = flow["conditions"][name]["layers"][ALL_LAYERS]
    return ["mass" if name == BASELINE or "minus_expected" not in table else "minus_expected"]


def _moved(flow: Row, name: str) -> str:
    """Which cell of a condition differs most from the renormalised baseline, where its interval excludes 0."""
    condition = flow["conditions"][name]
    table = condition["layers"][ALL_LAYERS].get("minus_expected")
    if table is None:
        return ""
    found = [
        (abs(table["mean"][row][column]), row, column)
        for row in shown_readers(flow)
        for column in range(len(flow["segments"]))
        if condition["cells"][row][column] == "described" and table["mean"][row][column] is not None
        if table["low"][row][column] is not None and table["low"][row][column] * table["high"][row][column] > 0
    ]
    if not found or max(found)[0] < _MANY:
        least = formatting.points(_MANY).lstrip("+")
        return f"Under {name} no cell, over layers, differs from renormalised baseline by {least} or more."
    _, row, column = max(found)
    values = {end: table[end][row][column] for end in ("mean", "low", "high")}
    return (
        f"Under {name} the largest difference beyond renormalisation, over layers, is where {flow['readers'][row]} "
        f"reads {flow['segments'][column]}: {formatting.points(values['mean'])} ({formatting.level(flow['level'])} interval "
        f"{formatting.interval(values['low'], values['high'], formatting.POINTS)}, unadjusted, n = "
        f"{formatting.count(table['n'][row])}), the largest of {formatting.counted(len(found), 'cell')} whose "
        "interval excludes 0."
    )


def _attention_table(flow: Row, name: str, kind: str) -> DetailTable:
    """One condition over all layers; differences in points with their intervals, masses in percent."""
    condition = flow["conditions"][name]
    table = condition["layers"][ALL_LAYERS][kind]
    caption = f"{name}: mass in % by reader and segment, over layers"
    if kind == "minus_expected":
        caption = (
            f"{name}: difference from renormalised baseline in {formatting.POINTS} [{formatting.level(flow['level'])}]"
        )
    rows = []
    for row in shown_readers(flow):
        if all(mean is None for mean in table["mean"][row]):
            continue  # answers differ between conditions, so nothing is expected of them
        texts = [
            _cell(condition["cells"][row][column], table, row, column, kind) for column in range(len(flow["segments"]))
        ]
        rows.append((flow["readers"][row], *texts))
    return DetailTable(caption=caption, heads=("reader", *flow["segments"]), rows=tuple(rows))


def _cell(state: str, table: Row, row: int, column: int, kind: str) -> str:
    mean, low, high = (table[end][row][column] for end in ("mean", "low", "high"))
    if state == "removed":
        return "removed"
    if state == "absent" or mean is None:
        return "–"
    if kind == "mass":
        return formatting.percent(mean).removesuffix(" %")
    text = formatting.points(mean, unit=False)
    return (
        text
        if low is None or low == high
        else f"{text} [{formatting.interval(low, high, formatting.POINTS, unit_shown=False)}]"
    )


def paths_view(report: Row) -> MechanismView:
    """Where paths part."""
    paths = report.get("reasoning_paths") or {}
    title, anchor = "Where paths part", "_paths"
    if not paths:
        return MechanismView(title=title, anchor=anchor, paragraphs=(missing(report, "H"),))
    size = next(iter(paths["conditions"].values()))["n"]
    paragraphs = [
        f"Hidden states of {formatting.counted(size, 'problem')} under each condition beside baseline's: distance "
        "relative to the length of baseline's state, and cosine. These numbers describe; what is claimed about them is "
        "judged above.",
        *(_parting(paths, name) for name in paths["conditions"]),
    ]
    tables = [_distance_table(paths)]
    tables += [_breaking_table(paths, name) for name, row in paths["conditions"].items() if _split(row)]
    if paths["cascade"]:
        tables.append(_cascade_table(paths))
    if paths["decoded"]:
        tables.append(_decoded_table(paths))
    return MechanismView(
        title=title, anchor=anchor, paragraphs=tuple(paragraphs), tables=tuple(tables), file="reasoning_paths.png"
    )


def _parting(paths: Row, name: str) -> str:
    """Where one condition leaves baseline, and how far it is at the end."""
    row = paths["conditions"][name]
    if row["parts_at"] is None:
        return f"Under {name} no hidden state differs from baseline's."
    place, level = row["parts_at"]
    before = "" if place == 0 else f"identical to baseline before {paths['positions'][place]}, "
    last = {end: row["distance"][end][-1][-1] for end in ("mean", "low", "high")}
    return (
        f"Under {name} the states are {before}first different at {paths['positions'][place]} "
        f"({paths['levels'][level]}), and at {paths['positions'][-1]} {_length(last)} away after the last layer."
    )


def _length(values: Row) -> str:
    mean = formatting.decimal(values["mean"], digits=2)
    if values["low"] is None:
        return mean
    return f"{mean} [{formatting.decimal_interval(values['low'], values['high'])}] lengths"


def _distance_table(paths: Row) -> DetailTable:
    rows = []
    for name, row in paths["conditions"].items():
        cells = [_ends(row["distance"], place, -1) for place in range(len(paths["positions"]))]
        cosines = [_ends(row["cosine"], place, -1) for place in range(len(paths["positions"]))]
        rows += [(f"{name}, distance", *cells), (f"{name}, cosine", *cosines)]
    caption = f"Distance and cosine after the last layer [{formatting.level(paths['level'])}]"
    return DetailTable(caption=caption, heads=("condition", *paths["positions"]), rows=tuple(rows))


def _ends(table: Row, *place: int) -> str:
    """One number with its interval."""
    values = []
    for end in ("mean", "low", "high"):
        value: Any = table[end]
        for index in place:
            value = value[index]
        values.append(value)
    mean, low, high = values
    text = formatting.decimal(mean, digits=2)
    return text if low is None or low == high else f"{text} [{formatting.decimal_interval(low, high)}]"


def _split(row: Row) -> bool:
    return bool(row["breaking"]) and all("mean" in group for group in row["breaking"].values())


def _breaking_table(paths: Row, name: str) -> DetailTable:
    groups = paths["conditions"][name]["breaking"]
    rows = tuple(
        (f"{group} ({formatting.count(row['n'])})", *(_ends(row, place) for place in range(len(paths["positions"]))))
        for group, row in groups.items()
    )
    caption = f"{name}: distance after the last layer among problems that baseline answers correctly"
    return DetailTable(caption=caption, heads=("problems", *paths["positions"]), rows=rows)


def _cascade_table(paths: Row) -> DetailTable:
    rows = tuple(
        (
            f"{row['thought']} at {row['position']}",
            _ends(row["direct_distance"]),
            _ends(row["whole_distance"]),
            _ends(row["beyond"]),
        )
        for row in paths["cascade"]
    )
    heads = ("hidden thought, reader", "hidden from it alone", "hidden from all later", "difference")
    return DetailTable(caption="Direct effect and cascade: distance after the last layer", heads=heads, rows=rows)


def _decoded_table(paths: Row) -> DetailTable:
    rows = tuple(
        (
            f"{name}, {row['thought']}",
            formatting.share_of(row["hits"], row["n"]),
            "–" if row.get("shuffled") is None else formatting.percent(row["shuffled"]),
        )
        for name, found in paths["decoded"].items()
        for row in found
    )
    caption = "Thoughts that decode to an intermediate result, and how often they would to another problem's"
    return DetailTable(caption=caption, heads=("condition, thought", "hits", "shuffled problems"), rows=rows)


def missing(report: Row, need: str) -> str:
    """Why a section holds no numbers."""
    what = _NEEDS[need]
    if any(row.get("recorded") for row in report["conditions"]):
        return f"Not measured: recorded answers hold no {what}."
    asking = [claim for claim in report["claims"] if claim.get("needs") in _NEEDS]
    if not asking:
        return f"Not measured: no claim of this run needs {what}."
    if not any(claim["status"] == "judged" for claim in asking):
        number = formatting.counted(len(asking), "claim")
        return f"Not measured: of {number} that need attention weights or hidden states none was judged in this run."
    return f"Not measured: the claims that were judged left no {what} on record."


def pictured(pictures: Sequence[Any], view: MechanismView) -> Any | None:
    """The picture of a section among those of the page."""
    return next((picture for picture in pictures if view.file and picture.file == view.file), None)
