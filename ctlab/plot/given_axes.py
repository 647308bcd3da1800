"""Axes to draw into: those that were handed over, or those of a new figure in the look of the report's pictures."""

from typing import TYPE_CHECKING, Any

from ctlab.errors import InputError
from ctlab.reporting.figures.style import LARGE, PLAIN, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LARGER = 1.5
"""Letters of a notebook against those in print: at 100 dots an inch, 6 points are 8 pixels, and 9 are 12."""
SMALL_TEXT, PLAIN_TEXT, TITLE_TEXT = SMALL * LARGER, PLAIN * LARGER, LARGE * LARGER
"""Points of text: numbers in cells, what stands at axes, titles."""


def axes_or_new(ax: Any, width: float, height: float) -> "Axes":
    """Return the axes that were handed over, or those of a new figure of a size in inches.

    A new figure is one of pyplot's, so that a notebook shows it.
    """
    if ax is None:
        from matplotlib import pyplot

        # Not in an rc_context: leaving it would switch a notebook's interactive mode off, and later figures with it.
        _, made = pyplot.subplots(figsize=(width, height), layout="constrained")
        for side in ("top", "right"):
            made.spines[side].set_visible(False)
        return made
    if not hasattr(ax, "errorbar"):
        raise InputError(
            f"ax is matplotlib's axes, such as figure, ax = pyplot.subplots() returns, not {type(ax).__name__}"
        )
    drawn_into: Axes = ax
    return drawn_into


def titled(axes: "Axes", title: str) -> None:
    """Write the title; what a model or a file wrote is text, and no formula."""
    axes.set_title(title, fontsize=TITLE_TEXT, loc="left", fontweight="bold", parse_math=False)
