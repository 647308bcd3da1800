"""problem_sensitivity_scatter.png: problems by feature and impact, and the mean impact in bins of the feature."""

import random
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ctlab.reporting import wording
from ctlab.reporting.figures.style import INK, LINE, SOFT, new_figure, quiet, shortened
from ctlab.reporting.sensitivity_view import coefficient, feature_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_CONDITIONS = 3
"""Conditions that are drawn; the JSON has all of them."""

_IMPACTS = {1: ("broken", "#D55E00"), 0: ("unchanged", "#8a8d94"), -1: ("fixed", "#0072B2")}


def numbers(report: Mapping[str, Any], problems: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the picture shows: the summary's bins and coefficients, and each problem's features and impact."""
    conditions = (report.get("problem_sensitivity") or {}).get("conditions") or {}
    shown: dict[str, Any] = {}
    for name, row in list(conditions.items())[:MOST_CONDITIONS]:
        features = {feature: cell for feature, cell in row["features"].items() if cell.get("bins")}
        if features:
            shown[name] = {
                "n": row["n"],
                "features": features,
                "points": [
                    [problem["impact"].get(name), *(problem.get(feature) for feature in features)]
                    for problem in problems
                ],
            }
    return {"conditions": shown, "omitted": max(0, len(conditions) - MOST_CONDITIONS)} if shown else {}


def words(shown: Mapping[str, Any]) -> str:
    """Describe the picture for those who do not see it."""
    parts = []
    for name, row in shown["conditions"].items():
        for feature, cell in row["features"].items():
            parts.append(f"{name}, {feature_words(feature)}: Pearson r {coefficient(cell.get('pearson'))}")
    rest = f" {wording.counted(shown['omitted'], 'more condition')} in the JSON." if shown["omitted"] else ""
    return (
        "Above, one dot a problem, broken, unchanged or fixed; below, mean loss of accuracy by feature with unadjusted "
        f"{wording.level(0.95)} intervals. {'; '.join(parts)}.{rest}"
    )


def draw(shown: Mapping[str, Any]) -> "Figure":
    """Draw one row a condition, one column a feature."""
    rows = shown["conditions"]
    columns = max(len(row["features"]) for row in rows.values())
    height = 3.85 * len(rows)
    figure = new_figure(max(5.0, 2.7 * columns + 0.8), height)
    for at, (name, row) in enumerate(rows.items()):
        # Inches from the top of the picture to this condition's block.
        top = 3.85 * at
        grid = figure.add_gridspec(
            2,
            columns,
            height_ratios=[1.0, 1.75],
            left=0.95 / figure.get_figwidth(),
            right=0.985,
            top=1 - (top + 0.68) / height,
            bottom=1 - (top + 3.3) / height,
            hspace=0.14,
            wspace=0.12,
        )
        title = f"{shortened(name, 60)} against baseline, n = {wording.count(row['n'])}"
        figure.text(0.95 / figure.get_figwidth(), 1 - (top + 0.3) / height, title, fontsize=10, fontweight="bold")
        low, high = _range(row)
        for column, (feature, cell) in enumerate(row["features"].items()):
            upper = figure.add_subplot(grid[0, column])
            lower = figure.add_subplot(grid[1, column], sharex=upper)
            values = [(point[0], point[column + 1]) for point in row["points"]]
            _dots(upper, [(impact, value) for impact, value in values if impact is not None and value is not None])
            upper.set_title(_coefficients(cell), fontsize=8.5, fontweight="normal", color=SOFT, pad=4)
            _means(lower, cell)
            lower.set_ylim(low, high)
            lower.set_xlabel(feature_words(feature))
            if column:
                upper.tick_params(labelleft=False)
                lower.tick_params(labelleft=False)
            else:
                lower.set_ylabel(f"mean loss in {wording.POINTS}")
    return figure


def _range(row: Mapping[str, Any]) -> tuple[float, float]:
    """One vertical range for all features of a condition."""
    ends = [0.0]
    for cell in row["features"].values():
        for each in cell["bins"]:
            ends += [wording.in_hundredths(each["low"]), wording.in_hundredths(each["high"])]
    spread = max(ends) - min(ends) or 1.0
    # Room above for the number of problems in each bin.
    return min(ends) - 0.06 * spread, max(ends) + 0.14 * spread


def _dots(axes: "Axes", points: Sequence[tuple[int, float]]) -> None:
    """Scatter problems in three bands, jittered by a fixed seed; whole numbers are jittered sideways too."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

    source = random.Random(0)
    values = [value for _, value in points]
    logarithmic = _logarithmic(values)
    few = len(set(values)) <= 12
    for impact, (_, colour) in _IMPACTS.items():
        band = [value for each, value in points if each == impact]
        across = [value + (source.uniform(-0.32, 0.32) if few else 0.0) for value in band]
        axes.scatter(
            across, [impact + source.uniform(-0.34, 0.34) for _ in band], s=2.2, color=colour, alpha=0.45, linewidths=0
        )
    if logarithmic:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
        axes.xaxis.set_minor_formatter(NullFormatter())
    elif few:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    axes.set_yticks(list(_IMPACTS), [word for word, _ in _IMPACTS.values()], fontsize=8)
    axes.set_ylim(-1.5, 1.5)
    axes.tick_params(which="both", length=0, labelbottom=False)
    axes.spines["left"].set_visible(False)


def _logarithmic(values: Sequence[float]) -> bool:
    positive = [value for value in values if value > 0]
    return len(positive) == len(values) and bool(values) and max(positive) / min(positive) > 50


def _means(axes: "Axes", cell: Mapping[str, Any]) -> None:
    """Mean impact with its interval in each bin, the bin's n above the axis."""
    bins = cell["bins"]
    centres = [each["centre"] for each in bins]
    means = [wording.in_hundredths(each["estimate"]) for each in bins]
    below = [wording.in_hundredths(each["estimate"] - each["low"]) for each in bins]
    above = [wording.in_hundredths(each["high"] - each["estimate"]) for each in bins]
    axes.axhline(0, color=SOFT, linewidth=0.8)
    axes.plot(centres, means, color=LINE, linewidth=1)
    axes.errorbar(centres, means, yerr=[below, above], fmt="o", markersize=4, color=INK, elinewidth=1.3, capsize=2.5)
    for each, centre in zip(bins, centres, strict=True):
        axes.text(
            centre,
            0.985,
            wording.count(each["n"]),
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="top",
            fontsize=6.5,
            color=SOFT,
        )
    quiet(axes, "y")


def _coefficients(cell: Mapping[str, Any]) -> str:
    """Both correlations, for a title."""
    pairs = (("r", cell.get("pearson") or {}), (wording.RHO, cell.get("spearman") or {}))
    found = [
        f"{letter} = {wording.signed(wording.decimal(each['estimate'], (), 2))}"
        for letter, each in pairs
        if each.get("estimate") is not None
    ]
    return ", ".join(found) or "no correlation defined"
