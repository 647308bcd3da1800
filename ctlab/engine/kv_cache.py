"""The sequences in flight: one row for each problem and branch, reading its prompt's keys and keeping its own.

Rows of one prompt lie side by side, so that all of them attend to the prompt's keys in one matrix product; the prompt
itself is never copied for a condition.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ctlab.engine.prompt import PromptCache

# Tail positions that are allocated ahead: as many as an answer is expected to need (`batching`), so that most batches
# copy their keys at forks alone. Past that the tail grows by half, which makes the copies linear in its length.
_ROOM = 16


@dataclass(slots=True, kw_only=True)
class KVCache:
    """Keys and values of the sequences in flight, a row each, sorted by prompt."""

    prompts: PromptCache
    """What the rows read."""
    prompt_of: Tensor
    """(R,) row of ``prompts`` that each row reads, ascending."""
    branch_of: Tensor
    """(R,) branch of the current level."""
    keys: list[Tensor] = field(default_factory=list)
    """For each layer (capacity, R, key heads, d): the tail's keys, position first."""
    values: list[Tensor] = field(default_factory=list)
    """For each layer (capacity, R, key heads, d): the tail's values, position first."""
    width: int = 0
    """Tail positions that are filled."""

    def __len__(self) -> int:
        return len(self.prompt_of)

    @property
    def problem_of(self) -> Tensor:
        """(R,) number of each row's problem in the batch."""
        return self.prompts.problem_of[self.prompt_of]

    def select(self, index: Tensor, branch_of: Tensor | None = None) -> "KVCache":
        """Take rows, in ascending order of prompt; a row may be taken several times (a fork) or not at all."""
        prompts, prompt_of = self.prompts, self.prompt_of[index]
        read, dense = torch.unique_consecutive(prompt_of, return_inverse=True)
        # Dropping a few prompts is not worth a copy of all their keys. Half of them: rule of thumb.
        if 2 * len(read) <= len(prompts.visible):
            prompts, prompt_of = prompts.select(read), dense
        return KVCache(
            prompts=prompts,
            prompt_of=prompt_of,
            branch_of=self.branch_of[index] if branch_of is None else branch_of,
            keys=[_roomy(layer[: self.width], index) for layer in self.keys],
            values=[_roomy(layer[: self.width], index) for layer in self.values],
            width=self.width,
        )

    def fork(self, parents: Sequence[int]) -> tuple["KVCache", Tensor | None]:
        """Split branches: ``parents`` gives the current branch of each new one, ascending.

        Returns the new rows and the old row of each, None where nothing splits.
        """
        if list(parents) == list(range(len(parents))):
            return self, None
        device = self.branch_of.device
        parent = torch.tensor(parents, device=device)
        # `parents` ascends, so that the children of a branch are a range: (R,) its first child and their number.
        first = torch.searchsorted(parent, self.branch_of)
        count = torch.searchsorted(parent, self.branch_of, right=True) - first
        index = torch.repeat_interleave(torch.arange(len(self), device=device), count)
        starts = torch.cumsum(count, 0) - count
        # Of the copies of a row the n-th is its branch's n-th child.
        branch = first[index] + torch.arange(len(index), device=device) - starts[index]
        return self.select(index, branch), index

    def append(self, layer: int, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Keep a layer's new keys and values (R, key heads, T, d); return the whole tail's (S, R, key heads, d).

        The rows' width grows when the step is over, not here.
        """
        start, end = self.width, self.width + key.shape[2]
        if layer == len(self.keys):
            for store, like in ((self.keys, key), (self.values, value)):
                store.append(like.new_empty((end + _ROOM, len(self), like.shape[1], like.shape[3])))
        kept = []
        for store, new in ((self.keys, key), (self.values, value)):
            if store[layer].shape[0] < end:
                grown = store[layer].new_empty((end * 3 // 2 + _ROOM, *store[layer].shape[1:]))
                grown[:start] = store[layer][:start]
                store[layer] = grown
            store[layer][start:end] = new.permute(2, 0, 1, 3)
            kept.append(store[layer][:end])
        return kept[0], kept[1]

    def grid(self) -> "Grid":
        """Arrange the rows by prompt."""
        count = torch.bincount(self.prompt_of, minlength=len(self.prompts.visible))
        columns = int(count.max())
        if len(self) == columns * len(count):
            return Grid(prompts=len(count), columns=columns, slot=None)
        starts = torch.cumsum(count, 0) - count
        column = torch.arange(len(self), device=count.device) - starts[self.prompt_of]
        return Grid(prompts=len(count), columns=columns, slot=self.prompt_of * columns + column)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Prompts x columns, with a slot for each row; slots without a row hold zeros and are never read."""

    prompts: int
    """Number of prompts."""
    columns: int
    """Most rows that read one prompt."""
    slot: Tensor | None
    """(R,) slot of each row; None: every slot holds the row of the same number."""

    def spread(self, rows: Tensor) -> Tensor:
        """Lay out rows (R, …) as (prompts, columns, …)."""
        if self.slot is None:
            return rows.view(self.prompts, self.columns, *rows.shape[1:])
        slots = rows.new_zeros((self.prompts * self.columns, *rows.shape[1:]))
        slots[self.slot] = rows
        return slots.view(self.prompts, self.columns, *rows.shape[1:])

    def collect(self, slots: Tensor) -> Tensor:
        """Read rows (R, …) back from (prompts, columns, …)."""
        flat = slots.reshape(self.prompts * self.columns, *slots.shape[2:])
        return flat if self.slot is None else flat[self.slot]


def _roomy(positions: Tensor, index: Tensor) -> Tensor:
    # Select and leave room in one copy: a fork is followed by new positions.
    taken = positions.new_empty((len(positions) + _ROOM, len(index), *positions.shape[2:]))
    torch.index_select(positions, 1, index, out=taken[: len(positions)])
    return taken
