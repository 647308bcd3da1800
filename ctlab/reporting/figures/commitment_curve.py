"""commitment_curve.png: right answers, and answers that are the final one, by the number of thoughts that were fed."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.claims.decision import SMALLEST_GROUP
from ctlab.reporting.figures.picture import Picture, Table
from ctlab.reporting.figures.style import (
    INK,
    LARGE,
    Stroke,
    condition_strokes,
    error_bar,
    key_on_top,
    new_figure,
    quiet,
)
from ctlab.reporting.model.commitment_table import CommitmentStratum
from ctlab.reporting.model.record import BASELINE, Count, Many, Record
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import ProblemRow
from ctlab.statistics.wilson import wilson

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

MOST_STRATA = 6
"""Strata that are drawn beside all problems: as many as there are colours."""
_WIDE = 5.0  # inches: from here on the panels stand side by side
_PANEL, _ABOVE, _BELOW, _LEFT, _GAP, _EDGE = 1.75, 0.24, 0.36, 0.42, 0.2, 0.08  # inches
_LINE = 0.135  # inches: a line of the key
_APART = 0.06  # thoughts: points of different strata stand beside each other, or their intervals hide one another
_ENTRY = 1.35  # inches: an entry of the key
_OF = {"n_operations": ("operation", "operations"), "n_hops": ("hop", "hops")}
_ALL = "all problems"
_PANELS = {"right": "right answers", "same": "answers that are the final one"}


class CurveNumbers(Record):
    """What the picture shows."""

    feature: str
    """What tells strata apart; empty where there is one."""
    strata: Many[CommitmentStratum]
    """All problems first."""
    omitted: Count
    """Strata that are not drawn: too small, or too many."""


def numbers(report: Report, problems: Sequence[ProblemRow]) -> CurveNumbers | None:
    """Take what is shown from the report; None where no answers were given early."""
    if report.commitment is None:
        return None
    every, *single = report.commitment.strata
    drawn = [stratum for stratum in single if stratum.n >= SMALLEST_GROUP][:MOST_STRATA]
    feature = report.commitment.feature if drawn else ""
    return CurveNumbers(feature=feature, strata=(every, *drawn), omitted=len(single) - len(drawn))


def words(shown: CurveNumbers) -> str:
    """Describe the picture: how to read it, and what there is to see."""
    every = shown.strata[0]
    told = [
        f"{formatting.counted(point.fed, 'thought')} {formatting.percent(point.right / every.n)} right and "
        f"{formatting.percent(point.same / every.n)} final"
        for point in every.points[:-1]
    ]
    final = every.points[-1]
    rest = (
        f" {formatting.counted(shown.omitted, 'stratum', 'strata')} of fewer than {SMALLEST_GROUP} problems, or "
        f"beyond the first {MOST_STRATA}, not drawn."
        if shown.omitted
        else ""
    )
    return (
        f"Answers after 0 to {final.fed} thoughts, with 95 % Wilson intervals; final is the answer after all of them, "
        f"right or wrong. Of all {formatting.count(every.n)} problems, after {'; after '.join(told)}; "
        f"{formatting.percent(final.right / every.n)} right after all {final.fed}.{rest}"
    )


def table(shown: CurveNumbers) -> Table:
    """One row a stratum, panel and number of thoughts; rates are proportions."""
    rows = []
    for name, stratum in zip(_names(shown), shown.strata, strict=True):
        for measured in _PANELS:
            for fed, rate, low, high in _rates(stratum, measured):
                rows.append((name, stratum.n, measured, fed, rate, low, high))
    return Table(heads=("problems", "n", "answers", "thoughts", "rate", "low", "high"), rows=tuple(rows))


def draw(shown: CurveNumbers, width: float) -> "Figure":
    """Draw two panels, beside or below each other; one line a stratum. All measures are inches."""
    beside = width >= _WIDE
    names = _names(shown)
    columns = max(1, int(width / _ENTRY))
    key = 0.06 + _LINE * -(-len(names) // columns)
    rows = 1 if beside else len(_PANELS)
    height = key + rows * (_ABOVE + _PANEL + _BELOW)
    figure = new_figure(width, height)
    wide = (width - (2 if beside else 1) * _LEFT - (_GAP if beside else 0) - _EDGE) / (2 if beside else 1)
    strokes = dict(zip(names, condition_strokes([BASELINE, *names[1:]]).values(), strict=True))
    for place, (measured, title) in enumerate(_PANELS.items()):
        left = _LEFT + (place * (wide + _LEFT + _GAP) if beside else 0)
        bottom = height - key - (1 if beside else place + 1) * (_ABOVE + _PANEL + _BELOW) + _BELOW
        axes = figure.add_axes((left / width, bottom / height, wide / width, _PANEL / height))
        _panel(axes, shown, measured, strokes)
        axes.set_title(title, fontsize=LARGE, pad=4)
    key_on_top(figure, columns, handlelength=2.4, handles=_key(shown, strokes))
    return figure


def _panel(axes: "Axes", shown: CurveNumbers, measured: str, strokes: Mapping[str, Stroke]) -> None:
    middle = (len(shown.strata) - 1) / 2
    for place, ((name, stroke), stratum) in enumerate(zip(strokes.items(), shown.strata, strict=True)):
        for fed, rate, low, high in (drawn := _rates(stratum, measured)):
            at, ends = fed + (place - middle) * _APART, [*map(formatting.in_hundredths, (rate, low, high))]
            axes.errorbar([at], ends[:1], yerr=error_bar(*ends), color=stroke["color"], elinewidth=0.8, capsize=1.2)
        axes.plot(
            [fed + (place - middle) * _APART for fed, *_ in drawn],
            [formatting.in_hundredths(rate) for _, rate, *_ in drawn],
            color=stroke["color"],
            marker=stroke["marker"],
            linestyle=stroke["linestyle"],
            linewidth=1.6 if name == _ALL else 0.9,
            markersize=2.8,
        )
    ticks = [point.fed for point in shown.strata[0].points]
    axes.set_xticks(ticks)
    axes.set_xlim(ticks[0] - 0.4, ticks[-1] + 0.4)
    axes.set_ylim(-3, 103)
    axes.set_xlabel("thoughts before the answer")
    axes.set_ylabel("% of problems")
    axes.tick_params(axis="x", labelcolor=INK)
    quiet(axes, grid_along="y")


def _key(shown: CurveNumbers, strokes: Mapping[str, Stroke]) -> list["Line2D"]:
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], **stroke, markersize=2.8, linewidth=1.6 if name == _ALL else 0.9, label=f"{name}, n = {n}")
        for (name, stroke), n in zip(
            strokes.items(), (formatting.count(stratum.n) for stratum in shown.strata), strict=True
        )
    ]


def _names(shown: CurveNumbers) -> list[str]:
    """What each line is called."""
    one, many = _OF.get(shown.feature, (shown.feature, shown.feature))
    return [_ALL, *(f"{stratum.value} {one if stratum.value == 1 else many}" for stratum in shown.strata[1:])]


def _rates(stratum: CommitmentStratum, measured: str) -> list[tuple[int, float, float, float]]:
    """Thoughts, rate and its 95 % interval of each point; the final answer is itself, and no finding."""
    counts = [(point.fed, getattr(point, measured)) for point in stratum.points]
    counts = counts[:-1] if measured == "same" else counts
    return [(fed, count / stratum.n, *wilson(count, stratum.n)) for fed, count in counts]


PICTURE = Picture(
    file="commitment_curve.png",
    title="After how many thoughts is the answer decided?",
    numbers=numbers,
    words=words,
    draw=draw,
    table=table,
)
