"""The smallest effect found with 80 % power by tests that are no exact ones: from their large-sample distributions."""

import math
from statistics import NormalDist

from ctlab.statistics.power.paired_power import POWER

_NORMAL = NormalDist()


def standard_errors(alpha: float, *, two_sided: bool = False) -> float:
    """Return how many standard errors an effect must measure to be found with 80 % power."""
    return _NORMAL.inv_cdf(1.0 - (alpha / 2.0 if two_sided else alpha)) + _NORMAL.inv_cdf(POWER)


def detectable_mean(n: int, *, alpha: float, two_sided: bool = False) -> float:
    """Return by how many standard deviations a mean must lie beyond the boundary of its null hypothesis.

    Student's test of n normal numbers has a noncentral t distribution; the normal one promises 3 points of power too
    much with 50 problems.
    """
    from scipy.special import nctdtrinc, stdtrit

    critical = float(stdtrit(n - 1, 1.0 - (alpha / 2.0 if two_sided else alpha)))
    return float(nctdtrinc(n - 1, 1.0 - POWER, critical)) / math.sqrt(n)


def detectable_range(count: int, discordance: float, n: int, *, alpha: float) -> float:
    """Return the largest difference of rates among `count` conditions that Cochran's Q finds, where it is hardest.

    Parameters
    ----------
    count : int
        Number of conditions.
    discordance : float
        Share of problems on which two conditions differ, a proportion, the same for any two.
    n : int
        Number of problems.
    alpha : float
        Level of the test.

    Returns
    -------
    float
        A proportion.

    Notes
    -----
    Q is then about χ² with noncentrality 2 n Σ (rate − mean rate)² / discordance. For a given range it is smallest
    when all other conditions lie half-way: n range² / discordance.
    """
    from scipy.special import chdtri, chndtrinc

    noncentrality = float(chndtrinc(chdtri(count - 1, alpha), count - 1, 1.0 - POWER))
    size = math.sqrt(noncentrality * discordance / n)
    # Two conditions differ on at least as many problems as they differ by on balance.
    return size if size <= discordance else noncentrality / n


def detectable_between_halves(
    rate: float, discordance: float, n: int, *, alpha: float, two_sided: bool = False
) -> float | None:
    """Return the loss of one half of the problems that an interaction finds when the other loses nothing on balance.

    Parameters
    ----------
    rate : float
        Rate of the outcome under the baseline in both halves, a proportion between 0 and 1.
    discordance : float
        Share of problems that change in either half, a proportion; more where the loss alone is more.
    n : int
        Number of problems in both halves together.
    alpha, two_sided
        As the test's.

    Returns
    -------
    float or None
        A proportion; None when not even losing nearly all of them is found.

    Notes
    -----
    The test compares log-odds. Near 0 and 1 the same loss in points is more of them, and varies more still. Their
    standard error is that of the delta method, from the paired counts that rate, discordance and loss imply.
    """
    enough = standard_errors(alpha, two_sided=two_sided)
    low, high = 0.0, 0.95 * rate  # losing all would be log-odds without end
    if not 0.0 < rate < 1.0 or _halves_apart(high, rate, discordance, n) < enough:
        return None
    for _ in range(40):  # to 1e-12: far below one problem
        middle = (low + high) / 2.0
        low, high = (low, middle) if _halves_apart(middle, rate, discordance, n) >= enough else (middle, high)
    return high


def detectable_points_between_halves(
    discordance: float, n: int, *, alpha: float, two_sided: bool = False
) -> float | None:
    """Return the loss of one half that an interaction in points finds when the other loses nothing on balance.

    As `detectable_between_halves`, whose rate does not matter here: the variance of a loss is its discordance less its
    square. None when not even losing nearly all is found.
    """
    enough = standard_errors(alpha, two_sided=two_sided)

    def apart(loss: float) -> float:
        variance = (max(discordance, loss) - loss**2 + discordance) / (n / 2.0)
        return loss / math.sqrt(variance)

    low, high = 0.0, 0.95
    if apart(high) < enough:
        return None
    for _ in range(40):  # to 1e-12: far below one problem
        middle = (low + high) / 2.0
        low, high = (low, middle) if apart(middle) >= enough else (middle, high)
    return high


def _halves_apart(loss: float, rate: float, discordance: float, n: int) -> float:
    """Return by how many standard errors the log-odds of the halves differ when one of them loses `loss`."""
    distance = math.log(rate / (1.0 - rate)) - math.log((rate - loss) / (1.0 - rate + loss))
    variance = 0.0
    for lost in (loss, 0.0):
        after = rate - lost
        both = rate - (max(discordance, lost) + lost) / 2.0
        spread, spread_after = rate * (1.0 - rate), after * (1.0 - after)
        together = 2.0 * (both - rate * after) / (spread * spread_after)
        variance += (1.0 / spread + 1.0 / spread_after - together) / (n / 2.0)
    return distance / math.sqrt(variance)
