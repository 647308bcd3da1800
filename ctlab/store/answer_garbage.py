"""Which answers may go: those that were asked to, that no registry names and that nobody has read for long."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from ctlab.records.generation import RunKey
from ctlab.store.manifest import Entry, entry_path, read_entries, shard_path
from ctlab.store.removal import DAY_S, Plan, Policy, Reason, Removal, Rewrite
from ctlab.store.survey import StoreFile
from ctlab.store.uses import Use, last_used, read_uses


@dataclass(slots=True)
class Answers:
    """The answers of one folder of runs: what stays of them, and what goes."""

    stay: set[str] = field(default_factory=set)
    """Digests of runs of which answers stay."""
    go: set[str] = field(default_factory=set)
    """Digests of runs of which answers go."""
    sources: set[str] = field(default_factory=set)
    """Digests of the source that made what stays: its certificates are those of these answers."""


def plan_answers(folder: Path, files: Mapping[Path, StoreFile], policy: Policy) -> tuple[Plan, Answers]:
    """Say which shards of a folder go, whole or in part, and which runs stay; ``files`` are those of the folder."""
    plan, answers = Plan(), Answers()
    uses = [use for _, use in read_uses(folder) if isinstance(use, Use)]
    for name, entry in read_entries(folder):
        shard = files.get(shard_path(folder, name))
        if not isinstance(entry, Entry) or shard is None:
            continue
        going = frozenset(_going(folder, entry, shard, uses, policy, plan))
        stays = frozenset(entry.digests) - going
        answers.go |= going
        answers.stay |= stays
        answers.sources |= {entry.source} if stays else set()
        if not going:
            continue
        if stays:
            plan.rewrites.append(Rewrite(folder=folder, entry=entry, stays=stays))
        plan.removals += _removals(folder, entry, files)
    return plan, answers


def _going(
    folder: Path, entry: Entry, shard: StoreFile, uses: Sequence[Use], policy: Policy, plan: Plan
) -> Iterator[str]:
    choice = policy.answers.get(folder.name)
    if choice is None or not choice.has(entry):
        return
    asked = [key for key in entry.keys if key.digest in choice.runs]
    if any(policy.is_protected(key.model, entry) for key in asked):
        plan.protected += 1
        return
    idle = [key for key in asked if _is_idle(key, uses, policy) and policy.now - shard.changed >= _idle_s(policy)]
    plan.used += not idle
    yield from (key.digest for key in idle)


def _idle_s(policy: Policy) -> float:
    return policy.unused_days * DAY_S


def _is_idle(key: RunKey, uses: Sequence[Use], policy: Policy) -> bool:
    """Whether a run was last read longer ago than the policy says; where no day is noted, the files' age decides."""
    day = last_used(uses, key.unrecorded.digest)
    if not day:
        return True
    return (datetime.fromtimestamp(policy.now, UTC).date() - date.fromisoformat(day)).days >= policy.unused_days


def _removals(folder: Path, entry: Entry, files: Mapping[Path, StoreFile]) -> Iterator[Removal]:
    # The entry first: what has none is swept away by whoever generates next.
    for path in (entry_path(folder, entry.name), shard_path(folder, entry.name)):
        if file := files.get(path):
            yield Removal.of(file, Reason.ANSWERS)
