"""How far two computations of the same number may be apart, and how far they are."""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

TOLERANCE = {torch.float64: 1e-5, torch.float32: 1e-4, torch.float16: 0.05, torch.bfloat16: 0.3}
"""Largest distance that rounding explains, in units of the largest number; sequences of a few dozen positions."""
MASS_TOLERANCE = {torch.float64: 1e-6, torch.float32: 1e-4, torch.float16: 0.01, torch.bfloat16: 0.05}
"""The same of attention summed over a segment, and of a probability; a number from 0 to 1."""
DIVERGENCE_TOLERANCE = {torch.float64: 1e-5, torch.float32: 1e-3, torch.float16: 0.05, torch.bfloat16: 0.3}
"""The same of a cosine between two runs' states, and of their relative distance."""


def relative(mine: Tensor, other: Tensor) -> float:
    """Largest distance in units of the largest number of ``other``; 0.0 of nothing."""
    if not mine.numel():
        return 0.0
    scale = other.abs().max().clamp_min(torch.finfo(torch.float32).tiny)
    return float(((mine - other).abs().max() / scale).float())


def worse(before: float, differences: npt.ArrayLike) -> float:
    """Return the largest difference so far: ``before``, or one of those that come in, whatever its sign."""
    sizes = np.abs(differences)
    # A NaN must win: numpy's maximum hands it on, Python's max may lose it.
    return float(np.maximum(before, sizes.max())) if sizes.size else before
