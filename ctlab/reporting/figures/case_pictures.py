"""case_studies/case-NN.png: where attention went and where paths parted for one problem, where probes recorded it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.reporting.figures.style import INK, SOFT, condition_styles, new_figure, quiet, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FAINT = 0.03
"""Mass below which a cell carries no number."""

_SEEN = 1e-4
"""Mass under baseline from which a cell without any counts as removed, as in the picture of all problems."""

_MOST = 3
"""Conditions whose attention is drawn."""


def numbers(case: Mapping[str, Any]) -> dict[str, Any]:
    """What the picture shows; empty where no probe ran."""
    attention = dict(list((case.get("attention") or {}).items())[:_MOST])
    divergence = case.get("divergence") or {}
    removed = {name: _removed(row, attention.get("baseline")) for name, row in attention.items()}
    return {"attention": attention, "removed": removed, "divergence": divergence} if attention or divergence else {}


def _removed(row: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[list[int]]:
    """Cells (row, column) that carry mass under baseline and none at all here: edges that were removed."""
    if before is None or row["keys"] != before["keys"]:
        return []
    usual = dict(zip(before["readers"], before["mass"], strict=True))
    return [
        [y, x]
        for y, (reader, line) in enumerate(zip(row["readers"], row["mass"], strict=True))
        for x, value in enumerate(line)
        if value == 0.0 and reader in usual and usual[reader][x] > _SEEN
    ]


def words(case: Mapping[str, Any]) -> str:
    """Describe the picture for those who do not see it."""
    parts, shown = [], numbers(case)
    if shown.get("attention"):
        parts.append(f"Attention mass of each reader under {formatting.listed(list(shown['attention']))}.")
    if any(shown.get("removed", {}).values()):
        parts.append("Hatched: removed edges.")
    for name, row in shown.get("divergence", {}).items():
        least = min(range(len(row["cosine"])), key=lambda place: row["cosine"][place])
        cosine = formatting.decimal(row["cosine"][least], (0.0, 1.0), 2)
        where = row["positions"][least]
        parts.append(f"Hidden states under {name} are furthest from baseline at {where} (cosine {cosine}).")
    return " ".join(parts)


def draw(shown: Mapping[str, Any]) -> "Figure":
    """Draw one heat map a condition and one line a condition."""
    maps, lines = shown["attention"], shown["divergence"]
    panels = len(maps) + bool(lines)
    width = 3.1 * panels + 0.6
    figure = new_figure(width, 3.5)
    grid = figure.add_gridspec(1, panels, left=0.75 / width, right=0.985, top=0.88, bottom=0.22, wspace=0.36)
    for place, (name, row) in enumerate(maps.items()):
        _heat(figure.add_subplot(grid[0, place]), name, row, shown["removed"][name])
    if lines:
        _lines(figure.add_subplot(grid[0, panels - 1]), lines)
    return figure


def _heat(axes: "Axes", name: str, row: Mapping[str, Any], removed: Sequence[Sequence[int]]) -> None:
    """One row a reader, one column a key; every cell with its mass in percent, hatched where edges were removed."""
    from matplotlib.patches import Rectangle

    mass: Sequence[Sequence[float]] = row["mass"]
    axes.imshow(mass, cmap="Blues", vmin=0.0, vmax=1.0, aspect="auto")
    for y, x in removed:
        axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, hatch="/////", edgecolor=SOFT, linewidth=0))
    for y, line in enumerate(mass):
        for x, value in enumerate(line):
            if value < _FAINT:
                continue
            shade = "white" if value > 0.6 else INK
            text = f"{formatting.in_hundredths(value):.0f}"
            axes.text(x, y, text, ha="center", va="center", fontsize=6.5, color=shade)
    axes.set_xticks(range(len(row["keys"])), row["keys"], fontsize=7, rotation=90)
    axes.set_yticks(range(len(row["readers"])), row["readers"], fontsize=7)
    axes.tick_params(length=0)
    axes.set_title(f"{shortened(name, 26)}: mass in %", fontsize=8.5)


def _lines(axes: "Axes", lines: Mapping[str, Any]) -> None:
    """Cosine with baseline, thought by thought."""
    styles = condition_styles(list(lines))
    for name, row in lines.items():
        axes.plot(row["cosine"], marker="o", markersize=4, color=styles[name]["facecolor"], label=shortened(name, 22))
    positions = next(iter(lines.values()))["positions"]
    axes.set_xticks(range(len(positions)), positions, fontsize=7, rotation=90)
    axes.set_title("cosine with baseline", fontsize=8.5)
    axes.legend(fontsize=7, frameon=False)
    quiet(axes, "y")
