"""One layer: attention and gated linear maps, each between two norms, with weights that several layers may share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.attention.flex_attention import BlockMask
from transformers import Cache
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

from ctlab.models.recurrent_depth.looping_config import RecurrentDepthConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What all layers share while some positions pass through them."""

    turn: Tensor
    """(R or 1, T, 1, d / 2, 2): cosine and sine of each position."""
    mask: Tensor | BlockMask | None
    """What transformers' attention is told of who sees whom; None: causality alone, or what `kwargs` say."""
    cache: Cache | None
    """Keys and values of what was passed before, of each layer of the unrolled network."""
    kwargs: Mapping[str, Any]
    """What else attention is handed."""


class RootMeanSquareNorm(nn.Module):
    """Scale to mean square 1, in float32 at least, then stretch (Zhang and Sennrich 2019, arXiv 1910.07467)."""

    def __init__(self, width: int, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        """Normalise (…, D)."""
        wide = x.to(torch.promote_types(x.dtype, torch.float32))
        scaled = wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + self.epsilon)
        return scaled.to(x.dtype) * self.weight


class SharedAttention(nn.Module):
    """Weights of one attention, used by every occurrence of its layer."""

    def __init__(self, config: RecurrentDepthConfig) -> None:
        super().__init__()
        self.config = config
        self.heads, self.size = config.n_heads, config.n_embd // config.n_heads
        self.Wqkv = nn.Linear(config.n_embd, 3 * config.n_embd, bias=False)
        self.proj = nn.Linear(config.n_embd, config.n_embd, bias=False)
        self.qk_bias = nn.Parameter(torch.zeros(2, 1, self.heads, self.size)) if config.qk_bias else None

    def forward(self, x: Tensor, pass_: Pass, occurrence: "Occurrence") -> Tensor:
        """Attend from normed states (R, T, D)."""
        query, key, value = self.Wqkv(x).view(*x.shape[:2], 3, self.heads, self.size).unbind(2)
        if self.qk_bias is not None:
            query, key = query + self.qk_bias[0], key + self.qk_bias[1]
        query, key = turned(query, pass_.turn), turned(key, pass_.turn)
        name = self.config._attn_implementation
        attend = ALL_ATTENTION_FUNCTIONS.get_interface(name, ALL_ATTENTION_FUNCTIONS["sdpa"])
        query, key, value = (part.transpose(1, 2) for part in (query, key, value))
        if pass_.cache is not None:
            key, value = pass_.cache.update(key, value, occurrence.layer_idx)
        mixed, _ = attend(
            occurrence, query, key, value, pass_.mask, dropout=0.0, scaling=self.size**-0.5, **pass_.kwargs
        )
        mapped: Tensor = self.proj(mixed.reshape(*x.shape[:2], -1))
        return mapped


class GatedMaps(nn.Module):
    """Two linear maps with a gate: down(silu(a) b), where (a, b) is one map up (Shazeer 2020, arXiv 2002.05202)."""

    def __init__(self, config: RecurrentDepthConfig) -> None:
        super().__init__()
        self.fc = nn.Linear(config.n_embd, 2 * config.intermediate_size, bias=False)
        self.proj = nn.Linear(config.intermediate_size, config.n_embd, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Map states (R, T, D)."""
        gate, up = self.fc(x).chunk(2, -1)
        mapped: Tensor = self.proj(functional.silu(gate) * up)
        return mapped


class SandwichBlock(nn.Module):
    """One layer's weights."""

    def __init__(self, config: RecurrentDepthConfig) -> None:
        super().__init__()
        self.norm_1, self.norm_2, self.norm_3, self.norm_4 = (
            RootMeanSquareNorm(config.n_embd, config.norm_eps) for _ in range(4)
        )
        self.attn = SharedAttention(config)
        self.mlp = GatedMaps(config)

    def forward(self, x: Tensor, pass_: Pass, occurrence: "Occurrence") -> Tensor:
        """Give states (R, T, D) of states (R, T, D)."""
        x = self.norm_2(x + self.attn(self.norm_1(x), pass_, occurrence))
        states: Tensor = self.norm_4(x + self.mlp(self.norm_3(x)))
        return states


class Occurrence(nn.Module):
    """One layer of the unrolled network; it has no weights of its own, so that none is there twice."""

    is_causal = True

    def __init__(self, block: SandwichBlock, layer_idx: int) -> None:
        super().__init__()
        self.shared = (block,)  # in a tuple: torch registers what stands there by itself
        self.layer_idx = layer_idx

    def forward(self, x: Tensor, pass_: Pass) -> Tensor:
        """Give states (R, T, D) of states (R, T, D)."""
        states: Tensor = self.shared[0](x, pass_, self)
        return states


def cosine_and_sine(positions: Tensor, size: int, base: float, dtype: torch.dtype) -> Tensor:
    """Cosine and sine (…, d / 2, 2) of the angles of positions (…): position times base^(-2i / d)."""
    exponents = torch.arange(0, size, 2, device=positions.device, dtype=dtype) / size
    angles = positions[..., None] * base**-exponents
    return torch.stack([angles.cos(), angles.sin()], -1)


def turned(x: Tensor, turn: Tensor) -> Tensor:
    """Turn neighbouring pairs of (R, T, heads, d) by angles (R, T, 1, d / 2, 2): Su et al. 2021, arXiv 2104.09864."""
    first, second = x.reshape(*x.shape[:-1], -1, 2).to(torch.promote_types(x.dtype, turn.dtype)).unbind(-1)
    cosine, sine = turn.unbind(-1)
    return torch.stack([first * cosine - second * sine, first * sine + second * cosine], -1).flatten(-2).to(x.dtype)
