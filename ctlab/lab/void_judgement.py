"""A claim whose evidence failed before there was any: VOID, with nothing measured."""

from ctlab.claims.reasons import void
from ctlab.lab.pending_claim import PendingClaim
from ctlab.records import Effect, Judgement, Verdict


def void_judgement(pending: PendingClaim, n: int, why: str) -> Judgement:
    """Return the judgement of a claim with a condition that could not be certified, on ``n`` problems."""
    claim, rules = pending.claim, pending.claim.kind.rules
    nothing = Effect(
        estimate=0.0,
        low=0.0,
        high=0.0,
        level=rules.level(claim, pending.alpha),
        p_value=1.0,
        n=n,
        method="nothing was measured",
        alternative=rules.alternative(claim),
        margin=claim.margin,
        null="",
        undecided=why,
        estimated=False,
    )
    reason = void([why])
    return Judgement(
        claim_id=claim.id, verdict=Verdict.VOID, effect=nothing, alpha=pending.alpha, reason=reason, why=reason
    )
