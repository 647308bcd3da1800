"""Keeps what is fed as thoughts, and what layers have at their positions, of one batch."""

from collections.abc import Collection, Sequence

import torch
from torch import Tensor

from ctlab.engine.activation_cache import Thoughts
from ctlab.engine.decode_step import DecodeStep
from ctlab.engine.layer_sources import Place
from ctlab.engine.layout import Layout
from ctlab.engine.prefill_step import PrefillStep
from ctlab.engine.prompt import PromptCache


class ThoughtRecorder:
    """`hooks.Hooks` of one batch under one condition that keeps what is fed as thoughts.

    Of ``places`` it keeps what is there at each thought; residual streams are shown to `see`.
    """

    def __init__(self, layout: Layout, places: Collection[Place] = ()) -> None:
        self._positions = layout.thought_positions()
        self._fed: list[Tensor] = []
        self._at_layers: dict[Place, list[Tensor]] = {place: [] for place in places}
        self._given: dict[int, Tensor] = {}

    def prefill_attention(self, step: PrefillStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """Attention is not looked at."""

    def question_states(self, prompts: PromptCache, states: Tensor) -> None:
        """What is fed is looked at, and nothing of the prompts is."""

    def attention(self, step: DecodeStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """Attention is not looked at."""

    def see(self, layer: int, given: Tensor) -> None:
        """Look at what a layer gives (R, T, D), before `hidden_states`."""
        self._given[layer] = given

    def hidden_states(self, step: DecodeStep, embeddings: Tensor, states: Tensor) -> None:
        """See `hooks.Hooks`."""
        cache = step.cache
        if cache.width not in self._positions:
            return
        order = cache.problem_of.argsort()
        self._fed += embeddings[order].unbind(1)
        for (name, layer), kept in self._at_layers.items():
            if name == "residual":
                kept.append(self._given[layer][order, 0].clone())
            else:
                store = cache.keys if name == "key" else cache.values
                kept.append(store[layer][cache.width, order].flatten(1))

    def thoughts(self) -> Thoughts:
        """Return what was fed (problems of the batch, thoughts, D), pass by pass."""
        return _wide(self._fed)

    def at_layer(self, place: Place) -> Thoughts:
        """Return what was at a place (problems of the batch, thoughts, W)."""
        return _wide(self._at_layers[place])


def _wide(by_thought: Sequence[Tensor]) -> Thoughts:
    stacked = torch.stack(list(by_thought), 1)
    # NumPy has no bfloat16; float32 holds every narrower type exactly.
    return stacked.to("cpu", torch.promote_types(stacked.dtype, torch.float32)).numpy()
