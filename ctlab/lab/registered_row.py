"""What a report says of a claim beside its verdict: how it stands registered, and what it is judged without."""

from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.claims import Claim
from ctlab.lab.claim_rows import claim_row
from ctlab.lab.registered_claims import RegisteredClaims

if TYPE_CHECKING:
    from ctlab.lab.several_models import SeveralModels


def registered_row(claim: Claim, judged: Claim, claims: RegisteredClaims, lab: "SeveralModels") -> dict[str, Any]:
    """Describe a claim for the report, without a verdict; ``judged`` is what is judged of it on this model."""
    registered = claim.id in claims.claims
    standing = claims.standing(claim, lab) if registered else None
    row = claim_row(claim, None if standing is None else standing.alpha)
    row["remarks"] = _left_out(claim, judged)
    if standing is not None:
        row["digest"] = claims.now(claim).digest
        row["deviation"], row["exploratory"] = standing.deviation, bool(standing.deviation)
        row["remarks"] += [*filter(None, [standing.barred]), *standing.remarks]
        noted = claims.sizes_noted(claim, lab) - {look.n for look in standing.looks}
        if noted:
            sizes = ", ".join(formatting.count(n) for n in sorted(noted))
            row["remarks"].append(f"the registry counts looks at n = {sizes}, of which this store does not know")
        row["looks"] = [
            {"n": look.n, "verdict": str(look.verdict), "date": look.date, "statement": look.statement}
            for look in standing.looks
        ]
        accepted = claims.accepted(claim, lab)
        row["accepted"] = None if accepted is None else str(accepted.verdict)
    return row


def _left_out(claim: Claim, judged: Claim) -> list[str]:
    """Say which conditions a claim is judged without, because the model has fewer thoughts."""
    missing = [name for name in claim.conditions if name not in judged.conditions]
    return [f"judged without {formatting.listed(missing)}: this model has no such thought"] if missing else []
