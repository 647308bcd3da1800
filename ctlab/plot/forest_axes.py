"""Effects below each other on one scale: estimates, the intervals that decide, where the null hypotheses end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.errors import InputError
from ctlab.judging import ResultsJudgement
from ctlab.plot.given_axes import PLAIN_TEXT, SMALL_TEXT, axes_or_new, titled
from ctlab.records import Effect, Judgement
from ctlab.reporting.figures.style import INK, SOFT, TREATED_COLOUR, error_bar, quiet, shortened
from ctlab.showing.scale import boundaries, no_effect

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW, _AROUND, _WIDTH = 0.55, 1.1, 7.0  # inches: a row, title and axis, the figure
_COLUMNS = ("estimate", "low", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One effect."""

    label: str
    """What it is of."""
    effect: Effect
    """What was measured."""


def forest(what: Any, ax: "Axes | None" = None, *, title: str = "") -> "Axes":
    """Draw effects as a forest plot.

    Parameters
    ----------
    what : Judgement, Effect, ResultsJudgement, or several of them
        One, a list, a table by label, or a `pandas.DataFrame` with the columns estimate, low, high (proportions), its
        index as labels, and perhaps n and level. All in one unit.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure where it is not given.
    title : str
        Title; what is shown and how many there are where it is empty.

    Returns
    -------
    matplotlib.axes.Axes
        The axes, one row an effect, the first at the top.

    Raises
    ------
    InputError
        For what has no effect, and for effects in several units.
    """
    rows = list(_rows(what))
    if not rows:
        raise InputError("there is nothing to draw; hand over a judgement, an effect, or several of them")
    units = {row.effect.unit for row in rows}
    if len(units) > 1:
        raise InputError(f"effects in {formatting.listed(sorted(units))} have no scale in common; draw each unit alone")
    unit = units.pop()
    axes = axes_or_new(ax, _WIDTH, _AROUND + _ROW * len(rows))
    for place, row in enumerate(rows):
        _draw(axes, place, row.effect, unit)
    axes.axvline(formatting.on_axis(no_effect(unit), unit), color=SOFT, linewidth=0.9, zorder=0)
    names = [f"{shortened(row.label, 38)}\nn = {formatting.count(row.effect.n)}" for row in rows]
    axes.set_yticks(range(len(rows)), names, fontsize=PLAIN_TEXT)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlabel(f"{formatting.axis_title(unit)}, {_levels(rows)}", fontsize=PLAIN_TEXT)
    axes.tick_params(axis="x", labelsize=SMALL_TEXT)
    quiet(axes)
    titled(axes, title or formatting.counted(len(rows), "effect"))
    return axes


def _draw(axes: "Axes", place: int, effect: Effect, unit: str) -> None:
    """Draw one row: where its null hypothesis ends, its interval, its estimate, and both in digits above."""
    edges = boundaries(effect)
    for edge in edges:
        if edge != no_effect(unit):
            at = formatting.on_axis(edge, unit)
            axes.plot([at, at], [place - 0.3, place + 0.3], color=TREATED_COLOUR, linewidth=1.2, linestyle=(0, (3, 2)))
    if not effect.estimated:
        zero = formatting.on_axis(no_effect(unit), unit)
        axes.text(zero, place, formatting.NO_ESTIMATE, ha="center", va="center", fontsize=SMALL_TEXT, color=INK)
        return
    at, low, high = (formatting.on_axis(value, unit) for value in (effect.estimate, effect.low, effect.high))
    axes.errorbar([at], [place], xerr=error_bar(at, low, high), fmt="o", color=INK, markersize=5, capsize=4)
    ends = formatting.interval(effect.low, effect.high, unit, edges, unit_shown=False)
    digits = f"{formatting.quantity(effect.estimate, unit, edges, with_unit=False)} ({ends})"
    axes.text(at, place - 0.2, digits, ha="center", va="bottom", fontsize=SMALL_TEXT, color=INK, parse_math=False)


def _levels(rows: list[Row]) -> str:
    levels = sorted({row.effect.level for row in rows})
    said = formatting.listed([formatting.level(level) for level in levels])
    return f"{said} interval" + ("s, as each is judged" if len(levels) > 1 else "")


def _rows(what: Any) -> Iterable[Row]:
    """Read what was handed over as rows."""
    if isinstance(what, Mapping):
        return [Row(label=str(label), effect=_effect(value)) for label, value in what.items()]
    if hasattr(what, "iterrows"):
        return _of_frame(what)
    if isinstance(what, Effect | Judgement | ResultsJudgement) or not isinstance(what, Iterable):
        what = [what]
    return [Row(label=_label(each), effect=_effect(each)) for each in what]


def _effect(given: Any) -> Effect:
    if isinstance(given, Effect):
        return given
    if isinstance(given, Judgement | ResultsJudgement):
        return given.effect
    raise InputError(
        f"an effect is an Effect, a Judgement or what ctlab.judge_results returns, and not {type(given).__name__}"
    )


def _label(given: Any) -> str:
    if isinstance(given, Judgement):
        return f"{formatting.VERDICT_MARKS[given.verdict]} {given.claim_id}"
    if isinstance(given, ResultsJudgement):
        first, second = given.files
        return f"{second.letter} − {first.letter}"
    return "effect"


def _of_frame(table: Any) -> list[Row]:
    """Read a table of pandas; its intervals are of the level that it says, 95 % where it says none."""
    if missing := [name for name in _COLUMNS if name not in table.columns]:
        raise InputError(f"the table has no column {missing[0]!r}; effects have {', '.join(_COLUMNS)}")
    return [
        Row(
            label=str(label),
            effect=Effect(
                estimate=float(row["estimate"]),
                low=float(row["low"]),
                high=float(row["high"]),
                level=float(row.get("level", 0.95)),
                p_value=1.0,  # nobody reads it: a row of a table was tested elsewhere
                n=int(row.get("n", 0)),
                method="as given",
                alternative="two-sided",
                null="",
            ),
        )
        for label, row in table.iterrows()
    ]
