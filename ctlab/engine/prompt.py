"""The questions of a batch, computed once: their keys and values, which all conditions read."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn import functional

from ctlab.engine import masks
from ctlab.engine.attention import Enough
from ctlab.engine.hooks import Observer


@dataclass(slots=True, kw_only=True)
class Questions:
    """Padded questions, one row for each problem and first-level branch, problems of one branch side by side."""

    length: int
    """Columns, padding included."""
    visible: Tensor
    """(Q, L) whether a column is a question token."""
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

    def select(self, index: Tensor) -> "Questions":
        """Keep some rows."""
        return Questions(
            length=self.length,
            visible=self.visible[index],
            control=None if self.control is None else self.control[index],
            problem_of=self.problem_of[index],
            root_of=self.root_of[index],
            keys=[each[index] for each in self.keys],
            values=[each[index] for each in self.values],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """Tokens side by side as the network gets them, (1, T, …), and their places in padded questions."""

    rows: int
    """Number of questions Q."""
    length: int
    """Columns of each, L."""
    slot: Tensor
    """(T,) place of each token among Q x L."""

    @classmethod
    def of(cls, visible: Tensor) -> "Packing":
        """Pack the columns of ``visible`` (Q, L) that hold a token."""
        return cls(rows=visible.shape[0], length=visible.shape[1], slot=visible.flatten().nonzero().flatten())

    def spread(self, packed: Tensor) -> Tensor:
        """Lay out (1, heads, T, d) as (Q, heads, L, d), zero where no token is."""
        _, heads, _, size = packed.shape
        laid = packed.new_zeros((self.rows * self.length, heads, size))
        laid[self.slot] = packed[0].transpose(0, 1)
        return laid.view(self.rows, self.length, heads, size).transpose(1, 2)

    def collect(self, laid: Tensor) -> Tensor:
        """Read (1, heads, T, d) back from (Q, heads, L, d)."""
        return laid.transpose(1, 2).flatten(0, 1)[self.slot].transpose(0, 1)[None]


@dataclass(slots=True, kw_only=True)
class Prefill:
    """The forward pass over the questions."""

    questions: Questions
    """Where keys and values are kept."""
    packing: Packing | None
    """How the network gets them; None: as (Q, L), whatever padding there is."""
    layers: int
    """Layers of the network."""
    kinds: Sequence[Tensor] | None
    """For each layer (Q, heads or 1, key kinds): factors on edges inside the question; None: plain causal attention."""
    observer: Observer | None
    """Who watches; plain attention inside questions is not shown."""
    unseeing: bool
    """Whether padding columns attend to nothing and get zeros, as scaled_dot_product_attention gives to empty rows."""

    def attend(self, layer: int, query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
        """See `attention.Step`."""
        if self.packing is not None:
            query, key, value = map(self.packing.spread, (query, key, value))
        self.questions.keys.append(key.transpose(2, 3).contiguous())
        self.questions.values.append(value.contiguous())
        plain = self.kinds is None and not self.unseeing
        if layer + 1 == self.layers and (plain or self.observer is None):
            # Nobody reads a question's last hidden states: begin is fed by its embedding and reads keys and values.
            raise Enough
        mix = self._mix_plainly if plain else self._mix_under_mask
        mixed = mix(layer, query, key, value, scale)
        return (mixed if self.packing is None else self.packing.collect(mixed)).transpose(1, 2)

    def _mix_plainly(self, layer: int, query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
        # Padding is on the right: behind every token that could read it, so that causality alone hides it.
        groups = query.shape[1] // key.shape[1]
        if groups > 1 and query.device.type == "cuda" and query.dtype == torch.float32:
            # No fused float32 kernel shares keys between heads; without this all L x L scores are written out.
            key, value = (each.repeat_interleave(groups, dim=1) for each in (key, value))
            groups = 1
        return functional.scaled_dot_product_attention(
            query, key, value, is_causal=True, scale=scale, enable_gqa=groups > 1
        )

    def _mix_under_mask(self, layer: int, query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
        mask = self._mask(layer, query)
        rows, heads, length, size = query.shape
        groups = heads // key.shape[1]
        folded = query.reshape(rows, -1, groups * length, size)
        scores = (folded @ key.transpose(2, 3)).reshape(rows, heads, length, length)
        weights = soft(scores * scale, mask)
        if self.observer is not None:
            self.observer.question(self, layer, scores * scale, mask, weights)
        mixed = (weights.to(value.dtype).reshape(rows, -1, groups * length, length) @ value).reshape(
            rows, heads, length, size
        )
        return mixed * self.questions.visible[:, None, :, None] if self.unseeing else mixed

    def _mask(self, layer: int, query: Tensor) -> Tensor:
        questions = self.questions
        length = questions.length
        causal = masks.causal(length, length, query.device)
        # A padding row sees itself, so that no row is empty: its numbers stay finite and nobody reads them.
        itself = torch.eye(length, dtype=torch.bool, device=query.device)
        seen = (questions.visible[:, None, None, :] & causal) | itself
        keep = seen.to(torch.float32)
        if self.kinds is not None:
            factors = masks.question_keep(self.kinds[layer], length, questions.control)
            keep = keep * torch.where(questions.visible[:, None, :, None], factors, 1.0)
        return masks.additive(keep)


def soft(scores: Tensor, mask: Tensor) -> Tensor:
    """Softmax of scores plus mask, in float32 or better."""
    precision = torch.promote_types(scores.dtype, torch.float32)
    return torch.softmax(scores.to(precision) + mask, dim=-1)
