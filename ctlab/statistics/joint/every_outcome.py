"""Equivalence of K outcomes at once: a condition that leaves every rate alone."""

from ctlab.records.effect import Effect
from ctlab.statistics.at_level import AtLevel
from ctlab.statistics.checks import check_alpha
from ctlab.statistics.joint.intersection_union import all_of
from ctlab.statistics.paired.rates import rate_equivalence
from ctlab.statistics.pairing import AnsweredRun, Question
from ctlab.statistics.requested import EVERY_OUTCOME, check_asked


def every_outcome_equivalent(baseline: AnsweredRun, treated: AnsweredRun, claim: Question) -> Effect:
    """Return the paired differences of every outcome's rate, tested for all lying within ± the claim's margin.

    Parameters
    ----------
    baseline, treated : Run
        Two runs of the same problems.
    claim : Question
        `margin` is a proportion; each outcome is tested at `alpha`, and refuted at `alpha` / K for K outcomes.

    Returns
    -------
    Effect
        The outcome that is furthest from proven; `details["parts"]` holds them all by name.

    Raises
    ------
    ClaimError, PairingError, StatisticsError
        As `rate_equivalence`.

    Notes
    -----
    Intersection-union test (`all_of`) of two one-sided Tango tests for each outcome.
    """
    from ctlab.outcomes import Outcome

    check_asked(claim, "equivalence", runs=(baseline, treated), outcome=EVERY_OUTCOME)
    check_alpha(claim.alpha)
    plain = AtLevel(direction=claim.direction, margin=claim.margin, alpha=claim.alpha)
    strict = AtLevel(direction=claim.direction, margin=claim.margin, alpha=claim.alpha / len(Outcome))
    return all_of(
        {str(outcome): rate_equivalence(outcome, baseline, treated, plain) for outcome in Outcome},
        {str(outcome): rate_equivalence(outcome, baseline, treated, strict) for outcome in Outcome},
        null=f"some outcome's rate differs by {claim.margin:g} or more",
    )
