"""Two factors with two levels each: what the first does on average over the second, beside what they do together."""

from typing import Any

from ctlab.records.effect import Effect
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.checks import NULL_SIGN, TAIL_95, check_alpha, check_alternative, check_margin
from ctlab.statistics.contrasts.resampled import VALUES, Resampled
from ctlab.statistics.paired.rates import side
from ctlab.statistics.pairing import AnsweredRun, OutcomeLike, Question, check_runs, having
from ctlab.statistics.requested import check_requested

_CONTRASTS = {"first": ((-1, 1, -1, 1), 0.5), "second": ((-1, -1, 1, 1), 0.5), "interaction": ((1, -1, -1, 1), 1.0)}
"""Weight of each run (neither, first, second, both), and what one step of the weighted sum is worth."""


@checked_arguments
def main_effect(
    neither: AnsweredRun,
    first: AnsweredRun,
    second: AnsweredRun,
    both: AnsweredRun,
    claim: Question,
    *,
    outcome: OutcomeLike = "CORRECT",
    seed: int = 0,
) -> Effect:
    """Return what the first of two factors does on average over the second, in points.

    Parameters
    ----------
    neither, first, second, both : Run
        Four runs of the same problems, of one model or of several: without either factor, with the first alone, with
        the second alone, and with both.
    claim : Question
        `increase`: the first factor raises the outcome's rate by more than `margin`; `decrease`: it lowers it.
    outcome : Outcome, str or function
        The outcome whose rate is compared.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    Effect
        `estimate` is the mean of rate(first) − rate(neither) and rate(both) − rate(second), a proportion.
        `details["simultaneous"]` has both main effects and the interaction, rate(both) − rate(second) − rate(first) +
        rate(neither), each with an interval; the three cover together in at least 95 % of samples (Bonferroni).
        `details["simple"]` has the two differences that the main effect is the mean of.

    Raises
    ------
    ClaimError, PairingError, StatisticsError
        As `rate_difference`.

    Notes
    -----
    Each problem has its own contrast, and their mean is resampled over problems as in `additivity`, whose estimate is
    the interaction. Nothing is assumed of how a problem's four answers depend on each other.

    References
    ----------
    Montgomery DC (2017). Design and Analysis of Experiments, 9th edition. Wiley, section 6.2 (the 2² design).
    Efron B, Tibshirani RJ (1993). An Introduction to the Bootstrap. Chapman & Hall, chapter 13.
    """
    runs = (neither, first, second, both)
    check_requested(claim, "main_effect", runs=runs, outcome=outcome)
    check_alpha(claim.alpha)
    check_margin(claim.margin)
    alternative = side(claim.direction)
    check_alternative(alternative, claim.margin)
    n = check_runs(*runs)
    columns = [having(run, outcome) for run in runs]
    found = {name: _contrast(columns, *weighted, seed) for name, weighted in _CONTRASTS.items()}
    main, tail = found["first"], claim.alpha / 2.0 if alternative == "two-sided" else claim.alpha
    boundary = -claim.margin if alternative == "less" and claim.margin else claim.margin
    low, high = main.interval(tail)
    rates = [sum(column) / n for column in columns]
    return Effect(
        estimate=main.estimate,
        low=min(low, main.estimate),
        high=max(high, main.estimate),
        level=1.0 - 2.0 * tail,
        p_value=main.p_value(alternative, boundary),
        n=n,
        method="paired bootstrap of a main effect in a 2 × 2 design, percentile interval",
        alternative=alternative,
        margin=claim.margin,
        boundary=boundary,
        null=f"mean of rate(first) − rate(neither) and rate(both) − rate(second) {NULL_SIGN[alternative]} {boundary:g}",
        details={
            "scale": "points",
            "interval_95": list(main.interval(TAIL_95)),
            "rates": {run.condition.name: rate for run, rate in zip(runs, rates, strict=True)},
            "contrasts": dict(zip(map(str, VALUES), main.counts, strict=True)),
            "simple": {"without second": rates[1] - rates[0], "with second": rates[3] - rates[2]},
            "simultaneous": {name: _shown(each) for name, each in found.items()},
        },
    )


def _contrast(columns: list[tuple[bool, ...]], weights: tuple[int, ...], step: float, seed: int) -> Resampled:
    sums = [sum(w * int(has) for w, has in zip(weights, row, strict=True)) for row in zip(*columns, strict=True)]
    return Resampled(contrasts=sums, seed=seed, step=step)


def _shown(contrast: Resampled) -> dict[str, Any]:
    """Return a contrast with an interval that covers together with the others' in 95 % of samples."""
    low, high = contrast.interval(TAIL_95 / len(_CONTRASTS))
    return {"estimate": contrast.estimate, "low": low, "high": high}
