"""Loading a checkpoint exactly: every tensor used or deliberately not, every weight filled, or a refusal by name."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ctlab.errors import CheckpointError, InputError
from ctlab.inputs import shown
from ctlab.models.checkpoints import tensors
from ctlab.models.checkpoints.base_fit import embedding_rows, refuse_untrained_ids
from ctlab.models.checkpoints.base_model import read_base_model
from ctlab.models.checkpoints.checkpoint_files import Source, find, naming
from ctlab.models.checkpoints.digest import base_digests, source_digest
from ctlab.models.checkpoints.filling import fill
from ctlab.models.checkpoints.finite import refuse_not_finite, refuse_overflow
from ctlab.models.checkpoints.lora import Merging
from ctlab.models.checkpoints.markers import markers_of
from ctlab.models.checkpoints.question_room import refuse_thoughts_without_room
from ctlab.models.checkpoints.state_dict import StateDict, read_state_dict
from ctlab.models.checkpoints.stated_settings import refuse_other_ids
from ctlab.models.checkpoints.tokenizer_fit import refuse_other_end, refuse_two_tokenizers
from ctlab.models.checkpoints.trained_rows import enlarge, replace
from ctlab.models.devices import warn_of_slow_type
from ctlab.models.families import FAMILIES
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
    warn_of_slow_type(dtype, place)
    for name, given in (("a model", path_or_id), ("base", base)):
        if not isinstance(given, str | os.PathLike) and not (name == "base" and given is None):
            raise InputError(f"{name} is an id (tiny, one on the hub), a folder or a file, not {shown(given)}")
    source = find(path_or_id, base, settings, allow_pickle=allow_pickle)
    with naming(source.name, source.place):
        return _loaded(source, place, dtype)


def _loaded(source: Source, place: torch.device, dtype: str) -> LatentReasoner:
    trained = source.settings
    family = FAMILIES[trained.family]
    read = tensors.read(source)
    state = read_state_dict(read.tensors, family, peft=source.adapter, beneath=read.beneath)
    read.tensors.clear()  # what is merged or cast is let go at once
    read.beneath.clear()
    refuse_not_finite(state)
    base_files = base_digests(source)
    model = read_base_model(source.base, state.extent, family.program(trained).loop)
    if base_digests(source) != base_files:  # other libraries read them, by name
        raise CheckpointError(f"{source.base} was changed while it was read; load it again")
    refuse_two_tokenizers(model, source.folder)
    refuse_thoughts_without_room(model.network.config.max_position_embeddings, trained.num_latent)
    places = enlarge(state, source.adapter)
    if model.tied:
        _name_tied(state, model.input_embedding, model.output_embedding)
    rows = embedding_rows(state, model, family)
    if source.adapter is not None:
        refuse_untrained_ids(state, model, family.added_ids)
    if trained.eos_token_id is None:
        refuse_other_end(model, rows=rows, added=family.added_ids)
    model.resize(rows)
    model.refuse_other_constants(state.own)
    unused = {**read.beside, **state.unused, **family.unused(state.own, state.weights[model.input_embedding])}
    own = {name: tensor for name, tensor in state.own.items() if name not in unused}
    projection = family.projection(trained, own, model.width)
    digest = source_digest(source, read.digests(), base_files)
    precision: torch.dtype = getattr(torch, dtype)
    replace(state, places)
    fill(model, state, Merging(settings=trained, peft=source.adapter), precision)
    refuse_overflow(model.network, state.names, dtype)
    nn.Module.to(model.network, place).train(False).requires_grad_(False)
    if projection is not None:
        projection.to(device=place, dtype=precision).train(False).requires_grad_(False)
        refuse_overflow(projection, {name.partition(".")[2]: name for name in own}, dtype)
    markers = markers_of(trained, model.tokenizer, rows)
    refuse_other_ids(markers, source.stated, trained)
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
        latent_id=markers.latent,
        embedded_as=markers.embedded_as,
        stop_head=markers.stop_head,
        unwritable=markers.unwritable,
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


def _name_tied(state: StateDict, inner: str, outer: str) -> None:
    """Call the one tensor of tied embeddings by the input's name: which of both a file keeps is its writer's choice."""
    trunk = inner.partition(".")[0] + "."  # another architecture's weights are told by their missing input embedding
    if inner not in state.weights and outer in state.weights and any(name.startswith(trunk) for name in state.weights):
        state.weights[inner] = state.weights.pop(outer)
        state.names[inner] = state.names.pop(outer)
