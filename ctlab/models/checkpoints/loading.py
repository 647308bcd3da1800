"""Loading a checkpoint exactly: every tensor used or deliberately not, every weight filled, or a refusal by name."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ctlab.errors import CheckpointError, InputError
from ctlab.inputs import shown
from ctlab.models.checkpoints import lora, tensors
from ctlab.models.checkpoints.audit import audit, refuse
from ctlab.models.checkpoints.base_model import BaseModel, read_base_model
from ctlab.models.checkpoints.checkpoint_files import find
from ctlab.models.checkpoints.checkpoint_settings import CheckpointSettings
from ctlab.models.checkpoints.digest import base_digests, source_digest
from ctlab.models.checkpoints.finite import refuse_not_finite, refuse_overflow
from ctlab.models.checkpoints.markers import markers_of
from ctlab.models.checkpoints.state_dict import StateDict, read_state_dict
from ctlab.models.families import FAMILIES
from ctlab.models.families.base import Family
from ctlab.models.reasoner import LatentReasoner
from ctlab.models.weights_in_memory import fingerprint
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
    """Load ``"tiny"``, ``"tiny-blind"``, a folder, a file or a hub id; refuse what does not match completely.

    The model's digest is that of the bytes that were loaded.
    """
    if dtype not in DTYPES:
        raise InputError(f"dtype must be one of {', '.join(DTYPES)}; not {dtype!r}")
    place = _device(device)
    for name, given in (("a model", path_or_id), ("base", base)):
        if not isinstance(given, str | os.PathLike) and not (name == "base" and given is None):
            raise InputError(f"{name} is an id (tiny, one on the hub), a folder or a file, not {shown(given)}")
    source = find(path_or_id, base, settings, allow_pickle=allow_pickle)
    trained = source.settings
    family = FAMILIES[trained.family]
    read = tensors.read(source)
    state = read_state_dict(read.tensors, family)
    refuse_not_finite(state)
    base_files = base_digests(source)
    model = read_base_model(source.base, state.extent)
    if base_digests(source) != base_files:  # other libraries read them, by name
        raise CheckpointError(f"{source.base} was changed while it was read; load it again")
    if model.tied:
        _name_tied(state, model.input_embedding, model.output_embedding)
    rows = _embedding_rows(state, model, family)
    model.resize(rows)
    unused = {**state.unused, **family.unused(state.own, state.weights[model.input_embedding])}
    own = {name: tensor for name, tensor in state.own.items() if name not in unused}
    projection = family.projection(trained, own, model.width)
    digest = source_digest(source, read.digests(), base_files)
    _fill(model, state, trained)
    precision: torch.dtype = getattr(torch, dtype)
    _cast(model.network, precision)
    refuse_overflow(model.network, state.names, dtype)
    nn.Module.to(model.network, place).train(False).requires_grad_(False)
    if projection is not None:
        projection.to(device=place, dtype=precision).train(False).requires_grad_(False)
        refuse_overflow(projection, {name.partition(".")[2]: name for name in own}, dtype)
    markers = markers_of(trained, model.tokenizer, rows)
    return LatentReasoner(
        name=source.name,
        digest=digest,
        settings=trained,
        tokenizer=model.tokenizer,
        network=model.network,
        projection=projection,
        begin_ids=markers.begin,
        end_ids=markers.end,
        pad_id=markers.pad,
        eos_token_id=markers.eos,
        logits_considered=markers.logits_considered,
        unused=unused,
        as_loaded=fingerprint((model.network, projection)),
    )


def _device(name: str) -> torch.device:
    try:
        device = torch.device(name)
        torch.empty(1, device=device)  # "cuda:9" is a device until somebody wants to compute on it
    except (RuntimeError, AssertionError, NotImplementedError, TypeError) as error:
        reason = str(error).strip().splitlines()[0]
        raise InputError(f"device {name!r} cannot be used: {reason}; --ctlab-device is cpu, cuda, cuda:1 …") from None
    return device


def _embedding_rows(state: StateDict, model: BaseModel, family: Family) -> int:
    """Rows of the checkpoint's input embedding: the base's vocabulary, with the ids that the family added."""
    embedding = state.weights.get(model.input_embedding)
    if embedding is None or embedding.dim() != 2:
        raise CheckpointError(
            f"the checkpoint has no input embedding {model.input_embedding}, which a {model.kind} model needs; "
            f"is the base the right one?"
        )
    rows = int(embedding.shape[0])
    if rows not in family.possible_rows(model.vocabulary, len(model.tokenizer)):
        vocabulary, added = model.vocabulary, family.added_ids
        raise CheckpointError(
            f"the checkpoint's embedding has {rows} rows; base {model.folder} has a vocabulary of {vocabulary}, so "
            f"{vocabulary + added} with the {added} added ids: is the base the right one?"
        )
    if embedding.shape[1] != model.width:
        raise CheckpointError(
            f"the checkpoint's embedding is {embedding.shape[1]} wide, the base model needs {model.width}; is the base "
            f"the right one?"
        )
    return rows


def _fill(model: BaseModel, state: StateDict, settings: CheckpointSettings) -> None:
    rank = settings.lora_r
    if state.adapters and not rank:
        key = next(iter(state.adapters.values())).keys[0]
        raise CheckpointError(
            f"{key!r} is a LoRA adapter, but the settings say lora_r = 0; write lora_r and lora_alpha"
        )
    if rank and not state.adapters:
        raise CheckpointError(f"the settings say lora_r = {rank}, but the checkpoint holds no lora_A and lora_B")
    if model.tied:
        _tie(state, model.input_embedding, model.output_embedding)
    wanted = model.network.state_dict()
    audit(
        state.weights,
        wanted,
        of=model.kind,
        needs="the base model needs",
        remedy="; is the base the right one?",
        names=state.names,
    )
    stray = [adapter.keys[0] for name, adapter in state.adapters.items() if f"{name}.weight" not in wanted]
    refuse("without a place", stray, model.kind)
    if rank and settings.lora_alpha is not None:
        lora.merge(state.weights, state.adapters, model.network, rank=rank, alpha=settings.lora_alpha)
    model.network.load_state_dict(state.weights, strict=True, assign=True)
    model.network.tie_weights()
    model.materialise_constants()


def _name_tied(state: StateDict, inner: str, outer: str) -> None:
    """Call the one tensor of tied embeddings by the input's name: which of both a file keeps is its writer's choice."""
    trunk = inner.partition(".")[0] + "."  # another architecture's weights are told by their missing input embedding
    if inner not in state.weights and outer in state.weights and any(name.startswith(trunk) for name in state.weights):
        state.weights[inner] = state.weights.pop(outer)
        state.names[inner] = state.names.pop(outer)


def _tie(state: StateDict, inner: str, outer: str) -> None:
    """Complete embeddings that are stored once, refusing two that differ."""
    weights = state.weights
    if outer not in weights:
        weights[outer] = weights[inner]
    elif not torch.equal(weights[inner], weights[outer]):
        raise CheckpointError(
            f"the base model ties its embeddings, but {state.names[inner]!r} and {state.names[outer]!r} differ; "
            f"give the base whose config says tie_word_embeddings: false"
        )


def _cast(network: nn.Module, precision: torch.dtype) -> None:
    # Parameters only: rotary frequencies are constants and stay in float32, as transformers keeps them.
    for parameter in network.parameters():
        parameter.data = parameter.data.to(precision)
