"""What others are asked: shards of what is missing, the job that they are of, and single questions; pure data.

A shard is some conditions over some problems, as one pass answers them: conditions that lack the same problems stay
together, so that what they have in common is computed once. What it answers is decided by the job and the shard alone,
not by who answers, nor by what else is answered at the same time: the same shard twice is the same answers twice.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from ctlab.errors import StoreError
from ctlab.interventions import Condition
from ctlab.problems import Problem, ProblemSet
from ctlab.records import RunKey
from ctlab.settings import Settings

T = TypeVar("T")
# For each worker: few enough shards that what a shard costs beside its answers is little, enough that no worker waits
# long for the last one: a quarter of its share at most. Rules of thumb, as all of these.
_EACH = 4
_TOGETHER = 64  # problems at least in a shard, so that it fills a batch
_LEAST = 2  # for each worker: a long one and a short one
_WORTH = 2_000  # answers at least, where there are enough: measured, 18 % more processor time in shards of half of that
MOST_TOGETHER = 64  # conditions in a shard: what more of them would share is little beside what each has of its own
_ANSWERS = 20_000  # at most in a shard, so that it is told now and then how far it is


@dataclass(frozen=True, kw_only=True)
class Job:
    """One model, one problem set, the conditions that are wanted, and what a worker must agree in."""

    settings: Settings
    """What the model and the store are: both are found by a worker under the same names."""
    problems: ProblemSet
    """The whole set, which conditions may draw on whatever is missing."""
    conditions: tuple[Condition, ...]
    """What is wanted."""
    keys: Mapping[str, RunKey]
    """The run of each condition by its name, as who asks has it."""
    source: str
    """Digest of the source that makes and certifies answers."""
    versions: Mapping[str, str]
    """Versions of the libraries that can change an answer, of who asks."""
    mark: str = ""
    """Place of a file in the store by which a worker knows that it sees the same one; empty where nobody left one."""
    audited: tuple[str, ...] | None = None
    """Conditions whose rows are audited, where who asks certified all; None where workers certify and audit each."""

    @cached_property
    def digest(self) -> str:
        """First 16 hex digits of a sha256 over what decides answers and audits: runs, problems, source, audited."""
        keys = {name: key.to_json() for name, key in self.keys.items()}
        return _digest([keys, self.problems.digest, list(self.problems.ids), self.source, self.audited])

    @property
    def store(self) -> Path:
        """Folder that answers are kept in."""
        return self.settings.store


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a worker's engine is asked beside shards (to certify, to measure, to score), and what it must agree in."""

    settings: Settings
    """What the model is."""
    method: str
    """Method of the engine."""
    given: Sequence[Any]
    """Its arguments."""
    options: Mapping[str, Any]
    """Its arguments by name."""
    model: str
    """Digest of the model, as who asks has it: what is answered is kept under it."""
    source: str
    """Digest of the source that makes and certifies answers."""
    versions: Mapping[str, str]
    """Versions of the libraries that can change an answer, of who asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Some conditions of a job over some of its problems."""

    conditions: tuple[str, ...]
    """Names of the conditions."""
    problem_ids: tuple[str, ...]
    """Ids of the problems."""

    @property
    def answers(self) -> int:
        """How many answers it holds."""
        return len(self.conditions) * len(self.problem_ids)

    @property
    def digest(self) -> str:
        """First 16 hex digits of a sha256 over both: its name within a job."""
        return _digest([self.conditions, self.problem_ids])


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came of a shard; its answers are in the store."""

    shard: str
    """Digest of what was asked."""
    made: int
    """How many answers were made now: those that were in the store already are not made again."""
    seconds: float
    """How long it took, looking and loading included."""
    where: str
    """Process and machine, in words."""


def shards_of(
    missing: Mapping[str, Sequence[str]],
    problems: Sequence[Problem],
    conditions: Mapping[str, Condition],
    *,
    workers: int,
    padding: str = "exact",
    together: int = MOST_TOGETHER,
) -> list[Shard]:
    """Split what is missing, condition name to problem ids, for so many workers; the longest questions come first.

    ``together`` is how many conditions a shard may have where who asks knows of a limit.

    Conditions that draw on other problems are in shards of their own: who answers one must first think about the whole
    set. As published an answer depends on its batch mates, so that a shard is one official batch.

    Raises
    ------
    StoreError
        As published, where a part of an official batch is there and the rest is not.
    """
    groups: dict[tuple[tuple[str, ...], bool], list[str]] = {}
    for name, ids in missing.items():
        groups.setdefault((tuple(ids), conditions[name].draws_on_others), []).append(name)
    shards = []
    for (ids, _), names in groups.items():
        most = min(together, MOST_TOGETHER)
        for start in range(0, len(names), most):
            some = tuple(names[start : start + most])
            ranges = _official(ids, problems, some[0]) if padding != "exact" else _ranges(ids, problems, some, workers)
            shards += [Shard(conditions=some, problem_ids=each) for each in ranges]
    return shards


def in_blocks(shards: Sequence[T], count: int) -> list[Sequence[T]]:
    """Deal shards to so many workers, those that follow each other to one.

    Shards of the same conditions follow each other, and whoever comes first to conditions certifies them while others
    that have the same wait: workers that begin with different ones certify side by side.
    """
    edges = [len(shards) * place // count for place in range(count + 1)]
    return [shards[start:end] for start, end in pairwise(edges)]


def _ranges(
    ids: Sequence[str], problems: Sequence[Problem], names: Sequence[str], workers: int
) -> list[tuple[str, ...]]:
    """Problems alike in length, longest first: a batch of them has little padding."""
    wanted = set(ids)
    asked = [problem for problem in problems if problem.id in wanted]
    order = [problem.id for problem in sorted(asked, key=lambda problem: (-len(problem.question), problem.id))]
    most = max(_TOGETHER, _ANSWERS // len(names))
    worth = max(-(-_WORTH // len(names)), -(-len(order) // (_EACH * workers)))
    size = min(most, max(_TOGETHER, min(worth, -(-len(order) // (_LEAST * workers)))))
    return [tuple(order[start : start + size]) for start in range(0, len(order), size)]


def _official(ids: Sequence[str], problems: Sequence[Problem], name: str) -> list[tuple[str, ...]]:
    """The official batches that are missing, whole and in order."""
    from ctlab.models.families.base import PUBLISHED_BATCH

    wanted, every = set(ids), [problem.id for problem in problems]
    batches = [tuple(every[start : start + PUBLISHED_BATCH]) for start in range(0, len(every), PUBLISHED_BATCH)]
    asked = [batch for batch in batches if not wanted.isdisjoint(batch)]
    if torn := next((batch for batch in asked if not wanted.issuperset(batch)), None):
        lacking = sum(problem_id in wanted for problem_id in torn)
        raise StoreError(
            f"condition {name!r}: of an official batch of {len(torn)} problems {lacking} answers are missing, and as "
            f"published each depends on the others; choose another folder (--ctlab-store), in which all are made"
        )
    return asked


def _digest(form: object) -> str:
    return hashlib.sha256(json.dumps(form, sort_keys=True).encode()).hexdigest()[:16]
