"""Dose and response: how often an outcome is had as more of an edge's weight is taken away."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.errors import InputError
from ctlab.interventions import Condition
from ctlab.outcomes import Run
from ctlab.plot.given_axes import PLAIN_TEXT, SMALL_TEXT, axes_or_new, titled
from ctlab.reporting.figures.style import TREATED_COLOUR, error_bar, quiet, shortened
from ctlab.statistics.wilson import wilson

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROOM = 0.2
"""Share of the axis that a condition's name takes, at 20 letters."""


def dose(
    runs: Mapping[str, Run],
    ax: "Axes | None" = None,
    *,
    doses: Mapping[str, float] | None = None,
    outcome: str = "CORRECT",
    title: str = "",
    xlabel: str = "",
) -> "Axes":
    """Draw an outcome's rate against a dose, with a 95 % Wilson interval each.

    Parameters
    ----------
    runs : mapping of str to Run
        Runs by condition, such as ``lab.run("baseline", "ct0_keep_050", "ct0_blocked")`` returns.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure where it is not given.
    doses : mapping of str to float, optional
        Dose of each condition; where it is not given the share of the attention weight that is removed, 1 − ``keep``.
    outcome : str
        The outcome, one of ctlab's or of your own.
    title, xlabel : str
        Title, and what the dose is.

    Returns
    -------
    matplotlib.axes.Axes
        The axes: dose to the right, rate in percent upwards.
    """
    if not isinstance(runs, Mapping) or not runs or not all(isinstance(run, Run) for run in runs.values()):
        raise InputError(
            'doses are drawn of several runs by name, such as lab.run("baseline", "ct0_blocked") returns, not of '
            f"{type(runs).__name__}"
        )
    if doses is not None and (missing := [name for name in runs if name not in doses]):
        raise InputError(f"doses say nothing of {missing[0]!r}; give one for each run")
    removed = {name: _removed(run.condition) if doses is None else float(doses[name]) for name, run in runs.items()}
    axes = axes_or_new(ax, 5.5, 4.0)
    points = sorted((removed[name], name, sum(run.has(outcome)), len(run.ids)) for name, run in runs.items())
    places = [place for place, *_ in points]
    rates = [formatting.in_hundredths(had / n) for *_, had, n in points]
    axes.plot(places, rates, color=TREATED_COLOUR, linewidth=1.2)
    for place, name, had, n in points:
        rate, low, high = map(formatting.in_hundredths, (had / n, *wilson(had, n)))
        axes.errorbar([place], [rate], yerr=error_bar(rate, low, high), fmt="o", color=TREATED_COLOUR, capsize=3)
        if place in _apart(places):
            text, at = shortened(name, 20), (place, high)
            axes.annotate(text, at, (0, 4), textcoords="offset points", ha="center", fontsize=SMALL_TEXT)
    axes.set_xlabel(xlabel or "share of the attention weight removed", fontsize=PLAIN_TEXT)
    axes.set_ylabel(f"{formatting.outcome(outcome)}, %, with 95 % interval", fontsize=PLAIN_TEXT)
    axes.tick_params(labelsize=SMALL_TEXT)
    axes.margins(x=0.12, y=0.15)
    quiet(axes, "y")
    sizes = sorted({n for *_, n in points})
    titled(axes, f"{title or 'Dose and response'}\nn = {' to '.join(map(formatting.count, sizes))}")
    return axes


def _apart(places: Sequence[float]) -> list[float]:
    """Return the places whose names have room beside each other: both ends, and what is far enough from those named."""
    named, room = [places[-1]], _ROOM * (places[-1] - places[0])
    for place in places:
        if all(abs(place - other) >= room for other in named):
            named.append(place)
    return named


def _removed(condition: Condition) -> float:
    """Return the share of the weight that a condition removes from every edge that it weakens."""
    keeps: set[Any] = {edges.keep for edges in condition.on_edges}
    other = condition.patches or condition.num_thoughts is not None or condition.model
    if other or len(keeps) > 1:
        raise InputError(
            f"the condition {condition.name} weakens no edges by one factor, so that its dose is not known; "
            "give doses={name: number}"
        )
    return 1.0 - float(keeps.pop()) if keeps else 0.0
