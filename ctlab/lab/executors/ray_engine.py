"""The engine of the executor ``ray``: workers of a Ray cluster, each with the model in a process of its own.

Ray places the workers, starts one again that ended, hands out shards and brings back what is said of them. Answers do
not travel: each worker adds its own to the store. The driver, which is this process, loads no model.
"""

import importlib.util
import os
import warnings
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from ctlab import formatting
from ctlab.errors import CtlabError, InputError
from ctlab.lab.executors.ray_cluster import KEPT, LostWorkerError, RayWorker, connect, in_words
from ctlab.lab.executors.remote_model import RemoteModelEngine
from ctlab.lab.executors.shards import Answered, Job, Question, Shard
from ctlab.settings import Settings

# CPUs of a worker where nobody says: a model for each core of a large machine fills its memory, and four threads lose
# little. Rule of thumb.
_CPUS = 4
_TRIES = 3  # times that Ray tries a shard again whose worker ended: one that is too large for the memory ends each
_PATIENCE_S = 60.0  # without a word of any worker, before a shard is also given to one that has nothing else to do
_SLOWER = 3  # times the slowest shard so far, if that is longer


class RayEngine(RemoteModelEngine):
    """The model that the settings name, in workers of a Ray cluster."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        if importlib.util.find_spec("ray") is None:
            raise InputError(
                "--ctlab-executor ray needs Ray, which is not installed; pip install 'ctlab[ray]', on every machine of "
                "the cluster alike"
            )
        self._actors: list[Any] = []

    def trust(self) -> str:
        """Say on what the digest rests; nothing where a worker loaded the weights."""
        return "" if self._actors else super().trust()

    def workers(self) -> int:
        """How many workers the cluster has room for now."""
        return sum(self._room(node) for node in self._nodes)

    def words(self) -> str:
        """Say who answers."""
        each = "a GPU each" if self._on_gpu else f"{formatting.counted(self._cpus, 'CPU')} each"
        return f"by {formatting.counted(self.workers(), 'worker')} of Ray, {each}"

    def answer_elsewhere(self, job: Job, shards: Sequence[Shard]) -> Iterator[Answered]:
        """Have every shard answered, and say of each, as it is finished, what came of it."""
        with in_words():
            handed = self._ray.put(job)  # problems travel once, and not with every shard
            idle = deque(self._started(min(self.workers(), len(shards))))
        waiting, out = deque(shards), dict[Any, tuple[Any, Shard]]()
        open_shards, lost_once, patience = {shard.digest for shard in shards}, set[str](), _PATIENCE_S
        try:
            while open_shards:
                while idle and waiting:
                    actor, shard = idle.popleft(), waiting.popleft()
                    if shard.digest in open_shards:
                        out[actor.answer.remote([handed], job.digest, shard)] = actor, shard
                    else:
                        idle.append(actor)
                done, _ = self._ray.wait(list(out), timeout=patience)
                if not done:
                    self._refuse_none_left()
                    # A worker whose machine is gone waits for a place; its shard must not. Twice is harmless.
                    waiting.extend(shard for _, shard in out.values() if idle)
                for each in done:
                    actor, shard = out.pop(each)
                    try:
                        with in_words():
                            answered: Answered = self._ray.get(each)
                    except LostWorkerError as lost:
                        if shard.digest in lost_once and shard.digest in open_shards:
                            raise
                        lost_once.add(shard.digest)
                        waiting.append(shard)
                        idle.append(self._another(actor) if lost.for_good else actor)
                        continue
                    idle.append(actor)
                    patience = max(patience, _SLOWER * answered.seconds)
                    if shard.digest in open_shards:
                        open_shards.remove(shard.digest)
                        yield answered
        finally:
            self._release(idle[-1] if idle else None)

    def _refuse_none_left(self) -> None:
        vars(self).pop("_nodes", None)  # a machine may be gone
        if not self.workers():
            raise CtlabError(f"no machine of {self._where} is left that has room for a worker; {KEPT}")

    def _put(self, question: Question) -> Any:
        """Ask one worker, which stays when the others are let go."""
        actor = self._started(1)[0]
        try:
            with in_words():
                return self._ray.get(actor.ask.remote(question))
        except LostWorkerError as lost:
            if lost.for_good:
                actor = self._another(actor)
            with in_words():
                return self._ray.get(actor.ask.remote(question))

    def _started(self, workers: int) -> list[Any]:
        """Start workers where there are fewer, and return so many."""
        if workers and not self.workers():
            wanted = "a GPU" if self._on_gpu else formatting.counted(self._cpus, "CPU")
            other = "--ctlab-device cpu" if self._on_gpu else "--ctlab-ray-cpus with fewer"
            raise InputError(f"no machine of {self._where} has {wanted} for a worker; give {other}")
        self._actors += [self._new() for _ in range(workers - len(self._actors))]
        return self._actors[:workers]

    def _new(self) -> Any:
        cpus = 1 if self._on_gpu else self._cpus
        what = {"num_cpus": cpus, "num_gpus": int(self._on_gpu), "max_restarts": -1, "max_task_retries": _TRIES}
        with in_words():
            return self._ray.remote(**what)(RayWorker).remote(cpus)

    def _another(self, actor: Any) -> Any:
        """Start a worker in place of one that is gone for good."""
        self._actors = [each for each in self._actors if each is not actor] + [self._new()]
        return self._actors[-1]

    def _release(self, stays: Any) -> None:
        """Let all workers go but one that has nothing to do: what comes after the answers is asked of that one."""
        for actor in self._actors:
            if actor is not stays:
                self._ray.kill(actor)
        self._actors = [stays] if stays is not None else []

    @property
    def _on_gpu(self) -> bool:
        return self._settings.device == "cuda"

    @cached_property
    def _cpus(self) -> int:
        """CPUs of a worker."""
        most = max((int(node.get("CPU", 0)) for node in self._nodes), default=0)
        return self._settings.ray_cpus or max(1, min(_CPUS, most))

    def _room(self, node: Mapping[str, float]) -> int:
        return int(node.get("GPU", 0)) if self._on_gpu else int(node.get("CPU", 0)) // self._cpus

    @cached_property
    def _nodes(self) -> list[Mapping[str, float]]:
        """What each machine has that is there."""
        return [node["Resources"] for node in self._ray.nodes() if node["Alive"]]

    @cached_property
    def _ray(self) -> Any:
        """Ray, connected to a cluster: the one of this process, or of the settings, or of the environment, or a new."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Ray's own: a suite that turns warnings into errors is not about them
            import ray

            if not ray.is_initialized():
                connect(ray, self._address)
        return ray

    @property
    def _address(self) -> str:
        return self._settings.ray_address or os.environ.get("RAY_ADDRESS", "")

    @property
    def _where(self) -> str:
        return f"the Ray cluster at {self._address}" if self._address else "this machine's own Ray cluster"
