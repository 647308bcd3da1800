"""Recurrent depth (Geiping et al. 2025, arXiv 2502.05171, section 3), each step's layers with a number of their own.

A layer is told what came before it in two ways: by the state, and, in the first layer of each step, by what the prelude
made of the sequence, which the core reads anew each time.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from ctlab.certify.networks.arithmetic import Arithmetic, Left, activation, attend
from ctlab.certify.weights import NotRecomputable, Weights


class RecurrentDepth(Arithmetic):
    """See the module. Layers are worked out in order, from `start` on: what the prelude made is kept between them."""

    tokens = "transformer.wte.weight"

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self._read: Tensor | None = None

    def start(self, inputs: Tensor) -> Tensor:
        """Scale the embeddings."""
        return inputs * self._scale

    def layer(self, number: int, x: Tensor, added: Tensor, left: Sequence[Left] = ()) -> tuple[Tensor, Tensor]:
        """A block; before it the adapter where a step begins, and a norm where the last has ended."""
        if left:
            raise NotRecomputable("its layers are passed several times, and what they leave is not replaced")
        config = self.weights.config
        before, loop, steps = config.n_layers_in_prelude, config.n_layers_in_recurrent_block, config.num_steps
        inside = number - before
        if inside < 0:
            return self._block(f"transformer.prelude.{number}", x, added)
        if inside < loop * steps:
            if inside == 0:
                self._read, x = x, self._first_state(x)
            if inside % loop == 0:
                x = torch.cat([x, self._prelude], -1) @ self.weights["transformer.adapter.weight"].T
            return self._block(f"transformer.core_block.{inside % loop}", x, added)
        if inside == loop * steps:
            x = self.last_norm(x)
        return self._block(f"transformer.coda.{inside - loop * steps}", x, added)

    def last_norm(self, x: Tensor) -> Tensor:
        """The norm that also stands before the coda."""
        return self._norm(x, "transformer.ln_f")

    def _first_state(self, like: Tensor) -> Tensor:
        """Zeros; or a table's first rows, by the quantiles of a normal distribution without its tails beyond 3."""
        config = self.weights.config
        if config.init_seed is None:
            return torch.zeros_like(like)
        shape = (config.max_position_embeddings, config.hidden_size)
        uniform = torch.rand(*shape, generator=torch.Generator().manual_seed(config.init_seed), dtype=torch.float64)
        tail = torch.special.ndtr(torch.tensor(-3.0, dtype=torch.float64))
        quantiles = torch.special.ndtri(tail + uniform[: like.shape[-2]] * (1 - 2 * tail))
        spread = config.state_std or math.sqrt(2 / 5 / config.hidden_size)
        drawn: Tensor = quantiles * spread * self._scale * config.init_scale
        return drawn.to(like).expand_as(like)

    @property
    def _scale(self) -> float:
        config = self.weights.config
        return math.sqrt(config.hidden_size) if config.embed_scale is None else float(config.embed_scale)

    @property
    def _prelude(self) -> Tensor:
        if self._read is None:
            raise ValueError("layers are worked out in order, the first before the others")
        return self._read

    def _block(self, name: str, x: Tensor, added: Tensor) -> tuple[Tensor, Tensor]:
        config = self.weights.config
        joined = self._norm(x, f"{name}.norm_1") @ self.weights[f"{name}.attn.Wqkv.weight"].T
        query, key, value = (part.reshape(*x.shape[:-1], config.n_heads, -1) for part in joined.chunk(3, -1))
        bias = self.weights.get(f"{name}.attn.qk_bias")
        if bias is not None:
            query, key = query + bias[0, 0], key + bias[1, 0]
        query, key, value = (part.transpose(-3, -2) for part in (query, key, value))
        query, key = (_rotated(part, config.rope_base) for part in (query, key))
        mixed, weights = attend(query, key, value, query.shape[-1] ** -0.5, added)
        x = self._norm(x + mixed @ self.weights[f"{name}.attn.proj.weight"].T, f"{name}.norm_2")
        gate, up = (self._norm(x, f"{name}.norm_3") @ self.weights[f"{name}.mlp.fc.weight"].T).chunk(2, -1)
        mapped = (activation("silu")(gate) * up) @ self.weights[f"{name}.mlp.proj.weight"].T
        return self._norm(x + mapped, f"{name}.norm_4"), weights

    def _norm(self, x: Tensor, name: str) -> Tensor:
        size = (x.pow(2).mean(-1, keepdim=True) + self.weights.config.norm_eps).sqrt()
        normed: Tensor = x / size * self.weights[f"{name}.weight"]
        return normed


def _rotated(x: Tensor, base: float) -> Tensor:
    """Turn the pairs (2i, 2i + 1) of each position of (heads, S, d): arXiv 2104.09864, equation 34."""
    size = x.shape[-1]
    angles = torch.outer(
        torch.arange(x.shape[-2], dtype=torch.float64), base ** (-torch.arange(0, size, 2, dtype=torch.float64) / size)
    )
    turn = torch.polar(torch.ones_like(angles), angles).to(x.device, torch.promote_types(x.dtype, torch.complex64))
    pairs = torch.view_as_complex(x.reshape(*x.shape[:-1], -1, 2).contiguous())
    return torch.view_as_real(pairs * turn).flatten(-2)
