"""From a checkpoint's names to a model's parts: base weights, adapters, projection, and what inference leaves out."""

import re
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints.lora import Adapter

_BUFFERS = re.compile(r"(\.attn\.(bias|masked_bias)|\.rotary_emb\.inv_freq)\Z")
_ADAPTER = re.compile(r"(?P<module>.+)\.lora_(?P<half>[AB])\.default\.weight\Z")
_PROJECTION = re.compile(r"prj\.(1|3|ln)\.(weight|bias)\Z")
# Training only: the decoders that SIM-CoT supervises thoughts with, and their projections.
_AUXILIARY = {
    "codi": ("decoder.", "pj_in.", "pj_out."),
    "coconut": ("expainable_llm.", "explainable_llm."),
}
_PREFIXES = {"codi": ("codi.base_model.model.", "codi."), "coconut": ("base_causallm.",)}


@dataclass(slots=True, kw_only=True)
class Parts:
    """A checkpoint's tensors, each in its place."""

    weights: dict[str, Tensor] = field(default_factory=dict)
    """Base model's tensors by their names in the base model."""
    adapters: dict[str, Adapter] = field(default_factory=dict)
    """LoRA pairs by the name of the module that they adapt."""
    wrapped: set[str] = field(default_factory=set)
    """Modules whose weight is stored as ``base_layer``, which promises an adapter."""
    projection: dict[str, Tensor] = field(default_factory=dict)
    """Projection's tensors by their names in ``prj``."""
    unused: dict[str, str] = field(default_factory=dict)
    """Tensors that are deliberately not used, and why."""
    names: dict[str, str] = field(default_factory=dict)
    """Name in the base model to name in the checkpoint, for errors."""


def sort(tensors: dict[str, Tensor], family: str) -> Parts:
    """Put every tensor into its place, refusing what has none."""
    parts = Parts()
    unknown = [name for name, tensor in tensors.items() if not _place(parts, name, tensor, family)]
    if family == "coconut" and "embedding.weight" in unknown:
        _check_copy(parts, tensors["embedding.weight"])
        unknown.remove("embedding.weight")
    if unknown:
        raise CheckpointError(
            f"{len(unknown)} tensors have no place in a model of family {family}: {', '.join(sorted(unknown)[:3])}; "
            f"if they belong to another family, correct 'family'"
        )
    if not parts.weights:
        wanted = " or ".join(f"{prefix}*" for prefix in _PREFIXES[family])
        raise CheckpointError(f"no tensor is called {wanted}: this is no checkpoint of family {family}")
    if bare := sorted(parts.wrapped - set(parts.adapters)):
        raise CheckpointError(
            f"'{parts.names[bare[0] + '.weight']}' has no lora_A and lora_B beside it ({len(bare)} such weights)"
        )
    return parts


def _place(parts: Parts, name: str, tensor: Tensor, family: str) -> bool:
    if name.startswith(_AUXILIARY[family]):
        parts.unused[name] = "auxiliary decoder, used in training only"
        return True
    if family == "codi" and _PROJECTION.match(name):
        parts.projection[name.removeprefix("prj.")] = tensor
        return True
    prefix = next((each for each in _PREFIXES[family] if name.startswith(each)), None)
    if prefix is None:
        return False
    if _BUFFERS.search(name):
        parts.unused[name] = "constant that the model computes itself"
        return True
    inner = name.removeprefix(prefix)
    if family == "codi" and (match := _ADAPTER.match(inner)):
        adapter = parts.adapters.setdefault(match["module"], Adapter())
        adapter.keys.append(name)
        if match["half"] == "A":
            adapter.a = tensor
        else:
            adapter.b = tensor
        return True
    plain = inner.replace(".base_layer.", ".")
    if plain in parts.weights:
        raise CheckpointError(f"{name!r} and {parts.names[plain]!r} are the same weight; a checkpoint holds each once")
    if plain != inner and plain.endswith(".weight"):
        parts.wrapped.add(plain.removesuffix(".weight"))
    parts.weights[plain] = tensor
    parts.names[plain] = name
    return True


def _check_copy(parts: Parts, copy: Tensor) -> None:
    for name in ("transformer.wte.weight", "model.embed_tokens.weight"):
        if name in parts.weights and torch.equal(parts.weights[name], copy):
            parts.unused["embedding.weight"] = f"copy of {parts.names[name]}"
            return
    raise CheckpointError(
        "'embedding.weight' differs from the base model's input embedding, of which it must be a copy"
    )
