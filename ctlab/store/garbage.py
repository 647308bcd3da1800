"""What a store can do without, and how it goes: `ctlab store gc`.

Derived values that no run of today's code reads, what damage left aside, what killed runs left half written; answers
only on demand, and never those that a registry names. Safe beside a run: a folder that somebody generates or measures
into is left alone, and so is what is young; what goes is made again by who misses it, or has not been read for days.
Of answers the entry goes before its shard, so that a process that is killed in between leaves what a killed run leaves.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ctlab.errors import StoreError, UnreadableError
from ctlab.files import publish
from ctlab.store.answer_garbage import Answers, plan_answers
from ctlab.store.derived_files import DerivedFile, derived_files
from ctlab.store.generation_store import GenerationStore
from ctlab.store.holdings import groups
from ctlab.store.locks import free
from ctlab.store.manifest import entry_path, shard_path
from ctlab.store.narrowing import narrowed
from ctlab.store.removal import Plan, Policy, Reason, Removal
from ctlab.store.survey import LOCKS, Part, StoreFile, survey

_WRITING_S = 3_600.0
"""A file that is being written is renamed within seconds; an hour also covers a machine that slept."""
_EMPTIED = ("set-aside", "records")


def plan(root: Path, policy: Policy) -> Plan:
    """Say what would go; nothing is changed and nothing is locked."""
    found = _planned_outside(root, policy)
    for folder in groups(root):
        found.add(_planned(root, folder, policy))
    return found


def collect(root: Path, policy: Policy) -> Plan:
    """Let it go, folder by folder, each looked at under its locks; return what went."""
    gone = _removed(_planned_outside(root, policy))
    for folder in groups(root):
        with free(folder, LOCKS) as ours:
            if not ours:
                gone.busy.append(folder.name)
                continue
            gone.add(_removed(_planned(root, folder, policy)))
            for name in _EMPTIED:
                with suppress(OSError):  # it holds something, or is not there
                    (folder / name).rmdir()
    return gone


def _planned_outside(root: Path, policy: Policy) -> Plan:
    """Say what would go of what belongs to no folder of runs."""
    found = Plan()
    for file in survey(root):
        if not file.group and (reason := _by_place(file)):
            _consider(file, reason, policy, found)
    return found


def _planned(root: Path, folder: Path, policy: Policy) -> Plan:
    """Say what would go of a folder of runs."""
    files = {file.path: file for file in survey(root, folder)}
    found, answers = plan_answers(folder, files, policy)
    for path, reason in _derived(GenerationStore(root), folder, answers, policy):
        if file := files.get(path):
            _consider(file, reason, policy, found)
    for file in files.values():
        if (why := _by_place(file)) is not None:
            _consider(file, why, policy, found)
    return found


def _consider(file: StoreFile, reason: Reason, policy: Policy, found: Plan) -> None:
    least = _WRITING_S if file.part == Part.TEMPORARY else 0.0
    # What was made of answers goes with them, however young it is.
    if reason != Reason.OF_GONE and policy.is_young(file.changed, least):
        found.young += 1
    else:
        found.removals.append(Removal.of(file, reason))


def _by_place(file: StoreFile) -> Reason | None:
    """Say why a file may go by its place alone, None where that says nothing."""
    match file.part:
        case Part.SET_ASIDE:
            return Reason.SET_ASIDE
        case Part.TEMPORARY:
            return Reason.TEMPORARY
        case Part.FIRST_FORM:
            return Reason.FIRST_FORM
        case Part.ANSWERS if file.is_shard and not entry_path(file.path.parent, file.path.stem).exists():
            return Reason.TEMPORARY
    return None


def _derived(store: GenerationStore, folder: Path, answers: Answers, policy: Policy) -> Iterator[tuple[Path, Reason]]:
    for path, derived in derived_files(store, folder):
        if isinstance(derived, UnreadableError):
            continue  # it may be whole
        if isinstance(derived, StoreError):
            yield path, Reason.DAMAGED
        elif reason := _superfluous(derived, answers, policy):
            yield path, reason


def _superfluous(derived: DerivedFile, answers: Answers, policy: Policy) -> Reason | None:
    if not answers.go.isdisjoint(derived.runs) and answers.stay.isdisjoint(derived.runs):
        return Reason.OF_GONE
    if not derived.is_read(policy.codes, answers.sources):
        return Reason.OLD_CODE
    if derived.is_of_answers and answers.stay.isdisjoint(derived.runs):
        return Reason.ORPHANED
    return None


def _removed(planned: Plan) -> Plan:
    for rewrite in planned.rewrites:
        entry, content = narrowed(rewrite.folder, rewrite.entry, rewrite.stays)
        publish(shard_path(rewrite.folder, entry.name), content())
        publish(entry_path(rewrite.folder, entry.name), entry.to_bytes())
    for removal in planned.removals:
        try:
            removal.path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                f"cannot remove {removal.path}: {error.strerror or error}; the rest is as it was"
            ) from error
    return planned
