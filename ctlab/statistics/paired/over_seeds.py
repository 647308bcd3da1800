"""Two recipes, each trained from several seeds: the difference of their rates, with seeds as clusters."""

import math
from collections.abc import Sequence

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.checks import NULL_SIGN, TAIL_95, check_alpha, check_alternative, check_margin
from ctlab.statistics.paired.rates import side
from ctlab.statistics.pairing import AnsweredRun, OutcomeLike, Question, check_runs, having
from ctlab.statistics.requested import check_requested

_ALIKE = "the seeds of each recipe answer alike, so nothing says how much they might differ"


@checked_arguments
def over_seeds(runs: Sequence[AnsweredRun], claim: Question, *, outcome: OutcomeLike = "CORRECT") -> Effect:
    """Return how far the mean rate of one recipe's seeds lies from that of another's, in points.

    Parameters
    ----------
    runs : sequence of Run
        Runs of the same problems: first one a seed of the reference, then as many of the other recipe.
    claim : Question
        `increase`: the other recipe's rate is higher by more than `margin`.
    outcome : Outcome, str or function
        The outcome whose rate is compared.

    Returns
    -------
    Effect
        `estimate` is the difference of the means over seeds, a proportion. `details["seeds"]` is the number of seeds a
        recipe, `details["degrees_of_freedom"]` what their spread is known with.

    Raises
    ------
    ClaimError, PairingError, StatisticsError
        As `rate_difference`; StatisticsError for an odd number of runs, or fewer than two seeds a recipe.

    Notes
    -----
    What is claimed is of the recipe, and its seeds are what was drawn of it: they are the clusters, and problems, which
    all seeds answer, are crossed with them. The variance is the sum of that of either recipe's mean over seeds and of
    that of the mean over problems; both hold the part that seed and problem have together, so that it is rather too
    large (Cameron, Gelbach and Miller take that part off once). A recipe's variance over seeds is taken to be at least
    what their answers to single problems would give by chance. Student's t, on Satterthwaite's degrees of freedom, with
    those of one recipe's seeds for the spread of both: all of it may lie in one of them, and of two seeds each Welch's
    degrees would then support a false claim in 6.6 % of samples at α = .05. With two or three seeds the interval is
    wide, and no number of problems makes it narrow.

    References
    ----------
    Cameron AC, Gelbach JB, Miller DL (2011). Robust inference with multiway clustering. Journal of Business & Economic
    Statistics 29(2), 238-249. Satterthwaite FE (1946). An approximate distribution of estimates of variance components.
    Biometrics Bulletin 2(6), 110-114.
    """
    from scipy.special import stdtr, stdtrit

    check_requested(claim, "over_seeds", runs=runs, outcome=outcome)
    check_alpha(claim.alpha)
    check_margin(claim.margin)
    alternative = side(claim.direction)
    check_alternative(alternative, claim.margin)
    seeds = len(runs) // 2
    if len(runs) % 2 or seeds < 2:
        raise StatisticsError(
            f"two recipes need as many seeds each, and at least two, got {len(runs)} runs; give the reference's first"
        )
    n = check_runs(*runs)
    columns = [having(run, outcome) for run in runs]
    rates = [sum(column) / n for column in columns]
    before, after = columns[:seeds], columns[seeds:]
    estimate = (sum(rates[seeds:]) - sum(rates[:seeds])) / seeds
    means = [
        (sum(later) - sum(earlier)) / seeds
        for earlier, later in zip(zip(*before, strict=True), zip(*after, strict=True), strict=True)
    ]
    spread = (_of_seeds(before, n) + _of_seeds(after, n)) / seeds
    parts = ((spread, seeds - 1), (_variance(means) / n, n - 1))
    variance = math.fsum(part for part, _ in parts)
    freedom = variance**2 / math.fsum(part**2 / df for part, df in parts) if variance else math.inf
    error = math.sqrt(variance)
    tail = claim.alpha / 2.0 if alternative == "two-sided" else claim.alpha
    boundary = -claim.margin if alternative == "less" and claim.margin else claim.margin
    reach, plain = (float(stdtrit(freedom, 1.0 - each)) * error if error else 0.0 for each in (tail, TAIL_95))
    t = (estimate - boundary) / error if error else 0.0
    towards = {"greater": -t, "less": t, "two-sided": -abs(t)}[alternative]
    p_value = float(stdtr(freedom, towards)) * (2.0 if alternative == "two-sided" else 1.0) if error else 1.0
    return Effect(
        estimate=estimate,
        low=max(-1.0, estimate - reach),
        high=min(1.0, estimate + reach),
        level=1.0 - 2.0 * tail,
        p_value=min(1.0, p_value),
        n=n,
        method=f"t test with seeds as clusters, {seeds} and {seeds} seeds crossed with problems",
        alternative=alternative,
        margin=claim.margin,
        boundary=boundary,
        null=f"mean rate over seeds, second recipe minus first {NULL_SIGN[alternative]} {boundary:g}",
        undecided="" if spread else _ALIKE,
        details={
            "scale": "points",
            "seeds": seeds,
            "degrees_of_freedom": freedom if error else 0.0,
            "interval_95": [max(-1.0, estimate - plain), min(1.0, estimate + plain)],
            "rates": {run.condition.name: rate for run, rate in zip(runs, rates, strict=True)},
        },
    )


def _of_seeds(arm: Sequence[Sequence[bool]], n: int) -> float:
    """Return the variance of a seed's rate: as it is over seeds, and at least what single answers give by chance."""
    chance = math.fsum(_variance(answers) for answers in zip(*arm, strict=True)) / n**2
    return max(_variance([sum(column) / n for column in arm]), chance)


def _variance(values: Sequence[float]) -> float:
    """Return the variance of a sample, by one less than its size."""
    mean = math.fsum(values) / len(values)
    return math.fsum((each - mean) ** 2 for each in values) / (len(values) - 1)
