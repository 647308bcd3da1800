"""Several devices: one process each, problems handed out in chunks of similar length, batches back as they finish."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import cache, partial
from multiprocessing import connection, get_context, parent_process
from typing import Any, Protocol

import torch

from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.answers import generate_batches
from ctlab.engine.batching import published_batches
from ctlab.errors import CtlabError, InputError
from ctlab.interventions import Condition
from ctlab.models.reasoner import LatentReasoner
from ctlab.problems import Problem
from ctlab.records.generation import Decoding, Generation

# Per device: few enough to fill a batch, enough that no device waits long for the last one: a quarter of its share at
# most. Rules of thumb, both.
_CHUNKS = 4
_TOGETHER = 64  # problems at least in a chunk
Batch = Mapping[str, tuple[Generation, ...]]
Answer = Callable[..., Iterator[Batch]]
"""What a process answers with: `generate_batches`, or a function of a module that takes what it takes."""


class Load(Protocol):
    """Loads the model onto a device; must be picklable, because each process loads its own."""

    def __call__(self, *, device: str) -> LatentReasoner:
        """Return the model on ``device``."""


def generate_on(
    devices: Sequence[str],
    load: Load,
    problems: Sequence[Problem],
    conditions: Sequence[Condition],
    decoding: Decoding,
    *,
    batch_tokens: int | None = None,
    activations: ActivationCache | None = None,
    answer: Answer = generate_batches,
) -> Iterator[Batch]:
    """Answer problems under conditions on several devices; yields finished batches as `generate_batches` does.

    Answers do not depend on who computes them: with exact padding a problem's answer is independent of its batch, and
    as published the chunks are the official batches. An error in a process stops all of them. Conditions that draw on
    other problems need the ``activations`` of the whole set: a process sees only its chunks.
    """
    if activations is None and any(condition.draws_on_others for condition in conditions):
        raise InputError(
            "conditions that draw on other problems need the activation cache of the whole set on several devices; "
            "make it with activation_cache_for and hand it along"
        )
    # Processes on one CPU share its cores; GPUs need theirs for launching kernels alone.
    threads = max(1, torch.get_num_threads() // len(devices)) if devices[0] == "cpu" else torch.get_num_threads()
    context = get_context("spawn")  # a forked process cannot use CUDA
    names: Any = context.Queue()
    for name in devices:
        names.put(name)
    pool = ProcessPoolExecutor(len(devices), context, _open, (names, load, threads, activations))
    try:
        waiting: list[Future[list[Batch]]] = [
            pool.submit(_answer, answer, chunk, conditions, decoding, batch_tokens)
            for chunk in chunks(problems, len(devices), decoding)
        ]
        for future in as_completed(waiting):
            yield from future.result()
    except BrokenProcessPool as error:
        raise CtlabError(
            f"a process on one of {', '.join(devices)} ended unexpectedly (killed, or out of memory); what was "
            f"finished is kept, run again to go on"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def chunks(problems: Sequence[Problem], devices: int, decoding: Decoding) -> list[list[Problem]]:
    """Split problems for the processes: alike in length, longest first; as published, in official batches."""
    if decoding.padding == "as-published":
        return [[problems[index] for index in batch] for batch in published_batches(len(problems))]
    order = sorted(problems, key=lambda problem: (-len(problem.question), problem.id))
    size = max(_TOGETHER, -(-len(order) // (_CHUNKS * devices)))
    return [order[start : start + size] for start in range(0, len(order), size)]


_load: Callable[[], LatentReasoner] | None = None  # one a process, set by `_open`
_activations: ActivationCache | None = None  # likewise


def _open(names: Any, load: Load, threads: int, activations: ActivationCache | None) -> None:
    global _load, _activations
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the parent, which stops the pool
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    torch.set_num_threads(threads)
    # Loaded with the first chunk: an error there comes back as what it is, one in here only breaks the pool.
    _load = cache(partial(load, device=names.get()))
    _activations = activations


def _leave_with_parent() -> None:
    """End this process when its parent was killed: the pool would wait for work for ever, and hold a GPU."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _answer(
    answer: Answer,
    problems: Sequence[Problem],
    conditions: Sequence[Condition],
    decoding: Decoding,
    batch_tokens: int | None,
) -> list[Batch]:
    if _load is None:
        raise CtlabError("this process has no model; generate_on starts processes that have one")
    return list(answer(_load(), problems, conditions, decoding, batch_tokens=batch_tokens, activations=_activations))
