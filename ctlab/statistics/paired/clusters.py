"""Clustered designs: problems from one template, or runs of one seed, are not independent of each other."""

import math
from collections.abc import Hashable, Sequence

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.checks import NULL_SIGN, TAIL_95, check_alpha, check_alternative, check_margin
from ctlab.statistics.paired.difference import PAIRED_NULL


@checked_arguments
def clustered_difference(
    before: Sequence[bool],
    after: Sequence[bool],
    clusters: Sequence[Hashable],
    *,
    margin: float = 0.0,
    alternative: str = "two-sided",
    alpha: float = 0.05,
) -> Effect:
    """Return the paired difference of two rates when problems come in clusters.

    Parameters
    ----------
    before, after : sequence of bool
        Whether each problem has the outcome under the baseline and under the treated condition.
    clusters : sequence of hashable
        Each problem's cluster: its template, the seed or the checkpoint that answered it.
    margin, alternative, alpha
        As `paired_difference`.

    Returns
    -------
    Effect
        `estimate` is the difference of rates over all problems, a proportion; `details["clusters"]` their number,
        `details["design_effect"]` the variance relative to independent problems.

    Raises
    ------
    StatisticsError
        When lengths differ or there are fewer than two clusters.

    Notes
    -----
    The mean of all problems as a ratio of cluster sums, with the between-cluster variance and Student's t on
    clusters − 1 degrees of freedom. With few clusters the interval is wide, as it must be.

    References
    ----------
    Cochran WG (1977). Sampling Techniques, 3rd edition. Wiley, section 9A (single-stage clusters).

    Examples
    --------
    >>> effect = clustered_difference([True] * 6, [True, False] * 3, [0, 0, 1, 1, 2, 2])
    >>> effect.estimate, effect.details["clusters"]
    (-0.5, 3)
    """
    from scipy.special import stdtr, stdtrit

    check_margin(margin, zero_allowed=True)
    check_alternative(alternative, margin)
    check_alpha(alpha)
    if not len(before) == len(after) == len(clusters) or len(before) == 0:
        raise StatisticsError(
            f"before, after and clusters need one value a problem, got {len(before)}, {len(after)} and "
            f"{len(clusters)}; name a cluster for each."
        )
    differences = [int(has) - int(had) for had, has in zip(before, after, strict=True)]
    n, estimate = len(differences), sum(differences) / len(differences)
    sums: dict[Hashable, float] = {}
    for cluster, difference in zip(clusters, differences, strict=True):
        sums[cluster] = sums.get(cluster, 0.0) + difference - estimate
    count = len(sums)
    if count < 2:
        raise StatisticsError(f"A clustered design needs at least two clusters, got {count}; name the clusters.")
    variance = count / (count - 1) * math.fsum(total**2 for total in sums.values()) / n**2
    alone = math.fsum((each - estimate) ** 2 for each in differences) / (n - 1) / n
    error = math.sqrt(variance)
    tail = alpha / 2.0 if alternative == "two-sided" else alpha
    reach = float(stdtrit(count - 1, 1.0 - tail)) * error
    plain = float(stdtrit(count - 1, 1.0 - TAIL_95)) * error
    boundary = -margin if alternative == "less" and margin else margin
    t = (estimate - boundary) / error if error > 0.0 else math.copysign(math.inf, estimate - boundary)
    if error == 0.0 and estimate == boundary:
        t = 0.0
    two_sided = alternative == "two-sided"
    towards = -abs(t) if two_sided else -t if alternative == "greater" else t
    p_value = float(stdtr(count - 1, towards)) * (2.0 if two_sided else 1.0)
    return Effect(
        estimate=estimate,
        low=max(-1.0, estimate - reach),
        high=min(1.0, estimate + reach),
        level=1.0 - 2.0 * tail,
        p_value=min(1.0, p_value),
        n=n,
        lost=sum(1 for each in differences if each < 0),
        gained=sum(1 for each in differences if each > 0),
        method=f"cluster-robust t test over {count} clusters",
        alternative=alternative,
        margin=margin,
        boundary=boundary,
        null=f"{PAIRED_NULL} {NULL_SIGN[alternative]} {boundary:g}",
        undecided="" if error > 0.0 else "the clusters do not differ, so nothing says how much they might",
        details={
            "clusters": count,
            "design_effect": variance / alone if alone > 0.0 else 1.0,
            "interval_95": [max(-1.0, estimate - plain), min(1.0, estimate + plain)],
        },
    )
