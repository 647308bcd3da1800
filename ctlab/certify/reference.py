"""The whole sequence once more, in one piece, by transformers' own attention: what the engine must agree with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from ctlab.models.reasoner import LatentReasoner
from ctlab.probes.layer_outputs import blocks_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One sequence of S positions, written down whole; on the CPU."""

    weights: Tensor
    """(layers, heads, S, S) attention weights."""
    states: Tensor
    """(layers + 1, S, D): input embeddings, then what each layer gave, before the final norm."""
    last: Tensor
    """(S, D) last hidden states, after the final norm."""


def hidden_states(
    model: LatentReasoner, prompt: list[int], tail: Tensor, factors: npt.NDArray[np.float64] | None
) -> Tensor:
    """Last hidden states (positions, D) of a prompt and the embeddings (T, D) after it.

    ``factors`` (layers or 1, heads or 1, positions, positions) are factors on edges; None leaves even causality to the
    network's own plain forward pass.
    """
    states: Tensor = _forward(model, prompt, tail, factors).last_hidden_state[0]
    return states


def trace(model: LatentReasoner, prompt: list[int], tail: Tensor, factors: npt.NDArray[np.float64]) -> Trace:
    """Write down every attention weight and state of a prompt and the embeddings (T, D) after it."""
    layers: list[Tensor] = []

    def record(module: nn.Module, args: Any, output: Any) -> None:
        layers.append((output[0] if isinstance(output, tuple) else output)[0].cpu())

    # transformers hands back the last layer's states only after the final norm.
    blocks = blocks_of(model.network)
    handles = [block.register_forward_hook(record) for block in blocks]
    try:
        output = _forward(model, prompt, tail, factors, output_attentions=True)
    finally:
        for handle in handles:
            handle.remove()
    embedded = _embedded(model, prompt, tail)[0].cpu()
    return Trace(
        weights=torch.stack([layer[0].cpu() for layer in output.attentions]),
        states=torch.stack([embedded, *layers]),
        last=output.last_hidden_state[0].cpu(),
    )


def _embedded(model: LatentReasoner, prompt: list[int], tail: Tensor) -> Tensor:
    """Input embeddings (1, positions, D)."""
    embeddings = model.network.get_input_embeddings()(torch.tensor(prompt, device=model.device))
    return torch.cat([embeddings, tail.to(model.device)])[None]


@torch.inference_mode()
def _forward(
    model: LatentReasoner, prompt: list[int], tail: Tensor, factors: npt.NDArray[np.float64] | None, **wanted: bool
) -> Any:
    network, device = model.network, model.device
    embeddings = _embedded(model, prompt, tail)
    positions = torch.arange(embeddings.shape[1], device=device)[None]
    mask = None
    if factors is not None:
        # (layers or 1, 1, heads or 1, positions, positions): the one kind of mask that eager attention adds as it is.
        with np.errstate(divide="ignore"):
            mask = torch.from_numpy(np.log(factors)).to(device=device, dtype=model.dtype)[:, None]
    with _eager(network), _layer_masks(network, mask):
        return network.base_model(
            inputs_embeds=embeddings,
            position_ids=positions,
            attention_mask=None if mask is None else mask[0],
            use_cache=False,
            **wanted,
        )


@torch.inference_mode()
def logits(model: LatentReasoner, states: Tensor) -> Tensor:
    """Logits (…, ids considered) of last hidden states (…, D), float32 on the CPU."""
    head = model.network.get_output_embeddings()  # type: ignore[no-untyped-call]
    logits: Tensor = head(states.to(model.device))[..., : model.logits_considered].float().cpu()
    return logits


@contextmanager
def _eager(network: PreTrainedModel) -> Iterator[None]:
    before = network.config._attn_implementation
    network.config._attn_implementation = "eager"
    try:
        yield
    finally:
        network.config._attn_implementation = before


@contextmanager
def _layer_masks(network: nn.Module, mask: Tensor | None) -> Iterator[None]:
    """Give each attention layer its own 4-D mask, where layers differ."""
    if mask is None or len(mask) == 1:
        yield
        return

    def swap(module: nn.Module, args: Any, kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        return args, {**kwargs, "attention_mask": mask[int(module.layer_idx)]}  # type: ignore[arg-type]

    attentions = [module for module in network.modules() if type(module).__name__.endswith("Attention")]
    handles = [module.register_forward_pre_hook(swap, with_kwargs=True) for module in attentions]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
