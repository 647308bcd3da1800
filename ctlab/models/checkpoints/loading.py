"""Loading a checkpoint exactly: every tensor used or deliberately not, every weight filled, or a refusal by name."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ctlab.errors import CheckpointError, InputError
from ctlab.models.checkpoints import checkpoint_files as sources
from ctlab.models.checkpoints import lora, tensors
from ctlab.models.checkpoints import state_dict as parts
from ctlab.models.checkpoints.base_model import Base, read_base, special_ids
from ctlab.models.checkpoints.checkpoint_settings import Settings
from ctlab.models.checkpoints.digest import source_digest
from ctlab.models.reasoner import LatentReasoner
from ctlab.records.generation import DTYPES


def load_model(
    path_or_id: str | Path,
    base: str | Path | None = None,
    settings: Mapping[str, Any] | None = None,
    *,
    device: str = "cpu",
    dtype: str = "float32",
    allow_pickle: bool = False,
) -> LatentReasoner:
    """Load ``"tiny"``, ``"tiny-blind"``, a folder, a file or a hub id; refuse what does not match completely."""
    if dtype not in DTYPES:
        raise InputError(f"dtype must be one of {', '.join(DTYPES)}; not {dtype!r}")
    place = _device(device)
    source = sources.find(path_or_id, base, settings, allow_pickle=allow_pickle)
    found = parts.sort(tensors.read(source), source.settings.family)
    rows = _embedding_rows(found)
    model = read_base(source.base, rows, source.settings.family)
    precision: torch.dtype = getattr(torch, dtype)
    projection = _projection(found, source.settings, model.hidden)
    _fill(model, found, source.settings)
    _cast(model.network, precision)
    nn.Module.to(model.network, place).train(False).requires_grad_(False)
    if projection is not None:
        projection.to(device=place, dtype=precision).train(False).requires_grad_(False)
    ids = special_ids(model, source.settings, rows)
    return LatentReasoner(
        name=source.name,
        digest=source_digest(source),
        settings=source.settings,
        tokenizer=model.tokenizer,
        network=model.network,
        projection=projection,
        begin_ids=ids.begin,
        end_ids=ids.end,
        pad_id=ids.pad,
        eos_token_id=ids.eos,
        logits_considered=ids.logits_considered,
        unused=found.unused,
    )


def _device(name: str) -> torch.device:
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).strip().splitlines()[0]
        raise InputError(f"device {name!r} cannot be used: {reason}; --ctlab-device is cpu, cuda, cuda:1 …") from None
    return device


def _embedding_rows(found: parts.Parts) -> int:
    for name in ("transformer.wte.weight", "model.embed_tokens.weight"):
        if name in found.weights and found.weights[name].dim() == 2:
            return int(found.weights[name].shape[0])
    raise CheckpointError(
        "the checkpoint has no input embedding: neither transformer.wte.weight nor model.embed_tokens"
    )


def _fill(model: Base, found: parts.Parts, settings: Settings) -> None:
    rank = settings.lora_r
    if found.adapters and not rank:
        key = next(iter(found.adapters.values())).keys[0]
        raise CheckpointError(
            f"{key!r} is a LoRA adapter, but the settings say lora_r = 0; write lora_r and lora_alpha"
        )
    if rank and not found.adapters:
        raise CheckpointError(f"the settings say lora_r = {rank}, but the checkpoint holds no lora_A and lora_B")
    wanted = model.network.state_dict()
    _audit(wanted, found, model)
    if rank and settings.lora_alpha is not None:
        lora.merge(found.weights, found.adapters, model.network, rank=rank, alpha=settings.lora_alpha)
    model.network.load_state_dict(found.weights, strict=True, assign=True)
    model.network.tie_weights()
    model.materialise_constants()


def _audit(wanted: Mapping[str, Tensor], found: parts.Parts, model: Base) -> None:
    weights = found.weights
    if model.tied:
        inner, outer = model.tied_names
        if outer not in weights and inner in weights:
            weights[outer] = weights[inner]
        elif inner in weights and not torch.equal(weights[inner], weights[outer]):
            raise CheckpointError(
                f"the base model ties its embeddings, but {found.names[inner]!r} and {found.names[outer]!r} differ; "
                f"give the base whose config says tie_word_embeddings: false"
            )
    refuse("missing", sorted(set(wanted) - set(weights)), model.kind)
    extra = sorted(set(weights) - set(wanted))
    refuse("without a place", [found.names.get(name, name) for name in extra], model.kind)
    stray = [adapter.keys[0] for name, adapter in found.adapters.items() if f"{name}.weight" not in wanted]
    refuse("without a place", stray, model.kind)
    for name, tensor in wanted.items():
        if weights[name].shape != tensor.shape:
            raise CheckpointError(
                f"{found.names.get(name, name)!r} has shape {tuple(weights[name].shape)}, the base model needs "
                f"{tuple(tensor.shape)}; is the base the right one?"
            )


def refuse(what: str, names: list[str], kind: str) -> None:
    """Refuse to load when ``names`` is not empty."""
    if names:
        raise CheckpointError(f"{len(names)} tensors are {what} for {kind}: {', '.join(names[:3])}; nothing was loaded")


def _projection(found: parts.Parts, settings: Settings, hidden: int) -> nn.Module | None:
    if not settings.use_prj:
        if found.projection:
            raise CheckpointError(
                f"the checkpoint holds prj.{min(found.projection)!s}, but the settings say use_prj false"
            )
        return None
    width = settings.prj_dim or 0
    projection = nn.Sequential(nn.Dropout(0.0), nn.Linear(hidden, width), nn.GELU(), nn.Linear(width, hidden))
    if not settings.prj_no_ln:
        projection.add_module("ln", nn.LayerNorm(hidden))
    wanted = projection.state_dict()
    missing = [f"prj.{name}" for name in sorted(set(wanted) - set(found.projection))]
    refuse("missing", missing, "the projection (use_prj, prj_no_ln)")
    extra = [f"prj.{name}" for name in sorted(set(found.projection) - set(wanted))]
    refuse("without a place", extra, "the projection (use_prj, prj_no_ln)")
    for name, tensor in wanted.items():
        if found.projection[name].shape != tensor.shape:
            raise CheckpointError(
                f"'prj.{name}' has shape {tuple(found.projection[name].shape)}, prj_dim = {width} needs "
                f"{tuple(tensor.shape)}; correct prj_dim or the base"
            )
    projection.load_state_dict(found.projection, strict=True, assign=True)
    return projection


def _cast(network: nn.Module, precision: torch.dtype) -> None:
    # Parameters only: rotary frequencies are constants and stay in float32, as transformers keeps them.
    for parameter in network.parameters():
        parameter.data = parameter.data.to(precision)
