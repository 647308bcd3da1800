"""Both sides of a mean: every test that must reject, as one p-value and one interval."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

from ctlab.errors import StatisticsError
from ctlab.statistics.means.bounded import BoundedSide
from ctlab.statistics.means.tails import upper_sides

if TYPE_CHECKING:
    import numpy as np

Bounds = tuple[float, float]
"""The least and the largest number that a measurement can be, whatever the problem."""
UNBOUNDED: Bounds = (-math.inf, math.inf)
_CONSTANT = 1e-12  # what rounding (1e-16 a number) leaves of a spread, relative to the numbers
_ROUNDED = 1e-6
"""How far single precision may take a number beyond its bounds, relative to their distance or to the numbers."""


class Side(Protocol):
    """A test that a mean lies below a boundary, and the upper end of its interval."""

    def p_value(self, boundary: float) -> float:
        """Return the p-value of the mean lying below `boundary`."""

    def end(self, tail: float) -> float:
        """Return the upper end that leaves out `tail`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Tests that must all reject, of the mean from above and of the mirrored one."""

    upper: Sequence[Side]
    """That the mean lies below a boundary."""
    lower: Sequence[Side]
    """That the mirrored mean lies below a mirrored boundary."""

    @classmethod
    def of(cls, values: "np.ndarray", bounds: Bounds | None) -> Self | None:
        """Return the tests of a mean, exact on a side whose bound is known; None where nothing tells its spread."""
        low, high = bounds or UNBOUNDED
        if not (math.isfinite(low) and math.isfinite(high)) and (len(values) < 2 or constant(values)):
            return None
        return cls(upper=_upper(values, high), lower=_upper(-values, -low))

    @classmethod
    def unbounded(cls, values: "np.ndarray", freedom: float) -> Self | None:
        """Return the tests that know no bounds, with these degrees of freedom; None as `of`."""
        if constant(values):
            return None
        return cls(upper=upper_sides(values, freedom), lower=upper_sides(-values, freedom))

    def and_also(self, others: Self) -> "Sides":
        """Return these tests and others, which must all reject."""
        return Sides(upper=(*self.upper, *others.upper), lower=(*self.lower, *others.lower))

    def p_values(self, boundary: float) -> tuple[float, float]:
        """Return p of the mean lying at most at a boundary, and of its lying at least there."""
        above = max(side.p_value(-boundary) for side in self.lower)
        return above, max(side.p_value(boundary) for side in self.upper)

    def interval(self, tail: float) -> Bounds:
        """Return the ends that leave out `tail` on either side."""
        return -max(side.end(tail) for side in self.lower), max(side.end(tail) for side in self.upper)


def constant(values: "np.ndarray") -> bool:
    """Return whether every problem has the same value, but for rounding."""
    import numpy as np

    return float(values.std()) <= _CONSTANT * max(1.0, float(np.abs(values).max()))


def check_bounds(values: "np.ndarray", bounds: Bounds) -> "np.ndarray":
    """Return values between their bounds, or raise; what single precision takes a value beyond them is taken off."""
    import numpy as np

    low, high = bounds
    if not low < high:
        raise StatisticsError(
            f"The bounds of a measurement must be two numbers in order, got {low} and {high}; "
            "leave them out where it has none, and write -inf or inf for a side that has none."
        )
    rounded = _ROUNDED * min(high - low, max(1.0, float(np.abs(values).max())))
    beyond = np.flatnonzero((values < low - rounded) | (values > high + rounded))
    if len(beyond):
        raise StatisticsError(
            f"A measurement with the bounds {low:g} and {high:g} must lie between them, got "
            f"{float(values[beyond[0]]):g} in row {int(beyond[0])}; declare bounds that no problem can leave."
        )
    inside: np.ndarray = np.clip(values, low, high)
    return inside


def _upper(values: "np.ndarray", bound: float) -> Sequence[Side]:
    """Return the tests of one side, whose bound may be infinite."""
    return (BoundedSide(values=values, bound=bound),) if math.isfinite(bound) else upper_sides(values)
