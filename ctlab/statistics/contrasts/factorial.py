"""Two factors with two levels each: what the first does on average over the second, beside what they do together."""

from typing import Any

from ctlab.records.effect import Effect
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.checks import TAIL_95
from ctlab.statistics.contrasts.contrast_effect import columns_of, contrast_effect, rates_of
from ctlab.statistics.contrasts.resampled import Resampled
from ctlab.statistics.pairing import AnsweredRun, OutcomeLike, Question
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
    columns = columns_of(runs, claim, outcome)
    found = {name: _contrast(columns, *weighted, seed) for name, weighted in _CONTRASTS.items()}
    without, one, other, together = (sum(column) / len(column) for column in columns)
    return contrast_effect(
        found["first"],
        claim,
        rates_of(runs, columns),
        method="paired bootstrap of a main effect in a 2 × 2 design",
        null="mean of rate(first) − rate(neither) and rate(both) − rate(second)",
        details={
            "simple": {"without second": one - without, "with second": together - other},
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
