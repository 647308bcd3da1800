"""The whole sequence once more, in one piece, by transformers' own attention: what the engine must agree with."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from ctlab.models.reasoner import LatentReasoner


@torch.inference_mode()
def hidden_states(
    model: LatentReasoner, question: list[int], tail: Tensor, keep: npt.NDArray[np.float64] | None
) -> Tensor:
    """Last hidden states (positions, D) of a question and the embeddings (T, D) after it.

    ``keep`` (layers or 1, heads or 1, positions, positions) are factors on edges; None leaves even causality to the
    network's own plain forward pass.
    """
    network, device = model.network, model.device
    asked = network.get_input_embeddings()(torch.tensor(question, device=device))
    embeddings = torch.cat([asked, tail.to(device)])[None]
    positions = torch.arange(embeddings.shape[1], device=device)[None]
    mask = None
    if keep is not None:
        with np.errstate(divide="ignore"):
            mask = torch.from_numpy(np.log(keep)).to(device=device, dtype=model.dtype)[:, None]
    with _eager(network), _layer_masks(network, mask):
        output = network.base_model(
            inputs_embeds=embeddings,
            position_ids=positions,
            attention_mask=None if mask is None else mask[0],
            use_cache=False,
        )
    states: Tensor = output.last_hidden_state[0]
    return states


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

    attentions = [each for each in network.modules() if type(each).__name__.endswith("Attention")]
    handles = [each.register_forward_pre_hook(swap, with_kwargs=True) for each in attentions]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
