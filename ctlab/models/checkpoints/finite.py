"""Weights are numbers: a NaN or an infinity is refused with its tensor's name, before anything is computed with it."""

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor, nn

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.state_dict import StateDict

_NARROW = ("float16",)
"""Types that hold smaller numbers only than those in which checkpoints are saved; float16 ends at 65,504."""


def refuse_not_finite(state: StateDict) -> None:
    """Refuse a checkpoint of which a tensor that will be used is not finite throughout."""
    for name, tensor in _used(state):
        if not finite(tensor):
            count = int(tensor.numel() - torch.isfinite(tensor.float()).sum())
            raise CheckpointError(
                f"{name!r} holds {count} of {tensor.numel()} numbers that are NaN or infinite; the file is damaged or "
                f"its training diverged: fetch or train it again"
            )


def refuse_overflow(module: nn.Module, names: Mapping[str, str], dtype: str) -> None:
    """Refuse a floating-point type that cannot hold the weights; ``names`` are those in the checkpoint."""
    if dtype not in _NARROW:
        return
    for name, parameter in module.named_parameters():
        if not finite(parameter):
            raise CheckpointError(
                f"{names.get(name, name)!r} holds numbers that {dtype} cannot; load it as bfloat16 or float32 "
                f"(--ctlab-dtype)"
            )


def finite(tensor: Tensor) -> bool:
    """Whether every number is finite; one pass without a copy, because least and largest pass a NaN on."""
    if not tensor.is_floating_point() or not tensor.numel():
        return True
    if tensor.element_size() == 1:  # types of 8 bits have no arithmetic of their own
        tensor = tensor.float()
    least, largest = torch.aminmax(tensor.detach())
    return bool(torch.isfinite(least)) and bool(torch.isfinite(largest))


def _used(state: StateDict) -> Iterator[tuple[str, Tensor]]:
    for name, tensor in state.weights.items():
        yield state.names[name], tensor
    for adapter in state.adapters.values():
        yield from adapter.tensors.items()
    for module, rows in state.rows.items():
        yield state.names[f"{module}.trained_rows"], rows
    yield from state.own.items()
