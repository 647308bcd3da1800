"""How far two computations of the same number may be apart, and how far they are."""

import numpy as np
import torch
from torch import Tensor

ROUNDING = {torch.float64: 1e-5, torch.float32: 1e-4, torch.float16: 0.05, torch.bfloat16: 0.3}
"""Largest distance that rounding explains, in units of the largest number; sequences of a few dozen positions."""


def relative(mine: Tensor, other: Tensor) -> float:
    """Largest distance in units of the largest number of ``other``; 0.0 of nothing."""
    if not mine.numel():
        return 0.0
    scale = other.abs().max().clamp_min(torch.finfo(torch.float32).tiny)
    return float(((mine - other).abs().max() / scale).float())


def worse(before: float, value: float) -> float:
    """Return the larger one; a NaN wins."""
    return float(np.maximum(before, value))
