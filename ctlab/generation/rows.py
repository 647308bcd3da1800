"""The sequences in flight: one row for each problem and branch, reading its question's keys and keeping its own.

Rows of one question lie side by side, so that all of them attend to the question's keys in one matrix product; the
question itself is never copied for a condition.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ctlab.generation.question import Questions


@dataclass(slots=True, kw_only=True)
class Rows:
    """Sequences in flight, sorted by question."""

    questions: Questions
    """What the rows read."""
    question_of: Tensor
    """(R,) row of `questions` that each row reads, ascending."""
    branch_of: Tensor
    """(R,) branch of the current level."""
    keys: list[Tensor] = field(default_factory=list)
    """For each layer (R, key heads, capacity, d): the tail's keys."""
    values: list[Tensor] = field(default_factory=list)
    """For each layer (R, key heads, capacity, d): the tail's values."""
    width: int = 0
    """Tail positions that are filled."""

    def __len__(self) -> int:
        return len(self.question_of)

    @property
    def problem_of(self) -> Tensor:
        """(R,) number of each row's problem in the batch."""
        return self.questions.problem_of[self.question_of]

    def select(self, index: Tensor, branch_of: Tensor | None = None) -> "Rows":
        """Take rows, in ascending order of question; a row may be taken several times (a fork) or not at all."""
        questions, question_of = self.questions, self.question_of[index]
        read, dense = torch.unique_consecutive(question_of, return_inverse=True)
        # Dropping a few questions is not worth a copy of all their keys.
        if 2 * len(read) <= len(questions.visible):
            questions, question_of = questions.select(read), dense
        return Rows(
            questions=questions,
            question_of=question_of,
            branch_of=self.branch_of[index] if branch_of is None else branch_of,
            keys=[each[index, :, : self.width] for each in self.keys],
            values=[each[index, :, : self.width] for each in self.values],
            width=self.width,
        )

    def fork(self, parents: Sequence[int]) -> tuple["Rows", Tensor | None]:
        """Split branches: ``parents`` gives the current branch of each new one, ascending.

        Returns the new rows and the old row of each, None where nothing splits.
        """
        if list(parents) == list(range(len(parents))):
            return self, None
        device = self.branch_of.device
        table = torch.tensor(parents, device=device)
        first = torch.searchsorted(table, self.branch_of)
        count = torch.searchsorted(table, self.branch_of, right=True) - first
        index = torch.repeat_interleave(torch.arange(len(self), device=device), count)
        starts = torch.cumsum(count, 0) - count
        branch = first[index] + torch.arange(len(index), device=device) - starts[index]
        return self.select(index, branch), index

    def reserve(self, layer: int, new: int, like: Tensor) -> None:
        """Make room for ``new`` more positions in a layer's keys and values."""
        if layer == len(self.keys):
            shape = (*like.shape[:2], new + 16, like.shape[3])
            self.keys.append(like.new_empty(shape))
            self.values.append(like.new_empty(shape))
        elif self.keys[layer].shape[2] < self.width + new:
            for store in (self.keys, self.values):
                old = store[layer]
                grown = old.new_empty((*old.shape[:2], (self.width + new) * 3 // 2 + 8, old.shape[3]))
                grown[:, :, : self.width] = old[:, :, : self.width]
                store[layer] = grown

    def grid(self) -> "Grid":
        """Arrange the rows by question."""
        count = torch.bincount(self.question_of, minlength=len(self.questions.visible))
        columns = int(count.max())
        if len(self) == columns * len(count):
            return Grid(questions=len(count), columns=columns, slot=None)
        starts = torch.cumsum(count, 0) - count
        column = torch.arange(len(self), device=count.device) - starts[self.question_of]
        return Grid(questions=len(count), columns=columns, slot=self.question_of * columns + column)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Questions x columns, with a slot for each row; slots without a row hold zeros and are never read."""

    questions: int
    """Number of questions."""
    columns: int
    """Most rows that read one question."""
    slot: Tensor | None
    """(R,) slot of each row; None: every slot holds the row of the same number."""

    def spread(self, rows: Tensor) -> Tensor:
        """Lay out rows (R, …) as (questions, columns, …)."""
        if self.slot is None:
            return rows.view(self.questions, self.columns, *rows.shape[1:])
        slots = rows.new_zeros((self.questions * self.columns, *rows.shape[1:]))
        slots[self.slot] = rows
        return slots.view(self.questions, self.columns, *rows.shape[1:])

    def collect(self, slots: Tensor) -> Tensor:
        """Read rows (R, …) back from (questions, columns, …)."""
        flat = slots.reshape(self.questions * self.columns, *slots.shape[2:])
        return flat if self.slot is None else flat[self.slot]
