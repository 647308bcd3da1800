"""Whether a model in memory is still the one that was loaded: a fingerprint of its weights, quick to take again."""

import hashlib
from collections.abc import Iterable

import torch
from torch import Tensor
from torch.nn import Module


def fingerprint(modules: Iterable[Module | None]) -> str:
    """Return 16 hex digits that change when a weight does; hooks and code that were changed are not seen.

    The bits of each tensor are reduced by XOR: all of them, and along the first and the last axis, so that exchanged
    rows and columns are seen; along an axis an odd number, so that signs that all change do not cancel. A billion
    weights take a few seconds.
    """
    content = hashlib.sha256()
    for module in modules:
        for name, weights in module.named_parameters() if module is not None else ():
            content.update(f"{name} {tuple(weights.shape)} {weights.dtype}".encode())
            for part in _reduced(weights.detach()):
                content.update(part.numpy().tobytes())
    return content.hexdigest()[:16]


def _reduced(weights: Tensor) -> list[Tensor]:
    if not weights.numel():
        return []
    parts = [_xor(weights.reshape(-1), 0)]
    for axis in {0, weights.dim() - 1} if weights.dim() else ():
        size = weights.shape[axis]
        parts.append(_xor(weights.narrow(axis, 0, size - 1 + size % 2), axis))
    return parts


def _xor(weights: Tensor, axis: int) -> Tensor:
    try:
        return torch.hash_tensor(weights, dim=axis).cpu()
    except RuntimeError:  # also NotImplementedError: a device without that kernel
        return torch.hash_tensor(weights.cpu(), dim=axis)
