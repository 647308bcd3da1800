"""What a claim says: the fields of its row that make it this claim and no other."""

import hashlib
import json

from ctlab.reporting.model.claim_row import ClaimRow

STATED = (
    "statement",
    "kind",
    "direction",
    "outcome",
    "margin",
    "feature",
    "scale",
    "adjust",
    "conditions",
)
"""Fields of a claim's row; where one differs, two verdicts are about two claims.

Its α is none of them: it is the level of the judgement, which a family that grows makes stricter.
"""
_DIGITS = 8
"""Of the digest, 32 bits: two versions of one claim look alike in one of four billion cases."""


def stated_digest(claim: ClaimRow) -> str:
    """Digest of what a claim says, whatever came of it."""
    form = claim.filled().to_json()
    text = json.dumps([form[name] for name in STATED], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
