"""Llama (Touvron et al. 2023, arXiv 2302.13971): RMSNorm, rotary positions, gated linear maps, shared key heads.

Biases are added where a checkpoint has them, as Qwen2's at queries, keys and values. A window that is narrower than the
sequence is refused before anything is computed (`engine.plan`), so that none is here.
"""

import math
from typing import Any

import torch
from torch import Tensor

from ctlab.certify.networks.arithmetic import Arithmetic, activation, attend
from ctlab.certify.weights import NotRecomputable


class Llama(Arithmetic):
    """See the module."""

    tokens = "model.embed_tokens.weight"

    def start(self, inputs: Tensor) -> Tensor:
        """Nothing is added: positions are turned into queries and keys."""
        return inputs

    def layer(self, number: int, x: Tensor, added: Tensor) -> tuple[Tensor, Tensor]:
        """Attention, then an activated gate on a linear map."""
        name, config = f"model.layers.{number}", self.weights.config
        normed = self._norm(x, f"{name}.input_layernorm")
        size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
        query, key, value = (
            self._linear(normed, f"{name}.self_attn.{part}_proj").reshape(*x.shape[:-1], -1, size).transpose(-3, -2)
            for part in "qkv"
        )
        query, key = (rotated(part, rotary_frequencies(config, size)) for part in (query, key))
        # A group of neighbouring query heads reads one key head.
        groups = query.shape[-3] // key.shape[-3]
        key, value = (part.repeat_interleave(groups, -3) for part in (key, value))
        mixed, weights = attend(query, key, value, size**-0.5, added)
        x = x + self._linear(mixed, f"{name}.self_attn.o_proj")
        normed = self._norm(x, f"{name}.post_attention_layernorm")
        gate = activation(config.hidden_act)(self._linear(normed, f"{name}.mlp.gate_proj"))
        return x + self._linear(gate * self._linear(normed, f"{name}.mlp.up_proj"), f"{name}.mlp.down_proj"), weights

    def last_norm(self, x: Tensor) -> Tensor:
        """RMSNorm."""
        return self._norm(x, "model.norm")

    def _linear(self, x: Tensor, name: str) -> Tensor:
        bias = self.weights.get(f"{name}.bias")
        mapped = x @ self.weights[f"{name}.weight"].T
        return mapped if bias is None else mapped + bias

    def _norm(self, x: Tensor, name: str) -> Tensor:
        size: Tensor = (x.pow(2).mean(-1, keepdim=True) + self.weights.config.rms_norm_eps).sqrt()
        return x / size * self.weights[f"{name}.weight"]


def rotated(x: Tensor, frequencies: Tensor) -> Tensor:
    """Turn the pairs (i, i + d/2) of each position of (heads, S, d) by position times frequency.

    RoFormer (Su et al. 2021, arXiv 2104.09864), equation 34; pairs are laid out as in transformers' checkpoints.
    """
    angles = torch.outer(torch.arange(x.shape[-2], dtype=torch.float64), frequencies)
    turn = torch.polar(torch.ones_like(angles), angles).to(x.device, torch.promote_types(x.dtype, torch.complex64))
    first, second = x.chunk(2, -1)
    turned = torch.complex(first.contiguous(), second.contiguous()) * turn
    return torch.cat([turned.real, turned.imag], -1)


def rotary_frequencies(config: Any, size: int) -> Tensor:
    """Radians a position (size / 2,), float64."""
    parameters = config.rope_parameters
    if parameters.get("partial_rotary_factor", 1.0) != 1.0:
        raise NotRecomputable("it turns a part of each head only (partial_rotary_factor)")
    plain: Tensor = float(parameters["rope_theta"]) ** (-torch.arange(0, size, 2, dtype=torch.float64) / size)
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
