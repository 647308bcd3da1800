"""What is registered of one claim, and the subject that a verdict is accepted for."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ctlab.claims.claim import Claim, Family


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom and what a verdict is about: a verdict is accepted for exactly this."""

    model: str
    """Digest of the model, or of the set of recorded answers."""
    problems: str
    """Digest of the problem set, a limit included."""
    padding: str
    """`exact` or `as-published`."""
    dtype: str
    """Floating-point type of the run."""
    max_new_tokens: int
    """Longest answer, in tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A claim as it was registered."""

    digest: str
    """Digest of everything in the claim, and of its family's size and level."""
    family: str
    """Name of its family."""
    family_size: int
    """Number of claims that the family had."""
    family_alpha: float
    """Level that the family had."""
    statement: str
    """The sentence, for people who read the file."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """Short digest of each field of the claim, so that a change can be named; empty in files of an older form."""
    conditions: Mapping[str, str] = field(default_factory=dict)
    """Digest of what each condition that judging needs does; a claim that names it means this."""

    @classmethod
    def of(cls, claim: Claim, family: Family, definitions: Mapping[str, str] | None = None) -> "Registered":
        """Return what is registered of a claim; ``definitions`` are digests of conditions by name."""
        known = definitions or {}
        return cls(
            parts={name: _short(value) for name, value in claim.to_json().items()},
            conditions={name: known[name] for name in sorted(claim.all_conditions) if name in known},
            digest=family.digest(claim),
            family=family.name,
            family_size=len(family.claims),
            family_alpha=family.alpha,
            statement=claim.statement,
        )


def _short(value: Any) -> str:
    """Return eight hex digits that stand for a value of a claim: enough to see that it changed, short to read."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:8]
