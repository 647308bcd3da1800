"""Computing the prompts of a batch: their tokens packed side by side, so that padding never passes the network."""

import itertools
from collections.abc import Sequence

import torch
from torch import Tensor

from ctlab.engine import attention
from ctlab.engine.prefill_step import PrefillStep, Watch
from ctlab.engine.prompt import Packing, PromptBatch, PromptCache
from ctlab.models.families.base import Positions
from ctlab.models.reasoner import LatentReasoner

ENOUGH = {"cpu": 1024, "cuda": 32_768}
"""Tokens that keep the matrix products of a device busy; more together only leave its caches.

Rules of thumb; the one for GPUs is not measured."""

ALIGNED = 8
"""Columns of 16-bit keys on a GPU are a multiple of this: only then do its matrix units read whole vectors of 16 bytes.
"""


def prefill(
    model: LatentReasoner,
    batch: PromptBatch,
    roots: int,
    kinds: Sequence[Tensor] | None,
    *,
    published: Positions | None,
    watch: Watch | None,
    to_the_end: bool = False,
) -> tuple[PromptCache, Tensor, Tensor]:
    """Compute a batch's prompts once for each first-level branch.

    ``kinds`` holds for each layer (roots, heads or 1, key kinds) factors, None for plain causal attention. Returns the
    prompts, root by root, for each the position (Q,) after its last token, and the last hidden state there (Q, D): of
    no width where nobody reads it, which ``to_the_end`` says. ``published`` says how positions are counted where
    padding stands on the left and is computed too, as in an official batch; None: it is not.
    """
    lengths = [len(prompt) for prompt in batch.prompts]
    all_prompts = list(range(len(lengths)))
    # As published, padding is computed too, and all of the batch with it.
    parts = [all_prompts] if published else portions(lengths, ENOUGH.get(model.device.type, ENOUGH["cpu"]))
    done = [_prefill_part(model, batch, part, roots, kinds, published, watch, to_the_end) for part in parts]
    caches, ends = [cache for cache, _ in done], torch.cat([end for _, end in done])
    if parts == [all_prompts]:
        (cache,), states = caches, ends
    else:
        cache = _join(caches, parts, roots, columns(max(lengths), model.device.type, caches[0].keys[0].element_size()))
        states = torch.empty_like(ends)
        states[torch.cat([each.root_of * len(lengths) + each.problem_of for each in caches])] = ends
    # By column is from the left edge of the batch, padding included.
    starts = [cache.length] * len(lengths) if published not in (None, "tokens") else lengths
    return cache, torch.tensor(starts, device=model.device).repeat(roots), states


def columns(longest: int, device: str, size: int) -> int:
    """Return how many columns prompts are laid out in, the longest of ``longest`` tokens, ``size`` bytes a number."""
    if device != "cuda" or size != 2:
        return longest
    return -(-longest // ALIGNED) * ALIGNED


def portions(lengths: Sequence[int], enough: int) -> list[list[int]]:
    """Split prompts (indices), sorted by length: a new part begins where ``enough`` tokens are together."""
    parts: list[list[int]] = []
    tokens = enough
    for index in sorted(range(len(lengths)), key=lambda index: (lengths[index], index)):
        if tokens >= enough:
            parts.append([])
            tokens = 0
        parts[-1].append(index)
        tokens += lengths[index]
    return parts


def _prefill_part(
    model: LatentReasoner,
    batch: PromptBatch,
    part: Sequence[int],
    roots: int,
    kinds: Sequence[Tensor] | None,
    published: Positions | None,
    watch: Watch | None,
    to_the_end: bool,
) -> tuple[PromptCache, Tensor]:
    device = model.device
    lengths = torch.tensor([len(batch.prompts[index]) for index in part])
    length = int(lengths.max())
    if published is None:
        length = columns(length, device.type, model.network.dtype.itemsize)
    column = torch.arange(length).expand(len(part), -1)
    # Padding on the right is behind every token that could read it, so that causality hides it and positions count from
    # the prompt's first token. Official evaluations pad on the left; there thoughts see padding, and positions may.
    starts = length - lengths if published else torch.zeros_like(lengths)
    visible = (column >= starts[:, None]) & (column < (starts + lengths)[:, None])
    ids = torch.full((len(part), length), model.pad_id)
    ids[visible] = torch.tensor(list(itertools.chain.from_iterable(batch.prompts[index] for index in part)))
    control = None
    if batch.controls is not None:
        control = column == (starts + torch.tensor([batch.controls[index] for index in part]))[:, None]
    packing = None
    if published is None and not visible.all():
        packing = Packing.of(visible.repeat(roots, 1).to(device))
    cache = PromptCache(
        length=length,
        visible=visible.repeat(roots, 1).to(device),
        control=None if control is None else control.repeat(roots, 1).to(device),
        problem_of=torch.tensor(part, device=device).repeat(roots),
        root_of=torch.arange(roots, device=device).repeat_interleave(len(part)),
    )
    step = PrefillStep(
        prompts=cache,
        packing=packing,
        layers=model.num_layers,
        kinds=None if kinds is None else [factors.repeat_interleave(len(part), 0) for factors in kinds],
        unseeing=published is not None,
        watch=watch,
        to_the_end=to_the_end,
    )
    place = (column - starts[:, None]).clamp(min=0) if published == "tokens" else column
    fed, positions = ids.repeat(roots, 1).to(device), place.repeat(roots, 1).to(device)
    if packing is not None:
        fed, positions = fed.flatten()[packing.slot][None], positions.flatten()[packing.slot][None]
    embeddings = model.network.get_input_embeddings()(fed)
    if not to_the_end:
        attention.forward_until_enough(model.network, embeddings, positions, step)
        return cache, embeddings.new_empty((len(cache.visible), 0))
    states = attention.forward(model.network, embeddings, positions, step)
    # (Q,) the slot of each prompt's last token among Q x L; packed, its place among the tokens that are there.
    last = torch.arange(len(cache.visible)) * length + (starts + lengths - 1).repeat(roots)
    if packing is not None:
        last = torch.searchsorted(packing.slot, last.to(device))
    return cache, states.flatten(0, 1)[last.to(device)]


def _join(caches: Sequence[PromptCache], parts: Sequence[Sequence[int]], roots: int, length: int) -> PromptCache:
    """Put the parts' prompts side by side in the batch's order; what is past a prompt's end is zero and unread."""
    count = sum(map(len, parts))
    first = caches[0]
    device = first.visible.device
    whole = PromptCache(
        length=length,
        visible=torch.zeros((roots * count, length), dtype=torch.bool, device=device),
        control=None
        if first.control is None
        else torch.zeros((roots * count, length), dtype=torch.bool, device=device),
        problem_of=torch.arange(count, device=device).repeat(roots),
        root_of=torch.arange(roots, device=device).repeat_interleave(count),
        keys=[keys.new_zeros((roots * count, *keys.shape[1:3], length)) for keys in first.keys],
        values=[values.new_zeros((roots * count, values.shape[1], length, values.shape[3])) for values in first.values],
    )
    for cache, part in zip(caches, parts, strict=True):
        rows: Tensor | slice = cache.root_of * count + cache.problem_of
        if roots == 1 and list(part) == list(range(part[0], part[0] + len(part))):
            rows = slice(part[0], part[0] + len(part))  # measured: a third less time than rows picked one by one
        whole.visible[rows, : cache.length] = cache.visible
        if whole.control is not None and cache.control is not None:
            whole.control[rows, : cache.length] = cache.control
        for into, out in zip(whole.keys, cache.keys, strict=True):
            into[rows, :, :, : cache.length] = out
        for into, out in zip(whole.values, cache.values, strict=True):
            into[rows, :, : cache.length] = out
    return whole
