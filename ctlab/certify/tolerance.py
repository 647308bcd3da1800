"""How far two computations of the same number may be apart, and how far they are.

Limits are several times the largest distance that honest runs show. Measured on a CPU, 18 conditions, on the embedded
model and on random networks of every family and base that the tests of certificates make, of width 32, in float64,
float32, float16 and bfloat16:

- hidden states, thoughts: 1e-6, 2.6e-6, 0.013, 0.06
- attention mass: 3e-7, 6e-7, 0.003, 0.014; probability of a decoded token: 1.5e-6, 1.8e-6, 0.022, 0.022
- cosine and relative distance: 8e-7, 1.4e-6, 0.005, 0.04

float64 is no better than 1e-6 because Llama's norm computes in float32 whatever the model's type; in GPT-2 the first
line is 2e-15. What they are to tell: a mask that is one position off moves hidden states by 0.06 to 0.9, a forgotten
factor of 0.5 by 0.03 to 0.3. In half precision that is within the limit, and found by `weights-as-said` alone, whose
softmax is float32 in every type. Probabilities share the limit of the mass, and the embedded model's largest in float64
and float16 are beyond it: its measured claims are void there, not wrong.
"""

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
