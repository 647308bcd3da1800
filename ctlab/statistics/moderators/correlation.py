"""Correlation of two measurements of the same problems, for descriptions; no claim is judged by it."""

import math
from collections.abc import Sequence
from statistics import NormalDist

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.checks import check_alpha, check_finite

METHODS = ("pearson", "spearman")


@checked_arguments
def correlation(x: Sequence[float], y: Sequence[float], *, method: str = "pearson", alpha: float = 0.05) -> Effect:
    """Return the correlation of two measurements with its test and interval.

    Parameters
    ----------
    x, y : sequence of float
        One value a problem each, in the same order; at least four problems, and neither may be constant.
    method : {'pearson', 'spearman'}
        Pearson's r, or Spearman's rho (Pearson's r of the ranks, ties sharing their mean rank).
    alpha : float
        The interval has level 1 − alpha.

    Returns
    -------
    Effect
        `estimate`, `low` and `high` lie between −1 and 1; `unit` is `correlation`.

    Raises
    ------
    StatisticsError
        When the sequences differ in length, are too short, constant or not finite.

    Notes
    -----
    The test refers r √((n − 2) / (1 − r²)) to Student's t with n − 2 degrees of freedom. The interval is Fisher's:
    tanh(artanh r ± z s) with s² = 1 / (n − 3), for Spearman s² = (1 + r² / 2) / (n − 3) (Bonett and Wright). Impact has
    three values only, so both are approximations; the interaction model is what claims rest on.

    References
    ----------
    Fisher RA (1921), Metron 1, 3-32; Bonett DG, Wright TA (2000), Psychometrika 65, 23-28.

    Examples
    --------
    >>> effect = correlation([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 7, 8])
    >>> round(effect.estimate, 4), round(effect.p_value, 4)
    (0.9015, 0.0141)
    """
    if method not in METHODS:
        raise StatisticsError(f"method must be one of {', '.join(METHODS)}, got {method!r}.")
    check_alpha(alpha)
    if len(x) != len(y):
        raise StatisticsError(f"x and y must pair up, got {len(x)} and {len(y)} values; give one of each a problem.")
    if len(x) < 4:  # Fisher's standard error is 1 / √(n − 3)
        raise StatisticsError(f"A correlation needs at least 4 problems, got {len(x)}; describe them one by one.")
    for value in (*x, *y):
        check_finite("a measurement", value)
    if method == "spearman":
        x, y = _ranks(x), _ranks(y)
    r, n = _pearson(x, y), len(x)
    spread = math.sqrt((1.0 + r * r / 2.0 if method == "spearman" else 1.0) / (n - 3))
    reach = NormalDist().inv_cdf(1.0 - alpha / 2.0) * spread
    low, high = (r, r) if abs(r) == 1.0 else (math.tanh(math.atanh(r) - reach), math.tanh(math.atanh(r) + reach))
    return Effect(
        estimate=r,
        low=low,
        high=high,
        level=1.0 - alpha,
        p_value=_p_value(r, n),
        n=n,
        method=f"{method.capitalize()} correlation, t test; Fisher interval",
        alternative="two-sided",
        null="no correlation",
        unit="correlation",
    )


def _pearson(x: Sequence[float], y: Sequence[float]) -> float:
    """Return Pearson's r from centred sums."""
    mean_x, mean_y = math.fsum(x) / len(x), math.fsum(y) / len(y)
    from_x, from_y = [value - mean_x for value in x], [value - mean_y for value in y]
    across = math.sqrt(math.fsum(d * d for d in from_x) * math.fsum(d * d for d in from_y))
    if across == 0.0:
        raise StatisticsError("A correlation needs values that differ, and one side is constant; leave it out.")
    return max(-1.0, min(1.0, math.fsum(a * b for a, b in zip(from_x, from_y, strict=True)) / across))


def _ranks(values: Sequence[float]) -> list[float]:
    """Return ranks from 1; equal values share their mean rank."""
    order = sorted(range(len(values)), key=lambda place: values[place])
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for place in order[start : end + 1]:
            ranks[place] = (start + end) / 2.0 + 1.0
        start = end + 1
    return ranks


def _p_value(r: float, n: int) -> float:
    """Return the two-sided p-value of Student's t test."""
    if abs(r) == 1.0:
        return 0.0
    from scipy.special import stdtr

    return min(1.0, 2.0 * float(stdtr(n - 2, -abs(r) * math.sqrt((n - 2) / (1.0 - r * r)))))
