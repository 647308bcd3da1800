"""A claim answered without a test around it: its kind says which statistic, its conditions which runs."""

from ctlab.claims.constructed import unfit_for_its_kind
from ctlab.claims.kinds.base import Takes
from ctlab.errors import ClaimError
from ctlab.lab.pending_claim import PendingClaim
from ctlab.records import Effect


def measured_effect(pending: PendingClaim) -> Effect:
    """Answer a claim by the statistic of its kind; ClaimError for one that does not say what is measured."""
    claim = pending.claim
    if claim.kind.rules.takes is Takes.MEASUREMENTS:
        names = " or ".join(claim.kind.rules.statistics)
        raise ClaimError(
            f"claim {claim.id!r} is of the kind {str(claim.kind)!r}, which does not say what is measured; "
            f"hand it over: lab.judge(claim, lambda claim: {names or 'statistic'}(…, claim)), with numbers of "
            f'lab.measure("{claim.conditions[-1]}")'
        )
    if wrong := unfit_for_its_kind(claim):
        raise ClaimError(f"claim {claim.id!r}: {wrong}")
    return pending.effect()
