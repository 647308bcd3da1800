"""What there is of Slurm: an array of tasks, handed in by submitit, and the record by which it is found again.

A record lies in the store, in a folder with what the tasks are handed and with their logs. Tasks unpickle what they are
handed, as every job of submitit does: the folder is made anew, and only its owner may write to it.
"""

import getpass
import json
import os
import pickle
import re
import secrets
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ctlab.errors import CertificateError, CtlabError, InputError, StoreError
from ctlab.files import listed, publish, read_whole, remove_folder
from ctlab.lab.executors.shards import Answered, Job, Question, Shard
from ctlab.lab.executors.worker import answer_question, answer_shard
from ctlab.settings import Settings
from ctlab.store.shared_store import MARKS
from ctlab.untrusted_text import in_line

TASKS = 64
"""At once, where nobody says."""
_RECORD = "record"
_JOB = "job"
_MINUTES = 60  # that a task may take where nobody says: a shard takes minutes, and what is finished is kept
_CPUS = 4  # of a task, likewise; with a GPU they prepare what it is given
_GPU = ("gres", "gpus", "gpus-per-node", "gpus-per-task")
_ENDED = frozenset(
    ["BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "REVOKED", "TIMEOUT"]
)  # of squeue(1), "Job state codes"; whatever else it says is a task that may still answer
_ASKED_S = 60.0  # for Slurm's commands to answer
_LAST = 65_536  # bytes of a log in which its last line is looked for

Pairs = dict[str, set[str]]
"""Digest of a run to ids of problems."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An array of tasks that was handed in."""

    folder: Path
    """Its folder: what the tasks are handed, and their logs."""
    tasks: Mapping[str, Sequence[tuple[Sequence[str], Sequence[str]]]]
    """Slurm's id of each task to what it was asked for: digests of runs, and problem ids, for each shard."""

    def pairs(self, ids: Iterable[str]) -> Pairs:
        """What some of its tasks were asked for."""
        found: Pairs = {}
        for task in self.tasks.keys() & set(ids):
            for runs, problem_ids in self.tasks[task]:
                for run in runs:
                    found.setdefault(run, set()).update(problem_ids)
        return found

    def last_line(self, task: str) -> str:
        """Last line of a task's log, errors before the rest; empty where it has written none."""
        for kind in ("err", "out"):
            try:
                content = (self.folder / f"{task}_0_log.{kind}").read_bytes()[-_LAST:]
            except OSError:
                continue
            if lines := content.decode("utf-8", "replace").strip().splitlines():
                return in_line(lines[-1])
        return ""


def hand_in(job: Job, parts: Sequence[Sequence[Shard]], cluster: str = "slurm") -> Record:
    """Hand in one array with a task for each part.

    InputError where Slurm does not take it, with what it says.
    """
    folder = _new_folder(job.store)
    mark = (folder / _RECORD).relative_to(job.store).as_posix()
    publish(folder / _JOB, pickle.dumps(replace(job, mark=mark)))
    publish(folder / _RECORD, b"{}")
    record = Record(folder=folder, tasks={})
    for start in range(0, len(parts), 1000):  # MaxArraySize of slurm.conf(5) is 1,001 where nobody raised it
        some = parts[start : start + 1000]
        with _handing_in(folder):
            jobs = _executor(folder, job.settings, cluster).map_array(answer_part, [str(folder)] * len(some), some)
        for link in listed(folder, ".sh"):
            if link.is_symlink():  # to the script that was handed in, which has the job's number by now
                link.unlink()
        asked = {
            each.job_id: [([job.keys[name].digest for name in shard.conditions], shard.problem_ids) for shard in part]
            for each, part in zip(jobs, some, strict=True)
        }
        record = replace(record, tasks={**record.tasks, **asked})
        publish(folder / _RECORD, json.dumps(record.tasks, separators=(",", ":")).encode())
    return record


def _new_folder(store: Path) -> Path:
    folder = store / MARKS / secrets.token_hex(8)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o755)  # whatever the mask: who shares the store may not write what tasks unpickle
    return folder


def records(store: Path) -> list[Record]:
    """Every array of a store, the latest last; one whose record cannot be read is as if it were not there."""
    found = []
    for folder in listed(store / MARKS):
        try:
            moment, tasks = (folder / _RECORD).stat().st_mtime, json.loads(read_whole(folder / _RECORD))
            found.append((moment, Record(folder=folder, tasks={str(task): list(tasks[task]) for task in tasks})))
        except (OSError, StoreError, ValueError, TypeError):
            continue  # something that one task is asked, or still being handed in
    return [record for _, record in sorted(found, key=lambda each: each[0])]


def states() -> dict[str, str] | None:
    """State of every task of this user that waits or runs, by its id; None where Slurm does not say."""
    said = _said(["squeue", "--noheader", "--array", f"--user={getpass.getuser()}", "--format=%i|%T"])
    if said is None:
        return None
    found = dict(line.strip().split("|", 1) for line in said.splitlines() if "|" in line)
    return {task: state for task, state in found.items() if state not in _ENDED}


def ended_as(tasks: Sequence[str]) -> dict[str, str]:
    """How tasks ended, in Slurm's words, as far as it keeps accounts."""
    said = _said(
        ["sacct", "--noheader", "--parsable2", "--allocations", "--format=JobID,State", f"--jobs={','.join(tasks)}"]
    )
    return dict(line.strip().split("|", 1) for line in (said or "").splitlines() if "|" in line)


def _said(command: Sequence[str]) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_ASKED_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def forget(record: Record) -> None:
    """Remove the folder of an array of this user of which no task is left."""
    with suppress(OSError):
        if record.folder.stat().st_uid == os.getuid():
            remove_folder(record.folder)


def ask(question: Question, cluster: str = "slurm") -> Any:
    """Have the engine asked in a task of its own, and wait for what it says."""
    folder = _new_folder(question.settings.store)
    with _handing_in(folder):
        task = _executor(folder, question.settings, cluster).submit(answer_alone, question)
    with _waiting(folder):
        said = task.result()
    remove_folder(folder)
    return said


@contextmanager
def _handing_in(folder: Path) -> Iterator[None]:
    """What sbatch says goes on as one sentence; nothing stays of what it did not take."""
    from submitit.core.utils import FailedJobError, FailedSubmissionError

    try:
        yield
    except (FailedJobError, FailedSubmissionError) as error:
        _remove_where_not_taken(folder)
        raise InputError(
            f"Slurm did not take what it was handed: {_last(str(error))}; what a task asks for is said by "
            f"--ctlab-slurm KEY=VALUE, as sbatch names it"
        ) from error


@contextmanager
def _waiting(folder: Path) -> Iterator[None]:
    """What a task raised, or that it ended, goes on as one sentence."""
    from submitit.core.utils import FailedJobError, UncompletedJobError

    try:
        yield
    except FailedJobError as error:
        raise CtlabError(f"a task of Slurm failed: {_said_by_task(str(error))}; its logs are in {folder}") from error
    except UncompletedJobError as error:
        raise CtlabError(
            f"a task of Slurm ended without an answer: {_last(str(error))}; run again, with more time (--ctlab-slurm "
            f"time=HH:MM:SS) or memory (mem=64G) where that was it; its logs are in {folder}"
        ) from error


def _remove_where_not_taken(folder: Path) -> None:
    try:
        tasks = json.loads(read_whole(folder / _RECORD))
    except (OSError, StoreError, ValueError):
        tasks = {}
    if not tasks:  # of the arrays of one record an earlier one may be at work
        remove_folder(folder)


def _said_by_task(text: str) -> str:
    """What a task raised: the last line of its trace, which submitit frames in lines of its own."""
    lines = [line for line in text.splitlines() if re.match(r"[\w.]+(Error|Exception|Interrupt)\b", line)]
    return in_line(lines[-1]).removeprefix("ctlab.errors.") if lines else _last(text)


def _executor(folder: Path, settings: Settings, cluster: str) -> Any:
    mute = {} if "SUBMITIT_LOG_LEVEL" in os.environ else {"SUBMITIT_LOG_LEVEL": "ERROR"}
    os.environ.update(mute)  # read when it is first imported: what it logs here is said otherwise, and tasks may log
    import submitit

    for name in mute:
        del os.environ[name]
    if cluster == "local":
        return submitit.LocalExecutor(folder=folder)
    try:
        executor = submitit.SlurmExecutor(folder=folder)
    except RuntimeError as error:
        _remove_where_not_taken(folder)
        raise InputError(
            "--ctlab-executor slurm: there is no srun here; start this on a machine from which sbatch works"
        ) from error
    options = dict(settings.slurm)
    at_once = int(options.pop("tasks", TASKS))
    if settings.device == "cuda" and not any(name in options for name in _GPU):
        options["gpus-per-node"] = "1"
    executor.update_parameters(
        job_name="ctlab",
        time=_MINUTES,
        cpus_per_task=_CPUS,
        array_parallelism=at_once,
        wckey=None,  # submitit's own, which a cluster that keeps account of such keys refuses
        additional_parameters={name: True if value == "true" else value for name, value in options.items()},
    )
    return executor


def answer_part(folder: str, part: Sequence[Shard]) -> list[Answered]:
    """What a task does: answer its shards, one after the other, into the store."""
    _use_cpus()
    job: Job = pickle.loads(read_whole(Path(folder) / _JOB))
    answered, failed = [], list[CertificateError]()
    for shard in part:
        try:
            answered.append(answer_shard(job, shard))
            print(f"{shard.answers} answers in {answered[-1].seconds:.1f} s", flush=True)  # the log's last line
        except CertificateError:
            # Of one of its conditions: nobody waits here to be asked for the others alone.
            for name in shard.conditions:
                try:
                    answered.append(answer_shard(job, replace(shard, conditions=(name,))))
                except CertificateError as error:
                    failed.append(error)
    if failed:
        raise failed[0]
    return answered


def answer_alone(question: Question) -> Any:
    """What a task does that the engine is asked in."""
    _use_cpus()
    return answer_question(question)


def _use_cpus() -> None:
    # Read when torch is first imported, with the first shard; what was set before may be of another machine.
    os.environ["OMP_NUM_THREADS"] = os.environ.get("SLURM_CPUS_PER_TASK") or "1"


def _last(text: str) -> str:
    return in_line(next(iter(reversed(text.strip().splitlines())), ""))
