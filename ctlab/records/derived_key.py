"""DerivedKey: everything that decides a value that is worked out from answers or of a model, in a form to be read."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ctlab.records.generation import RunKey


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedKey:
    """Under what a derived value is kept; what it was made from, such as the answers, is no part of the key."""

    kind: str
    """What it is: ``outcomes``, ``chance``, ``certificate`` …"""
    run: RunKey
    """The run that it is about."""
    code: str
    """Digest or version of the source that works it out."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """What else decides it, by name: digests of the problems, of the forms, of what a condition declares."""
    names: Mapping[str, str] = field(default_factory=dict, compare=False)
    """What people call model, problems and condition; for whoever tends a store, no part of the key."""

    @property
    def digest(self) -> str:
        """First 16 hex digits of the sha256 of everything that decides it."""
        return hashlib.sha256(json.dumps(self.to_json(), sort_keys=True).encode()).hexdigest()[:16]

    def to_json(self) -> dict[str, Any]:
        """JSON form, without names."""
        return {"kind": self.kind, "run": self.run.to_json(), "parts": dict(self.parts), "code": self.code}
