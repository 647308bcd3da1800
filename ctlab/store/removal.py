"""What goes from a store and why, and what may: records of `ctlab store gc`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from ctlab.store.choice import Choice
from ctlab.store.derived_files import Codes
from ctlab.store.manifest import Entry
from ctlab.store.names import SHORT
from ctlab.store.survey import StoreFile

DAY_S = 86_400.0


class Reason(StrEnum):
    """Why something goes, as a line of the summary."""

    ANSWERS = "answers that were asked to go"
    OF_GONE = "derived of answers that go"
    OLD_CODE = "derived by code that is not today's"
    FIRST_FORM = "derived, in the form before envelopes"
    ORPHANED = "derived of answers that are not here"
    DAMAGED = "derived and damaged"
    SET_ASIDE = "set aside as damaged"
    TEMPORARY = "left half written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """One file that goes."""

    path: Path
    """The file."""
    place: str
    """Its place in the store."""
    size: int
    """Bytes."""
    reason: Reason
    """Why."""

    @classmethod
    def of(cls, file: StoreFile, reason: Reason) -> "Removal":
        """Return the removal of a file."""
        return cls(path=file.path, place=file.place, size=file.size, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What may go."""

    codes: Codes
    """Code of today by kind of derived value."""
    older_than: float = DAY_S
    """Seconds since a file was written or moved, before which it stays."""
    answers: Mapping[str, Choice] = field(default_factory=dict)
    """Answers that may go, by folder of runs."""
    unused_days: int = 30
    """Days since answers were read, before which they stay."""
    protected: Sequence["Protected"] = ()
    """Answers that never go."""
    now: float = field(default_factory=lambda: datetime.now(UTC).timestamp())
    """The time, in seconds since 1970."""

    def is_young(self, changed: float, least: float = 0.0) -> bool:
        """Whether a file stays for its age; ``least`` is an age below which it stays whatever was asked."""
        return self.now - changed < max(self.older_than, least)

    def is_protected(self, model: str, entry: Entry) -> bool:
        """Whether a registry names answers of a model that a shard holds."""
        return any(protected.names(model, entry.problem_ids) for protected in self.protected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """Answers that a registry's history names: what proves a verdict that somebody accepted."""

    model: str
    """Digest of the model."""
    problems: str
    """Digest of the problems."""
    ids: frozenset[str] | None
    """First digits of their ids; None where they are not known, which protects every answer of the model."""

    def names(self, model: str, problem_ids: Sequence[str]) -> bool:
        """Whether any of a model's answers to these problems is protected."""
        if model != self.model:
            return False
        return self.ids is None or any(problem_id[:SHORT] in self.ids for problem_id in problem_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """A shard of which some runs go: what stays is written as a shard of its own first."""

    folder: Path
    """Folder of the runs."""
    entry: Entry
    """Entry of the shard as it is."""
    stays: frozenset[str]
    """Digests of the runs that stay."""


@dataclass(slots=True)
class Plan:
    """What goes, and what stays for which reason."""

    removals: list[Removal] = field(default_factory=list)
    """Files that go."""
    rewrites: list[Rewrite] = field(default_factory=list)
    """Shards of which a part goes; their files are among those that go."""
    young: int = 0
    """Files that stay because they are young."""
    protected: int = 0
    """Shards that stay because a registry names answers in them."""
    used: int = 0
    """Shards that stay because they were read lately."""
    busy: list[str] = field(default_factory=list)
    """Folders that were left alone because somebody works in them."""

    def add(self, other: "Plan") -> None:
        """Take over what another plan says."""
        self.removals += other.removals
        self.rewrites += other.rewrites
        self.busy += other.busy
        self.young += other.young
        self.protected += other.protected
        self.used += other.used
