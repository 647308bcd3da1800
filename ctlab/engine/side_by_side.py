"""Two batches at once on a CPU, each on half of torch's threads.

Small models' products are over before a second thread has joined in, and what lies between them runs on one thread
anyhow: two batches side by side keep two cores busy where two threads in every product do not.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event
from typing import TypeVar

import torch

from ctlab.engine.attention import Stopped, stopping
from ctlab.engine.batching import bytes_per_token, even
from ctlab.engine.plan import Plan

Result = TypeVar("Result")
LANES = 2
"""Batches at once; the memory of a run's batches is so many times one batch's."""


def rounds(plans: Sequence[Plan], batches: Sequence[list[int]]) -> Iterator[Sequence[list[int]]]:
    """Say which batches are answered at once, in order."""
    lanes = LANES if all(map(_fits, plans)) and torch.get_num_threads() >= LANES else 1
    for start in range(0, len(batches), lanes):
        yield batches[start : start + lanes]


def _fits(planned: Plan) -> bool:
    # Patches at layers hang hooks into the network, which all that runs on it would meet.
    return even(planned.model.device, bytes_per_token(planned.model)) and not any(planned.edge_factors.layer_sources)


def side_by_side(tasks: Sequence[Callable[[], Result]]) -> list[Result]:
    """Do tasks at once, a thread each, with torch's threads shared out; results in the tasks' order.

    Raises the first error in the tasks' order once all have ended; an error or an interrupt ends the others at their
    next step.
    """
    threads, stopped = torch.get_num_threads(), Event()

    def run(task: Callable[[], Result]) -> Result:
        with stopping(stopped):
            try:
                return task()
            except BaseException:
                stopped.set()
                raise

    # A thread takes the number that was set last when it first computes: set here, before there is one.
    torch.set_num_threads(max(1, threads // len(tasks)))
    try:
        with ThreadPoolExecutor(len(tasks), "ctlab batch") as pool:
            try:  # around the handing in too: an interrupt may come as soon as the first task runs
                waiting = [pool.submit(run, task) for task in tasks]
                wait(waiting)
            except BaseException:
                stopped.set()
                raise
        errors = [error for each in waiting if (error := each.exception()) is not None]
        # One that was ended says nothing of why.
        for error in sorted(errors, key=lambda error: isinstance(error, Stopped)):
            raise error
        return [each.result() for each in waiting]
    finally:
        torch.set_num_threads(threads)
