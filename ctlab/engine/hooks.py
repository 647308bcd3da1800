"""The door for certificates and probes: what the engine shows of a pass while it runs."""

from typing import Protocol

from torch import Tensor

from ctlab.engine.decode_step import DecodeStep
from ctlab.engine.prefill_step import PrefillStep
from ctlab.engine.prompt import PromptCache


class Hooks(Protocol):
    """Watch a pass without changing it. Tensors are the engine's own: copy what must last."""

    def prefill_attention(self, step: PrefillStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """See one layer's attention inside the prompts, where it is not plain causal attention.

        ``scores`` (Q, heads, L, L) before masking, ``mask`` (Q, heads or 1, L, L), ``weights`` (Q, heads, L, L).
        """

    def question_states(self, prompts: PromptCache, states: Tensor) -> None:
        """See the last hidden state of each prompt (Q, D), in a model where something is read of it.

        Elsewhere begin is fed by its embedding and reads keys and values alone, and no prompt is computed to its end.
        """

    def attention(self, step: DecodeStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """See one layer's attention of one step.

        ``scores`` (Q, key heads, C, groups, T, K) before masking, ``mask`` (Q, key heads or 1, C, groups or 1, T, K),
        ``weights`` as scores: in the layout of the step's grid, `DecodeStep.by_row` turns each into (R, heads, T, K).
        Columns are the prompt's, padding included, then the tail's.
        """

    def hidden_states(self, step: DecodeStep, embeddings: Tensor, states: Tensor) -> None:
        """See what a step was fed and its last hidden states, both (R, T, D)."""
