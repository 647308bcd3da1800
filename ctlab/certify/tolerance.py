"""How far two computations of the same number may be apart, and how far they are.

Limits are a few times the largest distance that honest runs show. Measured on a CPU, 21 conditions, on the embedded
model and on random networks of every family and base that the tests of certificates make, of width 32, in float64,
float32, float16 and bfloat16:

- hidden states, thoughts: 1.5e-6, 8e-6, 0.018, 0.17
- attention mass: 3e-7, 1e-6, 0.003, 0.035; probability of a decoded token: 1.9e-6, 4.4e-6, 0.018, 0.11
- cosine and relative distance: 1.5e-6, 2.1e-6, 0.011, 0.12
- log-probability a token, 5 conditions and 4 networks of each of 3 bases: 2.6e-6, 8e-6, 0.014, 0.15

The reference computes in float32 at least, so that in half precision this is the engine's rounding alone. float64 is no
better than 1e-6 because Llama's norm and rotary angles are float32 in transformers whatever the model's type; in GPT-2
the first line is 7e-9. What they are to tell: a mask that is one position off moves hidden states by 0.06 to 0.9, a
forgotten factor of 0.5 by 0.03 to 0.3, a projection that is left out moves thoughts by 1.3. In half precision the first
two are within the limit, and found by `weights-as-said` alone, whose softmax is float32 in every type.
"""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ctlab.records import Check

TOLERANCE = {torch.float64: 1e-5, torch.float32: 1e-4, torch.float16: 0.05, torch.bfloat16: 0.5}
"""Largest distance that rounding explains, in units of the largest number; sequences of a few dozen positions."""
MASS_TOLERANCE = {torch.float64: 1e-6, torch.float32: 1e-4, torch.float16: 0.01, torch.bfloat16: 0.1}
"""The same of attention summed over a segment; a number from 0 to 1."""
PROBABILITY_TOLERANCE = {torch.float64: 1e-5, torch.float32: 1e-4, torch.float16: 0.05, torch.bfloat16: 0.3}
"""The same of a probability, which moves with the distance of two large logits."""
DIVERGENCE_TOLERANCE = {torch.float64: 1e-5, torch.float32: 1e-3, torch.float16: 0.05, torch.bfloat16: 0.4}
"""The same of a cosine between two runs' states, and of their relative distance."""
SCORE_TOLERANCE = {torch.float64: 2e-5, torch.float32: 1e-4, torch.float16: 0.1, torch.bfloat16: 0.6}
"""The same of a log-probability, a token of an answer."""


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


def within_limit(name: str, worst: float, limit: float, what: str) -> Check:
    """Return the check that ``what``, whose largest difference is ``worst``, is off by no more than a limit."""
    return Check(name=name, passed=worst <= limit, detail=f"{what}: largest difference {worst:.1e}")
