"""Power: what a paired comparison of n problems can find, before or after it is made."""

import math
from collections.abc import Callable
from functools import lru_cache, partial
from statistics import NormalDist
from typing import Any

from ctlab.errors import StatisticsError
from ctlab.statistics.checks import check_alpha, check_count, check_finite
from ctlab.statistics.paired.interval import continuity_correction
from ctlab.statistics.paired.tango import tango_z

POWER = 0.8
"""Power that "could have found" stands for: the field's convention (Cohen 1988, page 56)."""
_NORMAL = NormalDist()
_TOO_MANY = 10_000_000  # problems: more than any set of word problems has
_SMALLEST = 64
"""Number of problems that a search begins with; it finds none under half of it, and fewer than 50 decide nothing."""
_FINE = 500  # a search ends within a 500th: power saws by one problem more or less, and no plan is that exact
_WINDOW = 7.0  # standard deviations of the number of discordant problems that are summed over: all but 3e-12
_ONE = 1.0 - 1e-9  # the largest margin: one below 1, since a margin of 1 says nothing
_ROUNDING = 1e-12  # what sums of proportions are off by, at most


def difference_power(difference: float, discordance: float, n: int, *, alpha: float, two_sided: bool = False) -> float:
    """Return the probability that the exact McNemar test supports a difference.

    Parameters
    ----------
    difference : float
        True θ = P(gained) − P(lost), a proportion; its sign does not matter.
    discordance : float
        Share of problems whose outcome changes either way, a proportion of at least |difference|.
    n : int
        Number of problems.
    alpha : float
        Level of the test.
    two_sided : bool
        Whether the claim is a change rather than a direction.

    Returns
    -------
    float
        Power, exactly: summed over the number of discordant problems.

    Examples
    --------
    >>> round(difference_power(0.03, 0.10, 1319, alpha=0.05), 3)
    0.96
    """
    import numpy as np
    from scipy.special import bdtrc

    check_assumptions(difference, discordance, n, alpha)
    if discordance == 0.0:
        return 0.0
    totals, weights = discordant_totals(n, discordance)
    needed = _needed(totals, alpha / 2.0 if two_sided else alpha)
    towards = min(1.0, (discordance + abs(difference)) / (2.0 * discordance))
    reached = np.where(
        needed > totals, 0.0, bdtrc(np.minimum(needed - 1, totals - 0.5), np.maximum(totals, 1), towards)
    )
    return float(weights @ np.where(needed > totals, 0.0, reached))


@lru_cache(maxsize=1000)
def detectable_difference(
    discordance: float, n: int, *, alpha: float, two_sided: bool = False, power: float = POWER
) -> float | None:
    """Return the smallest true difference found with this power, a proportion; None when none is.

    Where it exceeds `discordance`, all changed problems change the same way and the difference is the discordance.
    """
    check_assumptions(0.0, discordance, n, alpha)
    if difference_power(1.0, 1.0, n, alpha=alpha, two_sided=two_sided) < power:
        return None
    low, high = 0.0, 1.0
    for _ in range(30):  # to 1e-9: far below one problem
        middle = (low + high) / 2.0
        found = difference_power(middle, max(discordance, middle), n, alpha=alpha, two_sided=two_sided)
        low, high = (low, middle) if found >= power else (middle, high)
    return high


def equivalence_power(margin: float, discordance: float, n: int, *, alpha: float) -> float:
    """Return the probability that equivalence within ±margin is proven when the true difference is 0."""
    import numpy as np
    from scipy.special import bdtr

    check_assumptions(0.0, discordance, n, alpha)
    totals, weights = discordant_totals(n, discordance)
    z = _NORMAL.inv_cdf(1.0 - alpha)
    widest = np.array([_widest(int(total), n, margin, z) for total in totals])  # largest |gained − lost|, −1: none
    # |2 G − d| ≤ k means (d − k) / 2 ≤ G ≤ (d + k) / 2, with G binomial(d, 1/2).
    upper, lower = (totals + widest) // 2, (totals - widest + 1) // 2
    safe = np.maximum(totals, 1)
    inside = bdtr(np.clip(upper, 0, safe), safe, 0.5) - np.where(
        lower > 0, bdtr(np.maximum(lower - 1, 0), safe, 0.5), 0
    )
    inside = np.where(totals == 0, 1.0, inside)
    return float(weights @ np.where(widest < 0, 0.0, inside))


@lru_cache(maxsize=1000)
def provable_margin(discordance: float, n: int, *, alpha: float) -> float | None:
    """Return the smallest equivalence margin that is proven with 80 % power when the true difference is 0.

    A proportion; None when no margin below 1 is.
    """
    low, high = 0.0, _ONE
    if equivalence_power(high, discordance, n, alpha=alpha) < POWER:
        return None
    for _ in range(24):  # to 6e-8: far below one problem
        middle = (low + high) / 2.0
        proven = equivalence_power(middle, discordance, n, alpha=alpha) >= POWER
        low, high = (low, middle) if proven else (middle, high)
    return high


@lru_cache(maxsize=1000)
def problems_to_find(
    difference: float, discordance: float, *, alpha: float, two_sided: bool = False, power: float = POWER
) -> int | None:
    """Return how many problems find a true difference with this power; None when it is 0 or takes over 10 million."""
    found = partial(difference_power, difference, discordance, alpha=alpha, two_sided=two_sided)
    return _least(found, power) if difference else None


@lru_cache(maxsize=1000)
def problems_to_prove(margin: float, discordance: float, *, alpha: float) -> int | None:
    """Return how many problems prove equivalence within ±margin with 80 % power when the true difference is 0.

    None when it takes over 10 million.
    """
    return _least(partial(equivalence_power, margin, discordance, alpha=alpha), POWER)


def _least(power: Callable[[int], float], enough: float) -> int | None:
    """Return about the smallest number of problems with `enough` power; it saws a little, so there are several."""
    high = _SMALLEST
    while power(high) < enough:
        high *= 2
        if high > _TOO_MANY:
            return None
    low = high // 2
    while high - low > max(1, low // _FINE):
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle) >= enough else (middle, high)
    return high


def problems_needed(distance: float, variance: float, *, alpha: float, power: float = POWER) -> int | None:
    """Return about how many problems settle a difference that lies `distance` from the boundary of its null.

    Parameters
    ----------
    distance : float
        |effect − boundary|, in the unit of the effect.
    variance : float
        Variance of one problem's contribution; for a paired difference about the discordance.
    alpha, power : float
        Level of the one-sided test, and the probability of success.

    Returns
    -------
    int or None
        (z_α + z_power)² variance / distance², rounded up; None for a distance of 0, which no number settles.
    """
    if distance <= 0.0 or variance <= 0.0:
        return None
    z = _NORMAL.inv_cdf(1.0 - alpha) + _NORMAL.inv_cdf(power)
    return math.ceil(z * z * variance / (distance * distance))


def check_assumptions(difference: float, discordance: float, n: int, alpha: float) -> None:
    """Raise unless the assumptions are possible."""
    check_count("n", n)
    check_alpha(alpha)
    check_finite("difference", difference)
    check_finite("discordance", discordance)
    if n == 0:
        raise StatisticsError("n must be at least 1, got 0; power needs problems.")
    if not abs(difference) <= discordance + _ROUNDING or discordance > 1.0:
        raise StatisticsError(
            f"discordance must lie between |difference| and 1, got {discordance} for {difference}; "
            "a difference of rates is made of problems that change."
        )


def discordant_totals(n: int, discordance: float) -> tuple[Any, Any]:
    """Return the likely numbers of discordant problems among `n` and their probabilities."""
    import numpy as np
    from scipy.special import gammaln, xlog1py, xlogy

    # The 5 are for few expected problems, whose number is skewed to the right.
    spread = _WINDOW * math.sqrt(n * discordance * (1.0 - discordance)) + 5.0
    totals = np.arange(max(0, int(n * discordance - spread)), min(n, int(n * discordance + spread)) + 1)
    log_weight = gammaln(n + 1) - gammaln(totals + 1) - gammaln(n - totals + 1)
    return totals, np.exp(log_weight + xlogy(totals, discordance) + xlog1py(n - totals, -discordance))


def _needed(totals: Any, tail: float) -> Any:
    """Return how many of each number of discordant problems must lie on the claimed side; one more than all: never."""
    import numpy as np
    from scipy.special import bdtrc

    low, high = np.full(len(totals), -1), totals + 1
    while np.any(high - low > 1):
        middle = (low + high) // 2
        p_value = np.where(middle <= 0, 1.0, bdtrc(np.maximum(middle - 1, 0), np.maximum(totals, 1), 0.5))
        enough = p_value <= tail
        open_ = high - low > 1
        high = np.where(open_ & enough, middle, high)
        low = np.where(open_ & ~enough, middle, low)
    return high


@lru_cache(maxsize=100_000)
def _widest(total: int, n: int, margin: float, z: float) -> int:
    """Return the largest |gained − lost| among `total` discordant problems that still proves equivalence, −1: none."""
    low, high = -1, total // 2 + 1  # in steps of two, from total even or odd
    while high - low > 1:
        middle = (low + high) // 2
        apart = 2 * middle + total % 2
        lost = (total - apart) // 2
        gained = total - lost
        correction = continuity_correction(lost, gained)
        if lost >= 0 and tango_z(lost, gained, n, margin, correction=correction) < -z:
            low = middle
        else:
            high = middle
    return -1 if low < 0 else 2 * low + total % 2
