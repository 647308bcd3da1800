"""How every picture looks: one palette that colour-blind readers can tell apart, one font, one way to save.

matplotlib is imported inside functions: a warm run whose pictures are up to date never imports it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from ctlab.reporting.model.record import BASELINE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

DPI = 180
"""Of a picture on the page; a text-width one is then 1,240 pixels wide."""
PAPER_DPI = 300
"""Of a picture in a paper, as journals ask for pictures with lines and text."""
COLUMN_WIDTH, TEXT_WIDTH = 8.5 / 2.54, 17.5 / 2.54
"""Inches: one column of a journal page (8.5 cm) and both of them (17.5 cm)."""
INK = "#22242a"
SOFT = "#666a73"
LINE = "#d5d3cc"
BASELINE_COLOUR = "#8a8d94"
TREATED_COLOUR = "#D55E00"  # the vermilion of the palette below
# Okabe and Ito's palette without its black (ink) and its yellow (too pale for thin marks on white).
_CONDITION_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_HATCHES = ("////", "....", "xxxx", "", "----", "++++", "oo")
"""Patterns beside the colours, so that a grey print tells bars apart; seven, so that they part from the six colours."""
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
_DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (5, 1, 1, 1)), (0, (3, 1)), (0, (3, 1, 1, 1, 1, 1)))
SMALL, PLAIN, LARGE = 6.0, 6.5, 7.5
"""Points of text: the least that a column of a journal allows, what stands at axes, titles of panels."""
# Paul Tol's muted palette, greys for what is no error and for what is unexplained. It has nine colours: labels of two
# answer kinds, which no picture shows together, may share one.
OUTCOME_COLOURS = {
    "CORRECT": "#e9e7e1",
    "NONE": "#332288",
    "NONSENSE": "#AA4499",
    "FORM_BROKEN": "#999933",
    "HEDGED": "#DDCC77",
    "NEGATED": "#CC6677",
    "WRONG_OPTION": "#117733",
    "CALC_ERROR": "#CC6677",
    "SIGN_ERROR": "#117733",
    "PARTIAL_ANSWER": "#88CCEE",
    "OPERATION_REVERSAL": "#882255",
    "OFF_BY_FACTOR": "#DDCC77",
    "LOGIC_ERROR": "#44AA99",
    "OTHER_ENTITY_NAMED": "#88CCEE",
    "OTHER_ENTITY_NOT_NAMED": "#882255",
    "WRONG_ORDER": "#117733",
    "MISSING_ITEM": "#88CCEE",
    "EXTRA_ITEM": "#DDCC77",
    "WRONG_ITEM": "#CC6677",
    "UNEXPLAINED": "#9a9ca3",
}


class Fill(TypedDict):
    """How the marks of one condition are filled, in matplotlib's words."""

    facecolor: str
    """Colour of the fill."""
    hatch: str
    """Pattern on it; empty for none."""
    edgecolor: str
    """Colour of the pattern."""


_OUTCOME_HATCHES = ("////", "....", "xxxx", "\\\\\\\\", "", "----", "++++", "oo")


def outcome_fills(labels: Sequence[str]) -> dict[str, Fill]:
    """Fill of each label: what is right is pale and plain, each other one has a colour and a pattern of its own."""
    others = [label for label in labels if label != "CORRECT"]
    return {
        label: {
            "facecolor": OUTCOME_COLOURS.get(label, SOFT),
            "hatch": "" if label == "CORRECT" else _OUTCOME_HATCHES[others.index(label) % len(_OUTCOME_HATCHES)],
            "edgecolor": "white",
        }
        for label in labels
    }


# Any: matplotlib types every setting by its own name.
SETTINGS: Any = {
    "font.family": "DejaVu Sans",
    "font.size": PLAIN,
    "axes.titlesize": LARGE,
    "axes.labelsize": PLAIN,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "legend.fontsize": SMALL,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": SOFT,
    "ytick.color": INK,
    "axes.linewidth": 0.6,
    "hatch.linewidth": 0.5,
    "pdf.fonttype": 42,  # whole TrueType fonts: journals refuse Type 3
    "text.color": INK,
    "text.parse_math": False,
    "svg.hashsalt": "ctlab",
}


def condition_styles(names: Sequence[str]) -> dict[str, Fill]:
    """Fill of each condition: baseline grey, then the palette, then the palette again with hatches."""
    treated = [name for name in names if name != BASELINE]
    return {name: _fill(None if name == BASELINE else treated.index(name)) for name in names}


def _fill(place: int | None) -> Fill:
    if place is None:
        return {"facecolor": BASELINE_COLOUR, "hatch": "", "edgecolor": "white"}
    return {
        "facecolor": _CONDITION_COLOURS[place % len(_CONDITION_COLOURS)],
        "hatch": _HATCHES[place % len(_HATCHES)],
        "edgecolor": "white",
    }


class Stroke(TypedDict):
    """How the line and the points of one condition look, in matplotlib's words."""

    color: str
    """Colour of both."""
    marker: str
    """Shape of a point."""
    linestyle: Any
    """Dashes of the line."""


def condition_strokes(names: Sequence[str]) -> dict[str, Stroke]:
    """Line of each condition: colour, marker and dashes, any of which tells it from its neighbours."""
    fills = condition_styles(names)
    return {
        name: {
            "color": fills[name]["facecolor"],
            "marker": _MARKERS[place % len(_MARKERS)],
            "linestyle": _DASHES[place % len(_DASHES)],
        }
        for place, name in enumerate(names)
    }


def shortened(name: str, longest: int = 30) -> str:
    """Cut a long name in its middle, where names differ least."""
    if len(name) <= longest:
        return name
    head = (longest - 1) * 2 // 3
    return f"{name[:head]}…{name[head + 1 - longest :]}"


def new_figure(width: float, height: float) -> "Figure":
    """Make an empty figure with its own Agg canvas, sizes in inches."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def hatched(x: int, y: int) -> "Rectangle":
    """Hatch one cell of a heat map: an edge that was removed."""
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, hatch="/////", edgecolor=SOFT, linewidth=0)


def key_on_top(figure: "Figure", columns: int, *, handlelength: float, **more: Any) -> None:
    """Write a figure's key into its upper left corner, in columns; ``more`` is what matplotlib's legend takes."""
    figure.legend(
        loc="upper left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=columns,
        frameon=False,
        fontsize=SMALL,
        borderpad=0.2,
        handlelength=handlelength,
        columnspacing=1.0,
        labelspacing=0.25,
        **more,
    )


def error_bar(middle: float, low: float, high: float) -> list[list[float]]:
    """Lengths of an error bar as matplotlib takes them; an end on the wrong side by a rounding has none."""
    return [[max(0.0, middle - low)], [max(0.0, high - middle)]]


def quiet(axes: "Axes", grid_along: str = "x") -> None:
    """Put a pale grid behind the marks and drop the tick marks of categories."""
    axes.grid(axis="x" if grid_along == "x" else "y", color=LINE, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
