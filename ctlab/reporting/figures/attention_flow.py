"""attention_flow.png: who reads what, how that differs from baseline, and what renormalisation does not explain."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.reporting.figures.style import INK, SOFT, new_figure, shortened
from ctlab.reporting.summaries.attention_flow import BASELINE, shown_readers, treated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_CONDITIONS = 2
"""Treated conditions in the picture; the JSON has all."""
_MOST_LAYERS = 3
_CELL, _LEFT, _GAP, _HEAD = 0.245, 0.78, 0.30, 0.62  # inches
_NAMES = 0.6  # inches for the names of the segments, once a condition
_FAINT, _FAINT_POINTS = 0.5, 0.05
"""Percent and points below which a cell carries no number."""
_KINDS = {
    "mass": "mass in %",
    "minus_baseline": "minus baseline, in points",
    "minus_expected": "minus renormalised baseline, in points",
}
Row = Mapping[str, Any]


def numbers(report: Row, problems: Sequence[Row]) -> dict[str, Any]:
    """What the picture shows: means only, of the readers and layers that it has room for."""
    flow = report.get("attention_flow") or {}
    if not flow:
        return {}
    rows, layers = shown_readers(flow), _layers(flow["layers"])
    chosen = treated(flow["conditions"])
    names = [name for name in (BASELINE, *chosen[:MOST_CONDITIONS]) if name in flow["conditions"]]
    return {
        "readers": [flow["readers"][row] for row in rows],
        "segments": flow["segments"],
        "layers": layers,
        "omitted": max(0, len(chosen) - MOST_CONDITIONS),
        "conditions": {name: _condition(flow["conditions"][name], rows, layers) for name in names},
    }


def _layers(layers: Sequence[str]) -> list[str]:
    """The mean over layers and, where there are many, the first, a middle and the last layer."""
    pooled, *single = layers
    if len(single) > _MOST_LAYERS:
        single = [single[0], single[len(single) // 2], single[-1]]
    return [pooled, *single]


def _condition(condition: Row, rows: Sequence[int], layers: Sequence[str]) -> dict[str, Any]:
    means = {
        layer: {kind: [table["mean"][row] for row in rows] for kind, table in condition["layers"][layer].items()}
        for layer in layers
    }
    return {"n": condition["n"], "cells": [condition["cells"][row] for row in rows], "means": means}


def words(shown: Row) -> str:
    """Describe the picture for those who do not see it."""
    parts = []
    for name, condition in shown["conditions"].items():
        tables = condition["means"][shown["layers"][0]]
        if name != BASELINE and (kind := "minus_expected") in tables:
            parts.append(f"{name}: {_extreme(shown, tables[kind])}")
    rest = f" {formatting.counted(shown['omitted'], 'more condition')} in the JSON." if shown["omitted"] else ""
    found = f" Largest difference from the renormalised baseline, over layers, {'; '.join(parts)}." if parts else ""
    return (
        "Share of each reader's attention (rows) on each segment (columns), mean over heads and problems; under each "
        f"condition its difference from baseline and from the renormalised baseline.{found} Hatched: removed "
        f"edges.{_unexpected(shown)}{rest}"
    )


def _unexpected(shown: Row) -> str:
    """Which readers have no row beside the renormalised baseline, and why."""
    kind, every = "minus_expected", list(range(len(shown["readers"])))
    left_out = [
        shown["readers"][row]
        for row in every
        if any(
            kind in condition["means"][shown["layers"][0]] and row not in _rows(condition, shown["layers"], kind)
            for condition in shown["conditions"].values()
        )
    ]
    if not left_out:
        return ""
    return (
        f" The renormalised baseline says nothing of {formatting.listed(left_out)}: answers differ between conditions, so "
        "what they would have read is not known."
    )


def _rows(condition: Row, layers: Sequence[str], kind: str) -> list[int]:
    """Readers of which a table knows anything in some layer."""
    tables = [condition["means"][layer][kind] for layer in layers]
    return [row for row in range(len(tables[0])) if any(v is not None for table in tables for v in table[row])]


def _extreme(shown: Row, table: Sequence[Sequence[float | None]]) -> str:
    """The cell that differs most."""
    cells = [
        (value, reader, segment)
        for reader, row in zip(shown["readers"], table, strict=True)
        for segment, value in zip(shown["segments"], row, strict=True)
        if value is not None
    ]
    if not cells:
        return "none"
    value, reader, segment = max(cells, key=lambda cell: abs(cell[0]))
    return f"{formatting.points(value)} where {reader} reads {segment}"


def draw(shown: Row) -> "Figure":
    """Draw one line of heat maps a table: columns are layers, blocks are conditions."""
    lines = [
        (name, condition, kind)
        for name, condition in shown["conditions"].items()
        for kind in _KINDS
        if kind in condition["means"][shown["layers"][0]]
    ]
    rows = [_rows(condition, shown["layers"], kind) for _, condition, kind in lines]
    wide = _CELL * len(shown["segments"])
    width = _LEFT + len(shown["layers"]) * (wide + _GAP) + 0.55
    height = sum(_CELL * len(each) + _HEAD for each in rows) + len(shown["conditions"]) * _NAMES
    figure = new_figure(width, height)
    top = height
    for number, (name, condition, kind) in enumerate(lines):
        title, tall = f"{shortened(name, 60)}: {_KINDS[kind]}", _CELL * len(rows[number])
        readers = [shown["readers"][row] for row in rows[number]]
        figure.text(_LEFT / width, (top - 0.24) / height, title, fontsize=9.5, fontweight="bold", va="bottom")
        last = number + 1 == len(lines) or lines[number + 1][0] != name
        reach = _reach(condition, shown["layers"], kind)
        for place, layer in enumerate(shown["layers"]):
            left = _LEFT + place * (wide + _GAP)
            box = (left / width, (top - _HEAD - tall + 0.08) / height, wide / width, tall / height)
            axes = figure.add_axes(box)
            image: Any = _heat(axes, condition, layer, kind, reach, rows[number])
            axes.set_title(layer, fontsize=8, fontweight="normal", color=SOFT, pad=3)
            axes.set_yticks(range(len(readers)), readers if place == 0 else [], fontsize=7)
            axes.set_xticks(range(len(shown["segments"])), shown["segments"] if last else [], fontsize=7, rotation=90)
        bar = figure.add_axes(
            ((width - 0.48) / width, (top - _HEAD - tall + 0.08) / height, 0.09 / width, tall / height)
        )
        figure.colorbar(image, cax=bar)
        bar.tick_params(labelsize=6.5, length=2)
        top -= tall + _HEAD + (_NAMES if last else 0.0)
    return figure


def _reach(condition: Row, layers: Sequence[str], kind: str) -> float:
    """Where the colours end: everything for a mass, the largest difference of the line for a difference."""
    if kind == "mass":
        return 100.0
    values = [abs(value) for layer in layers for value in _visible(condition, layer, kind) if value is not None]
    return formatting.in_hundredths(max([0.001, *values]))


def _visible(condition: Row, layer: str, kind: str) -> list[float | None]:
    """All cells of one heat map but those that are what they are by construction."""
    return [value for row in _table(condition, layer, kind) for value in row]


def _table(condition: Row, layer: str, kind: str) -> list[list[float | None]]:
    """One heat map; nothing where nobody reads and where an edge was removed: what is lost there is no finding."""
    return [
        [value if state == "described" else None for value, state in zip(row, states, strict=True)]
        for row, states in zip(condition["means"][layer][kind], condition["cells"], strict=True)
    ]


def _heat(axes: "Axes", condition: Row, layer: str, kind: str, reach: float, rows: Sequence[int]) -> Any:
    """One heat map: numbers where there is something to say, hatches where edges were removed."""
    from matplotlib.patches import Rectangle

    states = [condition["cells"][row] for row in rows]
    table = [condition["means"][layer][kind][row] for row in rows]
    visible = _table(condition, layer, kind)
    shown = [
        [float("nan") if value is None else formatting.in_hundredths(value) for value in visible[row]] for row in rows
    ]
    difference = kind != "mass"
    colours = "RdBu_r" if difference else "Blues"
    low = -reach if difference else 0.0
    image = axes.imshow(shown, cmap=colours, vmin=low, vmax=reach, aspect="auto")
    for y, row in enumerate(shown):
        for x, value in enumerate(row):
            if states[y][x] == "removed" and table[y][x] is not None:
                axes.add_patch(
                    Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, hatch="/////", edgecolor=SOFT, linewidth=0)
                )
            if value != value or abs(value) < (_FAINT_POINTS if difference else _FAINT):
                continue
            dark = abs(value) > 0.6 * reach
            text = f"{value:.0f}" if abs(value) >= 9.5 or not difference else f"{value:.1f}"
            axes.text(
                x,
                y,
                text.replace("-", formatting.MINUS),
                ha="center",
                va="center",
                fontsize=5.6,
                color="white" if dark else INK,
            )
    axes.tick_params(length=0, pad=2)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return image
