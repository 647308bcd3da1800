"""One step after the prompt: every row attends to its prompt's keys and to its own tail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ctlab.engine import masks
from ctlab.engine.kv_cache import Grid, KVCache

Watch = Callable[["DecodeStep", int, Tensor, Tensor, Tensor], None]
"""Shown the step, a layer, scores, mask and weights; see `hooks.Hooks.attention`."""


@dataclass(slots=True, kw_only=True)
class DecodeStep:
    """The forward pass over T new positions of every row."""

    cache: KVCache
    """Sequences in flight."""
    grid: Grid
    """The rows by prompt."""
    new: int
    """Number of new positions."""
    level: int
    """Level of the tree whose segment is computed."""
    pass_: int
    """Pass over the thoughts (`layout.Segment`)."""
    kept: bool
    """Whether its keys and values stay, or the next pass puts its own in their place."""
    masks: Sequence[Tensor]
    """For each layer (Q, key heads or 1, C, groups or 1, T, K), in the layout of the grid."""
    watch: Watch | None = None
    """Called with each layer's attention."""
    live: Tensor | None = None
    """(R,) whether a row's answer is not over yet; None before the answer: all are."""

    @property
    def width(self) -> int:
        """Tail positions, the new ones included."""
        return self.cache.width + self.new

    def attend(self, layer: int, query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
        """See `attention.Step`."""
        cache, grid, length = self.cache, self.grid, self.cache.prompts.length
        count, heads, new, size = query.shape
        shared = key.shape[1]
        groups = heads // shared
        tail_keys, tail_values = cache.append(layer, key, value)
        folded = (query * scale).reshape(count, shared, groups * new, size)  # (R, key heads, groups T, d)
        own = grid.spread(own_scores(folded, tail_keys)).transpose(1, 2)  # (Q, key heads, C, groups T, tail)
        by_prompt = grid.spread(folded).transpose(1, 2).flatten(2, 3)  # (Q, key heads, C groups T, d)
        read = by_prompt @ cache.prompts.keys[layer]  # (Q, key heads, C groups T, L)
        # All rows of a prompt are queries of one product: its keys are read once, however many conditions there are.
        shape = (grid.prompts, shared, grid.columns, groups, new)
        weights = self._weights(layer, read.view(*shape, length), own.reshape(*shape, self.width))
        weights = weights.to(value.dtype)

        # (Q, key heads, C groups T, L) @ (Q, key heads, L, d)
        from_prompt = weights[..., :length].flatten(2, 4) @ cache.prompts.values[layer]
        from_prompt = from_prompt.view(grid.prompts, shared, grid.columns, -1, size).transpose(1, 2)
        own_weights = grid.collect(weights[..., length:].flatten(3, 4).transpose(1, 2))
        mixed = own_mix(own_weights, tail_values) + grid.collect(from_prompt)  # (R, key heads, groups T, d)
        return mixed.view(count, heads, new, size).transpose(1, 2)

    def _weights(self, layer: int, read: Tensor, own: Tensor) -> Tensor:
        """Normalise scores over the prompt's columns and over the rows' own, (Q, key heads, C, groups, T, …) both."""
        mask, length = self.masks[layer], read.shape[-1]
        # Joined and masked in one pass, in the precision of `masks.softmax`: masks are float32.
        precision = torch.promote_types(read.dtype, mask.dtype)
        masked = mask.new_empty((*read.shape[:-1], length + own.shape[-1]), dtype=precision)
        torch.add(read, mask[..., :length], out=masked[..., :length])
        torch.add(own, mask[..., length:], out=masked[..., length:])
        weights = torch.softmax(masked, dim=-1)
        if self.watch is not None:
            self.watch(self, layer, torch.cat([read, own], dim=-1), mask, weights)
        return weights

    def by_row(self, slots: Tensor) -> Tensor:
        """Turn (Q, key heads, C, groups, T, K) into (R, heads, T, K)."""
        return self.grid.collect(slots.transpose(1, 2)).flatten(1, 2)


def own_scores(query: Tensor, keys: Tensor) -> Tensor:
    """Products of ``query`` (R, heads, T, d) with the rows' own ``keys`` (S, R, heads, d): (R, heads, T, S)."""
    if query.shape[2] == 1 and query.device.type == "cpu":
        # Thousands of 1 x d by d x S products: MKL's batched product spends its time on starting them (measured: half).
        products: Tensor = torch.linalg.vecdot(keys, query[:, :, 0])
        return products.permute(1, 2, 0)[:, :, None].contiguous()
    return query @ keys.permute(1, 2, 3, 0)


def own_mix(weights: Tensor, values: Tensor) -> Tensor:
    """Mix the rows' own ``values`` (S, R, heads, d) by ``weights`` (R, heads, T, S): (R, heads, T, d)."""
    if weights.shape[2] == 1 and weights.device.type == "cpu":  # as in `own_scores`
        return (values * weights[:, :, 0, :, None].permute(2, 0, 1, 3)).sum(0)[:, :, None]
    return weights @ values.permute(1, 2, 0, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnKinds:
    """What stands at each row's own positions, where rows differ in that; one new position."""

    query: Tensor
    """(R,) which of the segment's queries the new position is."""
    keys: Tensor
    """(R, S) kind of each key of the tail, the new one included."""


def decode_masks(
    cache: KVCache,
    grid: Grid,
    kinds: Sequence[Tensor],
    visible: Tensor,
    tail: int,
    shared: int,
    own_kinds: OwnKinds | None = None,
) -> list[Tensor]:
    """Make a step's masks.

    ``kinds`` holds for each layer (branches, heads or 1, T, key kinds) factors; layers that hold the same tensor share
    a mask. ``visible`` (Q, L) says which prompt columns may be read, ``tail`` is where the answer starts, ``shared``
    the number of key heads; with ``own_kinds``, T is 1 and the factors' queries are all that a row may stand at.
    Returns for each layer (Q, key heads or 1, C, groups or 1, T, K).
    """
    # By identity: a level's layers share one tensor where a condition does not tell layers apart (`level_factors`).
    mask_of: dict[int, Tensor] = {}
    device, length = visible.device, cache.prompts.length
    new = kinds[0].shape[-2] if own_kinds is None else 1
    width = cache.width + new
    columns = masks.decode_columns(length, width, tail, device)
    branches = grid.spread(cache.branch_of).flatten()
    query: Tensor | None = None
    if own_kinds is not None:
        query = grid.spread(own_kinds.query).flatten()
        tails = grid.spread(own_kinds.keys).flatten(0, 1)
        columns = torch.cat([columns[:length].expand(len(tails), -1), tails], 1)
    control = cache.prompts.control
    if control is not None:
        control = control.repeat_interleave(grid.columns, dim=0)
    own = masks.causal(new, width, device)
    for table in kinds:
        if id(table) in mask_of:
            continue
        rows = table[branches] if query is None else table[branches, :, query][:, :, None]
        keep = masks.decode_factors(rows, columns, length, control)  # (Q C, heads or 1, T, K)
        keep = keep.view(grid.prompts, grid.columns, keep.shape[1], new, length + width)
        keep[..., :length] *= visible[:, None, None, None, :]
        keep[..., length:] *= own
        heads = keep.shape[2]
        split = (1, 1) if heads == 1 else (shared, heads // shared)
        keep = keep.view(*keep.shape[:2], *split, *keep.shape[3:]).transpose(1, 2)  # (Q, key heads, C, groups, T, K)
        mask_of[id(table)] = masks.additive(keep.contiguous())
    return [mask_of[id(table)] for table in kinds]
