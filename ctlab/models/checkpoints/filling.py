"""Filling a network with a checkpoint's tensors, one at a time, so that no second copy of the weights is ever held."""

from collections import Counter

import torch
from torch import nn
from transformers.pytorch_utils import Conv1D

from ctlab.errors import CheckpointError
from ctlab.models.checkpoints import lora
from ctlab.models.checkpoints.audit import audit, refuse
from ctlab.models.checkpoints.base_model import BaseModel
from ctlab.models.checkpoints.lora import Merging
from ctlab.models.checkpoints.peft_config import CONFIG, PeftConfig
from ctlab.models.checkpoints.state_dict import StateDict


def fill(model: BaseModel, state: StateDict, merging: Merging, precision: torch.dtype) -> None:
    """Merge adapters, cast, and give every weight to the network, or refuse; ``state`` is used up."""
    _refuse_unstated(state, merging)
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
    stray = [adapter.key for name, adapter in state.adapters.items() if f"{name}.weight" not in wanted]
    refuse("without a place", stray, model.kind)
    lora.check(state.adapters, state.weights, model.network, merging)
    if merging.peft is not None:
        _refuse_unkept_promises(model, state, merging.peft)
    _merge_and_cast(model, state, merging, precision)
    model.network.load_state_dict(state.weights, strict=True, assign=True)
    state.weights.clear()
    model.network.tie_weights()
    model.materialise_constants()


def _merge_and_cast(model: BaseModel, state: StateDict, merging: Merging, precision: torch.dtype) -> None:
    if model.tied:
        del state.weights[model.output_embedding]  # the input's, below
    held = Counter(weight.data_ptr() for weight in state.weights.values())
    for name in list(state.weights):  # names alone: a list of weights would keep each until the last is cast
        weight = state.weights[name]
        # Two weights that happen to be equal are read as one; in the network they are two, for whoever edits one.
        alone = held[weight.data_ptr()] == 1 and weight.is_contiguous()
        module = name.removesuffix(".weight")
        adapter = state.adapters.pop(module, None) if name.endswith(".weight") else None
        if adapter is None:
            state.weights[name] = weight.to(precision, copy=not alone)
            continue
        # In place where that can be: memory that is freed between tensors that stay is not given back.
        into = weight if alone and weight.dtype == precision else torch.empty(weight.shape, dtype=precision)
        place = model.network.get_submodule(module)
        state.weights[name] = lora.merge(into, weight, adapter, place, merging.scale(module))
    if model.tied:
        state.weights[model.output_embedding] = state.weights[model.input_embedding]


def _refuse_unstated(state: StateDict, merging: Merging) -> None:
    rank = merging.settings.lora_r
    if state.adapters and not rank:
        key = next(iter(state.adapters.values())).key
        raise CheckpointError(
            f"{key!r} is a LoRA adapter, but the settings say lora_r = 0; write lora_r and lora_alpha"
        )
    if rank and not state.adapters:
        raise CheckpointError(f"the settings say lora_r = {rank}, but the checkpoint holds no lora_A and lora_B")


def _refuse_unkept_promises(model: BaseModel, state: StateDict, peft: PeftConfig) -> None:
    """Refuse a PEFT folder whose file lacks an adapter that its config promises, or holds one that it does not."""
    linear = [name for name, module in model.network.named_modules() if isinstance(module, nn.Linear | Conv1D)]
    for name in linear:
        promised = peft.adapts(name)
        if promised and name not in state.adapters:
            raise CheckpointError(f"{CONFIG} says that {name!r} is adapted, and the checkpoint holds no lora_A for it")
        if promised is False and name in state.adapters:
            key = state.adapters[name].key
            raise CheckpointError(f"the adapter holds {key!r}, which {CONFIG} does not name in 'target_modules'")


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
