"""Whom and what a verdict is about: a model, its problems by what they ask and what is right, and how it answered."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ctlab import formatting

SHORT = 8
"""Digits of a problem's id that are kept, 32 bits: two sets of 1,319 problems that share none seem to share one in one
of 2,468 cases (2³² / 1,319²)."""
_PART = 4
"""Digits of a problem's text and of its gold answer, 16 bits: of 65,536 changes one goes unseen."""


class Asked(Protocol):
    """What is read of a problem; `ctlab.problems.Problem` has it all."""

    @property
    def question(self) -> str:
        """Question text."""

    @property
    def content_id(self) -> str:
        """Id of the question whatever its blanks."""

    @property
    def gold_text(self) -> str:
        """The reference answer as it is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom and what a verdict is about: a verdict is accepted, and a claim registered, for exactly this."""

    model: str
    """Digest of the model, or of the set of recorded answers. Where conditions name models: each by its name there and
    its digest, with a plus between, such as `first=1f0c…+second=9b2e…`; `@` and its limit of answer tokens stand
    behind one that has another than the longest."""
    problems: str
    """Digest of the problem set, a limit included; of a set that is still to be drawn, its announcement."""
    padding: str
    """`exact` or `as-published`."""
    dtype: str
    """Floating-point type of the run."""
    max_new_tokens: int
    """Longest answer, in tokens."""
    model_name: str = field(default="", compare=False)
    """Name of the model, for people."""
    problems_name: str = field(default="", compare=False)
    """Name of the problem set, for people."""
    n: int = field(default=0, compare=False)
    """Number of problems."""
    announcement: str = field(default="", compare=False)
    """What the problem set was called before it was drawn; empty for one that never was announced."""
    ids: frozenset[str] = field(default=frozenset(), compare=False)
    """First digits of the problems' ids, taken of the question whatever its blanks; empty where they are not known."""
    texts: str = field(default="", compare=False)
    """Four digits of each question's text, in the order of the sorted ids; empty where these say it all, because no
    question has a blank too many."""
    golds: str = field(default="", compare=False)
    """Four digits of each gold answer, in the same order; empty where they are not known."""

    @property
    def name(self) -> str:
        """Name in the registry: words for people, and digits that no other subject has."""
        parts = (self.model, self.problems, self.padding, self.dtype, str(self.max_new_tokens))
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:SHORT]
        return f"{self.words} ({digest})"

    @property
    def words(self) -> str:
        """Model and problems, for a sentence."""
        return f"{self.model_name or self.model} on {self.problems_name or self.problems}, n = {self.n:,}"

    def is_same(self, other: "Subject") -> bool:
        """Whether two are the same: by their digests, and by every text and gold answer that both are known to have."""
        return self == other and not self.differences(other)

    def is_that_of(self, registered: "Subject") -> bool:
        """Whether a claim was registered for this, by its digests or, before its problems were drawn, by their name."""
        if not registered.announced:
            return self.is_same(registered)
        same = ("model", "padding", "dtype", "max_new_tokens")
        return self.announcement == registered.problems and all(
            getattr(self, name) == getattr(registered, name) for name in same
        )

    @property
    def announced(self) -> bool:
        """Whether its problems are still to be drawn."""
        return bool(self.announcement) and self.problems == self.announcement

    @property
    def models(self) -> frozenset[str]:
        """Digest of each model that answers."""
        return models_in(self.model)

    def has_model_of(self, model: str) -> bool:
        """Whether one of its models is among those of another subject or of a look, as these have them."""
        return not self.models.isdisjoint(models_in(model))

    def shares_answers_with(self, other: "Subject") -> bool:
        """Whether one of the same models answered some of the same problems, in whatever precision."""
        return self.has_model_of(other.model) and (
            self.problems == other.problems or not self.ids.isdisjoint(other.ids)
        )

    def differences(self, other: "Subject") -> str:
        """Say in how many of the problems that both ask text or gold answer differ; empty where none is known to."""
        if (self.ids, self.texts, self.golds) == (other.ids, other.texts, other.golds):
            return ""  # nearly always, and for every event of every claim
        said = []
        for what in ("text", "gold"):
            mine, theirs = self._parts(f"{what}s"), other._parts(f"{what}s")
            if count := sum(mine[each] != theirs[each] for each in mine.keys() & theirs.keys()):
                said.append(f"{what} differs in {formatting.counted(count, 'problem')}")
        return " and ".join(said)

    def _parts(self, name: str) -> Mapping[str, str]:
        """Return four digits of each problem by its id; nothing where they are not known."""
        digits: str = getattr(self, name)
        if name == "texts" and not digits:
            return {each: each[:_PART] for each in self.ids}
        starts = range(0, len(digits), _PART)
        return {each: digits[at : at + _PART] for each, at in zip(sorted(self.ids), starts, strict=False)}


def models_in(model: str) -> frozenset[str]:
    """Return each digest in what a subject or a look has of its model: one, or several by name."""
    return frozenset(part.rpartition("=")[2].partition("@")[0] for part in model.split("+"))


def asked(problems: Iterable[Asked]) -> dict[str, Any]:
    """Return what a subject holds of its problems, by field: ids, texts and gold answers, a few digits of each."""
    by_id = {problem.content_id[:SHORT]: problem for problem in problems}
    inside = [by_id[each] for each in sorted(by_id)]
    texts = "".join(_digits(problem.question) for problem in inside)
    return {
        "ids": frozenset(by_id),
        "texts": "" if texts == "".join(each[:_PART] for each in sorted(by_id)) else texts,
        "golds": "".join(_digits(problem.gold_text) for problem in inside),
    }


def overlap(here: frozenset[str], there: frozenset[str], name: str, *, same: bool) -> str:
    """Say how many problems were answered before as part of another set, and which part of that is left out here.

    ``same`` says that it is no other set; nothing is said of that, and of sets whose problems are not known.
    """
    shared = here & there
    if same or not shared:
        return ""
    said = (
        f"{len(shared):,} of {len(here):,} problems were answered before, as part of {name}, under other ids or in "
        f"another order"
    )
    left_out = len(there) - len(shared)
    return said + (f"; {left_out:,} of its {len(there):,} are left out here" if left_out else "")


def _digits(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_PART]
