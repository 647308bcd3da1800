"""Power of "at least": how often the exact test and the interval together support an effect beyond a margin."""

from functools import lru_cache
from statistics import NormalDist
from typing import Any

from ctlab.statistics.checks import check_margin
from ctlab.statistics.paired.exact_unconditional import worst_tail
from ctlab.statistics.paired.interval import continuity_correction
from ctlab.statistics.paired.tango import tango_z
from ctlab.statistics.power.paired_power import POWER, check_assumptions, discordant_totals

_NORMAL = NormalDist()


def at_least_power(difference: float, margin: float, discordance: float, n: int, *, alpha: float) -> float:
    """Return the probability that "at least `margin`" is supported.

    Parameters
    ----------
    difference : float
        True θ, a proportion, on the claimed side.
    margin : float
        Smallest difference of interest, a proportion above 0.
    discordance : float
        Share of problems whose outcome changes either way, at least `difference`.
    n : int
        Number of problems.
    alpha : float
        Level of the test.

    Returns
    -------
    float
        Power, summed over the number of discordant problems: the exact test rejects, and the interval lies beyond.

    Examples
    --------
    >>> round(at_least_power(0.10, 0.02, 0.15, 200, alpha=0.05), 3)
    0.876
    """
    import numpy as np
    from scipy.special import bdtrc

    check_assumptions(difference, discordance, n, alpha)
    check_margin(margin, zero_allowed=False)
    if discordance == 0.0:
        return 0.0
    totals, weights = discordant_totals(n, discordance)
    needed = np.array([_needed(int(total), n, margin, alpha) for total in totals])
    share = min(1.0, (discordance + difference) / (2.0 * discordance))
    reached = bdtrc(np.minimum(needed - 1, totals - 0.5), np.maximum(totals, 1), share)
    return float(weights @ np.where(needed > totals, 0.0, reached))


@lru_cache(maxsize=1000)
def detectable_beyond(margin: float, discordance: float, n: int, *, alpha: float, power: float = POWER) -> float | None:
    """Return how far beyond the margin a true difference must lie to be found with this power; None when none is.

    A proportion. Where margin and difference together exceed `discordance`, they are the discordance.
    """
    low, high = 0.0, 1.0 - margin - 1e-9  # margin and difference together stay below 1
    if at_least_power(margin + high, margin, margin + high, n, alpha=alpha) < power:
        return None
    for _ in range(24):  # to 6e-8: far below one problem
        middle = (low + high) / 2.0
        true = margin + middle
        found = at_least_power(true, margin, max(discordance, true), n, alpha=alpha)
        low, high = (low, middle) if found >= power else (middle, high)
    return high


@lru_cache(maxsize=100_000)
def _needed(total: int, n: int, margin: float, alpha: float) -> int:
    """Return how many of `total` discordant problems must lie on the claimed side; one more than all: never."""
    exact, score = _critical(n, margin, alpha), _NORMAL.inv_cdf(1.0 - alpha)
    low, high = -1, total + 1
    while high - low > 1:
        gained = (low + high) // 2
        lost = total - gained
        corrected = tango_z(lost, gained, n, margin, correction=continuity_correction(lost, gained))
        if corrected > score and tango_z(lost, gained, n, margin) >= exact:
            high = gained
        else:
            low = gained
    return high


@lru_cache(maxsize=1000)
def _critical(n: int, margin: float, alpha: float) -> Any:
    """Return the smallest score statistic whose exact p-value is at most α."""
    low, high = 0.0, 12.0  # a z of 12 has a p of 1e-33: below any α
    while high - low > 1e-6:  # to a millionth of a standard error
        middle = (low + high) / 2.0
        low, high = (low, middle) if worst_tail(middle, n, margin) <= alpha else (middle, high)
    return high
