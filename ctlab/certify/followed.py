"""What one row was fed and gave, put together from the steps that hooks have kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from ctlab.certify.expected_edges import Segments


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """One problem's tail under one condition, position by position; on the CPU."""

    fed: Tensor
    """Input embeddings (T, D)."""
    states: Tensor
    """Last hidden states (T, D)."""
    question: Tensor
    """(1, D) last hidden state of the question, (0, D) where nobody reads it because begin stands after it."""
    earlier: tuple[tuple[Tensor, Tensor], ...] = ()
    """What was fed and given as thoughts (thoughts, D) in each pass but the last, which is in the two above."""

    def state(self, position: int) -> Tensor:
        """Last hidden state (D,) at a tail position; -1 is the question's last position."""
        return self.question[0] if position < 0 else self.states[position]

    def fed_in_passes(self, thoughts: range) -> Tensor:
        """What was fed as thoughts, which stand at these positions, pass by pass: (passes x thoughts, D)."""
        return torch.cat([*(fed for fed, _ in self.earlier), self.fed[thoughts.start : thoughts.stop]])

    def made_of(self, thoughts: range) -> Tensor:
        """Last hidden states that thoughts at these positions were made of, as `passes.made_of` has them."""
        first = [self.state(position - 1) for position in thoughts]
        if not self.earlier or not first:
            return torch.stack(first) if first else self.states[:0]
        return torch.cat([torch.cat([first[0][None], states[:-1]]) for _, states in self.earlier])

    @property
    def last(self) -> Tensor:
        """Last hidden state (D,) of the last position that was followed."""
        return self.state(len(self.states) - 1)


class Follows(Protocol):
    """Keeps what rows were fed and gave."""

    def followed(self, condition: int, problem: int, width: int) -> Followed:
        """One problem's first ``width`` tail positions under one condition."""

    def tail(self, condition: int, problem: int) -> Segments:
        """What follows that row's question: its own where the model decides itself when thinking is over."""


def joined(steps: Iterable[tuple[Tensor, Tensor, bool]], question: Tensor) -> Followed:
    """Join what a row was fed and gave (T, D) in each step, and whether it is kept; ``question`` as in `Followed`."""
    found = list(steps)
    parts = [(fed, states) for fed, states, kept in found if kept]
    nothing = question[:0]
    return Followed(
        fed=torch.cat([nothing, *(fed for fed, _ in parts)]),
        states=torch.cat([nothing, *(states for _, states in parts)]),
        question=question,
        earlier=tuple((fed, states) for fed, states, kept in found if not kept),
    )
