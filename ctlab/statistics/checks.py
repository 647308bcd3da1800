"""What counts, margins and levels must satisfy before a number may come out of them."""

import math
from numbers import Integral, Real

from ctlab.errors import StatisticsError

TAIL_95 = 0.025
"""What a 95 % interval leaves out on either side: the field's usual one, printed beside the interval that decides."""
NULL_SIGN = {"greater": "≤", "less": "≥", "two-sided": "="}
"""How the null hypothesis relates to its boundary, by alternative."""


def check_counts(lost: int, gained: int, n: int) -> None:
    """Raise unless `lost` and `gained` are disjoint subsets of `n` problems.

    Raises
    ------
    StatisticsError
        When a count is not a whole number, negative, or too large, or when there is no problem.
    """
    for name, value in (("lost", lost), ("gained", gained), ("n", n)):
        check_count(name, value)
    if n == 0:
        raise StatisticsError("n must be at least 1, got 0; there is no effect without problems.")
    if lost + gained > n:
        raise StatisticsError(
            f"lost + gained must not exceed n, got {lost} + {gained} > {n}; "
            "a problem is lost or gained once, and n counts all paired problems."
        )


def check_count(name: str, value: object) -> None:
    """Raise unless `value` is a whole number of problems."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise StatisticsError(f"{name} must be a whole number of problems, got {value!r}; count problems, not rates.")
    if int(value) < 0:
        raise StatisticsError(f"{name} must not be negative, got {value}; count the problems again.")


def check_alpha(alpha: float) -> None:
    """Raise unless `alpha` is a proportion below one half."""
    check_finite("alpha", alpha, "give it as a proportion (5 % is 0.05)")
    if not 0.0 < alpha < 0.5:
        raise StatisticsError(f"alpha must lie between 0 and 0.5, got {alpha}; give it as a proportion (5 % is 0.05).")


def check_margin(margin: float, *, zero_allowed: bool = True, below: float = 1.0) -> None:
    """Raise unless `margin` lies on the right side of zero and `below` what its effect can reach (1: a proportion)."""
    check_finite("margin", margin, "say how large an effect matters")
    if margin < 0.0:
        if not zero_allowed:  # an equivalence, which lies on both sides and so has no direction
            raise StatisticsError(
                f"margin must be above 0 for an equivalence, got {margin}; 0.02 stands for ±2 points."
            )
        raise StatisticsError(f"margin must not be negative, got {margin}; the direction belongs to `alternative`.")
    if margin == 0.0 and not zero_allowed:
        raise StatisticsError(
            "margin must be above 0 for an equivalence, got 0; say how large a difference would still be negligible."
        )
    if margin >= below:
        raise StatisticsError(
            f"margin must be below {below:g}, got {margin}; give it as a proportion (2 points are 0.02)."
        )


def check_alternative(alternative: str, margin: float) -> None:
    """Raise unless `alternative` names a side, and a margin has a side to stand on."""
    if alternative not in ("two-sided", "greater", "less"):
        raise StatisticsError(
            f"alternative must be 'two-sided', 'greater' or 'less', got {alternative!r}; say which side is claimed."
        )
    if alternative == "two-sided" and margin != 0.0:
        raise StatisticsError(
            f"A two-sided test takes no margin, got margin={margin}; "
            "choose alternative='greater' or 'less', or use `equivalence`."
        )


def check_finite(name: str, value: object, remedy: str = "remove what is missing before counting") -> None:
    """Raise unless `value` is a finite real number; `remedy` says what to do about it."""
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(float(value)):
        raise StatisticsError(f"{name} must be a finite number, got {value!r}; {remedy}.")
