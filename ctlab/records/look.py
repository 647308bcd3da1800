"""A look: one judged run of a claim, noted in the store, because every look is a chance for chance."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ctlab.records.judgement import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was seen of a claim, where, and when first; seeing the same once more is no second look."""

    claim_id: str
    """Id of the claim."""
    claimed: str
    """Digest of what it claimed: of everything that decides."""
    statement: str
    """Its sentence, as it was."""
    verdict: Verdict
    """What the run found."""
    model: str
    """Digest of the model, or of the set of recorded answers."""
    problems: str
    """Digest of the problems that were judged, a limit included."""
    source: str
    """Digest of the whole set that these are the first of."""
    n: int
    """Number of problems that were judged."""
    conditions: tuple[str, ...]
    """Digests of what the compared conditions do."""
    date: str
    """When, in UTC, ISO 8601 to the second."""
    family: str = ""
    """Family that it was judged in; empty in a look of an earlier ctlab."""

    @property
    def day(self) -> str:
        """Its date, for a sentence."""
        return self.date[:10]

    def repeats(self, other: "Look") -> bool:
        """Whether another look saw the same, at whatever time."""
        same = ("claim_id", "claimed", "verdict", "model", "problems")
        return all(getattr(self, name) == getattr(other, name) for name in same)

    def to_json(self) -> dict[str, Any]:
        """Return the look as JSON builtins."""
        return {**asdict(self), "verdict": str(self.verdict), "conditions": list(self.conditions)}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Look":
        """Return the look that `to_json` wrote."""
        values = {**row, "verdict": Verdict(row["verdict"]), "conditions": tuple(row["conditions"])}
        return cls(**values)
