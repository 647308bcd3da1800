"""problem_sensitivity_scatter.png: problems by feature and impact, and the mean impact in bins of the feature."""

import random
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.reporting.figures.style import BASELINE_COLOUR, INK, SOFT, new_figure, quiet, shortened
from ctlab.reporting.html.sensitivity_view import coefficient, feature_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_CONDITIONS = 3
"""Conditions that are drawn; the JSON has all of them."""

_SMALL = 50
"""Problems below which a bin decides nothing and is drawn pale."""

_FEW = 16
"""Values up to which a feature is a count of few things."""

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
    rest = f" {formatting.counted(shown['omitted'], 'more condition')} in the JSON." if shown["omitted"] else ""
    return (
        "Above, one dot a problem, broken, unchanged or fixed; below, mean loss of accuracy by feature with unadjusted "
        f"{formatting.level(0.95)} intervals. {'; '.join(parts)}.{rest}"
    )


def draw(shown: Mapping[str, Any]) -> "Figure":
    """Draw one row a condition, one column a feature."""
    rows = shown["conditions"]
    columns = max(len(row["features"]) for row in rows.values())
    height = _BLOCK * len(rows)
    figure = new_figure(max(5.0, 2.7 * columns + 0.8), height)
    left = 0.95 / figure.get_figwidth()
    for at, (name, row) in enumerate(rows.items()):
        top = _BLOCK * at
        dots, means = (
            figure.add_gridspec(
                1,
                columns,
                left=left,
                right=0.985,
                top=1 - (top + start) / height,
                bottom=1 - (top + end) / height,
                wspace=0.12,
            )
            for start, end in _PANELS
        )
        title = f"{shortened(name, 60)} against baseline, n = {formatting.count(row['n'])}"
        figure.text(left, 1 - (top + 0.3) / height, title, fontsize=10, fontweight="bold")
        low, high = _range(row)
        for column, (feature, cell) in enumerate(row["features"].items()):
            upper, lower = figure.add_subplot(dots[0, column]), figure.add_subplot(means[0, column])
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
                lower.set_ylabel(f"mean loss in {formatting.POINTS}")
    return figure


_BLOCK = 4.25
"""Height of a condition's block, inches."""

_PANELS = ((0.68, 1.62), (2.02, 3.72))
"""Top and bottom of the dots and of the means within a block, inches from its top."""


def _range(row: Mapping[str, Any]) -> tuple[float, float]:
    """One vertical range for all features of a condition; the intervals of tiny bins may run out of it."""
    bins = [each for cell in row["features"].values() for each in cell["bins"]]
    telling = [each for each in bins if each["n"] >= _SMALL] or bins
    ends = [0.0, *(formatting.in_hundredths(each["estimate"]) for each in bins)]
    ends += [formatting.in_hundredths(each[end]) for each in telling for end in ("low", "high")]
    spread = max(ends) - min(ends) or 1.0
    # Room above for the number of problems in each bin.
    return min(ends) - 0.06 * spread, max(ends) + 0.16 * spread


def _dots(axes: "Axes", points: Sequence[tuple[int, float]]) -> None:
    """Scatter problems in three bands, jittered by a fixed seed; features with few values are jittered sideways too."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

    source = random.Random(0)
    values = [value for _, value in points]
    few = len(set(values)) <= _FEW
    for impact, (_, colour) in _IMPACTS.items():
        band = [value for each, value in points if each == impact]
        across = [value + (source.uniform(-0.32, 0.32) if few else 0.0) for value in band]
        up = [impact + source.uniform(-0.34, 0.34) for _ in band]
        axes.scatter(across, up, s=2.2 if len(points) > 400 else 6.0, color=colour, alpha=0.45, linewidths=0)
    if _logarithmic(values):
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: compact(value)))
        axes.xaxis.set_minor_formatter(NullFormatter())
    else:
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.set_yticks(list(_IMPACTS), [word for word, _ in _IMPACTS.values()], fontsize=8)
    axes.set_ylim(-1.5, 1.5)
    axes.tick_params(which="both", length=0)
    axes.tick_params(axis="x", labelsize=7.5)
    axes.spines["left"].set_visible(False)


def _logarithmic(values: Sequence[float]) -> bool:
    positive = [value for value in values if value > 0]
    return len(positive) == len(values) and bool(values) and max(positive) / min(positive) > 50


def _means(axes: "Axes", cell: Mapping[str, Any]) -> None:
    """Mean impact with its interval in each bin, side by side; the bin's range below, its n above."""
    axes.axhline(0, color=SOFT, linewidth=0.8)
    for place, each in enumerate(cell["bins"]):
        middle = formatting.in_hundredths(each["estimate"])
        reach = [[middle - formatting.in_hundredths(each["low"])], [formatting.in_hundredths(each["high"]) - middle]]
        colour = INK if each["n"] >= _SMALL else BASELINE_COLOUR
        axes.errorbar([place], [middle], yerr=reach, fmt="o", markersize=4, color=colour, elinewidth=1.3, capsize=2.5)
        axes.text(
            place,
            0.985,
            formatting.count(each["n"]),
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="top",
            fontsize=6.5,
            color=SOFT,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        )
    labels = [_span(each["from"], each["to"]) for each in cell["bins"]]
    size = 7.5 if max(map(len, labels)) <= 5 else 6.5
    axes.set_xticks(range(len(labels)), labels, fontsize=size)
    axes.set_xlim(-0.6, len(labels) - 0.4)
    quiet(axes, "y")


def _span(start: float, end: float) -> str:
    return compact(start) if start == end else f"{compact(start)}–{compact(end)}"


def compact(value: float) -> str:
    """Write a feature's value shortly: 7, 0.5, 950, 12k, 3.4M."""
    for size, suffix in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e3 if suffix == 'k' else size):.3g}{suffix}"
    return f"{value:,.6g}" if value == int(value) else f"{value:.3g}"


def _coefficients(cell: Mapping[str, Any]) -> str:
    """Both correlations, for a title."""
    pairs = (("r", cell.get("pearson") or {}), (formatting.RHO, cell.get("spearman") or {}))
    found = [
        f"{letter} = {formatting.signed(formatting.decimal(each['estimate'], (), 2))}"
        for letter, each in pairs
        if each.get("estimate") is not None
    ]
    return ", ".join(found) or "no correlation defined"
