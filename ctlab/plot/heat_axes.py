"""A table of rates or differences as a heat map: a sweep over thoughts and readers, or where attention goes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.errors import InputError
from ctlab.plot.given_axes import PLAIN_TEXT, SMALL_TEXT, axes_or_new, titled
from ctlab.records import Measurement
from ctlab.reporting.figures.heat_map import HeatMap, heat, reach_of
from ctlab.reporting.figures.style import shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_CELL, _AROUND = (0.68, 0.42), (2.2, 1.3)  # inches: a cell; names beside and the colours' scale, title and names below
_SHORT = 7  # letters that fit below a cell


def heat_map(
    what: Any,
    ax: "Axes | None" = None,
    *,
    title: str = "",
    difference: bool | None = None,
    n: int | None = None,
    xlabel: str = "",
    ylabel: str = "",
) -> "Axes":
    """Draw a table of proportions, in points where they are differences and in percent where they are not.

    Parameters
    ----------
    what : pandas.DataFrame, mapping of mappings, or Measurement
        Rows by their names, in each the columns by theirs; proportions, and None or NaN where there is nothing. Of a
        measurement where attention goes: readers in rows, what they read in columns, mean over layers and heads.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure where it is not given.
    title : str
        Title.
    difference : bool, optional
        Whether the numbers are differences, whose colours part at 0; where any is negative if it is not given.
    n : int, optional
        Problems behind every cell, said below the title.
    xlabel, ylabel : str
        What columns and rows are; as a DataFrame names them if it is not given.

    Returns
    -------
    matplotlib.axes.Axes
        The axes, with a scale of the colours beside it.
    """
    if isinstance(what, Measurement):
        n, title = n or len(what.problem_ids), title or f"{what.condition}: where attention goes"
        xlabel, ylabel, what = xlabel or "what is read", ylabel or "reader", _attention(what)
        zeros = False  # where nothing is read is most of it
    else:
        xlabel, ylabel, zeros = xlabel or _axis(what, "columns"), ylabel or _axis(what, "index"), True
    rows, columns, values = _table(what)
    numbers = [value for row in values for value in row if value is not None]
    if not numbers:
        raise InputError("the table holds no number; a heat map shows proportions")
    parted = min(numbers) < 0 if difference is None else difference
    cells = [["absent" if value is None else "described" for value in row] for row in values]
    reach = reach_of([(values, cells)]) if parted else formatting.in_hundredths(max([0.001, *numbers]))  # type: ignore[list-item]
    axes = axes_or_new(ax, _CELL[0] * len(columns) + _AROUND[0], _CELL[1] * len(rows) + _AROUND[1])
    shown = HeatMap("minus_baseline" if parted else "mass", values, cells, reach)  # type: ignore[arg-type]
    image = heat(axes, shown, zeros=zeros, size=SMALL_TEXT)
    axes.set_xticks(range(len(columns)), [shortened(name, 16) for name in columns], fontsize=SMALL_TEXT)
    if max(map(len, columns)) > _SHORT:
        axes.tick_params(axis="x", rotation=35)
        for label in axes.get_xticklabels():
            label.set_horizontalalignment("right")
    axes.set_yticks(range(len(rows)), [shortened(name, 20) for name in rows], fontsize=SMALL_TEXT)
    axes.set_xlabel(xlabel, fontsize=PLAIN_TEXT)
    axes.set_ylabel(ylabel, fontsize=PLAIN_TEXT)
    if axes.figure is not None:
        bar = axes.figure.colorbar(image, ax=axes, pad=0.02)
        bar.set_label(formatting.POINTS if parted else "%", fontsize=SMALL_TEXT)
        bar.ax.tick_params(labelsize=SMALL_TEXT)
    size = f"n = {formatting.count(n)}" if n else ""
    titled(axes, "\n".join(filter(None, [title, size])))
    return axes


def _attention(measured: Measurement) -> Mapping[str, Mapping[str, float]]:
    """Mean attention mass of each reader, over layers and heads: (readers, layers, heads, segments) in."""
    means = measured.head_mass.mean(axis=(1, 2)).tolist()
    return {
        reader: dict(zip(measured.segments, row, strict=True))
        for reader, row in zip(measured.readers, means, strict=True)
    }


def _table(what: Any) -> tuple[list[str], list[str], list[list[float | None]]]:
    """Read a table: names of rows and columns, and numbers or None."""
    if hasattr(what, "iterrows"):
        what = {label: dict(row) for label, row in what.iterrows()}
    if not isinstance(what, Mapping) or not all(isinstance(row, Mapping) for row in what.values()):
        raise InputError(
            "a heat map is drawn of a pandas.DataFrame (such as pivot_table returns), of {row: {column: number}} or of "
            f"a Measurement, not of {type(what).__name__}"
        )
    columns = list(dict.fromkeys(name for row in what.values() for name in row))
    values = [[_number(row.get(name), name) for name in columns] for row in what.values()]
    return [_name(row) for row in what], [_name(name) for name in columns], values


def _axis(what: Any, side: str) -> str:
    """What a DataFrame calls its columns or its index; empty where it has no name for it."""
    name = getattr(getattr(what, side, None), "name", None)
    return name if isinstance(name, str) else ""


def _name(given: object) -> str:
    if isinstance(given, float) and given.is_integer():
        return str(int(given))  # pandas writes 2 as 2.0 where one is missing
    return " ".join(map(str, given)) if isinstance(given, tuple) else str(given)


def _number(value: Any, name: object) -> float | None:
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InputError(f"column {name!r} holds {value!r}, which is no number; a heat map shows proportions") from None
    return None if number != number else number
