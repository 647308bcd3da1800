"""AUC: a measurement that is larger on one group of problems than on another."""

from collections.abc import Sequence
from statistics import NormalDist

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.statistics.checks import NULL_SIGN, check_alpha, check_alternative, check_finite, check_margin
from ctlab.statistics.paired.rates import side
from ctlab.statistics.pairing import Question
from ctlab.statistics.requested import check_requested

_ONE_PROBLEM = 0.25
"""Variance of the share that one problem alone exceeds: the largest that a number between 0 and 1 can have."""
_LEAST_VARIANCE = 1e-12
"""Keeps a test of perfect separation finite: a standard error of a millionth, far below one pair of problems."""


def auc(values: Sequence[float], positive: Sequence[bool], claim: Question) -> Effect:
    """Return the probability that a positive problem's value exceeds a negative one's.

    Parameters
    ----------
    values : sequence of float
        One measurement a problem.
    positive : sequence of bool
        Which problems belong to the group claimed to have larger values.
    claim : Question
        `increase`: the probability is above .5 by more than `margin`; `decrease`: below; `change`: either.

    Returns
    -------
    Effect
        `estimate` is the area under the receiver operating characteristic, a probability; ties count one half.

    Raises
    ------
    StatisticsError
        When lengths differ, a value is not finite, or one group is empty.

    Notes
    -----
    Without a margin the test is Mann and Whitney's rank test (exact without ties in small groups), with one it is
    Wald's on the logit of the area. The interval is DeLong's on the logit, which stays within 0 and 1.

    References
    ----------
    DeLong ER, DeLong DM, Clarke-Pearson DL (1988). Comparing the areas under two or more correlated receiver operating
    characteristic curves. Biometrics 44, 837-845.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> question = SimpleNamespace(direction="increase", margin=0.0, alpha=0.05)
    >>> auc([1, 2, 3, 4, 5, 6], [False, False, True, False, True, True], question).estimate
    0.8888888888888888
    """
    import numpy as np
    from scipy.stats import mannwhitneyu, rankdata

    check_requested(claim, "auc")
    if len(values) != len(positive):
        raise StatisticsError(
            f"values and positive must pair up, got {len(values)} and {len(positive)}; give both a problem."
        )
    for value in values:
        check_finite("a measurement", value)
    check_alpha(claim.alpha)
    check_margin(claim.margin, below=0.5)
    alternative = side(claim.direction)
    check_alternative(alternative, claim.margin)
    array, mask = np.asarray(values, dtype=float), np.asarray(positive, dtype=bool)
    m, k = int(mask.sum()), int((~mask).sum())
    if m == 0 or k == 0:
        raise StatisticsError(f"An AUC compares two groups, got {m} positive and {k} negative problems; fill both.")
    everywhere = rankdata(array)
    # DeLong's components: for each problem, the share of the other group that it exceeds.
    above = (everywhere[mask] - rankdata(array[mask])) / k
    below = 1.0 - (everywhere[~mask] - rankdata(array[~mask])) / m
    area = float(above.mean())
    variance = (above.var(ddof=1) / m if m > 1 else _ONE_PROBLEM) + (below.var(ddof=1) / k if k > 1 else _ONE_PROBLEM)
    low, high, level = _interval(area, float(variance), min(m, k), alternative, claim.alpha)
    plain = list(_interval(area, float(variance), min(m, k), "two-sided", 0.05)[:2])
    boundary = 0.5 + (-claim.margin if alternative == "less" else claim.margin)
    if claim.margin:
        p_value = _wald_p(area, float(variance), boundary, alternative)
    else:
        p_value = float(mannwhitneyu(array[mask], array[~mask], alternative=alternative).pvalue)
    return Effect(
        estimate=area,
        low=low,
        high=high,
        level=level,
        p_value=p_value,
        n=m + k,
        method=("logit Wald test" if claim.margin else "Mann-Whitney rank test") + "; DeLong interval on the logit",
        alternative=alternative,
        margin=claim.margin,
        boundary=boundary,
        null=f"AUC {NULL_SIGN[alternative]} {boundary:g}",
        unit="probability",
        groups={"positive": m, "negative": k},
        details={"interval_95": plain},
    )


def _interval(area: float, variance: float, smaller: int, alternative: str, alpha: float) -> tuple[float, float, float]:
    """Return low, high and level on the logit scale; perfect separation takes the half-pair correction."""
    import math

    tail = alpha / 2.0 if alternative == "two-sided" else alpha
    held = min(max(area, 0.5 / smaller), 1.0 - 0.5 / smaller)
    variance = max(variance, held * (1.0 - held) / (smaller * smaller))
    reach = -NormalDist().inv_cdf(tail) * math.sqrt(variance) / (held * (1.0 - held))
    centre = math.log(held / (1.0 - held))
    low, high = (1.0 / (1.0 + math.exp(-end)) for end in (centre - reach, centre + reach))
    return min(low, area), max(high, area), 1.0 - 2.0 * tail


def _wald_p(area: float, variance: float, boundary: float, alternative: str) -> float:
    """Return the one-sided p-value against a boundary other than one half."""
    import math

    z = (area - boundary) / math.sqrt(max(variance, _LEAST_VARIANCE))
    return NormalDist().cdf(-z if alternative == "greater" else z)
