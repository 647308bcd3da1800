"""A horizontal scale that effects of one unit share, so that they can be compared by eye."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

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


class Bounded(Protocol):
    """What is read of an effect: which side was tested, and where the null hypothesis ends."""

    @property
    def alternative(self) -> str:
        """Which side is claimed."""

    @property
    def boundary(self) -> float:
        """Where the null hypothesis ends."""


def boundaries(effect: Bounded) -> list[float]:
    """Where the null hypothesis of an effect ends."""
    edge = effect.boundary
    return [-abs(edge), abs(edge)] if effect.alternative == "equivalence" else [edge]


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


def _round_step(rough: float) -> float:
    """Round up to 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
