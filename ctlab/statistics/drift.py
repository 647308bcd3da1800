"""How much an effect differs between two runs, with an interval: by what is known of how the runs hang together."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

from ctlab.statistics.checks import check_alpha, check_counts

if TYPE_CHECKING:
    import numpy as np

_MOST = 2.0
"""Furthest that a problem's effect can move: it is the difference of two outcomes, from −1 to 1."""


class Drift(NamedTuple):
    """The effect of the later run minus that of the earlier one."""

    estimate: float
    """The difference, in the unit of the effects."""
    low: float
    """Lower end of its interval."""
    high: float
    """Upper end."""
    level: float
    """Level of the interval; of `under_any_dependence` at least that."""


class Ends(NamedTuple):
    """An estimate with its interval."""

    estimate: float
    """The estimate."""
    low: float
    """Lower end."""
    high: float
    """Upper end."""
    level: float
    """Level of the interval, a proportion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _TwoSided:
    """The question whether a mean is 0."""

    alpha: float
    direction: str = "change"
    margin: float = 0.0


def paired_drift(
    before: "Sequence[float] | np.ndarray", after: "Sequence[float] | np.ndarray", *, alpha: float = 0.05
) -> Drift:
    """Return the drift of an effect that both runs measured on the same problems.

    Parameters
    ----------
    before, after : sequence of float, shape (n,)
        Each problem's effect in either run, in the same order: outcome under the second condition minus outcome under
        the first, so −1, 0 or 1.
    alpha : float
        1 − level of the interval.

    Returns
    -------
    Drift
        The mean change of a problem's effect, a proportion.

    Raises
    ------
    StatisticsError
        For fewer than two problems, or effects beyond −1 and 1.

    Notes
    -----
    A mean of n numbers between −2 and 2, each of another problem, with the interval of Gaffke's test of such a mean
    (`measured_mean`), which asks for no shape. Where no problem changed it is not of width 0: of n others, 2 ln(2/α)/n
    might.

    Examples
    --------
    >>> drift = paired_drift([1] * 12 + [0] * 108, [0] * 120)
    >>> round(drift.estimate, 2), drift.low < -0.1 < drift.high < 0
    (-0.1, True)
    """
    import numpy as np

    from ctlab.statistics.means.means import measured_mean

    check_alpha(alpha)
    changes = np.asarray(after, dtype=float) - np.asarray(before, dtype=float)
    effect = measured_mean(changes, _TwoSided(alpha=alpha), bounds=(-_MOST, _MOST))
    return Drift(effect.estimate, effect.low, effect.high, effect.level)


def rate_ends(count: int, n: int, *, alpha: float = 0.05) -> Ends:
    """Return a rate with its Wilson interval.

    References
    ----------
    Wilson EB (1927). Probable inference, the law of succession, and statistical inference. JASA 22, 209-212.

    Examples
    --------
    >>> tuple(round(number, 4) for number in rate_ends(56, 70))
    (0.8, 0.6918, 0.877, 0.95)
    """
    check_counts(count, 0, n)
    check_alpha(alpha)
    z = NormalDist().inv_cdf(1.0 - alpha / 2.0)
    rate = count / n
    middle, half = rate + z * z / (2 * n), z * math.sqrt(rate * (1.0 - rate) / n + z * z / (4 * n * n))
    scale = 1.0 + z * z / n
    # Rounding must not leave the rate outside: of none, or all, the interval begins or ends there.
    return Ends(rate, min(rate, (middle - half) / scale), max(rate, (middle + half) / scale), 1.0 - alpha)


def independent_drift(before: Ends, after: Ends) -> Drift:
    r"""Return the drift of an effect between two runs that share no problem, at the level that both intervals have.

    Notes
    -----
    The method of variance estimates recovery: each end of an interval gives the variance of its estimate near that
    end, and variances of independent estimates add up,

    .. math:: L = d - \sqrt{(\hat\theta_2 - l_2)^2 + (u_1 - \hat\theta_1)^2}

    and likewise above. Of two Wilson intervals it is Newcombe's interval of the difference of two proportions.

    References
    ----------
    Zou GY, Donner A (2008). Construction of confidence limits about effect measures: a general approach. Statistics in
    Medicine 27, 1693-1702. Newcombe RG (1998). Statistics in Medicine 17, 873-890, method 10.

    Examples
    --------
    >>> drift = independent_drift(Ends(0.6, 0.5, 0.7, 0.95), Ends(0.8, 0.7, 0.9, 0.95))
    >>> round(drift.estimate, 2), round(drift.low, 3), round(drift.high, 3)
    (0.2, 0.059, 0.341)
    """
    difference = after.estimate - before.estimate
    below = math.hypot(after.estimate - after.low, before.high - before.estimate)
    above = math.hypot(after.high - after.estimate, before.estimate - before.low)
    return Drift(difference, difference - below, difference + above, min(before.level, after.level))


def under_any_dependence(before: Ends, after: Ends) -> Drift:
    """Return the drift between two runs of which nothing is known but each one's interval.

    Notes
    -----
    While both intervals cover, the difference lies between the furthest differences of their ends. Each misses with
    probability 1 − level, so that one of them misses with at most the sum of both (Bonferroni), however the runs
    depend on each other. That is wider than need be where they answered the same problems much alike.

    Examples
    --------
    >>> drift = under_any_dependence(Ends(0.6, 0.5, 0.7, 0.975), Ends(0.8, 0.7, 0.9, 0.975))
    >>> round(drift.low, 2), round(drift.high, 2), round(drift.level, 2)
    (0.0, 0.4, 0.95)
    """
    level = max(0.0, before.level + after.level - 1.0)
    return Drift(after.estimate - before.estimate, after.low - before.high, after.high - before.low, level)
