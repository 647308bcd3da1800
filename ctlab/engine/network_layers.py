"""The network's layers, how to see or change what one of them gives, and how rotary positions turn its keys."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

Change = Callable[[int, Tensor], Tensor | None]
"""Given a layer's number and its output (R, T, D): what is handed on in its place; None leaves it."""


def blocks_of(network: PreTrainedModel) -> nn.ModuleList:
    """The network's layers, in order."""
    layers = int(network.config.num_hidden_layers)
    modules = network.base_model.children()
    return next(module for module in modules if isinstance(module, nn.ModuleList) and len(module) == layers)


@contextmanager
def changed_layers(network: PreTrainedModel, layers: set[int], change: Change) -> Iterator[None]:
    """Ask ``change`` after some layers of every pass what the next one, or the last norm, is given."""

    def hook(layer: int) -> Callable[[nn.Module, Any, Any], Any]:
        def call(module: nn.Module, args: Any, output: Any) -> Any:
            alone = not isinstance(output, tuple)
            given = change(layer, output if alone else output[0])
            return given if given is None or alone else (given, *output[1:])

        return call

    handles = [
        block.register_forward_hook(hook(layer)) for layer, block in enumerate(blocks_of(network)) if layer in layers
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def head_size(network: PreTrainedModel) -> int:
    """Numbers of one attention head's key."""
    config = network.config
    return int(getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads)


def turned(network: PreTrainedModel, keys: Tensor, places: Tensor) -> Tensor:
    """Turn keys (N, key heads, d) by a number of places (N,) further, as rotary positions turn them; float64.

    In a network without them a key says nothing of its place. Pairs are (i, i + r/2) of the first r numbers of a head
    (RoFormer, Su et al. 2021, arXiv 2104.09864, equation 34), r being twice the number of frequencies.
    """
    rotary = getattr(network.base_model, "rotary_emb", None)
    if rotary is None:
        return keys
    angles = places.double()[:, None, None] * rotary.inv_freq.to(keys.device, torch.float64)
    half = angles.shape[-1]
    wide = keys.double()
    first, second, rest = wide[..., :half], wide[..., half : 2 * half], wide[..., 2 * half :]
    cos, sin = angles.cos(), angles.sin()
    moved = torch.cat([first * cos - second * sin, second * cos + first * sin, rest], -1)
    return torch.where((places == 0)[:, None, None], wide, moved)  # what stays is copied to the last bit
