"""Whether a model in memory is still the one that was loaded: a fingerprint of its weights, quick to take again."""

import hashlib
from collections.abc import Iterable

import torch
from torch import Tensor
from torch.nn import Module


def fingerprint(modules: Iterable[Module | None]) -> str:
    """Return 16 hex digits that change when a weight does; hooks and code that were changed are not seen.

    Each tensor is reduced along its first and along its last axis (XOR of the bits), so that exchanged rows and
    exchanged columns are seen too. A billion weights take one to two seconds.
    """
    content = hashlib.sha256()
    for module in modules:
        for name, weights in module.named_parameters() if module is not None else ():
            content.update(f"{name} {tuple(weights.shape)} {weights.dtype}".encode())
            for axis in {0, weights.dim() - 1} if weights.dim() else ():
                content.update(_reduced(weights.detach(), axis).numpy().tobytes())
    return content.hexdigest()[:16]


def _reduced(weights: Tensor, axis: int) -> Tensor:
    try:
        return torch.hash_tensor(weights, dim=axis).cpu()
    except RuntimeError:  # also NotImplementedError: a device without that kernel
        return torch.hash_tensor(weights.cpu(), dim=axis)
