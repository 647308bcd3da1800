"""The network's layers and its final norm, and how to watch what each layer gives."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from torch import Tensor, nn
from transformers import PreTrainedModel

from ctlab.engine.network_layers import blocks_of


def final_norm_of(network: PreTrainedModel) -> nn.Module:
    """The norm between the last layer and the output head."""
    return next(module for module in network.base_model.children() if "norm" in type(module).__name__.lower())


@contextmanager
def watched_layers(network: PreTrainedModel, see: Callable[[int, Tensor], None]) -> Iterator[None]:
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
