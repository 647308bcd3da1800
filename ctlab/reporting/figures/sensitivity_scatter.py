"""problem_sensitivity_scatter.png: problems by feature and impact, and the mean impact in bins of the feature."""

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.claims.decision import SMALLEST_GROUP
from ctlab.reporting.figures.picture import Picture, Table
from ctlab.reporting.figures.style import (
    BASELINE_COLOUR,
    INK,
    LARGE,
    SMALL,
    SOFT,
    TREATED_COLOUR,
    error_bar,
    new_figure,
    quiet,
    shortened,
)
from ctlab.reporting.model.record import Count, Many, Number, Record
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import Bin, FeatureTable, ProblemRow
from ctlab.reporting.prose.correlation_words import coefficient, feature_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_CONDITIONS = 2
"""Conditions that are drawn, so that the picture stays a page high in a column too; the JSON has all of them."""

_FEW = 16
"""Values up to which a feature is a count of few things."""

_IMPACTS = {1: ("broken", TREATED_COLOUR), 0: ("unchanged", BASELINE_COLOUR), -1: ("fixed", "#0072B2")}

_HEAD, _LINE = 0.24, 2.2
"""Inches: the name of a condition, and a line of features below it."""

_PANELS = ((0.17, 0.64), (0.84, 1.74))
"""Top and bottom of the dots and of the means within a line, inches from its top."""

_LEFT, _PANEL = 0.58, 1.35
"""Inches: names of the bands of dots; the narrowest panel of a feature."""


class ProblemPoint(Record):
    """One problem."""

    impact: int | None
    """1 broken, 0 unchanged, −1 fixed; null where it was not answered under the condition."""
    features: Many[Number | None]
    """Its features, in the order of the columns."""


class ConditionScatter(Record):
    """What the picture shows of one condition."""

    n: Count
    """Number of problems."""
    features: dict[str, FeatureTable]
    """Columns: the features that have bins."""
    points: Many[ProblemPoint]
    """One dot a problem."""


class ScatterNumbers(Record):
    """What the picture shows: the summary's bins and coefficients, and each problem's features and impact."""

    conditions: dict[str, ConditionScatter]
    """Blocks below each other."""
    omitted: Count
    """Conditions that are not shown."""


def numbers(report: Report, problems: Sequence[ProblemRow]) -> ScatterNumbers | None:
    """Take what is shown from the summary and the full table."""
    conditions = report.problem_sensitivity.conditions if report.problem_sensitivity else {}
    shown: dict[str, ConditionScatter] = {}
    for name, row in list(conditions.items())[:MOST_CONDITIONS]:
        features = {feature: table for feature, table in row.features.items() if table.bins}
        if features:
            points = tuple(
                ProblemPoint(impact=problem.impact.get(name), features=tuple(map(problem.feature, features)))
                for problem in problems
            )
            shown[name] = ConditionScatter(n=row.n, features=features, points=points)
    omitted = max(0, len(conditions) - MOST_CONDITIONS)
    return ScatterNumbers(conditions=shown, omitted=omitted) if shown else None


def words(shown: ScatterNumbers) -> str:
    """Describe the picture for those who do not see it."""
    strongest = [
        f"under {name}, {feature_words(feature)} (Pearson r {coefficient(table.pearson)})"
        for name, row in shown.conditions.items()
        for feature, table in [max(row.features.items(), key=lambda item: _strength(item[1]))]
    ]
    rest = f" {formatting.counted(shown.omitted, 'more condition')} in the JSON." if shown.omitted else ""
    return (
        "Dots: one a problem, broken, unchanged or fixed. Below: mean loss of accuracy by feature with unadjusted "
        f"{formatting.level(0.95)} intervals, n above; grey: under {SMALLEST_GROUP} problems. What goes with the loss "
        f"most: {'; '.join(strongest)}.{rest}"
    )


def _strength(table: FeatureTable) -> float:
    measured = table.pearson.measured if table.pearson else None
    return abs(measured.estimate) if measured else 0.0


def table(shown: ScatterNumbers) -> Table:
    """One row a mark: every dot (its value is 1 broken, 0 unchanged, −1 fixed), every mean loss, both coefficients.

    A dot stands where its problem's feature is, without the jitter that parts dots in the picture.
    """
    rows: list[tuple[str, str, str, float | None, float | None, int, float, float | None, float | None]] = []
    for name, row in shown.conditions.items():
        for column, (feature, features) in enumerate(row.features.items()):
            rows += [
                ("mean loss", name, feature, group.start, group.end, group.n, group.estimate, group.low, group.high)
                for group in features.bins
            ]
            for mark, correlation in (
                ("Pearson r", features.pearson),
                (f"Spearman {formatting.RHO}", features.spearman),
            ):
                if correlation and (measured := correlation.measured):
                    ends = (measured.estimate, measured.low, measured.high)
                    rows.append((mark, name, feature, None, None, correlation.n, *ends))
            rows += [
                ("problem", name, feature, value, value, 1, float(impact), None, None)
                for impact, value in _known(row.points, column)
            ]
    return Table(heads=("mark", "condition", "feature", "from", "to", "n", "value", "low", "high"), rows=tuple(rows))


def draw(shown: ScatterNumbers, width: float) -> "Figure":
    """Draw a block a condition, in it a column a feature; features that do not fit stand below."""
    across = max(1, int((width - _LEFT) / _PANEL))
    lines = [
        (name, row, at, list(enumerate(row.features.items()))[at : at + across])
        for name, row in shown.conditions.items()
        for at in range(0, len(row.features), across)
    ]
    height = sum(_LINE + (0.0 if at else _HEAD) for _, _, at, _ in lines)
    figure = new_figure(width, height)
    top = 0.0
    for name, row, at, features in lines:
        if not at:
            title = f"{shortened(name, 40)} against baseline, n = {formatting.count(row.n)}"
            figure.text(_LEFT / width, 1 - (top + 0.16) / height, title, fontsize=LARGE, fontweight="bold")
            top += _HEAD
        _line(figure, row, features, top, across)
        top += _LINE
    return figure


def _line(
    figure: "Figure",
    row: ConditionScatter,
    features: Sequence[tuple[int, tuple[str, FeatureTable]]],
    top: float,
    across: int,
) -> None:
    """Dots above and means below, a panel a feature, ``top`` inches from the picture's top."""
    width, height = figure.get_size_inches()
    wide = (width - _LEFT - 0.05) / across
    low, high = _range(row)
    for place, (column, (feature, features_table)) in enumerate(features):
        left, panel = (_LEFT + place * wide) / width, (wide - 0.1) / width
        upper, lower = (
            figure.add_axes((left, 1 - (top + end) / height, panel, (end - start) / height)) for start, end in _PANELS
        )
        _dots(upper, _known(row.points, column))
        upper.set_title(_coefficients(features_table), fontsize=SMALL, fontweight="normal", color=SOFT, pad=2)
        _means(lower, features_table.bins)
        lower.set_ylim(low, high)
        lower.set_xlabel(feature_words(feature), labelpad=2)
        if place:
            upper.tick_params(labelleft=False)
            lower.tick_params(labelleft=False)
        else:
            lower.set_ylabel(f"mean loss in {formatting.POINTS}", labelpad=2)


def _known(points: Sequence[ProblemPoint], column: int) -> list[tuple[int, float]]:
    """Impact and feature of the problems that have both."""
    pairs = [(point.impact, point.features[column]) for point in points]
    return [(impact, value) for impact, value in pairs if impact is not None and value is not None]


def _range(row: ConditionScatter) -> tuple[float, float]:
    """One vertical range for all features of a condition; the intervals of tiny bins may run out of it."""
    bins = [group for table in row.features.values() for group in table.bins]
    telling = [group for group in bins if group.n >= SMALLEST_GROUP] or bins
    ends = [0.0, *(formatting.in_hundredths(group.estimate) for group in bins)]
    ends += [formatting.in_hundredths(end) for group in telling for end in (group.low, group.high)]
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
        band = [value for its_impact, value in points if its_impact == impact]
        across = [value + (source.uniform(-0.32, 0.32) if few else 0.0) for value in band]
        up = [impact + source.uniform(-0.34, 0.34) for _ in band]
        axes.scatter(
            across, up, s=1.0 if len(points) > 400 else 3.0, color=colour, alpha=0.5, linewidths=0, rasterized=True
        )
    if _logarithmic(values):
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: compact(value)))
        axes.xaxis.set_minor_formatter(NullFormatter())
    else:
        axes.xaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    axes.set_yticks(list(_IMPACTS), [word for word, _ in _IMPACTS.values()], fontsize=SMALL)
    axes.set_ylim(-1.5, 1.5)
    axes.tick_params(which="both", length=0)
    axes.tick_params(axis="x", labelsize=SMALL, pad=2)
    axes.spines["left"].set_visible(False)


def _logarithmic(values: Sequence[float]) -> bool:
    positive = [value for value in values if value > 0]
    return len(positive) == len(values) and bool(values) and max(positive) / min(positive) > 50


def _means(axes: "Axes", bins: Sequence[Bin]) -> None:
    """Mean impact with its interval in each bin, side by side; the bin's range below, its n above."""
    axes.axhline(0, color=SOFT, linewidth=0.8)
    for place, group in enumerate(bins):
        middle, low, high = map(formatting.in_hundredths, (group.estimate, group.low, group.high))
        reach = error_bar(middle, low, high)
        colour = INK if group.n >= SMALLEST_GROUP else BASELINE_COLOUR
        axes.errorbar([place], [middle], yerr=reach, fmt="o", markersize=3, color=colour, elinewidth=1.0, capsize=2)
        axes.text(
            place,
            0.985,
            formatting.count(group.n),
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="top",
            fontsize=SMALL,
            color=SOFT,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        )
    labels = [_span(group.start, group.end) for group in bins]
    axes.set_xticks(range(len(labels)), labels, fontsize=SMALL)
    axes.set_xlim(-0.6, len(labels) - 0.4)
    quiet(axes, "y")
    axes.tick_params(pad=2)


def _span(start: float, end: float) -> str:
    return compact(start) if start == end else f"{compact(start)}–\n{compact(end)}"


def compact(value: float) -> str:
    """Write a feature's value shortly: 7, 0.5, 950, 12k, 3.4M."""
    for size, suffix in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e3 if suffix == 'k' else size):.3g}{suffix}"
    return f"{value:,.6g}" if value == int(value) else f"{value:.3g}"


def _coefficients(table: FeatureTable) -> str:
    """Both correlations, for a title."""
    parts = [
        f"{letter} = {formatting.signed(formatting.decimal(measured.estimate, (), 2))}"
        for letter, correlation in (("r", table.pearson), (formatting.RHO, table.spearman))
        if correlation and (measured := correlation.measured)
    ]
    return ", ".join(parts) or "no correlation defined"


PICTURE = Picture(
    file="problem_sensitivity_scatter.png",
    title="Which features go with the loss?",
    numbers=numbers,
    words=words,
    draw=draw,
    table=table,
)
