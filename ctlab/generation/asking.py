"""Computing the questions of a batch: short ones apart from long ones, so that little of it is padding."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ctlab.generation import attention
from ctlab.generation.observer import Observer
from ctlab.generation.question import Prefill, Questions
from ctlab.models.reasoner import LatentReasoner

ENOUGH = {"cpu": 1024, "cuda": 32_768}
"""Tokens that keep the matrix products of a device busy; more together only adds padding."""
_ALIKE = 1.05  # questions up to this much longer than the shortest are padded to one length


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
    observer: Observer | None,
) -> tuple[Questions, Tensor]:
    """Compute a batch's questions once for each first-level branch.

    ``kinds`` holds for each layer (roots, heads or 1, key kinds) factors, None for plain causal attention. Returns the
    questions, root by root, and for each the position (Q,) at which begin stands.
    """
    lengths = [len(question) for question in batch.questions]
    everyone = list(range(len(lengths)))
    parts = [everyone] if as_published else alike(lengths, ENOUGH.get(model.device.type, ENOUGH["cpu"]))
    made = [_ask_part(model, batch, part, roots, kinds, as_published, observer) for part in parts]
    questions = made[0] if parts == [everyone] else _join(made, parts, roots, max(lengths))
    # The official evaluation counts positions from the left edge of the batch, padding included.
    starts = [questions.length] * len(lengths) if as_published else lengths
    return questions, torch.tensor(starts, device=model.device).repeat(roots)


def alike(lengths: Sequence[int], enough: int) -> list[list[int]]:
    """Split questions (indices) by length: a new part begins where ``enough`` tokens are together and lengths grow."""
    parts: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lambda index: (lengths[index], index)):
        part = parts[-1] if parts else []
        if part and (lengths[index] <= _ALIKE * lengths[part[0]] or len(part) * lengths[part[-1]] < enough):
            part.append(index)
        else:
            parts.append([index])
    return parts


def _ask_part(
    model: LatentReasoner,
    batch: Batch,
    part: Sequence[int],
    roots: int,
    kinds: Sequence[Tensor] | None,
    as_published: bool,
    observer: Observer | None,
) -> Questions:
    device = model.device
    length = max(len(batch.questions[index]) for index in part)
    ids = torch.full((len(part), length), model.pad_id)
    visible = torch.zeros(ids.shape, dtype=torch.bool)
    control = None if batch.controls is None else torch.zeros(ids.shape, dtype=torch.bool)
    for row, index in enumerate(part):
        question = batch.questions[index]
        start = length - len(question) if as_published else 0
        ids[row, start : start + len(question)] = torch.tensor(question)
        visible[row, start : start + len(question)] = True
        if control is not None and batch.controls is not None:
            control[row, start + batch.controls[index]] = True
    questions = Questions(
        length=length,
        visible=visible.repeat(roots, 1).to(device),
        control=None if control is None else control.repeat(roots, 1).to(device),
        problem_of=torch.tensor(part, device=device).repeat(roots),
        root_of=torch.arange(roots, device=device).repeat_interleave(len(part)),
    )
    spread = None if kinds is None else [each.repeat_interleave(len(part), 0) for each in kinds]
    step = Prefill(questions=questions, layers=model.num_layers, kinds=spread, unseeing=as_published, observer=observer)
    positions = torch.arange(length, device=device).expand(roots * len(part), -1)
    embeddings = model.network.get_input_embeddings()(ids.to(device)).repeat(roots, 1, 1)
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
    for questions in made:
        rows = questions.root_of * count + questions.problem_of
        whole.visible[rows, : questions.length] = questions.visible
        if whole.control is not None and questions.control is not None:
            whole.control[rows, : questions.length] = questions.control
        for into, out in zip(whole.keys, questions.keys, strict=True):
            into[rows, :, :, : questions.length] = out
        for into, out in zip(whole.values, questions.values, strict=True):
            into[rows, :, : questions.length] = out
    return whole
