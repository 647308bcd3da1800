"""Means within strata: what groups of problems differ by is no spread of the mean."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ctlab.statistics.checks import TAIL_95
from ctlab.statistics.means.sides import Bounds, Sides

if TYPE_CHECKING:
    import numpy as np


def within_strata(values: "np.ndarray", rows: Mapping[str, Sequence[int]]) -> "tuple[np.ndarray, float]":
    r"""Return values whose plain mean is tested as the stratified one is, and the degrees of freedom of their spread.

    Parameters
    ----------
    values : array of float, (n,)
        The measurement.
    rows : mapping of str to sequence of int
        Rows of each stratum.

    Notes
    -----
    With :math:`n_h` of n problems, mean :math:`\bar x_h` and variance :math:`s_h^2` in stratum h, the mean
    :math:`\sum_h (n_h / n) \bar x_h` has the variance :math:`\sum_h n_h s_h^2 / n^2` in populations with these shares
    of the strata, and Satterthwaite's degrees of freedom (Cochran 1977, sections 5.3 and 5.4). Values
    :math:`\bar x + (x - \bar x_h) \sqrt{n_h / (n_h - 1)}` have the same mean and, up to a factor of (n − 1) / n, that
    variance; their skewness is that within strata. Problems that are alone in their stratum are taken together as
    one, which makes the spread too large rather than too small; one that is alone in that too joins the smallest other.

    References
    ----------
    Cochran WG (1977). Sampling Techniques, 3rd edition. Wiley.
    """
    import numpy as np

    moved, parts, freedoms = np.empty_like(values), [], []
    for group in _of_two_or_more(rows):
        part = values[list(group)]
        size = len(part)
        moved[list(group)] = (part - part.mean()) * (size / (size - 1.0)) ** 0.5
        parts.append(size * float(part.var(ddof=1)))
        freedoms.append(size - 1.0)
    spread = np.array(parts)
    total = float(spread.sum())
    freedom = total**2 / float((spread**2 / np.array(freedoms)).sum()) if total > 0.0 else len(values) - 1.0
    return values.mean() + moved, freedom


def describe_strata(
    values: "np.ndarray", rows: Mapping[str, Sequence[int]], bounds: Bounds | None
) -> list[dict[str, Any]]:
    """Return each stratum's mean and its unadjusted 95 % interval; none of one problem, or of one value."""
    described = []
    for name, group in rows.items():
        part = values[list(group)]
        sides = Sides.of(part, bounds)
        low, high = (None, None) if sides is None else sides.interval(TAIL_95)
        described.append({"group": name, "n": len(part), "estimate": float(part.mean()), "low": low, "high": high})
    return described


def _of_two_or_more(rows: Mapping[str, Sequence[int]]) -> list[list[int]]:
    """Return the rows of strata, those of one problem taken together."""
    several = [list(group) for group in rows.values() if len(group) > 1]
    alone = [row for group in rows.values() if len(group) == 1 for row in group]
    if len(alone) == 1 and several:
        min(several, key=len).extend(alone)
    elif alone:
        several.append(alone)
    return several
