"""Rotary positions (RoFormer, Su et al. 2021, arXiv 2104.09864): angles, and how they are stretched."""

import math
from typing import Any

import torch
from torch import Tensor

from ctlab.certify.weights import NotRecomputable


def rotated(x: Tensor, frequencies: Tensor) -> Tensor:
    """Turn the pairs (i, i + r/2) of each position of (heads, S, d) by position times frequency.

    Equation 34; pairs are laid out as in transformers' checkpoints. Of each head the first r = 2 × frequencies numbers
    are turned, and the rest is left as it is (GPT-NeoX, Black et al. 2022, arXiv 2204.06745, section 2.1.1).
    """
    size = 2 * len(frequencies)
    angles = torch.outer(torch.arange(x.shape[-2], dtype=torch.float64), frequencies)
    turn = torch.polar(torch.ones_like(angles), angles).to(x.device, torch.promote_types(x.dtype, torch.complex64))
    first, second = x[..., :size].chunk(2, -1)
    turned = torch.complex(first.contiguous(), second.contiguous()) * turn
    return torch.cat([turned.real, turned.imag, x[..., size:]], -1)


def rotary_frequencies(config: Any, size: int) -> Tensor:
    """Radians a position (r / 2,), float64, for heads of ``size`` numbers, of which r are turned."""
    parameters = config.rope_parameters
    turned = int(size * float(parameters.get("partial_rotary_factor", 1.0)))
    plain: Tensor = float(parameters["rope_theta"]) ** (-torch.arange(0, turned, 2, dtype=torch.float64) / turned)
    match parameters.get("rope_type", "default"):
        case "default":
            return plain
        case "linear":
            return plain / float(parameters["factor"])
        case "llama3":
            return _stretched(plain, parameters)
        case kind:
            raise NotRecomputable(f"its rotary positions are {kind!r}; written out are default, linear and llama3")


def _stretched(plain: Tensor, parameters: Any) -> Tensor:
    """Llama 3.1's context extension: slow turns are slowed down, fast ones kept, those between mixed.

    https://github.com/meta-llama/llama-models/blob/main/models/llama3/model.py, ``apply_scaling``
    """
    low, high, factor = (float(parameters[name]) for name in ("low_freq_factor", "high_freq_factor", "factor"))
    turns = int(parameters["original_max_position_embeddings"]) * plain / (2 * math.pi)  # within the original context
    kept = ((turns - low) / (high - low)).clamp(0, 1)
    return kept * plain + (1 - kept) * plain / factor
