"""Computing the questions of a batch: their tokens packed side by side, so that padding never passes the network."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ctlab.engine import attention
from ctlab.engine.prefill_step import Prefill, Watch
from ctlab.engine.prompt import Packing, Questions
from ctlab.models.reasoner import LatentReasoner

ENOUGH = {"cpu": 1024, "cuda": 32_768}
"""Tokens that keep the matrix products of a device busy; more together only leave its caches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Questions that are answered together."""

    questions: Sequence[Sequence[int]]
    """Token ids of each question."""
    controls: Sequence[int] | None
    """Position of each question's control token; None where no condition needs it."""


def ask(
    model: LatentReasoner,
    batch: Batch,
    roots: int,
    kinds: Sequence[Tensor] | None,
    *,
    as_published: bool,
    watch: Watch | None,
) -> tuple[Questions, Tensor]:
    """Compute a batch's questions once for each first-level branch.

    ``kinds`` holds for each layer (roots, heads or 1, key kinds) factors, None for plain causal attention. Returns the
    questions, root by root, and for each the position (Q,) at which begin stands.
    """
    lengths = [len(question) for question in batch.questions]
    everyone = list(range(len(lengths)))
    # As published, padding is computed too, and all of the batch with it.
    parts = [everyone] if as_published else portions(lengths, ENOUGH.get(model.device.type, ENOUGH["cpu"]))
    made = [_ask_part(model, batch, part, roots, kinds, as_published, watch) for part in parts]
    questions = made[0] if parts == [everyone] else _join(made, parts, roots, max(lengths))
    # The official evaluation counts positions from the left edge of the batch, padding included.
    starts = [questions.length] * len(lengths) if as_published else lengths
    return questions, torch.tensor(starts, device=model.device).repeat(roots)


def portions(lengths: Sequence[int], enough: int) -> list[list[int]]:
    """Split questions (indices), sorted by length: a new part begins where ``enough`` tokens are together."""
    parts: list[list[int]] = []
    tokens = enough
    for index in sorted(range(len(lengths)), key=lambda index: (lengths[index], index)):
        if tokens >= enough:
            parts.append([])
            tokens = 0
        parts[-1].append(index)
        tokens += lengths[index]
    return parts


def _ask_part(
    model: LatentReasoner,
    batch: Batch,
    part: Sequence[int],
    roots: int,
    kinds: Sequence[Tensor] | None,
    as_published: bool,
    watch: Watch | None,
) -> Questions:
    device = model.device
    lengths = torch.tensor([len(batch.questions[index]) for index in part])
    length = int(lengths.max())
    column = torch.arange(length).expand(len(part), -1)
    starts = length - lengths if as_published else torch.zeros_like(lengths)
    visible = (column >= starts[:, None]) & (column < (starts + lengths)[:, None])
    ids = torch.full((len(part), length), model.pad_id)
    ids[visible] = torch.tensor(list(itertools.chain.from_iterable(batch.questions[index] for index in part)))
    control = None
    if batch.controls is not None:
        control = column == (starts + torch.tensor([batch.controls[index] for index in part]))[:, None]
    packing = None
    if not as_published and not visible.all():
        packing = Packing.of(visible.repeat(roots, 1).to(device))
    questions = Questions(
        length=length,
        visible=visible.repeat(roots, 1).to(device),
        control=None if control is None else control.repeat(roots, 1).to(device),
        problem_of=torch.tensor(part, device=device).repeat(roots),
        root_of=torch.arange(roots, device=device).repeat_interleave(len(part)),
    )
    step = Prefill(
        questions=questions,
        packing=packing,
        layers=model.num_layers,
        kinds=None if kinds is None else [each.repeat_interleave(len(part), 0) for each in kinds],
        unseeing=as_published,
        watch=watch,
    )
    fed, positions = ids.repeat(roots, 1).to(device), column.repeat(roots, 1).to(device)
    if packing is not None:
        fed, positions = fed.flatten()[packing.slot][None], positions.flatten()[packing.slot][None]
    embeddings = model.network.get_input_embeddings()(fed)
    attention.forward_until_enough(model.network, embeddings, positions, step)
    return questions


def _join(made: Sequence[Questions], parts: Sequence[Sequence[int]], roots: int, length: int) -> Questions:
    """Put the parts' questions side by side in the batch's order; what is past a question's end is zero and unread."""
    count = sum(map(len, parts))
    first = made[0]
    device = first.visible.device
    whole = Questions(
        length=length,
        visible=torch.zeros((roots * count, length), dtype=torch.bool, device=device),
        control=None
        if first.control is None
        else torch.zeros((roots * count, length), dtype=torch.bool, device=device),
        problem_of=torch.arange(count, device=device).repeat(roots),
        root_of=torch.arange(roots, device=device).repeat_interleave(count),
        keys=[each.new_zeros((roots * count, *each.shape[1:3], length)) for each in first.keys],
        values=[each.new_zeros((roots * count, each.shape[1], length, each.shape[3])) for each in first.values],
    )
    for questions, part in zip(made, parts, strict=True):
        rows: Tensor | slice = questions.root_of * count + questions.problem_of
        if roots == 1 and list(part) == list(range(part[0], part[0] + len(part))):
            rows = slice(part[0], part[0] + len(part))  # measured: a third less time than rows picked one by one
        whole.visible[rows, : questions.length] = questions.visible
        if whole.control is not None and questions.control is not None:
            whole.control[rows, : questions.length] = questions.control
        for into, out in zip(whole.keys, questions.keys, strict=True):
            into[rows, :, :, : questions.length] = out
        for into, out in zip(whole.values, questions.values, strict=True):
            into[rows, :, : questions.length] = out
    return whole
