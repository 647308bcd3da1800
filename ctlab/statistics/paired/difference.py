"""The paired difference of two rates, from counts: above, below, different from, or within a margin."""

from ctlab.records.effect import Effect
from ctlab.statistics.checks import NULL_SIGN, check_alpha, check_alternative, check_counts, check_margin
from ctlab.statistics.paired.exact_unconditional import unconditional_p
from ctlab.statistics.paired.interval import continuity_correction, paired_interval
from ctlab.statistics.paired.mcnemar import mcnemar_p
from ctlab.statistics.paired.tango import tango_p

PAIRED_NULL = "paired difference of rates"
"""How every null hypothesis about a paired difference begins; whoever knows both conditions says them instead."""


def paired_difference(
    lost: int, gained: int, n: int, *, margin: float = 0.0, alternative: str = "two-sided", alpha: float = 0.05
) -> Effect:
    """Return the difference of two paired rates with its test and interval.

    Parameters
    ----------
    lost : int
        Problems with the outcome under the baseline only.
    gained : int
        Problems with the outcome under the treated condition only.
    n : int
        All paired problems, discordant or not.
    margin : float
        Smallest difference of interest, a proportion (.02 is 2 points). With `alternative='greater'` the null
        hypothesis is θ ≤ margin, with `'less'` θ ≥ −margin.
    alternative : {'two-sided', 'greater', 'less'}
        What is claimed of θ = (rate under treated) − (rate under baseline).
    alpha : float
        Level of the test. The interval has level 1 − alpha when two-sided, 1 − 2 alpha when one-sided.

    Returns
    -------
    Effect
        `estimate` is (gained − lost) / n, a proportion, as are `low` and `high`.

    Raises
    ------
    StatisticsError
        Counts that are no counts, lost + gained > n, n = 0, a negative margin, a margin with a two-sided test.

    Notes
    -----
    Without a margin the test is the exact McNemar test; with a margin it is Tango's score test, made exact
    (`unconditional_p`), because the score test alone is too liberal there. The interval is Tango's, with a continuity
    correction where few problems are discordant (`paired_interval`). Problems are assumed independent of each other.

    References
    ----------
    Tango (1998), Statistics in Medicine 17, 891-908; McNemar (1947), Psychometrika 12, 153-157.

    Examples
    --------
    >>> effect = paired_difference(lost=230, gained=29, n=1319, alternative="less")
    >>> round(effect.estimate, 4), round(effect.low, 4), round(effect.high, 4)
    (-0.1524, -0.1717, -0.1339)
    """
    check_counts(lost, gained, n)
    check_margin(margin, zero_allowed=True)
    check_alternative(alternative, margin)
    check_alpha(alpha)
    level = 1.0 - alpha if alternative == "two-sided" else 1.0 - 2.0 * alpha
    low, high = paired_interval(lost, gained, n, level)
    boundary = -margin if alternative == "less" and margin else margin
    if margin == 0.0:
        p_value = mcnemar_p(lost, gained, alternative)
        test = "exact McNemar test"
    else:
        towards, away = (lost, gained) if alternative == "greater" else (gained, lost)
        p_value = unconditional_p(towards, away, n, margin)
        test = "exact unconditional Tango score test"
    return Effect(
        estimate=(gained - lost) / n,
        low=low,
        high=high,
        level=level,
        p_value=p_value,
        n=n,
        lost=lost,
        gained=gained,
        method=f"{test}; {_interval_name(lost, gained)}",
        alternative=alternative,
        margin=margin,
        boundary=boundary,
        null=f"{PAIRED_NULL} {NULL_SIGN[alternative]} {boundary:g}",
    )


def equivalence(lost: int, gained: int, n: int, *, margin: float, alpha: float = 0.05) -> Effect:
    """Return the paired difference of two rates, tested for lying within ±`margin`.

    Parameters
    ----------
    lost, gained, n : int
        As in `paired_difference`.
    margin : float
        Equivalence margin (equivalence bound), a proportion above 0: differences below it are negligible.
    alpha : float
        Level of each of the two one-sided tests (TOST); the interval has level 1 − 2 alpha.

    Returns
    -------
    Effect
        `p_value` is the larger of the two one-sided p-values. Equivalence holds when the interval lies within ±margin.

    Raises
    ------
    StatisticsError
        As `paired_difference`, and for a margin of 0.

    Notes
    -----
    Two one-sided Tango score tests of θ ≤ −margin and θ ≥ margin (Schuirmann's procedure), with the continuity
    correction of the interval, so that tests and interval always say the same. Zero discordant pairs are a result:
    whether the intervention did anything at all is what certificates are for.

    References
    ----------
    Schuirmann DJ (1987), Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680; Tango (1998), as above.

    Examples
    --------
    >>> effect = equivalence(lost=12, gained=7, n=1319, margin=0.02)
    >>> effect.p_value < 0.05, -0.02 < effect.low < effect.high < 0.02
    (True, True)
    """
    check_counts(lost, gained, n)
    check_margin(margin, zero_allowed=False)
    check_alpha(alpha)
    low, high = paired_interval(lost, gained, n, 1.0 - 2.0 * alpha)
    correction = continuity_correction(lost, gained)
    p_above = tango_p(lost, gained, n, -margin, greater=True, correction=correction)
    p_below = tango_p(lost, gained, n, margin, greater=False, correction=correction)
    return Effect(
        estimate=(gained - lost) / n,
        low=low,
        high=high,
        level=1.0 - 2.0 * alpha,
        p_value=max(p_above, p_below),
        n=n,
        lost=lost,
        gained=gained,
        method=f"two one-sided Tango score tests; {_interval_name(lost, gained)}",
        alternative="equivalence",
        margin=margin,
        boundary=margin,
        null=f"{PAIRED_NULL} at least {margin:g} in size",
        details={"p_above_lower_margin": p_above, "p_below_upper_margin": p_below},
    )


def _interval_name(lost: int, gained: int) -> str:
    """Name the interval; where few problems changed, it is not Tango's to the last digit."""
    name = "Tango score interval"
    return f"{name} with continuity correction" if continuity_correction(lost, gained) else name
