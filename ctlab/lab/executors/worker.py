"""What a worker does with a shard: the same lab as anywhere, which answers a part and adds it to the shared store."""

import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ctlab.errors import CertificateError, CtlabError, StoreError
from ctlab.interventions import Condition
from ctlab.lab.answer_sources import certifier
from ctlab.lab.executors.local_model import ModelEngine
from ctlab.lab.executors.shards import Answered, Job, Question, Shard
from ctlab.lab.run_maker import RunMaker
from ctlab.problems import Problem
from ctlab.records import Certificate, Generation
from ctlab.records.provenance import here
from ctlab.settings import Settings
from ctlab.store.locks import this_process
from ctlab.store.shared_store import SharedStore

_LOCK = "certifying.lock"


def answer_shard(job: Job, shard: Shard) -> Answered:
    """Answer what is missing of a shard into the job's store, as the single process would; twice is harmless.

    The model is loaded once a process. A shard's conditions are certified first where nobody has; every batch is kept
    as it is finished, so that a worker that ends half-way has lost one.

    Raises
    ------
    StoreError
        Where this process sees another store, or one that cannot be written to.
    CertificateError
        Where the certificate of one of the conditions failed: nothing of the shard is answered then. Who asks may have
        certified them in another way (`Job.audited`).
    CtlabError
        Where this process has other source, other libraries or another model than who asks.
    """
    began = time.perf_counter()
    made = _worker_of(job).answer(shard)
    return Answered(shard=shard.digest, made=made, seconds=time.perf_counter() - began, where=this_process())


def answer_question(question: Question) -> Any:
    """Ask the engine of this process, and return what it says; of what comes one after the other, the whole list.

    Raises
    ------
    CtlabError
        Where this process has other source, other libraries or another model than who asks: what it says would be kept
        as that of who asks.
    """
    _refuse_others(question)
    engine = _engine_of(question.settings)
    if engine.digest != question.model:
        raise CtlabError(
            f"the worker on {socket.gethostname()} has another model than who asks ({engine.digest} / "
            f"{question.model}); let every machine have the same model files under {question.settings.model}"
        )
    answer = getattr(engine, question.method)(*question.given, **question.options)
    return list(answer) if isinstance(answer, Iterator) else answer


def _engine_of(settings: Settings) -> ModelEngine:
    """The engine of a model in this process, which holds one at a time."""
    if not _engine or _engine[0].settings != settings:
        _engine[:] = [_Held(settings, ModelEngine(settings))]
    return _engine[0].engine


class _Held(NamedTuple):
    settings: Settings
    engine: ModelEngine


_engine: list[_Held] = []
_workers: "list[_Worker]" = []


def _worker_of(job: Job) -> "_Worker":
    """The worker of a job, set up once a process: its store, problems and keys are the same for every shard."""
    if not _workers or _workers[0].job.digest != job.digest or _workers[0].job.settings != job.settings:
        _refuse_others(job)
        _refuse_other_store(job)
        _workers[:] = [_Worker(job)]
    return _workers[0]


def _refuse_others(asked: Job | Question) -> None:
    """Refuse to answer with other code than who asks: its answers would be kept as what they are not."""
    host = socket.gethostname()
    versions, theirs = here("").versions, asked.versions
    names = [name for name in {**theirs, **versions} if theirs.get(name) != versions.get(name)]
    if names:
        told = ", ".join(f"{name} {versions.get(name, 'none')} / {theirs.get(name, 'none')}" for name in names)
        raise CtlabError(
            f"the worker on {host} has other libraries than who asks ({told}), and answers could come out otherwise; "
            f"install the same versions on every machine"
        )
    if (source := certifier()) != asked.source:
        raise CtlabError(
            f"the worker on {host} has other source of ctlab than who asks ({source} / {asked.source}); install the "
            f"same ctlab on every machine, and start its workers again"
        )


def _refuse_other_store(job: Job) -> None:
    if job.mark and not (job.store / job.mark).is_file():
        raise StoreError(
            f"the worker on {socket.gethostname()} does not see the store {job.store} that who asks writes to; give a "
            f"folder that every machine has under the same path (--ctlab-store), or start both on one machine"
        )


class _Worker(RunMaker):
    """A lab that answers shards of one job."""

    def __init__(self, job: Job) -> None:
        super().__init__(job.settings, {each.name: each for each in job.conditions}, _engine_of(job.settings), _Mute())
        self.job = job
        self.problems = job.problems
        self._shared = self.store = SharedStore(job.store)
        self._passed: set[str] = set()
        if (keys := self.keys([each.name for each in job.conditions])) != dict(job.keys):
            other = next(name for name, key in keys.items() if key != job.keys[name])
            mine, asked = keys[other].to_json(), job.keys[other].to_json()
            part = next(part for part in {**asked, **mine} if mine.get(part) != asked.get(part))
            raise CtlabError(
                f"the worker on {socket.gethostname()} has another {part} for condition {other!r} than who asks "
                f"({mine.get(part)} / {asked.get(part)}); let every machine have the same model files under "
                f"{job.settings.model}"
            )

    def answer(self, shard: Shard) -> int:
        """Answer what is missing of a shard; return how many answers were made."""
        keys = {name: self.job.keys[name] for name in shard.conditions}
        return self._shared.add(keys, shard.problem_ids, self._made, self.provenance, certifier())

    def _made(self, missing: Mapping[str, Sequence[str]]) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
        if self.job.audited is None:
            self._refuse_failed(tuple(missing))
        by_id = {problem.id: problem for problem in self.problems}
        groups: dict[tuple[str, ...], list[str]] = {}
        for name, ids in missing.items():
            groups.setdefault(tuple(ids), []).append(name)
        for ids, names in groups.items():
            yield from self._batches([by_id[each] for each in ids], [self.conditions[name] for name in names])

    def _batches(
        self, problems: Sequence[Problem], conditions: Sequence[Condition]
    ) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
        if self.job.audited is None:
            return super()._batches(problems, conditions)
        engine: Any = self.engine  # a model's, which can be told
        batches: Iterator[Mapping[str, tuple[Generation, ...]]] = engine.batches(
            problems, conditions, audited=self.job.audited
        )
        return batches

    def _refuse_failed(self, names: Sequence[str]) -> None:
        """Refuse conditions whose certificate failed; one that nobody made is made here, by one worker."""
        # What passed is not read again: a file for each condition of each shard is many requests to a file server.
        names = [name for name in names if name not in self._passed]
        found = self._certificates(names)
        if None in found.values():
            with self._shared.one_of_them({name: self.job.keys[name] for name in names}, _LOCK, "certifying"):
                lacking = [name for name, certificate in self._certificates(names).items() if certificate is None]
                self._certify([self.conditions[name] for name in lacking])
            found = self._certificates(names)
        for name, certificate in found.items():
            if certificate is None or not certificate.passed:
                why = "it was not made" if certificate is None else certificate.failure()
                raise CertificateError(f"the certificate of condition {name!r} failed: {why}")
        self._passed.update(names)

    def _certificates(self, names: Sequence[str]) -> dict[str, Certificate | None]:
        return {name: self._certified(name, certifier()) for name in names}


class _Mute:
    """A log that nobody reads: who asks tells the person."""

    live = False

    def say(self, text: str) -> None:
        """Say nothing."""

    def rewrite(self, text: str) -> None:
        """Say nothing."""
