"""problem_sensitivity_types.png: accuracy with and without the intervention, by type of problem, and the difference."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.reporting.figures.sensitivity_scatter import MOST_CONDITIONS
from ctlab.reporting.figures.style import BASELINE_COLOUR, INK, SOFT, new_figure, quiet, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TREATED = "#D55E00"
_SMALL = 50


def numbers(report: Mapping[str, Any], problems: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the picture shows: the summary's types; problems are not needed."""
    conditions = (report.get("problem_sensitivity") or {}).get("conditions") or {}
    chosen = list(conditions.items())[:MOST_CONDITIONS]
    shown = {name: {"n": row["n"], "types": row["types"]} for name, row in chosen if row["types"]}
    return {"conditions": shown, "omitted": max(0, len(conditions) - MOST_CONDITIONS)} if shown else {}


def words(shown: Mapping[str, Any]) -> str:
    """Describe the picture for those who do not see it."""
    parts = []
    for name, row in shown["conditions"].items():
        for kind in row["types"]:
            if kind["n"]:
                parts.append(
                    f"{name}, {kind['label']} (n = {formatting.count(kind['n'])}): {formatting.points(kind['estimate'])}"
                )
    rest = f" {formatting.counted(shown['omitted'], 'more condition')} in the JSON." if shown["omitted"] else ""
    return (
        f"Accuracy under baseline and under the condition, and their difference with unadjusted {formatting.level(0.95)} "
        f"intervals. {'; '.join(parts)}.{rest}"
    )


def draw(shown: Mapping[str, Any]) -> "Figure":
    """Draw one block a condition: accuracies on the left, differences on the right."""
    blocks = shown["conditions"]
    rows = sum(len(row["types"]) for row in blocks.values())
    height = 0.27 * rows + 1.1 * len(blocks)
    figure = new_figure(10.5, height)
    top = height
    for name, row in blocks.items():
        kinds = row["types"]
        inches = 0.27 * len(kinds)
        bottom = (top - 0.45 - inches) / height
        left = figure.add_axes((0.25, bottom, 0.34, inches / height))
        right = figure.add_axes((0.635, bottom, 0.345, inches / height), sharey=left)
        _accuracies(left, kinds)
        _differences(right, kinds)
        left.set_title(f"{shortened(name, 60)} against baseline, n = {formatting.count(row['n'])}")
        top -= inches + 1.1
    return figure


def _accuracies(axes: "Axes", kinds: Sequence[Mapping[str, Any]]) -> None:
    """Accuracy under baseline (grey ring) and under the condition (filled)."""
    for at, kind in enumerate(kinds):
        if not kind["n"]:
            axes.text(50, at, "no such problem", ha="center", va="center", fontsize=7.5, color=SOFT)
            continue
        before = formatting.in_hundredths(kind["baseline_correct"] / kind["n"])
        after = formatting.in_hundredths(kind["treated_correct"] / kind["n"])
        axes.plot([before, after], [at, at], color=BASELINE_COLOUR, linewidth=1.6, zorder=1)
        axes.scatter([before], [at], s=60, facecolor="white", edgecolor=SOFT, linewidth=1.5, zorder=2)
        axes.scatter([after], [at], s=26, color=_TREATED, marker="D", linewidth=0, zorder=3)
    labels = [f"{kind['label']} ({formatting.count(kind['n'])})" for kind in kinds]
    axes.set_yticks(range(len(kinds)), labels, fontsize=8)
    axes.set_ylim(len(kinds) - 0.4, -0.6)
    axes.set_xlim(-2, 102)
    axes.set_xlabel("accuracy in %: ring baseline, diamond with the intervention", fontsize=8)
    quiet(axes)


def _differences(axes: "Axes", kinds: Sequence[Mapping[str, Any]]) -> None:
    """Paired difference with its interval; pale where a group is too small to decide anything."""
    for at, kind in enumerate(kinds):
        if not kind["n"]:
            continue
        low, middle, high = (formatting.in_hundredths(kind[end]) for end in ("low", "estimate", "high"))
        colour = INK if kind["n"] >= _SMALL else BASELINE_COLOUR
        axes.errorbar(
            [middle], [at], xerr=[[middle - low], [high - middle]], fmt="o", markersize=4, color=colour, capsize=2.5
        )
    axes.axvline(0, color=SOFT, linewidth=0.9)
    telling = [kind for kind in kinds if kind["n"] >= _SMALL] or [kind for kind in kinds if kind["n"]]
    ends = [0.0, *(formatting.in_hundredths(kind["estimate"]) for kind in kinds if kind["n"])]
    ends += [formatting.in_hundredths(kind[end]) for kind in telling for end in ("low", "high")]
    room = 0.08 * (max(ends) - min(ends) or 1.0)
    axes.set_xlim(min(ends) - room, max(ends) + room)
    axes.tick_params(labelleft=False)
    small = f"; grey: under {_SMALL} problems" if any(0 < kind["n"] < _SMALL for kind in kinds) else ""
    axes.set_xlabel(f"difference in {formatting.POINTS}, {formatting.level(0.95)} interval{small}", fontsize=8)
    quiet(axes)
