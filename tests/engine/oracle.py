"""An independent reference: float64, one problem, the whole sequence again at every step, a dense mask.

Written from design.md alone: it shares no code with the engine or the loader, applies LoRA unmerged, and walks the
interventions by the names of positions.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional


@dataclass(repr=False)
class Oracle:
    """A checkpoint read by hand."""

    tensors: Mapping[str, Tensor]
    config: Mapping[str, Any]
    settings: Mapping[str, Any]
    rows: int

    def __repr__(self) -> str:
        return f"Oracle({self.settings})"

    @classmethod
    def read(cls, folder: Path, config: Mapping[str, Any], settings: Mapping[str, Any]) -> "Oracle":
        if settings["family"] == "coconut":
            prefix, tensors = "base_causallm.", torch.load(folder / "checkpoint_7", weights_only=True)
        else:
            prefix, tensors = "codi.base_model.model.", load_file(folder / "model.safetensors")
        doubles = {name.removeprefix(prefix): tensor.double() for name, tensor in tensors.items()}
        embedding = doubles.get("transformer.wte.weight", doubles.get("model.embed_tokens.weight"))
        return cls(tensors=doubles, config=config, settings=settings, rows=len(embedding))

    @property
    def gpt2(self) -> bool:
        return "transformer.wte.weight" in self.tensors

    @property
    def embedding(self) -> Tensor:
        return self.tensors["transformer.wte.weight" if self.gpt2 else "model.embed_tokens.weight"]

    def answer(
        self,
        question: Sequence[int],
        interventions: Sequence[Mapping[str, Any]],
        most: int,
        control: int | None = None,
        instead: Callable[[int, Tensor, Tensor], Tensor] | None = None,
    ) -> tuple[list[int], list[float]]:
        """Tokens, and the margin of each over the second best.

        ``instead`` makes of a thought's number, the state before it and its projection what is fed.
        """
        begin, end, eos, considered = self._ids()
        thoughts = self.settings["num_latent"]
        names = ["question"] * len(question) + ["begin"] * len(begin) + [f"CT{k}" for k in range(thoughts)]
        names += ["end"] * len(end) + ["answer"] * most
        # What an edge keeps depends on the names of its ends alone: a shorter sequence has the upper left corner.
        keep = self._keep(names, interventions, control)
        fed = [self.embedding[list(question)], self.embedding[begin]]
        for thought in range(thoughts):
            state = self._forward(torch.cat(fed), keep)[-1]
            made = self._project(state)
            fed.append((made if instead is None else instead(thought, state, made))[None])
        fed.append(self.embedding[end])
        tokens: list[int] = []
        margins: list[float] = []
        for _ in range(most):
            hidden = self._forward(torch.cat(fed), keep)
            best = (self._head() @ hidden[-1])[:considered].topk(2)
            tokens.append(int(best.indices[0]))
            margins.append(float(best.values[0] - best.values[1]))
            if tokens[-1] == eos:
                break
            fed.append(self.embedding[tokens[-1]][None])
        return tokens, margins

    def thoughts(self, question: Sequence[int]) -> Tensor:
        """What is fed as thoughts when nothing is disturbed (thoughts, D)."""
        seen: list[Tensor] = []

        def see(thought: int, state: Tensor, made: Tensor) -> Tensor:
            seen.append(made)
            return made

        self.answer(question, [], 1, instead=see)
        return torch.stack(seen)

    def said(self, state: Tensor) -> Tensor:
        """Embedding of the token that a state decodes to."""
        return self.embedding[int((self._head() @ state)[: self._ids()[3]].argmax())]

    def _keep(self, names: Sequence[str], interventions: Sequence[Mapping[str, Any]], control: int | None) -> Tensor:
        """Factors on edges (layers, heads, S, S)."""
        layers = self.config.get("n_layer") or self.config["num_hidden_layers"]
        heads = self.config.get("n_head") or self.config["num_attention_heads"]
        everywhere = [
            [edge_factors(names, interventions, layer, head, control) for head in range(heads)]
            for layer in range(layers)
        ]
        return torch.stack([torch.stack(each) for each in everywhere])

    def _ids(self) -> tuple[list[int], list[int], int, int]:
        if self.settings["family"] == "coconut":
            return [self.rows - 3], [self.rows - 2], 0, self.rows
        begin, end = [self.rows - 2], [self.rows - 1]
        if not self.settings["remove_eos"]:
            begin, end = [0, *begin], [*end, 0]
        return begin, end, 0, self.rows - 1

    def _head(self) -> Tensor:
        return self.embedding if self.config["tie_word_embeddings"] else self.tensors["lm_head.weight"]

    def _project(self, hidden: Tensor) -> Tensor:
        if not self.settings.get("use_prj"):
            return hidden
        t = self.tensors
        inner = functional.gelu(hidden @ t["prj.1.weight"].T + t["prj.1.bias"])
        out = inner @ t["prj.3.weight"].T + t["prj.3.bias"]
        if not self.settings["prj_no_ln"]:
            out = functional.layer_norm(out, out.shape, t["prj.ln.weight"], t["prj.ln.bias"])
        return out

    def _linear(self, x: Tensor, name: str) -> Tensor:
        t = self.tensors
        wrapped = f"{name}.base_layer.weight" in t
        place = f"{name}.base_layer" if wrapped else name
        weight = t[f"{place}.weight"]
        out = x @ (weight if self.gpt2 else weight.T)
        if f"{place}.bias" in t:
            out = out + t[f"{place}.bias"]
        if wrapped:
            scale = self.settings["lora_alpha"] / self.settings["lora_r"]
            out = out + scale * (x @ t[f"{name}.lora_A.default.weight"].T @ t[f"{name}.lora_B.default.weight"].T)
        return out

    def _forward(self, x: Tensor, keep: Tensor) -> Tensor:
        if self.gpt2:
            x = x + self.tensors["transformer.wpe.weight"][: len(x)]
        for layer, factors in enumerate(keep[:, :, : len(x), : len(x)]):
            block = self._gpt2_block if self.gpt2 else self._llama_block
            x = block(x, layer, len(factors), factors)
        if self.gpt2:
            return self._norm(x, "transformer.ln_f")
        return self._rms(x, "model.norm")

    def _norm(self, x: Tensor, name: str) -> Tensor:
        return functional.layer_norm(
            x, x.shape[-1:], self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"], 1e-5
        )

    def _rms(self, x: Tensor, name: str) -> Tensor:
        epsilon = self.config.get("rms_norm_eps", 1e-6)
        return x / (x.pow(2).mean(-1, keepdim=True) + epsilon).sqrt() * self.tensors[f"{name}.weight"]

    def _gpt2_block(self, x: Tensor, layer: int, heads: int, keep: Tensor) -> Tensor:
        name = f"transformer.h.{layer}"
        q, k, v = self._linear(self._norm(x, f"{name}.ln_1"), f"{name}.attn.c_attn").chunk(3, -1)
        q, k, v = (each.view(len(x), heads, -1).transpose(0, 1) for each in (q, k, v))
        x = x + self._linear(attend(q, k, v, keep), f"{name}.attn.c_proj")
        inner = functional.gelu(self._linear(self._norm(x, f"{name}.ln_2"), f"{name}.mlp.c_fc"), approximate="tanh")
        return x + self._linear(inner, f"{name}.mlp.c_proj")

    def _llama_block(self, x: Tensor, layer: int, heads: int, keep: Tensor) -> Tensor:
        name = f"model.layers.{layer}"
        groups = heads // self.config["num_key_value_heads"]
        normed = self._rms(x, f"{name}.input_layernorm")
        q, k, v = (
            self._linear(normed, f"{name}.self_attn.{part}_proj").view(len(x), -1, x.shape[1] // heads).transpose(0, 1)
            for part in "qkv"
        )
        q, k = rotate(q), rotate(k)
        k, v = k.repeat_interleave(groups, 0), v.repeat_interleave(groups, 0)
        x = x + self._linear(attend(q, k, v, keep), f"{name}.self_attn.o_proj")
        normed = self._rms(x, f"{name}.post_attention_layernorm")
        gate = functional.silu(self._linear(normed, f"{name}.mlp.gate_proj"))
        return x + self._linear(gate * self._linear(normed, f"{name}.mlp.up_proj"), f"{name}.mlp.down_proj")


def attend(q: Tensor, k: Tensor, v: Tensor, keep: Tensor) -> Tensor:
    scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])
    weights = keep * (scores - scores.max(-1, keepdim=True).values).exp()
    return (weights / weights.sum(-1, keepdim=True) @ v).transpose(0, 1).flatten(1)


def rotate(x: Tensor) -> Tensor:
    size = x.shape[-1]
    frequencies = 10000.0 ** (-torch.arange(0, size, 2, dtype=torch.float64) / size)
    angles = torch.outer(torch.arange(x.shape[1], dtype=torch.float64), frequencies).repeat(1, 2)
    turned = torch.cat([-x[..., size // 2 :], x[..., : size // 2]], -1)
    return x * angles.cos() + turned * angles.sin()


def edge_factors(
    names: Sequence[str], interventions: Sequence[Mapping[str, Any]], layer: int, head: int, control: int | None
) -> Tensor:
    """Factor on the unnormalised weight of every (reader, key); 0 where the key comes later."""
    size = len(names)
    keep = torch.ones(size, size, dtype=torch.float64).tril()
    for each in interventions:
        if layer not in each.get("layers", [layer]) or head not in each.get("heads", [head]):
            continue
        for key in range(size):
            if not is_key(each["keys"], names[key], key == control):
                continue
            for reader in range(key + 1, size):
                if is_reader(each["readers"], names[reader]):
                    keep[reader, key] *= each.get("keep", 0)
            if each.get("self"):
                keep[key, key] *= each.get("keep", 0)
    return keep


def is_key(keys: Any, name: str, control: bool) -> bool:
    if keys == "thoughts":
        return name.startswith("CT")
    if keys == "question":
        return name == "question"
    if keys == "question-control":
        return control
    return name in keys


def is_reader(readers: Any, name: str) -> bool:
    if readers == "later":
        return True
    if readers == "thoughts":
        return name.startswith("CT")
    if readers == "answer":
        return name in ("end", "answer")
    return name in readers
