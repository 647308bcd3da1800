"""A checkpoint's tensors as they are on disk, complete and unconverted."""

import pickle
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.checkpoint_files import Source


def read(source: Source) -> dict[str, Tensor]:
    """Read every tensor of a checkpoint, on the CPU."""
    tensors: dict[str, Tensor] = {}
    for path in source.weights:
        for name, tensor in (_unpickle(path) if source.pickled else _safetensors(path)).items():
            if name in tensors:
                raise CheckpointError(f"{path}: tensor {name!r} is in an earlier shard too; fetch the checkpoint again")
            _check(path, name, tensor)
            tensors[name] = tensor
    if source.index is not None:
        _check_index(source.index, tensors, source.weights[0].parent)
    return tensors


def _safetensors(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path, device="cpu")
    except (SafetensorError, OSError, ValueError) as error:
        raise CheckpointError(f"{path} is not a complete safetensors file ({error}); fetch it again") from None


def _unpickle(path: Path) -> Mapping[str, Tensor]:
    try:
        # weights_only: nothing but tensors and plain containers may be built; there is no fallback.
        content = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, OSError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise CheckpointError(
            f"{path} cannot be read with torch.load(weights_only=True), and nothing else is tried: {reason}"
        ) from None
    if not isinstance(content, Mapping) or not all(isinstance(name, str) for name in content):
        raise CheckpointError(f"{path} must hold a dictionary of tensors, not {type(content).__name__}")
    return content


def _check(path: Path, name: str, tensor: object) -> None:
    if not isinstance(tensor, Tensor):
        raise CheckpointError(f"{path}: {name!r} is a {type(tensor).__name__}; a checkpoint holds tensors only")
    # Booleans are causal masks that older files hold; integers would be quantised weights, which need their scales.
    if not tensor.is_floating_point() and not tensor.dtype == torch.bool:
        raise CheckpointError(f"{path}: {name!r} has dtype {tensor.dtype}; weights are floating point")


def _check_index(index: Mapping[str, str], tensors: Mapping[str, Tensor], folder: Path) -> None:
    if missing := sorted(set(index) - set(tensors)):
        raise CheckpointError(
            f"{folder}: the index names {missing[0]!r}, which is in no shard ({len(missing)} missing)"
        )
    if extra := sorted(set(tensors) - set(index)):
        raise CheckpointError(
            f"{folder}: a shard holds {extra[0]!r}, which the index does not name ({len(extra)} extra)"
        )
