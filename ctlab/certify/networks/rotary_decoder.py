"""Decoders with rotary positions, one arithmetic for all: what differs between them is where their weights stand.

Llama (Touvron et al. 2023, arXiv 2302.13971), and with it Mistral, Qwen2 and Qwen3 (arXiv 2505.09388, norms of queries
and keys); Phi (Li et al. 2023, arXiv 2309.05463) and GPT-NeoX (Black et al. 2022, arXiv 2204.06745), whose attention
and linear maps read the same state side by side. Biases are added where a checkpoint has them. A window that is
narrower than the sequence is refused before anything is computed (`engine.plan`), so that none is here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from ctlab.certify.networks.arithmetic import Arithmetic, Left, activation, attend, layer_norm
from ctlab.certify.networks.rotary import rotary_frequencies, rotated
from ctlab.certify.weights import NotRecomputable


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where an architecture keeps its weights, by transformers' names; a layer's stand behind ``layers`` and number."""

    layers: str
    """What the layers stand in."""
    queries: tuple[str, ...]
    """Queries, keys and values; one name where each head's three stand one after the other."""
    out: str
    """What follows the attention."""
    norms: tuple[str, ...]
    """Norm before the attention, norm before the linear maps; one name where both read the same normed state."""
    head_norms: tuple[str, str] | None
    """Norms of each query and each key, where a checkpoint has them."""
    partly: bool
    """Whether a part of each head may be turned, and the rest left."""
    gate: str | None
    """Linear map whose activation multiplies the next one; None where that one is activated itself."""
    up: str
    """Linear map to the inner width."""
    down: str
    """And back."""
    last: str
    """Norm before the output head."""


class RotaryDecoder(Arithmetic):
    """See the module."""

    places: ClassVar[Places]

    def start(self, inputs: Tensor) -> Tensor:
        """Nothing is added: positions are turned into queries and keys."""
        return inputs

    def layer(self, number: int, x: Tensor, added: Tensor, left: Sequence[Left] = ()) -> tuple[Tensor, Tensor]:
        """Attention, then linear maps; or both beside one another."""
        places, name = self.places, f"{self.places.layers}.{number}"
        normed = self._norm(x, f"{name}.{places.norms[0]}")
        query, key, value = self._heads(normed, name)
        size = query.shape[-1]
        frequencies = rotary_frequencies(self.weights.config, size)
        if 2 * len(frequencies) < size and not places.partly:
            raise NotRecomputable("it turns a part of each head only (partial_rotary_factor)")
        # A group of neighbouring query heads reads one key head.
        groups = query.shape[-3] // key.shape[-3]
        others = [self._read_as(each, frequencies, groups) for each in left]
        query, key = (rotated(part, frequencies) for part in (query, key))
        key, value = (part.repeat_interleave(groups, -3) for part in (key, value))
        mixed, weights = attend(query, key, value, size**-0.5, added, others)
        mixed = self._linear(mixed, f"{name}.{places.out}")
        if len(places.norms) == 1:
            return x + mixed + self._maps(normed, name), weights
        beside = getattr(self.weights.config, "use_parallel_residual", False)
        read = x if beside else x + mixed
        return x + mixed + self._maps(self._norm(read, f"{name}.{places.norms[1]}"), name), weights

    def keys_and_values(self, number: int, x: Tensor) -> tuple[Tensor, Tensor]:
        """Keys past the norms of heads, where there are any, and values."""
        name = f"{self.places.layers}.{number}"
        _, key, value = self._heads(self._norm(x, f"{name}.{self.places.norms[0]}"), name)
        return key, value

    def turned_back(self, key: Tensor, position: int) -> Tensor:
        """Turned by as many places the other way."""
        frequencies = rotary_frequencies(self.weights.config, key.shape[-1])
        return _turned(key, abs(position), -frequencies if position > 0 else frequencies)

    def last_norm(self, x: Tensor) -> Tensor:
        """The norm before the head."""
        return self._norm(x, self.places.last)

    def _heads(self, x: Tensor, name: str) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values (heads, S, d) of normed states (S, D)."""
        config, places = self.weights.config, self.places
        size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
        mapped = [self._linear(x, f"{name}.{part}") for part in places.queries]
        if len(mapped) == 1:
            parts = list(mapped[0].reshape(*x.shape[:-1], -1, 3 * size).chunk(3, -1))
        else:
            parts = [part.reshape(*x.shape[:-1], -1, size) for part in mapped]
        if places.head_norms is not None and self._has(f"{name}.{places.head_norms[0]}"):
            normed = (self._norm(part, f"{name}.{norm}") for part, norm in zip(parts, places.head_norms, strict=False))
            parts[:2] = list(normed)
        query, key, value = (part.transpose(-3, -2) for part in parts)
        return query, key, value

    def _read_as(self, left: Left, frequencies: Tensor, groups: int) -> Left:
        """What queries of every head read of what a position leaves: its key turned, each key head as often as read."""
        key = None if left.key is None else _turned(left.key, left.position, frequencies).repeat_interleave(groups, 0)
        value = None if left.value is None else left.value.repeat_interleave(groups, 0)
        return Left(position=left.position, key=key, value=value)

    def _maps(self, x: Tensor, name: str) -> Tensor:
        places, activate = self.places, activation(self.weights.config.hidden_act)
        inner = self._linear(x, f"{name}.{places.up}")
        gate = None if places.gate is None else self._linear(x, f"{name}.{places.gate}")
        return self._linear(activate(inner) if gate is None else activate(gate) * inner, f"{name}.{places.down}")

    def _has(self, name: str) -> bool:
        return f"{name}.weight" in self.weights.tensors

    def _linear(self, x: Tensor, name: str) -> Tensor:
        bias = self.weights.get(f"{name}.bias")
        mapped = x @ self.weights[f"{name}.weight"].T
        return mapped if bias is None else mapped + bias

    def _norm(self, x: Tensor, name: str) -> Tensor:
        """LayerNorm, or RMSNorm (Zhang and Sennrich 2019, arXiv 1910.07467) where the config says its epsilon."""
        config, weight = self.weights.config, self.weights[f"{name}.weight"]
        if not hasattr(config, "rms_norm_eps"):
            return layer_norm(x, weight, self.weights[f"{name}.bias"], config.layer_norm_eps)
        size: Tensor = (x.pow(2).mean(-1, keepdim=True) + config.rms_norm_eps).sqrt()
        return x / size * weight


def _turned(key: Tensor, position: int, frequencies: Tensor) -> Tensor:
    """One position's key (key heads, d), turned by its place: the last of a sequence that ends there."""
    before = key.new_zeros(key.shape[0], position, key.shape[1])
    return rotated(torch.cat([before, key[:, None]], 1), frequencies)[:, -1]


_SEPARATE = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")


class Llama(RotaryDecoder):
    """Llama, Mistral, Qwen2, Qwen3."""

    tokens = "model.embed_tokens.weight"
    places = Places(
        layers="model.layers",
        queries=_SEPARATE,
        out="self_attn.o_proj",
        norms=("input_layernorm", "post_attention_layernorm"),
        head_norms=("self_attn.q_norm", "self_attn.k_norm"),
        partly=False,
        gate="mlp.gate_proj",
        up="mlp.up_proj",
        down="mlp.down_proj",
        last="model.norm",
    )


class Phi(RotaryDecoder):
    """Phi-1, 1.5 and 2."""

    tokens = "model.embed_tokens.weight"
    places = Places(
        layers="model.layers",
        queries=_SEPARATE,
        out="self_attn.dense",
        norms=("input_layernorm",),
        head_norms=("self_attn.q_layernorm", "self_attn.k_layernorm"),
        partly=True,
        gate=None,
        up="mlp.fc1",
        down="mlp.fc2",
        last="model.final_layernorm",
    )


class GptNeox(RotaryDecoder):
    """GPT-NeoX and Pythia."""

    tokens = "gpt_neox.embed_in.weight"
    places = Places(
        layers="gpt_neox.layers",
        queries=("attention.query_key_value",),
        out="attention.dense",
        norms=("input_layernorm", "post_attention_layernorm"),
        head_norms=None,
        partly=True,
        gate=None,
        up="mlp.dense_h_to_4h",
        down="mlp.dense_4h_to_h",
        last="gpt_neox.final_layer_norm",
    )
