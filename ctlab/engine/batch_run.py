"""Running a plan: its problems in batches, a batch on the network, and halves of it where memory runs out."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import torch

from ctlab.engine import attention
from ctlab.engine.batching import batches, bytes_per_token, even, token_budget
from ctlab.engine.hooks import Hooks
from ctlab.engine.layer_patching import LayerPatcher
from ctlab.engine.plan import Plan
from ctlab.engine.rollout import Rollout
from ctlab.engine.shared_prefill import SharedPrefill
from ctlab.engine.stop_head import StopHeadRollout
from ctlab.engine.thought_patching import ThoughtPatcher

Result = TypeVar("Result")


def batches_of(planned: Plan, batch_tokens: int | None) -> list[list[int]]:
    """Split a plan's problems (indices) into batches."""
    size = bytes_per_token(planned.model)
    return batches(
        [len(prompt) for prompt in planned.prompts],
        planned.layout,
        len(planned.tree.levels[-1].parents),
        token_budget(batch_tokens, planned.model.device, size),
        published=planned.model.as_published.batch if planned.reads_padding else None,
        steps=planned.model.thinking == "explicit",
        evenly=batch_tokens is None and even(planned.model.device, size),
    )


def fitting(
    planned: Plan, indices: Sequence[int], work: Callable[[Sequence[int]], Result]
) -> Iterator[tuple[Sequence[int], Result]]:
    """Do ``work`` on some problems at once, or on halves where memory runs out; yields problems and results."""
    try:
        result, fits = work(indices), True
    except torch.OutOfMemoryError:
        if len(indices) == 1 or planned.reads_padding:
            # There an answer depends on its batch mates: a smaller batch would be another experiment.
            raise
        fits = False
    if fits:
        yield indices, result
        return
    # Not inside the except clause: there the error's traceback still holds every tensor of the batch that failed.
    torch.cuda.empty_cache()
    half = len(indices) // 2
    yield from fitting(planned, indices[:half], work)
    yield from fitting(planned, indices[half:], work)


def run(planned: Plan, indices: Sequence[int], hooks: Hooks | None = None) -> list[list[list[int]]]:
    """Answer some problems in one batch; ids by problem, leaf and token, -1 after the end."""
    return [[ids for _, _, *ids in leaves] for leaves in run_rows(planned, indices, hooks)]


def run_rows(
    planned: Plan, indices: Sequence[int], hooks: Hooks | None = None, shared: SharedPrefill | None = None
) -> list[list[list[int]]]:
    """Answer some problems in one batch; by problem and leaf the number of the row, that of its thoughts, its ids."""
    patcher = ThoughtPatcher([planned.problems[index].id for index in indices], planned.activations, planned.reference)
    at_layers = LayerPatcher(planned, indices) if any(planned.edge_factors.layer_sources) else None
    rollout = (StopHeadRollout if planned.layout.own_stop else Rollout)(planned, hooks, patcher, at_layers, shared)
    with attention.engaged(planned.model.network):
        answers: list[list[list[int]]] = rollout.generate(
            planned.batch(indices), planned.decoding.max_new_tokens
        ).tolist()
    return answers
