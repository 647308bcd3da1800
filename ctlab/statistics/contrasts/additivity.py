"""Additivity: whether two conditions together lose less than each does in sum."""

from ctlab.records.effect import Effect
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.checks import NULL_SIGN, TAIL_95, check_alpha, check_alternative, check_margin
from ctlab.statistics.contrasts.resampled import VALUES, Resampled
from ctlab.statistics.paired.rates import side
from ctlab.statistics.pairing import AnsweredRun, OutcomeLike, Question, check_runs, having
from ctlab.statistics.requested import check_requested


@checked_arguments
def additivity(
    baseline: AnsweredRun,
    first: AnsweredRun,
    second: AnsweredRun,
    both: AnsweredRun,
    claim: Question,
    *,
    outcome: OutcomeLike = "CORRECT",
    seed: int = 0,
) -> Effect:
    """Return by how much two conditions together lose less than they do in sum, in points.

    Parameters
    ----------
    baseline, first, second, both : Run
        Four runs of the same problems; `both` hides what `first` and `second` hide.
    claim : Question
        `increase`: together they lose less than in sum (sub-additive) by more than `margin`; `decrease`: more.
    outcome : Outcome, str or function
        The outcome that is lost.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    Effect
        `estimate` is loss(first) + loss(second) − loss(both), a proportion: the scale is points, and additivity in
        points is not additivity in log-odds.

    Raises
    ------
    ClaimError, PairingError, StatisticsError
        As `rate_difference`.

    Notes
    -----
    Each problem has its own difference of differences, between −2 and 2; their mean is resampled over problems 20,000
    times (percentile interval; p is the share of resampled means on the wrong side of the margin). Where fewer than
    five problems lie on one side of 0, one more at the end of that side (−2 or 2) is resampled with them for the bound
    there: no resampling invents what the sample did not happen to hold.

    References
    ----------
    Efron B, Tibshirani RJ (1993). An Introduction to the Bootstrap. Chapman & Hall, chapter 13.
    """
    check_requested(claim, "additivity", runs=(baseline, first, second, both), outcome=outcome)
    check_alpha(claim.alpha)
    check_margin(claim.margin, below=2.0)  # two losses of everything and none together
    alternative = side(claim.direction)
    check_alternative(alternative, claim.margin)
    n = check_runs(baseline, first, second, both)
    columns = [having(run, outcome) for run in (baseline, first, second, both)]
    contrasts = [int(c) - int(a) - int(b) + int(ab) for c, a, b, ab in zip(*columns, strict=True)]
    resampled = Resampled(contrasts=contrasts, seed=seed)
    tail = claim.alpha / 2.0 if alternative == "two-sided" else claim.alpha
    boundary = -claim.margin if alternative == "less" and claim.margin else claim.margin
    estimate, (low, high) = resampled.estimate, resampled.interval(tail)
    rates = {
        run.condition.name: sum(column) / n
        for run, column in zip((baseline, first, second, both), columns, strict=True)
    }
    return Effect(
        estimate=estimate,
        low=min(low, estimate),
        high=max(high, estimate),
        level=1.0 - 2.0 * tail,
        p_value=resampled.p_value(alternative, boundary),
        n=n,
        method="paired bootstrap of the difference of differences, percentile interval",
        alternative=alternative,
        margin=claim.margin,
        boundary=boundary,
        null=f"loss(first) + loss(second) − loss(both) {NULL_SIGN[alternative]} {boundary:g}",
        details={
            "scale": "points",
            "interval_95": list(resampled.interval(TAIL_95)),
            "rates": rates,
            "contrasts": dict(zip(map(str, VALUES), resampled.counts, strict=True)),
        },
    )
