"""The attention that the network computes while the engine runs it, and the door through which probes watch it.

Registered with transformers under a name of its own, without a mask function: transformers then makes no mask at all,
and the step that the engine hands along owns causality, padding and interventions. Outside the engine it refuses to
compute.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import Event, Lock, local
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

from ctlab.engine.freed_memory import keep_freed_memory
from ctlab.engine.quick_modules import quickened

NAME = "ctlab"


class Enough(Exception):
    """Raised by a step in `attend` when nobody reads what the network would compute from there on."""


class Step(Protocol):
    """One forward pass of the network: it keeps keys and values, and knows who may see whom."""

    def attend(self, layer: int, query: Tensor, key: Tensor, value: Tensor, scale: float) -> Tensor:
        """Attend with ``query`` (R, heads, T, d) over what was kept and ``key``, ``value`` (R, key heads, T, d).

        Returns (R, T, heads, d).
        """


def attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    ctlab_step: Step | None = None,
    **_: Any,
) -> tuple[Tensor, None]:
    """Hand the layer's queries, keys and values to the engine's step."""
    if ctlab_step is None or attention_mask is not None:
        raise RuntimeError(
            "the 'ctlab' attention belongs to ctlab's engine; use another attn_implementation outside it"
        )
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    return ctlab_step.attend(int(module.layer_idx), query, key, value, scale), None  # type: ignore[arg-type]


@contextmanager
def engaged(network: PreTrainedModel) -> Iterator[None]:
    """Let the network compute attention through steps, and give it its own attention back afterwards.

    Several threads may run one network: the first one in changes it, the last one out changes it back.
    """
    with _CHANGING:
        users, change = _ENGAGED.get(id(network), (0, ExitStack()))
        if not users:
            change.enter_context(_changed(network))
        _ENGAGED[id(network)] = users + 1, change
    try:
        with torch.inference_mode():
            yield
    finally:
        with _CHANGING:
            users, change = _ENGAGED.pop(id(network))
            if users > 1:
                _ENGAGED[id(network)] = users - 1, change
            else:
                change.close()


_CHANGING = Lock()
_ENGAGED: dict[int, tuple[int, ExitStack]] = {}
"""How many runs a network has now, by its identity, and what changes it back."""


@contextmanager
def _changed(network: PreTrainedModel) -> Iterator[None]:
    ALL_ATTENTION_FUNCTIONS.register(NAME, attention)
    if network.device.type == "cpu":
        keep_freed_memory()
    before = network.config._attn_implementation
    network.config._attn_implementation = NAME
    try:
        with quickened(network, attention):
            yield
    finally:
        network.config._attn_implementation = before


class Stopped(Exception):
    """Raised in a thread whose batch nobody waits for any more."""


_THREAD = local()


@contextmanager
def stopping(stopped: Event) -> Iterator[None]:
    """Let this thread's passes of the network raise `Stopped` once ``stopped`` is set."""
    _THREAD.stopped = stopped
    try:
        yield
    finally:
        del _THREAD.stopped


def forward(network: PreTrainedModel, embeddings: Tensor, positions: Tensor, step: Step) -> Tensor:
    """Run ``embeddings`` (R, T, D) at ``positions`` (R, T) through the network; last hidden states (R, T, D)."""
    stopped = getattr(_THREAD, "stopped", None)
    if stopped is not None and stopped.is_set():
        raise Stopped("another batch beside this one failed")
    output = network.base_model(inputs_embeds=embeddings, position_ids=positions, use_cache=False, ctlab_step=step)
    hidden: Tensor = output.last_hidden_state
    return hidden


def forward_until_enough(network: PreTrainedModel, embeddings: Tensor, positions: Tensor, step: Step) -> None:
    """Run as `forward` does, for what the step keeps alone: until it has `Enough`."""
    with suppress(Enough):
        forward(network, embeddings, positions, step)
