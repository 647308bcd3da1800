"""Merging LoRA adapters into the weights they adapt."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import Tensor
from torch.nn import Module
from transformers.pytorch_utils import Conv1D

from ctlab.errors import CheckpointError


@dataclass(slots=True, kw_only=True)
class Adapter:
    """One adapted weight's low-rank pair, by module name; filled while a checkpoint is read."""

    a: Tensor | None = None
    """Down projection (r, in)."""
    b: Tensor | None = None
    """Up projection (out, r)."""
    keys: list[str] = field(default_factory=list)
    """Names in the checkpoint, for errors."""


def merge(
    weights: dict[str, Tensor], adapters: Mapping[str, Adapter], network: Module, *, rank: int, alpha: float
) -> None:
    """Add alpha / rank x B A to each adapted weight, in float64; ``weights`` by module name, changed in place."""
    for name, adapter in adapters.items():
        place = f"{name}.weight"
        if adapter.a is None or adapter.b is None:
            half = "lora_B" if adapter.b is None else "lora_A"
            raise CheckpointError(f"{adapter.keys[0]!r} has no {half} beside it; a LoRA adapter is a pair")
        if place not in weights:
            raise CheckpointError(f"{adapter.keys[0]!r} adapts {place!r}, which is not in the checkpoint")
        if adapter.a.shape[0] != rank or adapter.b.shape[-1] != rank:
            raise CheckpointError(
                f"{adapter.keys[0]!r} has rank {adapter.a.shape[0]}, the settings say lora_r = {rank}; correct lora_r "
                f"(and lora_alpha with it: LoRA's scale is lora_alpha / lora_r)"
            )
        # In float64, so that merging rounds once, when the weights are cast, and not at each product.
        update = (adapter.b.double() @ adapter.a.double()) * (alpha / rank)
        if isinstance(network.get_submodule(name), Conv1D):
            # GPT-2 keeps its weights as (in, out), the other way round than nn.Linear.
            update = update.T
        if update.shape != weights[place].shape:
            raise CheckpointError(
                f"{adapter.keys[0]!r} gives an update of shape {tuple(update.shape)} for {place!r} of shape "
                f"{tuple(weights[place].shape)}"
            )
        weights[place] = weights[place].double() + update
