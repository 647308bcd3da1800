"""What changed since the verdicts that were accepted: a sentence each, and one line where nothing did."""

from collections.abc import Sequence

from ctlab import formatting
from ctlab.reporting.model.claim_row import ClaimRow


def changed(claims: Sequence[ClaimRow]) -> list[ClaimRow]:
    """Claims with another verdict than the accepted one."""
    known = [claim for claim in claims if claim.accepted is not None and claim.verdict is not None]
    return [claim for claim in known if claim.accepted != claim.verdict]


def since_accepted(claims: Sequence[ClaimRow]) -> str:
    """Say how this run's verdicts stand to the accepted ones of the registry; empty where no claim was judged."""
    judged = [claim for claim in claims if claim.verdict is not None]
    known = [claim for claim in judged if claim.accepted is not None]
    new = [claim for claim in judged if claim.accepted is None]
    moved = changed(judged)
    if not judged:
        return ""
    if not known:
        return "No verdict was accepted before, so nothing can have changed."
    number = formatting.counted(len(known), "accepted verdict")
    if moved:
        each = formatting.listed([f"{claim.id} (was {claim.accepted}, is {claim.verdict})" for claim in moved])
        text = f"Changed since the accepted run, {formatting.count(len(moved))} of {number}: {each}."
    else:
        text = f"No verdict changed since the accepted run ({number})."
    if new:
        text += f" Not accepted before: {formatting.listed([claim.id for claim in new])}."
    return text
