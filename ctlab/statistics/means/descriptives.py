"""Means over problems with a plain interval, of many cells at once: what tables of descriptions are made of."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctlab.errors import StatisticsError
from ctlab.statistics.checks import check_alpha

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Descriptives:
    """Means over problems; every array has the shape of one problem's numbers."""

    mean: "np.ndarray"
    """Mean over the problems that have the number; NaN where none has."""
    low: "np.ndarray"
    """Lower end of the interval; NaN where fewer than two problems have the number."""
    high: "np.ndarray"
    """Upper end of the interval; NaN as above."""
    n: "np.ndarray"
    """How many problems have the number."""


def describe(values: "np.ndarray", *, alpha: float = 0.05) -> Descriptives:
    """Return the mean of every cell over problems, with Student's interval.

    Parameters
    ----------
    values : array of float, shape (n, ...)
        One table a problem; NaN where a problem does not have the number.
    alpha : float
        One minus the level of the interval.

    Returns
    -------
    Descriptives
        Arrays of shape (...).

    Raises
    ------
    StatisticsError
        For no problems, and for numbers that are infinite.

    Notes
    -----
    Every cell by itself: the intervals are not corrected for how many there are. They describe, no claim rests on them.

    Examples
    --------
    >>> import numpy as np
    >>> found = describe(np.array([[1.0, 5.0], [2.0, np.nan], [3.0, np.nan]]))
    >>> found.mean.tolist(), found.n.tolist(), [round(float(end), 3) for end in (found.low[0], found.high[0])]
    ([2.0, 5.0], [3, 1], [-0.484, 4.484])
    """
    import numpy as np
    from scipy.special import stdtrit

    check_alpha(alpha)
    table = np.asarray(values, dtype=float)
    if table.ndim == 0 or not len(table):
        raise StatisticsError(f"A mean over problems needs at least one problem, got {table.shape}; measure some.")
    if np.isinf(table).any():
        raise StatisticsError(
            "A mean over problems needs finite numbers, got an infinite one; look at the measurement."
        )
    here = ~np.isnan(table)
    n = here.sum(axis=0)
    total = np.where(here, table, 0.0).sum(axis=0)
    mean = np.divide(total, n, out=np.full(n.shape, np.nan), where=n > 0)
    squares = np.where(here, (table - mean) ** 2, 0.0).sum(axis=0)
    several = n > 1
    variance = np.divide(squares, n - 1, out=np.full(n.shape, np.nan), where=several)
    half = np.full(n.shape, np.nan)
    half[several] = stdtrit(n[several] - 1, 1.0 - alpha / 2.0) * np.sqrt(variance[several] / n[several])
    return Descriptives(mean=mean, low=mean - half, high=mean + half, n=n)
