"""The engine of the executor ``slurm``: shards as an array job, which goes on whether this process waits for it or not.

Answers do not travel: each task adds its own to the store, and what is there is read off the store. A task that waits
or runs is known by its record; what it was asked for is not asked for again, by whoever starts next.
"""

import importlib.util
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ctlab import formatting
from ctlab.errors import CertificateError, CtlabError, InputError
from ctlab.files import look_anew
from ctlab.lab.executors import slurm_array
from ctlab.lab.executors.remote_model import RemoteModelEngine
from ctlab.lab.executors.shards import Answered, Job, Question, Shard, in_blocks
from ctlab.lab.executors.slurm_array import Pairs, Record
from ctlab.records import RunKey
from ctlab.settings import Settings
from ctlab.store.shared_store import SharedStore

_POLL_S, _SLOWEST_POLL_S = 2.0, 30.0  # between two looks at the store and at the queue, which many people ask
_FAILED = "CertificateError: "
_TOLD = 3  # tasks that are named, of those that ended without all of their answers


class SlurmEngine(RemoteModelEngine):
    """The model that the settings name, in tasks of Slurm."""

    cluster = "slurm"
    """Where submitit hands tasks in."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        if importlib.util.find_spec("submitit") is None:
            raise InputError(
                "--ctlab-executor slurm needs submitit, which is not installed; pip install 'ctlab[slurm]', in the "
                "environment that every machine of the cluster sees"
            )
        self._open: list[str] = []

    def workers(self) -> int:
        """How many tasks may run at once."""
        return int(self._settings.slurm.get("tasks", slurm_array.TASKS))

    def words(self) -> str:
        """Say who answers."""
        return f"by at most {formatting.counted(self.workers(), 'task')} of Slurm at once"

    def leaves(self) -> str:
        """Say which tasks go on without this process; empty where none does."""
        if not self._open:
            return ""
        jobs = " ".join(dict.fromkeys(task.partition("_")[0] for task in self._open))
        return (
            f"{formatting.counted(len(self._open), 'task')} of Slurm job {jobs} go on without this process: run the "
            f"same again to wait for what they answer, or end them (scancel {jobs})"
        )

    def queued(self, keys: Mapping[str, RunKey]) -> list[str]:
        """Say which tasks wait or run that were asked for answers of some runs, and for how many."""
        kept, lines = slurm_array.records(self._settings.store), []
        states = self._states(kept)
        for record in kept:
            live = {task: states[task] for task in record.tasks if task in states}
            asked = record.pairs(live)
            if answers := sum(len(asked.get(key.digest, ())) for key in keys.values()):
                kinds = [state.lower() for state in live.values()]
                told = ", ".join(f"{kinds.count(kind):,} {kind}" for kind in dict.fromkeys(kinds))
                job = next(iter(live)).partition("_")[0]
                lines.append(f"on Slurm: job {job}, tasks {told}, asked for {answers:,} answers of these conditions")
        return lines

    def answer_elsewhere(self, job: Job, shards: Sequence[Shard]) -> Iterator[Answered]:
        """Have every shard answered, and say of each, as all of it is in the store, that it is.

        Raises
        ------
        CtlabError
            Where no task is left that could answer what is missing: which ended, and with which last words.
        """
        began, store = time.monotonic(), SharedStore(job.store)
        kept = slurm_array.records(job.store)
        live = self._states(kept)
        if new := _uncovered(shards, job.keys, [record.pairs(live) for record in kept]):
            # Several shards a task: a task loads the model, which takes longer than a shard of a quick one.
            parts = in_blocks(new, min(self.workers(), len(new)))
            kept.append(slurm_array.hand_in(job, parts, self.cluster))
            self._open = list(kept[-1].tasks)
        wanted = {job.keys[name].digest for shard in shards for name in shard.conditions}
        ours = [record for record in kept if wanted & record.pairs(record.tasks).keys()]
        wait, still = _POLL_S, {shard.digest: shard for shard in shards}
        while still:
            # The queue first: what a task that has left it had answered is in the store by now.
            live = self._states(ours)
            self._open = [task for record in ours for task in record.tasks if task in live]
            for folder in {store.folder(key) for key in job.keys.values()}:
                look_anew(folder)
            for shard in _answered(store, job, list(still.values())):
                del still[shard.digest]
                yield Answered(shard=shard.digest, made=shard.answers, seconds=time.monotonic() - began, where="Slurm")
            if still and not self._open:
                raise self._ended(ours, job, list(still.values()))
            if still:
                time.sleep(wait)
                wait = min(1.2 * wait, _SLOWEST_POLL_S)
        self._open = []
        for record in ours:
            if record.tasks.keys().isdisjoint(live):
                slurm_array.forget(record)

    def _ended(self, ours: Sequence[Record], job: Job, left: Sequence[Shard]) -> CtlabError:
        """What to say where no task is left and answers are missing."""
        wanted: Pairs = {}
        for shard in left:
            for name in shard.conditions:
                wanted.setdefault(job.keys[name].digest, set()).update(shard.problem_ids)
        # The latest array that was asked for them: earlier ones have been told of.
        blamed = [(record, task) for record in ours for task in record.tasks if _touch(record.pairs([task]), wanted)]
        latest = blamed[-1][0]
        tasks = [task for record, task in blamed if record is latest]
        states = slurm_array.ended_as(tasks)
        said = {task: latest.last_line(task) for task in tasks}
        if failed := [line for line in said.values() if _FAILED in line]:
            return CertificateError(failed[0].partition(_FAILED)[2])
        told = "; ".join(
            f"{task} {states.get(task, 'ended')}: {said[task] or 'it wrote nothing'}" for task in tasks[:_TOLD]
        )
        more = f"; and {len(tasks) - _TOLD} more" if len(tasks) > _TOLD else ""
        return CtlabError(
            f"{formatting.counted(len(tasks), 'task')} of Slurm ended before all was answered ({told}{more}); what was "
            f"finished is kept: run again, which asks only for what is missing (more time: --ctlab-slurm "
            f"time=HH:MM:SS, more memory: mem=64G); logs are in {latest.folder}"
        )

    def _states(self, kept: Sequence[Record]) -> Mapping[str, str]:
        """State of each task of some records that may still answer."""
        if not any(record.tasks for record in kept):
            return {}
        states = slurm_array.states()
        # Where Slurm does not say, no task is taken for ended: what is asked for twice costs a GPU.
        return {task: "UNKNOWN" for record in kept for task in record.tasks} if states is None else states

    def _put(self, question: Question) -> Any:
        """Ask a task of its own."""
        return slurm_array.ask(question, self.cluster)


def _answered(store: SharedStore, job: Job, shards: Sequence[Shard]) -> list[Shard]:
    """Those of some shards of which every answer is in the store."""
    names = dict.fromkeys(name for shard in shards for name in shard.conditions)
    ids = dict.fromkeys(problem_id for shard in shards for problem_id in shard.problem_ids)
    lacking = store.lacking({name: job.keys[name] for name in names}, list(ids))
    left = {job.keys[name].digest: set(missing) for name, missing in lacking.items()}
    runs = [[job.keys[name].digest for name in shard.conditions] for shard in shards]
    return [
        shard
        for shard, digests in zip(shards, runs, strict=True)
        if all(left.get(digest, set()).isdisjoint(shard.problem_ids) for digest in digests)
    ]


def _uncovered(shards: Sequence[Shard], keys: Mapping[str, RunKey], asked: Sequence[Pairs]) -> list[Shard]:
    """What of some shards nobody was asked for; conditions that lack the same problems stay together."""
    found = []
    for shard in shards:
        groups: dict[tuple[str, ...], list[str]] = {}
        for name in shard.conditions:
            digest = keys[name].digest
            known = set[str]().union(*(pairs.get(digest, ()) for pairs in asked))
            if ids := tuple(each for each in shard.problem_ids if each not in known):
                groups.setdefault(ids, []).append(name)
        found += [replace(shard, conditions=tuple(names), problem_ids=ids) for ids, names in groups.items()]
    return found


def _touch(asked: Pairs, wanted: Pairs) -> bool:
    return any(not asked[run].isdisjoint(ids) for run, ids in wanted.items() if run in asked)
