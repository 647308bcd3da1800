"""The prompts of a batch: their tokens, and their keys and values, computed once and read by all conditions."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptBatch:
    """Prompts that are answered together."""

    prompts: Sequence[Sequence[int]]
    """Token ids of each."""
    controls: Sequence[int] | None
    """Position of each one's control token; None where no condition needs it."""
    given: Sequence[Sequence[Sequence[int]]] = ()
    """Ids that each one's answer begins with under each leaf; empty where the model writes all of all answers."""


@dataclass(slots=True, kw_only=True)
class PromptCache:
    """Keys and values of padded prompts: one row for each problem and first-level branch, branch by branch."""

    length: int
    """Columns, padding included."""
    visible: Tensor
    """(Q, L) whether a column holds a token of the prompt."""
    control: Tensor | None
    """(Q, L) marks the control token; None where no condition needs it."""
    problem_of: Tensor
    """(Q,) number of each row's problem in the batch."""
    root_of: Tensor
    """(Q,) first-level branch of each row."""
    keys: list[Tensor] = field(default_factory=list)
    """For each layer (Q, key heads, d, L), laid out for the matrix product that every later step makes."""
    values: list[Tensor] = field(default_factory=list)
    """For each layer (Q, key heads, L, d)."""

    def select(self, index: Tensor) -> "PromptCache":
        """Keep some rows."""
        return PromptCache(
            length=self.length,
            visible=self.visible[index],
            control=None if self.control is None else self.control[index],
            problem_of=self.problem_of[index],
            root_of=self.root_of[index],
            keys=[layer[index] for layer in self.keys],
            values=[layer[index] for layer in self.values],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """Tokens side by side as the network gets them, (1, T, …), and their places in padded prompts."""

    rows: int
    """Number of prompts Q."""
    length: int
    """Columns of each, L."""
    slot: Tensor
    """(T,) slot of each token among Q x L."""

    @classmethod
    def of(cls, visible: Tensor) -> "Packing":
        """Pack the columns of ``visible`` (Q, L) that hold a token."""
        return cls(rows=visible.shape[0], length=visible.shape[1], slot=visible.flatten().nonzero().flatten())

    def spread(self, packed: Tensor) -> Tensor:
        """Lay out (1, heads, T, d) as (Q, heads, L, d), zero where no token is."""
        _, heads, _, size = packed.shape
        laid = packed.new_zeros((self.rows * self.length, heads, size))  # (Q L, heads, d)
        laid[self.slot] = packed[0].transpose(0, 1)
        return laid.view(self.rows, self.length, heads, size).transpose(1, 2)

    def collect(self, laid: Tensor) -> Tensor:
        """Read (1, heads, T, d) back from (Q, heads, L, d)."""
        # (Q, heads, L, d) -> (Q L, heads, d) -> (T, heads, d) -> (1, heads, T, d)
        return laid.transpose(1, 2).flatten(0, 1)[self.slot].transpose(0, 1)[None]
