"""Additivity: whether two conditions together lose less than each does in sum."""

from ctlab.records.effect import Effect
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.contrasts.contrast_effect import columns_of, contrast_effect, rates_of
from ctlab.statistics.contrasts.resampled import Resampled
from ctlab.statistics.pairing import AnsweredRun, OutcomeLike, Question
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
    runs = (baseline, first, second, both)
    check_requested(claim, "additivity", runs=runs, outcome=outcome)
    columns = columns_of(runs, claim, outcome, below=2.0)  # two losses of everything and none together
    contrasts = [int(c) - int(a) - int(b) + int(ab) for c, a, b, ab in zip(*columns, strict=True)]
    return contrast_effect(
        Resampled(contrasts=contrasts, seed=seed),
        claim,
        rates_of(runs, columns),
        method="paired bootstrap of the difference of differences",
        null="loss(first) + loss(second) − loss(both)",
    )
