"""The independent reference with patches at layers: what is there, and what later positions read in place of it."""

from dataclasses import dataclass, field
from itertools import pairwise

import torch
from torch.nn import functional

from tests.engine.oracle import Oracle, attend, rotate


@dataclass(repr=False)
class LayerOracle(Oracle):
    """An oracle whose layers can be seen and patched.

    ``swaps`` are (position, layer, what, vector or what makes it of the own one); ``seen`` is, by what and layer, what
    the last forward pass had at each position (S, W), before any patch.
    """

    swaps: list = field(default_factory=list)
    seen: dict = field(default_factory=dict)

    @property
    def num_layers(self):
        return self.config.get("n_layer") or self.config["num_hidden_layers"]

    def _forward(self, x, keep):
        if self.gpt2:
            x = x + self.tensors["transformer.wpe.weight"][: len(x)]
        for layer, factors in enumerate(keep[:, :, : len(x), : len(x)]):
            x = (self._gpt2_block if self.gpt2 else self._llama_block)(x, layer, len(factors), factors)
            self.seen["residual", layer] = x.clone()
            x = self._with(x, layer, "residual")
        return self._norm(x, "transformer.ln_f") if self.gpt2 else self._rms(x, "model.norm")

    def _with(self, own, layer, what, before=None):
        """What is at positions (S, W), with what is put at those that stand before one."""
        put = own.clone()
        for position, at, which, vector in self.swaps:
            if (at, which) == (layer, what) and position < (len(own) if before is None else before):
                put[position] = vector(own[position]) if callable(vector) else vector
        return put

    def _attend(self, layer, q, k, v, keep, turn):
        """Attention where each position reads its own key and value, and those put at the positions before it."""
        heads = q.shape[0]

        def flat(each):
            return each.transpose(0, 1).flatten(1)

        def parts(each, of):
            return each.view(len(each), of.shape[0], -1).transpose(0, 1)

        own = {"key": flat(k), "value": flat(v)}
        for what, vectors in own.items():
            self.seen[what, layer] = vectors.clone()
        starts = sorted({position + 1 for position, at, what, _ in self.swaps if at == layer and what in own})
        starts = [0, *(start for start in starts if start < q.shape[1]), q.shape[1]]
        rows = []
        for start, stop in pairwise(starts):
            key, value = (
                parts(self._with(vectors, layer, what, start), k if what == "key" else v)
                for what, vectors in own.items()
            )
            groups = heads // k.shape[0]
            key, value = turn(key).repeat_interleave(groups, 0), value.repeat_interleave(groups, 0)
            rows.append(attend(turn(q)[:, start:stop], key, value, keep[:, start:stop]))
        return torch.cat(rows)

    def _gpt2_block(self, x, layer, heads, keep):
        name = f"transformer.h.{layer}"
        q, k, v = self._linear(self._norm(x, f"{name}.ln_1"), f"{name}.attn.c_attn").chunk(3, -1)
        q, k, v = (each.view(len(x), heads, -1).transpose(0, 1) for each in (q, k, v))
        x = x + self._linear(self._attend(layer, q, k, v, keep, lambda each: each), f"{name}.attn.c_proj")
        inner = functional.gelu(self._linear(self._norm(x, f"{name}.ln_2"), f"{name}.mlp.c_fc"), approximate="tanh")
        return x + self._linear(inner, f"{name}.mlp.c_proj")

    def _llama_block(self, x, layer, heads, keep):
        name = f"model.layers.{layer}"
        normed = self._rms(x, f"{name}.input_layernorm")
        q, k, v = (
            self._linear(normed, f"{name}.self_attn.{part}_proj").view(len(x), -1, x.shape[1] // heads).transpose(0, 1)
            for part in "qkv"
        )
        x = x + self._linear(self._attend(layer, q, k, v, keep, rotate), f"{name}.self_attn.o_proj")
        normed = self._rms(x, f"{name}.post_attention_layernorm")
        gate = functional.silu(self._linear(normed, f"{name}.mlp.gate_proj"))
        return x + self._linear(gate * self._linear(normed, f"{name}.mlp.up_proj"), f"{name}.mlp.down_proj")
