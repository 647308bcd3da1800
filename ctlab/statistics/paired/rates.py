"""Paired differences of two runs: from aligned outcomes to counts, and from a claim's direction to its test."""

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.paired.chance_corrected import label_difference
from ctlab.statistics.paired.difference import equivalence
from ctlab.statistics.pairing import AnsweredRun, OutcomeLike, Question, check_runs, having, lost_and_gained
from ctlab.statistics.requested import check_requested

SIDES = {"increase": "greater", "decrease": "less", "change": "two-sided"}


@checked_arguments
def rate_difference(outcome: OutcomeLike, baseline: AnsweredRun, treated: AnsweredRun, claim: Question) -> Effect:
    """Return the paired difference of an outcome's rate, treated − baseline, tested as the claim says.

    Parameters
    ----------
    outcome : Outcome, str or function
        The outcome whose rate is compared, such as `CORRECT` or `CALC_ERROR`.
    baseline, treated : Run
        Two runs of the same problems.
    claim : Question
        Anything with `direction`, `margin` (a proportion) and `alpha`.

    Returns
    -------
    Effect
        As `label_difference`, or as `equivalence` for a claim of equivalence: an error label must move beyond
        chance too.

    Raises
    ------
    PairingError
        When the runs are not the same problems, once each, in the same order.
    ClaimError
        When the claim names another kind, outcome or other conditions (`check_requested`).
    StatisticsError
        For an unknown outcome or direction, and as `paired_difference`.
    """
    if claim.direction == "equivalent":
        return rate_equivalence(outcome, baseline, treated, claim)
    check_requested(claim, "rate_difference", runs=(baseline, treated), outcome=outcome)
    check_runs(baseline, treated)
    return label_difference(
        outcome, baseline, treated, margin=claim.margin, alternative=side(claim.direction), alpha=claim.alpha
    )


@checked_arguments
def rate_equivalence(outcome: OutcomeLike, baseline: AnsweredRun, treated: AnsweredRun, claim: Question) -> Effect:
    """Return the paired difference of an outcome's rate, tested for lying within ± the claim's margin."""
    check_requested(claim, "rate_equivalence", runs=(baseline, treated), outcome=outcome)
    n = check_runs(baseline, treated)
    lost, gained = lost_and_gained(having(baseline, outcome), having(treated, outcome))
    return equivalence(lost, gained, n, margin=claim.margin, alpha=claim.alpha)


@checked_arguments
def at_least(outcome: OutcomeLike, baseline: AnsweredRun, treated: AnsweredRun, claim: Question) -> Effect:
    """Return the paired difference of an outcome's rate, tested for exceeding the claim's margin in its direction."""
    if claim.margin == 0.0:
        raise StatisticsError("'At least' needs a margin above 0; without one the claim is an increase or a decrease.")
    return rate_difference(outcome, baseline, treated, claim)


@checked_arguments
def change(outcome: OutcomeLike, baseline: AnsweredRun, treated: AnsweredRun, claim: Question) -> Effect:
    """Return the paired difference of an outcome's rate, tested for differing from zero in either direction."""
    if side(claim.direction) != "two-sided":
        raise StatisticsError(f"A change has no direction, got {claim.direction!r}; use `rate_difference` for one.")
    return rate_difference(outcome, baseline, treated, claim)


def side(direction: str) -> str:
    """Return the alternative hypothesis that a direction stands for."""
    if direction not in SIDES:
        raise StatisticsError(
            f"A test of one side or of both needs the direction {', '.join(SIDES)}, got {direction!r}; "
            "give the claim one of them (for `equivalent` there are `rate_equivalence` and `equivalence`)."
        )
    return SIDES[direction]


@checked_arguments
def stronger(first: AnsweredRun, second: AnsweredRun, claim: Question, *, outcome: OutcomeLike = "CORRECT") -> Effect:
    """Return how much more often the outcome is lost under `first` than under `second`, paired.

    Parameters
    ----------
    first, second : Run
        The condition claimed to cost more, and the one it is compared with. The baseline cancels: both losses are
        taken against the same baseline, so their difference is rate(second) − rate(first).
    claim : Question
        `direction` is `increase` (first costs more) or `decrease`; `margin` is a proportion.
    outcome : Outcome, str or function
        The outcome that is lost.

    Returns
    -------
    Effect
        `estimate` is the loss under `first` minus the loss under `second`, a proportion.
    """
    check_requested(claim, "stronger", runs=(first, second), outcome=outcome)
    check_runs(first, second)
    return label_difference(
        outcome, first, second, margin=claim.margin, alternative=side(claim.direction), alpha=claim.alpha
    )
