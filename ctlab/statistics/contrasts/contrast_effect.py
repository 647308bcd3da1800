"""From a contrast of four runs, resampled over problems, to an effect."""

from collections.abc import Mapping, Sequence
from typing import Any

from ctlab.records.effect import Effect
from ctlab.statistics.checks import NULL_SIGN, TAIL_95, check_alpha, check_alternative, check_margin
from ctlab.statistics.contrasts.resampled import VALUES, Resampled
from ctlab.statistics.paired.rates import side
from ctlab.statistics.pairing import AnsweredRun, OutcomeLike, Question, check_runs, having


def columns_of(
    runs: Sequence[AnsweredRun], claim: Question, outcome: OutcomeLike, *, below: float = 1.0
) -> list[tuple[bool, ...]]:
    """Return what each run has of the outcome; the margin must lie below what a contrast can reach."""
    check_alpha(claim.alpha)
    check_margin(claim.margin, below=below)
    check_alternative(side(claim.direction), claim.margin)
    check_runs(*runs)
    return [having(run, outcome) for run in runs]


def contrast_effect(
    contrast: Resampled,
    claim: Question,
    rates: Mapping[str, float],
    *,
    method: str,
    null: str,
    details: Mapping[str, Any] | None = None,
) -> Effect:
    """Return a contrast's mean with its percentile interval and p; ``null`` names what lies beyond the margin."""
    alternative = side(claim.direction)
    tail = claim.alpha / 2.0 if alternative == "two-sided" else claim.alpha
    boundary = -claim.margin if alternative == "less" and claim.margin else claim.margin
    estimate, (low, high) = contrast.estimate, contrast.interval(tail)
    return Effect(
        estimate=estimate,
        low=min(low, estimate),
        high=max(high, estimate),
        level=1.0 - 2.0 * tail,
        p_value=contrast.p_value(alternative, boundary),
        n=len(contrast.contrasts),
        method=f"{method}, percentile interval",
        alternative=alternative,
        margin=claim.margin,
        boundary=boundary,
        null=f"{null} {NULL_SIGN[alternative]} {boundary:g}",
        details={
            "scale": "points",
            "interval_95": list(contrast.interval(TAIL_95)),
            "rates": dict(rates),
            "contrasts": dict(zip(map(str, VALUES), contrast.counts, strict=True)),
            **(details or {}),
        },
    )


def rates_of(runs: Sequence[AnsweredRun], columns: Sequence[Sequence[bool]]) -> dict[str, float]:
    """Return how often each run has the outcome, by its condition."""
    return {run.condition.name: sum(column) / len(column) for run, column in zip(runs, columns, strict=True)}
