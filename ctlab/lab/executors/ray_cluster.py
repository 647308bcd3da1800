"""What there is of Ray: the worker in its process, the connection to a cluster, and what Ray says in one sentence."""

import logging
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ctlab.errors import CtlabError, InputError
from ctlab.lab.executors.shards import Answered, Job, Question, Shard

KEPT = "what was finished is kept: run again to go on"
"""How a sentence ends that breaks a run off."""
_LONGEST = 300  # characters of what Ray says, which can be pages
_REACHED_S = 5.0  # for a cluster to answer at all; a machine that is there does so within milliseconds


class RayWorker:
    """A process of the cluster with the model in it."""

    def __init__(self, threads: int) -> None:
        # Read when torch is first imported, with the first shard; what was set before may be of the whole machine.
        os.environ["OMP_NUM_THREADS"] = str(threads)
        self._jobs: dict[str, Job] = {}

    def answer(self, handed: Sequence[Any], digest: str, shard: Shard) -> Answered:
        """Answer a shard into the store; ``handed`` holds the job where it was put, which is fetched once."""
        import ray

        from ctlab.lab.executors.worker import answer_shard

        if digest not in self._jobs:
            self._jobs = {digest: ray.get(handed[0])}
        return answer_shard(self._jobs[digest], shard)

    def ask(self, question: Question) -> Any:
        """Ask the engine of this process."""
        from ctlab.lab.executors.worker import answer_question

        return answer_question(question)


def connect(ray: Any, address: str) -> None:
    """Connect this process to the cluster at an address, or to one of this machine alone where that is empty.

    InputError where there is none that can be used.
    """
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if not address:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        # Ray's own 15 lets every other process go first; this run's answers are what this process waits for.
        os.environ.setdefault("RAY_worker_niceness", "0")
        # Of this machine alone: nothing that is not here can reach it.
        ray.init(address="local", include_dashboard=False, _node_ip_address="127.0.0.1", **quiet)
        return
    host, _, port = address.rpartition(":")
    try:
        if host and port.isdigit() and "/" not in host:
            socket.create_connection((host, int(port)), timeout=_REACHED_S).close()
        ray.init(address=address, **quiet)
    except (OSError, RuntimeError, ValueError, ImportError, AssertionError) as error:
        raise InputError(
            f"no Ray cluster can be used at {address} ({_first_line(error)}); give the one that `ray start --head` "
            f"names, of the same versions of Ray and Python (--ctlab-ray-address, RAY_ADDRESS)"
        ) from error


class LostWorkerError(CtlabError):
    """A worker ended, or its machine is gone, with what it was asked; Ray tried it again in vain."""

    for_good = False
    """Whether Ray will not start it again."""


@contextmanager
def in_words() -> Iterator[None]:
    """What Ray says goes on as one sentence; what a worker raised, as what it raised."""
    try:
        yield
    except CtlabError as error:  # Ray hands it on as an exception of its own that is this one too
        cause = getattr(error, "cause", None)
        raise (cause if isinstance(cause, CtlabError) else error) from None
    except Exception as error:
        if not type(error).__module__.startswith("ray."):
            raise
        raise _said(error) from error


def _said(error: Exception) -> CtlabError:
    if "No module named 'ctlab'" in str(error):
        return CtlabError("a worker of Ray has no ctlab; install the same ctlab on every machine of the cluster")
    if any(kind.__name__ == "RayActorError" for kind in type(error).__mro__):
        lost = LostWorkerError(
            f"workers of Ray ended again and again over the same (killed, out of memory, or their machines gone): "
            f"{_first_line(error)[:_LONGEST]}; {KEPT}, with fewer workers a machine where its memory is too small "
            f"(--ctlab-ray-cpus)"
        )
        lost.for_good = type(error).__name__ != "ActorUnavailableError"
        return lost
    cause = getattr(error, "cause", None)
    what = f"{type(cause).__name__}: {_first_line(cause)}" if cause is not None else _first_line(error)
    return CtlabError(f"a worker of Ray failed: {what[:_LONGEST]}; {KEPT}")


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
