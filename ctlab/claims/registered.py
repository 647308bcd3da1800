"""What the registry knows of one claim: its versions, and what happened to each."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from typing import Any

from ctlab import formatting
from ctlab.claims.claim import Claim, Family
from ctlab.records.judgement import Verdict
from ctlab.statistics.moderators.feature import feature_name

WORDS = ("id", "family", "statement", "source", "positive_control")
"""Fields of a claim that decide nothing; every other one, also one that is added later, is what is claimed."""


OWN_OUTCOME, OWN_FEATURE = "outcome ", "feature "
"""Before the name of an own function, where digests are kept by name: a condition has no blank in its name."""


class What(StrEnum):
    """What can happen to a claim."""

    REGISTERED = "registered"
    """Nobody had its answers, as far as the store and the history here tell."""
    LATE = "registered after its answers"
    """Exploratory on these answers for ever."""
    CHANGED = "changed after its answers"
    """As `LATE`, of a claim that had said something else of them."""
    ACCEPTED = "accepted"
    """A verdict was accepted."""
    WITHDRAWN = "withdrawn"
    """Nobody claims it any more."""


ENTERED = (What.REGISTERED, What.LATE, What.CHANGED)
"""Events that put a claim, at its level, before a subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a claim's history; what does not belong to what happened is None or empty."""

    date: str
    """When, in UTC, ISO 8601 to the second: sorting the text sorts by time."""
    what: What
    """What happened."""
    subject: str = ""
    """Name of the subject; empty for a claim that was withdrawn."""
    family: str = ""
    """Family that it was entered, or judged, in."""
    family_size: int | None = None
    """Claims that this family had."""
    family_alpha: float | None = None
    """Level that this family had."""
    verdict: Verdict | None = None
    """The accepted verdict."""
    estimate: float | None = None
    """Estimate behind it, in the unit of the claim's effect."""
    interval: tuple[float, float] | None = None
    """Its deciding interval, in the same unit."""
    level: float | None = None
    """Level of this interval."""
    p: float | None = None
    """Its p-value."""
    n: int | None = None
    """Problems behind it."""
    looks: tuple[int, ...] = ()
    """Numbers of problems at which it had been judged by then, where there were several."""
    was: str = ""
    """What had become of the claim as it had been before, on these answers."""
    reason: str = ""
    """Why it was withdrawn."""

    @property
    def alpha(self) -> float | None:
        """The claim's own level when it was entered."""
        if self.family_alpha is None or not self.family_size:
            return None
        return self.family_alpha / self.family_size

    @property
    def day(self) -> str:
        """Its date, for a sentence."""
        return self.date[:10]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """One version of a claim, as it was registered, and its history."""

    form: Mapping[str, Any]
    """The claim's fields by name, as JSON builtins; without its id."""
    does: Mapping[str, str]
    """Digest of what each condition that judging needs does, and of the source of each own function that the claim
    names (``outcome CONTAINS_UNIT``, ``feature difficulty``); a claim that names it means this."""
    history: tuple[Event, ...] = ()
    """What happened to it, oldest first."""

    @classmethod
    def of(cls, claim: Claim, definitions: Mapping[str, str] | None = None) -> "Registered":
        """Return a claim as it is now; ``definitions`` are digests of what conditions do, by name."""
        known = definitions or {}
        form = {name: _plain(value) for name, value in claim.to_json().items() if name != "id"}
        meant = {*claim.all_conditions, *own_names(claim)}
        return cls(form=form, does={name: known[name] for name in sorted(meant) if name in known})

    @property
    def statement(self) -> str:
        """The claim as one sentence."""
        return str(self.form["statement"])

    @property
    def decisive(self) -> dict[str, Any]:
        """Fields that say what is claimed; one that is younger than the registration has its default."""
        return {name: self.form.get(name, default) for name, default in _DECISIVE.items()}

    @property
    def compared(self) -> tuple[str, ...]:
        """Conditions whose answers tell something of the claim: baseline alone only where it names no other."""
        names: Sequence[str] = self.form["conditions"]
        return tuple(name for name in names if name != "baseline") or tuple(names)

    @property
    def digest(self) -> str:
        """Digest of what is claimed: of everything that decides, and of what the conditions do.

        A field at its default is left out, so that a field which claims get later does not make them other claims.
        """
        said = {name: value for name, value in self.decisive.items() if value != _DECISIVE[name]}
        text = json.dumps([said, dict(self.does)], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]  # 64 bits: no two of a million claims share theirs

    def changes(self, now: "Registered") -> str:
        """Say how a claim differs now from what it was; empty when it claims the same, in whatever words."""
        then, today = self.decisive, now.decisive
        differing = [name for name in then if then[name] != today[name]]
        said = [f"its {name} {_changed(then[name], today[name])}" for name in differing]
        # Where nothing is known of a condition now, nothing has changed; an own function is known or is none.
        others = [name for name, digest in self.does.items() if now.does.get(name, digest) != digest]
        others += [
            name for name in sorted(self.does.keys() ^ now.does.keys()) if name.startswith((OWN_OUTCOME, OWN_FEATURE))
        ]
        return "; ".join([*said, *([f"what {' and '.join(others)} does changed"] if others else [])])

    def events(self, *kinds: What) -> tuple[Event, ...]:
        """Events of these kinds, oldest first."""
        return tuple(event for event in self.history if event.what in kinds)


def own_names(claim: Claim) -> tuple[str, ...]:
    """Return the names under which the own functions that a claim may name are kept beside what conditions do."""
    features = [name for feature in (claim.feature, *claim.adjust) if (name := feature_name(feature))]
    return (f"{OWN_OUTCOME}{claim.outcome}", *(f"{OWN_FEATURE}{name}" for name in features))


def entered(what: What, family: Family, subject: str, date: str, *, was: str = "", withdrawn: int = 0) -> Event:
    """Return the event that puts a claim of a family before a subject; ``withdrawn`` claims of it keep counting."""
    return Event(
        date=date,
        what=what,
        subject=subject,
        family=family.name,
        family_size=len(family.claims) + withdrawn,
        family_alpha=family.alpha,
        was=was,
    )


def _changed(then: Any, now: Any) -> str:
    """Say how a field's value changed: of a list what went and what came, else the value before and now."""
    if not (isinstance(then, list) and isinstance(now, list) and then and now):
        return f"was {_said(then)} and is {_said(now)}"
    gone, new = [_item(item) for item in then if item not in now], [_item(item) for item in now if item not in then]
    parts = [f"{verb} {formatting.listed(items)}" for verb, items in (("lost", gone), ("gained", new)) if items]
    return " and ".join(parts) or "stand in another order"


def _item(item: Any) -> str:
    """Name one item of a list; of a control its condition and what it shows."""
    return f"{item['condition']} ({item['shows']})" if isinstance(item, dict) else str(item)


def _said(value: Any) -> str:
    """Return a field's value for a sentence."""
    if value in ("", [], None):
        return "none"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return formatting.listed(value)
    return str(value) if isinstance(value, str | float) else json.dumps(value, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Return a value in the one form in which it is compared: 0 is 0.0, a tuple is a list."""
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return list(value) if isinstance(value, tuple) else value


def _default(name: str) -> Any:
    """Default of a field of a claim, in JSON's form; None for one that has none."""
    (found,) = (f for f in fields(Claim) if f.name == name)
    if found.default is MISSING:
        return None
    return _plain(found.default)


_DECISIVE = {f.name: _default(f.name) for f in fields(Claim) if f.name not in WORDS}
