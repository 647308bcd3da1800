"""Tango's score test and interval for the difference of two paired proportions.

Pure Python on purpose: these few lines decide most claims, and a warm run should not import SciPy for them.
"""

import math
from statistics import NormalDist

_NORMAL = NormalDist()


def tango_z(lost: int, gained: int, n: int, difference: float, *, correction: float = 0.0) -> float:
    r"""Return Tango's score statistic for the null hypothesis θ = `difference`.

    Parameters
    ----------
    lost, gained : int
        Discordant problems: had the outcome under the baseline only, under the treated condition only.
    n : int
        Number of paired problems.
    difference : float
        θ under the null hypothesis, a proportion between −1 and 1.
    correction : float
        Continuity correction in problems: what is taken off the distance between observed and expected, but not
        beyond 0. Tango's statistic has none.

    Returns
    -------
    float
        The statistic, standard normal under the null hypothesis for large n; positive when the observed difference
        lies above `difference`; ±inf where the null hypothesis excludes what was observed.

    Notes
    -----
    .. math:: z = \frac{g - l - nθ}{\sqrt{n(2\hat q + θ(1 - θ))}}

    where q̂ is the maximum likelihood estimate of the probability of a loss given θ, the larger root of
    :math:`2n q^2 + (θ(2n - g + l) - l - g) q - lθ(1 - θ) = 0`. For θ < 0 the two conditions swap roles, which
    keeps the product under the root free of cancellation. Problems are assumed independent.

    References
    ----------
    Tango T (1998). Equivalence test and confidence interval for the difference in proportions for the paired-sample
    design. Statistics in Medicine 17, 891-908.

    Examples
    --------
    >>> round(tango_z(5, 15, 100, 0.0), 4)
    2.2361
    """
    if difference < 0.0:
        return -tango_z(gained, lost, n, -difference, correction=correction)
    distance = gained - lost - n * difference
    if correction:
        distance = math.copysign(max(abs(distance) - correction, 0.0), distance)
    linear = difference * (2 * n - gained + lost) - lost - gained
    constant = lost * difference * (1.0 - difference)
    root = math.sqrt(linear * linear + 8.0 * n * constant)
    # The larger root of the quadratic; for linear > 0 in the form that does not subtract nearly equal numbers.
    q = 2.0 * constant / (linear + root) if linear > 0.0 else (root - linear) / (4.0 * n)
    variance = n * (2.0 * q + difference * (1.0 - difference))
    if variance <= 0.0:
        return 0.0 if distance == 0.0 else math.copysign(math.inf, distance)
    return distance / math.sqrt(variance)


def tango_interval(lost: int, gained: int, n: int, level: float, *, correction: float = 0.0) -> tuple[float, float]:
    """Return the score interval of the paired difference: every θ that Tango's two-sided test does not reject.

    Parameters
    ----------
    lost, gained, n : int
        As in `tango_z`.
    level : float
        Confidence level, between 0 and 1.
    correction : float
        As in `tango_z`.

    Returns
    -------
    tuple of float
        Lower and upper end, proportions between −1 and 1; they always contain (gained − lost) / n.

    Notes
    -----
    The statistic falls strictly as θ grows, so each end is found by halving an interval until two neighbouring
    floating-point numbers are left: no starting value, no tolerance, no failure to converge.

    Examples
    --------
    >>> tuple(round(end, 4) for end in tango_interval(0, 0, 100, 0.95))
    (-0.037, 0.037)
    """
    z = _NORMAL.inv_cdf((1.0 + level) / 2.0)
    high = _upper_end(lost, gained, n, z, correction)
    low = -_upper_end(gained, lost, n, z, correction)
    return low, high


def tango_p(lost: int, gained: int, n: int, difference: float, *, greater: bool, correction: float = 0.0) -> float:
    """Return the one-sided p-value of θ ≤ `difference` (`greater`) or θ ≥ `difference` by Tango's score test."""
    z = tango_z(lost, gained, n, difference, correction=correction)
    return _NORMAL.cdf(-z if greater else z)


def _upper_end(lost: int, gained: int, n: int, z: float, correction: float) -> float:
    """Return the largest θ with a score statistic of at least −z."""
    inside, outside = (gained - lost) / n, 1.0
    if tango_z(lost, gained, n, outside, correction=correction) >= -z:
        return outside
    while True:
        middle = (inside + outside) / 2.0
        if middle in (inside, outside):
            return inside
        if tango_z(lost, gained, n, middle, correction=correction) >= -z:
            inside = middle
        else:
            outside = middle
