"""The forward pass over the prompts: it keeps their keys and values, and ends where nobody reads on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from ctlab.engine import masks
from ctlab.engine.attention import Enough
from ctlab.engine.prompt import Packing, PromptCache

Watch = Callable[["PrefillStep", int, Tensor, Tensor, Tensor], None]
"""Shown the pass, a layer, scores, mask and weights; see `hooks.Hooks.prefill_attention`."""


@dataclass(slots=True, kw_only=True)
class PrefillStep:
    """The forward pass over the prompts."""

    prompts: PromptCache
    """Where keys and values are kept."""
    packing: Packing | None
    """How the network gets them; None: as (Q, L), whatever padding there is."""
    layers: int
    """Layers of the network."""
    kinds: Sequence[Tensor] | None
    """For each layer (Q, heads or 1, key kinds): factors on edges inside the prompt; None: plain causal attention."""
    watch: Watch | None
    """Called with each layer's attention, where it is not plain causal attention."""
    unseeing: bool
    """Whether padding columns attend to nothing and get zeros, as scaled_dot_product_attention gives to empty rows."""
    to_the_end: bool = False
    """Whether last hidden states are read: those of the prompts' last tokens."""

    def attend(self, layer: int, query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
        """See `attention.Step`."""
        if self.packing is not None:
            query, key, value = map(self.packing.spread, (query, key, value))
        self.prompts.keys.append(key.transpose(2, 3).contiguous())
        self.prompts.values.append(value.contiguous())
        plain = self.kinds is None and not self.unseeing
        if layer + 1 == self.layers and (plain or self.watch is None) and not self.to_the_end:
            # Nobody reads a prompt's last hidden states: begin is fed by its embedding and reads keys and values.
            raise Enough
        mix = self._mix_plainly if plain else self._mix_under_mask
        mixed = mix(layer, query, key, value, scale)
        return (mixed if self.packing is None else self.packing.collect(mixed)).transpose(1, 2)

    def _mix_plainly(self, layer: int, query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
        # Padding is on the right: behind every token that could read it, so that causality alone hides it.
        groups = query.shape[1] // key.shape[1]
        if groups > 1 and query.device.type == "cuda" and query.dtype == torch.float32:
            # No fused float32 kernel shares keys between heads; without this all L x L scores are written out.
            key, value = (shared.repeat_interleave(groups, dim=1) for shared in (key, value))
            groups = 1
        return functional.scaled_dot_product_attention(
            query, key, value, is_causal=True, scale=scale, enable_gqa=groups > 1
        )

    def _mix_under_mask(self, layer: int, query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
        mask = self._mask(layer, query)
        rows, heads, length, size = query.shape
        groups = heads // key.shape[1]
        folded = query.reshape(rows, -1, groups * length, size)  # (Q, key heads, groups L, d)
        scores = (folded @ key.transpose(2, 3)).reshape(rows, heads, length, length)
        weights = masks.softmax(scores * scale, mask)
        if self.watch is not None:
            self.watch(self, layer, scores * scale, mask, weights)
        # (Q, key heads, groups L, L) @ (Q, key heads, L, d): heads of a group share their keys and values.
        mixed = (weights.to(value.dtype).reshape(rows, -1, groups * length, length) @ value).reshape(
            rows, heads, length, size
        )
        return mixed * self.prompts.visible[:, None, :, None] if self.unseeing else mixed

    def _mask(self, layer: int, query: Tensor) -> Tensor:
        prompts = self.prompts
        length = prompts.length
        causal = masks.causal(length, length, query.device)
        # A padding row sees itself, so that no row is empty: its numbers stay finite and nobody reads them.
        itself = torch.eye(length, dtype=torch.bool, device=query.device)
        visible = (prompts.visible[:, None, None, :] & causal) | itself  # (Q, 1, L, L)
        keep = visible.to(torch.float32)
        if self.kinds is not None:
            factors = masks.prompt_factors(self.kinds[layer], length, prompts.control)
            keep = keep * torch.where(prompts.visible[:, None, :, None], factors, 1.0)
        return masks.additive(keep)
