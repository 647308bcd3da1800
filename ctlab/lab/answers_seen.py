"""What is known of a claim's answers: verdicts in the history, looks, the store; by what is asked and what is done.

Not by keys of runs, ids of claims, names of conditions or files: whatever the precision, the length of answers or the
engine's version, these are the model's answers to the problems. Nobody else derives what was seen.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ctlab import formatting
from ctlab.claims import Claim
from ctlab.claims.registered import Event, Registered, What
from ctlab.claims.subject import SHORT, overlap
from ctlab.interventions import Condition
from ctlab.interventions.contrast_groups import reads_solutions
from ctlab.lab.by_model import alone
from ctlab.lab.claim_run import ClaimRun
from ctlab.lab.condition_twins import Twins, same_under
from ctlab.lab.swept_conditions import is_cell
from ctlab.records import Look
from ctlab.store import KnownSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Answers that tell something of a claim, seen at some time."""

    date: str
    """When at the latest, in UTC, ISO 8601 to the second."""
    words: str
    """What was seen of whom, on which problems."""
    how: str
    """How these are the claim's answers under other names; empty where nothing is called otherwise."""
    event: tuple[str, Event] | None = None
    """Claim's id and line of the registry, for one that stands there."""
    own: bool = False
    """Whether it was the claim itself that was judged."""

    @property
    def said(self) -> str:
        """All of it, for a sentence."""
        return "; ".join(filter(None, (self.words, self.how)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A condition as a claim or a look names it."""

    name: str
    """Its name there."""
    digest: str
    """Digest of what it does there."""
    condition: Condition | None
    """That in words; None where nobody knows them any more."""


class AnswersSeen:
    """Finds what was seen of each claim of a run."""

    def __init__(self, claims: ClaimRun) -> None:
        self._claims = claims
        self._registered = claims.registered
        self._lab = claims.lab

    def of(self, claim: Claim) -> list[Seen]:
        """Return every verdict on answers that tell something of a claim, oldest first: of it, or of any other."""
        if not self._lab.ids:  # of a set that is still to be drawn nobody has answers
            return []
        now = self._registered.now(claim)
        mine = self._compared(now)
        seen = [*self._in_history(claim, mine), *self._looked_at(claim, mine)]
        return sorted(seen, key=lambda each: each.date)

    def stored(self, claim: Claim) -> str:
        """Say which of a claim's answers the store holds; empty for none."""
        if not self._lab.ids:
            return ""
        mine = self._compared(self._registered.now(claim))
        known = [Named(name=each.name, digest=digest, condition=each) for digest, each in self._known.items()]
        alike = {other.digest: like for other in known if (like := self._tells(claim, mine, [other])) is not None}
        conditions = [self._known[digest] for digest in alike]
        asked, other = self._asked()
        found = set[str]()
        for model in dict.fromkeys(condition.model for condition in conditions):
            own = [alone(condition) if model else condition for condition in conditions if condition.model == model]
            found |= self._lab.store.answered(self._lab.digest_of(model), self._run_digests(own), asked)
        if not found:
            return ""
        n, names = len({asked[each] for each in found}), formatting.listed([each.name for each in mine])
        if claim.sweep is not None and any(is_cell(claim.sweep, condition) for condition in conditions):
            names = "cells of its sweep"
        said = f"the store holds answers to {formatting.counted(n, 'problem')} under {names}"
        return _joined(said, *dict.fromkeys(alike.values()), "" if other is None else self._overlap(other))

    def _in_history(self, claim: Claim, mine: Iterable["Named"]) -> Iterator[Seen]:
        registry, subject = self._registered.registry, self._lab.subject_of(claim)
        for claim_id in registry.claims:
            for version, event in registry.events(claim_id):
                if event.what in (What.REGISTERED, What.WITHDRAWN):
                    continue
                there = registry.subjects[event.subject]
                if not subject.shares_answers_with(there):
                    continue
                like = self._tells(claim, mine, self._compared(version))
                if like is None and claim_id != claim.id:
                    continue
                what = f"was {event.verdict}" if event.verdict is not None else str(event.what)
                # A limit of one set leaves nothing out that was there; it is no other set.
                same = there.problems_name == subject.problems_name and there.ids <= self._whole
                yield Seen(
                    date=event.date,
                    words=f"{claim_id} {what} on {there.words}",
                    how=_joined(like, overlap(subject.ids, there.ids, there.problems_name, same=same)),
                    event=(claim_id, event),
                    own=claim_id == claim.id,
                )

    def _looked_at(self, claim: Claim, mine: Iterable["Named"]) -> Iterator[Seen]:
        for look in self._lab.looks_at(self._lab.subject_of(claim)):
            like = self._tells(claim, mine, self._conditions_of(look))
            if like is None and look.claim_id != claim.id:
                continue
            how = ""
            if look.source != self._lab.source_digest:
                known = self._lab.known.sets[look.source]
                how = self._overlap(known)
            yield Seen(
                date=look.date,
                words=f"{look.claim_id} was {look.verdict} on n = {look.n:,}",
                how=_joined(like, how),
                own=look.claim_id == claim.id,
            )

    def _compared(self, version: Registered) -> list["Named"]:
        """Conditions whose answers tell of a version of a claim."""
        return [self._named(name, version.does.get(name, name)) for name in version.compared]

    def _conditions_of(self, look: Look) -> list["Named"]:
        then = self._lab.known.conditions  # as it was called when it was looked at
        return [self._named(then[digest].name if digest in then else "", digest) for digest in look.conditions]

    def _named(self, name: str, digest: str) -> "Named":
        condition = self._known.get(digest)
        return Named(name=name or (condition.name if condition else digest), digest=digest, condition=condition)

    def _tells(self, claim: Claim, mine: Iterable["Named"], theirs: Sequence["Named"]) -> str | None:
        """Say how one of a claim's conditions, or a cell of its sweep, is one of another's; None where none is."""
        sweep = claim.sweep
        if sweep is not None and any(each.condition is not None and is_cell(sweep, each.condition) for each in theirs):
            return ""
        return self._likeness(mine, theirs)

    def _likeness(self, mine: Iterable["Named"], theirs: Iterable["Named"]) -> str | None:
        """Say how one of a claim's conditions is one of another's; empty for the same, None where none is."""
        found = [self._like(one, other) for one in mine for other in theirs]
        return min((like for like in found if like is not None), key=len, default=None)

    def _like(self, mine: "Named", other: "Named") -> str | None:
        if mine.digest == other.digest and mine.name == other.name:
            return ""
        if mine.condition is None or other.condition is None:  # a digest alone is like itself alone
            return None if mine.digest != other.digest else same_under(mine.name, other.name)
        return self._twins.likeness(replace(mine.condition, name=mine.name), replace(other.condition, name=other.name))

    def _overlap(self, other: KnownSet) -> str:
        there = frozenset(each[:SHORT] for each in other.content_ids)
        return overlap(self._lab.subject.ids, there, other.name, same=False)

    @cached_property
    def _known(self) -> dict[str, Condition]:
        """Every condition whose words are known, by the digest that claims and looks name it by."""
        here = {self._registered.definitions.get(name): each for name, each in self._lab.conditions.items()}
        coded = {digest: condition for digest, condition in here.items() if digest is not None}
        return {**self._lab.known.conditions, **self._registered.registry.conditions, **coded}

    @cached_property
    def _twins(self) -> Twins:
        card = {} if self._lab.settings.recorded else self._lab.engine.card()
        return Twins(card, self._known.values())

    @cached_property
    def _whole(self) -> frozenset[str]:
        return frozenset(each[:SHORT] for each in self._lab.content_ids)

    def _asked(self) -> tuple[dict[str, str], KnownSet | None]:
        """Return ids under which these problems were asked, with their content's, and another set that has them."""
        asked = {problem.id: problem.content_id for problem in self._lab.problems}
        here, other = set(asked.values()), None
        for digest, known in self._lab.known.sets.items():
            shared = {
                one: content for one, content in zip(known.ids, known.content_ids, strict=True) if content in here
            }
            if shared and digest != self._lab.source_digest:
                other = known
            asked |= shared
        return asked, other

    def _run_digests(self, conditions: Iterable[Condition]) -> set[str]:
        """Digests under which a store holds runs of conditions; one a limit where one draws on other problems."""
        sets = [self._lab.problems.whole.ids, *(known.ids for known in self._lab.known.sets.values())]
        digests = set[str]()
        for condition in conditions:
            digests.add(condition.digest)
            if reads_solutions(condition):  # donors follow from worked solutions, which a store does not keep
                digests |= self._lab.known.runs.get(condition.definition, frozenset())
            elif condition.draws_on_others:
                digests.update(condition.digest_among(ids[:n]) for ids in sets for n in range(1, len(ids) + 1))
        return digests


def _joined(*parts: str | None) -> str:
    return "; ".join(filter(None, parts))
