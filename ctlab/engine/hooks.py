"""The door for certificates and probes: what the engine shows of a pass while it runs."""

from typing import Protocol

from torch import Tensor

from ctlab.engine.decode_step import TailStep
from ctlab.engine.prefill_step import Prefill


class Observer(Protocol):
    """Watches a pass without changing it. Tensors are the engine's own: copy what must last."""

    def question(self, step: Prefill, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """See one layer's attention inside the questions, where it is not plain causal attention.

        ``scores`` (Q, heads, L, L) before masking, ``mask`` (Q, heads or 1, L, L), ``weights`` (Q, heads, L, L).
        """

    def attention(self, step: TailStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """See one layer's attention of one step.

        ``scores`` (Q, key heads, C, groups, T, K) before masking, ``mask`` (Q, key heads or 1, C, groups or 1, T, K),
        ``weights`` as scores: in the layout of the step's grid, `TailStep.by_row` turns each into (R, heads, T, K).
        Columns are the question's, padding included, then the tail's.
        """

    def hidden(self, step: TailStep, embeddings: Tensor, states: Tensor) -> None:
        """See what a step was fed and its last hidden states, both (R, T, D)."""
