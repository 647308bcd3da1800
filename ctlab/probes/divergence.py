"""Hidden states of a batch compared with the reference's while it runs, layer by layer; no state outlives its step.

Level 0 is what the position was fed, level l the residual stream after layer l, before the network's final norm.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from ctlab.probes.watched_rows import Places


@dataclass(slots=True, kw_only=True)
class Step:
    """One position's comparison, a tensor a level."""

    places: Places
    """Where the rows are."""
    cosine: list[Tensor] = field(default_factory=list)
    """(R,) cosine with the reference's state."""
    distance: list[Tensor] = field(default_factory=list)
    """(R,) distance from the reference's state in units of its norm."""
    states: list[Tensor] = field(default_factory=list)
    """(R, D) the states themselves; empty unless they are kept."""


class Paths:
    """Compares each level's states of thoughts and ``end``; ``keep`` also keeps them."""

    def __init__(self, *, keep: bool = False) -> None:
        self.steps: list[Step] = []
        self._keep = keep

    def begin(self, places: Places) -> None:
        """Start a position."""
        self.steps.append(Step(places=places))

    def see(self, level: int, state: Tensor) -> None:
        """Compare one level's states (R, D); level 0 may come last."""
        step = self.steps[-1]
        cosine, distance = compare(state, step.places.beside)
        place = len(step.cosine) if level else 0
        step.cosine.insert(place, cosine)
        step.distance.insert(place, distance)
        if self._keep:
            step.states.insert(place, state.clone())


def compare(state: Tensor, beside: Tensor) -> tuple[Tensor, Tensor]:
    """Cosine and relative distance (R,) of states (R, D) from the rows ``beside`` them, in float64.

    Equal states have cosine exactly 1 and distance exactly 0. The cosine with a zero vector is 0.
    """
    mine = state.double()
    other = mine[beside]
    square = (mine * mine).sum(-1)
    norms = (square * square[beside]).sqrt()
    dot = (mine * other).sum(-1)
    cosine = torch.where(norms > 0, dot / norms.clamp_min(torch.finfo(torch.float64).tiny), 0.0).clamp(-1, 1)
    apart = (mine - other).pow(2).sum(-1).sqrt()
    size = square[beside].sqrt()
    distance = torch.where(apart > 0, apart / size.clamp_min(torch.finfo(torch.float64).tiny), 0.0)
    return cosine, distance


def blocks_of(network: PreTrainedModel) -> nn.ModuleList:
    """The network's layers, in order."""
    layers = int(network.config.num_hidden_layers)
    return next(
        each for each in network.base_model.children() if isinstance(each, nn.ModuleList) and len(each) == layers
    )


def final_norm_of(network: PreTrainedModel) -> nn.Module:
    """The norm between the last layer and the output head."""
    return next(each for each in network.base_model.children() if "norm" in type(each).__name__.lower())


@contextmanager
def watched(network: PreTrainedModel, see: Callable[[int, Tensor], None]) -> Iterator[None]:
    """Call ``see`` with a layer's number and its output (R, T, D), after every layer of every pass."""

    def hook(layer: int) -> Callable[[nn.Module, Any, Any], None]:
        def call(module: nn.Module, args: Any, output: Any) -> None:
            see(layer, output[0] if isinstance(output, tuple) else output)

        return call

    handles = [block.register_forward_hook(hook(layer)) for layer, block in enumerate(blocks_of(network))]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
