"""What a report says of a claim beside its verdict: how it stands registered, and what it is judged without."""

from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.claims import Claim
from ctlab.lab.claim_rows import claim_row

if TYPE_CHECKING:
    from ctlab.lab.claim_run import ClaimRun


def registered_row(run: "ClaimRun", claim: Claim) -> dict[str, Any]:
    """Describe a claim for the report, without a verdict."""
    registered = claim.id in run.registered.claims
    row = claim_row(claim, run.alpha(claim) if registered else None)
    row["remarks"] = _left_out(run, claim)
    if registered:
        standing = run.registered.standing(claim, run.lab)
        row["digest"] = run.registered.now(claim).digest
        row["deviation"], row["exploratory"] = standing.deviation, bool(standing.deviation)
        row["remarks"] += [*filter(None, [standing.barred]), *standing.remarks]
        noted = run.registered.sizes_noted(claim, run.lab) - {look.n for look in standing.looks}
        if noted:
            sizes = ", ".join(formatting.count(n) for n in sorted(noted))
            row["remarks"].append(f"the registry counts looks at n = {sizes}, of which this store does not know")
        row["looks"] = [
            {"n": look.n, "verdict": str(look.verdict), "date": look.date, "statement": look.statement}
            for look in standing.looks
        ]
        accepted = run.registered.accepted(claim, run.lab)
        row["accepted"] = None if accepted is None else str(accepted.verdict)
    return row


def _left_out(run: "ClaimRun", claim: Claim) -> list[str]:
    """Say which conditions a claim is judged without, because the model has fewer thoughts."""
    judged = run.fitted(claim).conditions
    missing = [name for name in claim.conditions if name not in judged]
    return [f"judged without {formatting.listed(missing)}: this model has no such thought"] if missing else []
