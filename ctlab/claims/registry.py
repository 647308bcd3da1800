"""The registry: what was claimed of which answers before anybody had them, and what became of it; nothing is erased."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from ctlab.claims.claim import Claim, Family
from ctlab.claims.registered import ENTERED, Event, Registered, What, entered
from ctlab.claims.registry_file import alone, read, write
from ctlab.claims.subject import Subject
from ctlab.errors import RegistryError
from ctlab.interventions import Condition
from ctlab.records.judgement import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """Claims with their versions and events, and the subjects that these name; every change gives a new registry."""

    claims: Mapping[str, tuple[Registered, ...]] = field(default_factory=dict)
    """Versions of each claim by its id, oldest first."""
    subjects: Mapping[str, Subject] = field(default_factory=dict)
    """Subjects by name."""
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    """What conditions do, in words, by the digest that claims name it by; kept when they are gone from the code."""

    @classmethod
    def load(cls, path: Path) -> "Registry":
        """Read a registry; a file that is not there is an empty one."""
        claims, subjects, conditions = read(path)
        return cls(claims=claims, subjects=subjects, conditions=conditions)

    @classmethod
    @contextmanager
    def changing(cls, path: Path, say: Callable[[str], None]) -> Iterator["Registry"]:
        """Yield a registry as it is in its file now, which nobody else changes before the block has ended."""
        with alone(path, say):
            yield cls.load(path)

    def save(self, path: Path) -> None:
        """Write the registry, by rename; what was there stays line by line, so that a diff shows what was added."""
        write(path, self.claims, self.subjects, self.conditions)

    def knowing(self, conditions: Iterable[Condition]) -> "Registry":
        """Return a registry that holds in words what each of these conditions does, where a claim in it names that."""
        named = {
            digest for versions in self.claims.values() for version in versions for digest in version.does.values()
        }
        words = {each.definition: each for each in conditions if each.definition in named}
        return replace(self, conditions={**words, **self.conditions})

    def versions(self, claim_id: str) -> tuple[Registered, ...]:
        """Versions of a claim, oldest first; none of a stranger."""
        return self.claims.get(claim_id, ())

    def version(self, claim_id: str, now: Registered) -> Registered | None:
        """Return the latest version that claims what is claimed now, None where none does."""
        return next((old for old in reversed(self.versions(claim_id)) if not old.changes(now)), None)

    def events(self, claim_id: str) -> list[tuple[Registered, Event]]:
        """Return everything that happened to a claim with the version it happened to, oldest first."""
        found = [(version, event) for version in self.versions(claim_id) for event in version.history]
        return sorted(found, key=lambda pair: pair[1].date)  # stable: within a second, as it stands in the file

    def withdrawn(self, claim_id: str) -> Event | None:
        """Return the withdrawal of a claim that was not registered again since."""
        events = self.events(claim_id)
        last = events[-1][1] if events else None
        return last if last is not None and last.what == What.WITHDRAWN else None

    def standing(self) -> Iterator[str]:
        """Ids of the claims that nobody withdrew."""
        return (claim_id for claim_id in self.claims if self.withdrawn(claim_id) is None)

    def registered(self, claim_id: str, subject: Subject) -> Registered | None:
        """Return the version that was last registered for a subject before its answers, None where none was."""
        found = [version for version, event in self._entries(claim_id, subject) if event.what == What.REGISTERED]
        return found[-1] if found else None

    def entry(self, claim_id: str, version: Registered, subject: Subject) -> Event | None:
        """Return how a version was last entered for a subject, None where it never was."""
        found = [event for other, event in self._entries(claim_id, subject) if other is version]
        return found[-1] if found else None

    def _entries(self, claim_id: str, subject: Subject) -> list[tuple[Registered, Event]]:
        return [
            (version, event)
            for version, event in self.events(claim_id)
            if event.what in ENTERED and subject.is_that_of(self.subjects[event.subject])
        ]

    def accepted(self, claim_id: str, now: Registered, subject: Subject) -> Event | None:
        """Return the event by which a verdict on what is claimed now was last accepted for a subject, None for none."""
        found = [
            event
            for version, event in self.events(claim_id)
            if event.what == What.ACCEPTED
            and subject.is_same(self.subjects[event.subject])
            and not version.changes(now)
        ]
        return found[-1] if found else None

    def accepted_otherwise(self, claim_id: str, subject: Subject) -> tuple[Registered, Event] | None:
        """Return the last verdict accepted for a subject, of the claim in whatever form, with that form.

        None where there is none, or the claim was withdrawn since.
        """
        found = None
        for version, event in self.events(claim_id):
            if event.what == What.WITHDRAWN:
                found = None
            elif event.what == What.ACCEPTED and subject.is_same(self.subjects[event.subject]):
                found = version, event
        return found

    def knows(self, subject: Subject) -> bool:
        """Whether any verdict was ever accepted for a subject: without one nothing is held to anything."""
        accepted = {
            event.subject
            for versions in self.claims.values()
            for version in versions
            for event in version.history
            if event.what == What.ACCEPTED
        }
        return any(subject.is_same(self.subjects[name]) for name in accepted)

    def enter(
        self,
        what: What,
        claim: Claim,
        family: Family,
        subject: Subject,
        definitions: Mapping[str, str] | None = None,
        *,
        was: str = "",
        date: str = "",
        withdrawn: int = 0,
    ) -> "Registry":
        """Return a registry in which a claim, as it is, stands before a subject: registered, or after its answers."""
        event = entered(what, family, subject.name, date or utc_now(), was=was, withdrawn=withdrawn)
        return self._with_event(claim.id, Registered.of(claim, definitions), event, subject)

    def accept(
        self, claim: Claim, event: Event, subject: Subject, definitions: Mapping[str, str] | None = None
    ) -> "Registry":
        """Return a registry with one more accepted verdict; the claim must be in it, as it is."""
        now = Registered.of(claim, definitions)
        if self.version(claim.id, now) is None:
            raise RegistryError(
                f"Claim {claim.id!r} is not registered as it is; a verdict is accepted of what was registered only: "
                f"--ctlab-register it on problems whose answers nobody has."
            )
        if event.verdict == Verdict.VOID:
            raise RegistryError(
                f"Claim {claim.id!r} is VOID, which is never acceptable; mend what its reason names and run again."
            )
        return self._with_event(claim.id, now, replace(event, what=What.ACCEPTED, subject=subject.name), subject)

    def withdraw(self, claim_id: str, reason: str, *, date: str = "") -> "Registry":
        """Return a registry in which a claim is withdrawn; what happened to it stays."""
        if claim_id not in self.claims:
            known = ", ".join(self.claims) or "none"
            raise RegistryError(f"No claim {claim_id!r} was ever registered; registered are {known}.")
        if (already := self.withdrawn(claim_id)) is not None:
            raise RegistryError(f"Claim {claim_id!r} was withdrawn on {already.day} ({already.reason}).")
        event = Event(date=date or utc_now(), what=What.WITHDRAWN, reason=reason)
        return self._with_event(claim_id, self.versions(claim_id)[-1], event, None)

    def _with_event(self, claim_id: str, now: Registered, event: Event, subject: Subject | None) -> "Registry":
        """Append an event to the version that claims the same, or to a new version where none does."""
        versions = list(self.versions(claim_id))
        same = self.version(claim_id, now)
        if same is None:
            versions.append(replace(now, history=(event,)))
        else:
            place = versions.index(same)
            versions[place] = replace(same, history=(*same.history, event))
        if subject is not None and (differs := self._other_than_registered(subject)):
            raise RegistryError(f"{differs}; nothing is entered for them under one digest.")
        subjects = self.subjects if subject is None else {subject.name: subject, **self.subjects}
        return replace(self, claims={**self.claims, claim_id: tuple(versions)}, subjects=subjects)

    def _other_than_registered(self, subject: Subject) -> str:
        registered = self.subjects.get(subject.name)
        return "" if registered is None else not_those(registered, subject)

    def other_problems(self, subject: Subject) -> str:
        """Say how a subject's problems differ from those that were registered under their questions; empty for not."""
        alike = [other for other in self.subjects.values() if subject.shares_answers_with(other)]
        if any(subject.is_same(other) for other in alike):
            return ""
        said = {not_those(other, subject): len(subject.ids & other.ids) for other in alike}
        return max(filter(None, said), key=lambda words: said[words], default="")


def not_those(registered: Subject, subject: Subject) -> str:
    """Say that problems are not those that were registered although they ask the same; empty where they are."""
    differs = subject.differences(registered)
    name = registered.problems_name or registered.problems
    return f"these problems are not those that were registered ({name}): {differs}" if differs else ""


def utc_now() -> str:
    """Return the time as events have it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
