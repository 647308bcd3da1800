"""An effect as a line on an axis: where its intervals lie relative to zero, to a margin, to the null hypothesis.

Only geometry: positions are percentages of the drawing's width, so that the page can draw it at any width with text at
its own size.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ctlab import formatting


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A shared horizontal scale."""

    low: float
    """Left end, in the unit that the axis shows."""
    high: float
    """Right end."""
    ticks: tuple[tuple[float, str], ...]
    """Position in percent of the width, and label."""
    title: str
    """What the axis shows, with its unit."""

    def place(self, value: float) -> float:
        """Position of a value in percent of the width, kept inside the drawing."""
        share = (value - self.low) / (self.high - self.low)
        return round(formatting.in_hundredths(min(1.0, max(0.0, share))), 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """One effect on an axis; all positions in percent of the width."""

    axis: Axis
    """The scale that the positions refer to."""
    estimate: float
    """The point estimate."""
    deciding: tuple[float, float]
    """The interval that decides (drawn thick)."""
    unadjusted: tuple[float, float] | None
    """The unadjusted 95 % interval (drawn thin), where there is one."""
    zero: float | None
    """Where "no effect" is, when it is on the axis."""
    boundaries: tuple[float, ...]
    """Where the null hypothesis ends: one margin, or both ends of an equivalence range."""
    claimed: tuple[float, float] | None
    """The side or range that the claim speaks of (shaded)."""
    words: str
    """The same as a sentence."""


def axis(values: Iterable[float], unit: str) -> Axis:
    """Fit an axis around values (in the effect's unit) with about five round ticks; zero is always on it."""
    shown = [formatting.on_axis(value, unit) for value in values]
    # A ratio has no effect at 1, a probability (AUC) at .5; differences at 0.
    anchor = formatting.on_axis(no_effect(unit), unit)
    low, high = min([anchor, *shown]), max([anchor, *shown])
    spread = (high - low) or 1.0
    low, high = low - 0.06 * spread, high + 0.06 * spread
    step = _round_step((high - low) / 5)
    first = math.ceil(low / step)
    marks = [k * step for k in range(first, math.floor(high / step) + 1)]
    scale = Axis(low=low, high=high, ticks=(), title=formatting.axis_title(unit))
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    ticks = tuple((scale.place(mark), f"{mark:,.{places}f}".replace("-", formatting.MINUS)) for mark in marks)
    return Axis(low=low, high=high, ticks=ticks, title=scale.title)


def no_effect(unit: str) -> float:
    """Value at which there is no effect."""
    return {"ratio": 1.0, "probability": 0.5}.get(unit, 0.0)


def ends(effect: Mapping[str, Any], unadjusted: Sequence[float] | None) -> list[float]:
    """Every value of an effect that an axis must reach."""
    values = [effect["estimate"], effect["low"], effect["high"], *(unadjusted or ())]
    return [*values, *boundaries(effect)]


def boundaries(effect: Mapping[str, Any]) -> list[float]:
    """Where the null hypothesis of an effect ends."""
    edge = float(effect.get("boundary") or 0.0)
    return [-abs(edge), abs(edge)] if effect.get("alternative") == "equivalence" else [edge]


def forest(
    effect: Mapping[str, Any], scale: Axis, unadjusted: Sequence[float] | None = None, *, unit: str = ""
) -> Forest:
    """Place one effect (JSON form) on an axis; ``unit`` where the claim says more about it than the effect."""
    unit = unit or effect.get("unit", formatting.POINTS)

    def place(value: float) -> float:
        return scale.place(formatting.on_axis(value, unit))

    edges = boundaries(effect)
    side = effect.get("alternative")
    claimed = {
        "equivalence": lambda: (place(edges[0]), place(edges[-1])),
        "greater": lambda: (place(edges[0]), 100.0),
        "less": lambda: (0.0, place(edges[0])),
    }.get(str(side))
    zero = no_effect(unit)
    return Forest(
        axis=scale,
        estimate=place(effect["estimate"]),
        deciding=(place(effect["low"]), place(effect["high"])),
        unadjusted=(place(unadjusted[0]), place(unadjusted[1])) if unadjusted else None,
        zero=place(zero) if scale.low <= formatting.on_axis(zero, unit) <= scale.high else None,
        boundaries=tuple(place(edge) for edge in edges if edge != zero),
        claimed=claimed() if claimed else None,
        words=(
            f"{formatting.quantity(effect['estimate'], unit, edges)}, "
            f"{formatting.level(effect['level'])} interval {formatting.interval(effect['low'], effect['high'], unit, edges)}"
        ),
    )


def _round_step(rough: float) -> float:
    """Round up to 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
