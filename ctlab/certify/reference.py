"""The whole sequence once more, in one piece, sharing nothing but weights with the run that it is held against.

Own embeddings, positions, attention, norms, output head (`certify.networks`) and projection to thoughts
(`Family.recomputed_thought`); the mask is the certificate's own, from a condition's words (`certify.expected_edges`).
Nothing of the engine, of the probes and of transformers is imported here, and no module of the model is called.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ctlab.certify.networks import ARITHMETICS
from ctlab.certify.networks.arithmetic import Arithmetic, Left
from ctlab.certify.weights import NotRecomputable, Weights
from ctlab.models.families import FAMILIES
from ctlab.models.reasoner import LatentReasoner

Factors = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One sequence of S positions, written down whole; on the CPU."""

    weights: Tensor
    """(layers, heads, S, S) attention weights."""
    states: Tensor
    """(layers + 1, S, D): input embeddings, then what each layer gave, before the final norm."""
    last: Tensor
    """(S, D) last hidden states, after the final norm."""


class Swap(Protocol):
    """What is put in place of one position's own at one layer."""

    position: int
    """Where in the sequence, from 0."""
    layer: int
    """Layer, from 0."""
    what: str
    """``residual``: what the layer gives (D,). ``key``, before it is turned, and ``value``: what it leaves for later
    positions (key heads x d,)."""

    def instead(self, own: Tensor) -> Tensor:
        """What is put in place of what is there."""


@torch.inference_mode()
def trace(model: LatentReasoner, inputs: Tensor, factors: Factors, swaps: Sequence[Swap] = ()) -> Trace:
    """Write down every attention weight and state of input embeddings (S, D), positions counted from 0.

    ``factors`` (layers or 1, heads or 1, S, S) are factors on edges, 0 where a position may not be read. States are
    those that layers hand on, with ``swaps``.
    """
    network = _network(model)
    with np.errstate(divide="ignore"):
        added = torch.from_numpy(np.log(factors)).to(inputs.device)  # exp(score + log(factor)) = factor * exp(score)
    x = inputs.to(network.weights.device, network.weights.dtype)
    states, weights = [x], []
    x = network.start(x)
    for number in range(model.num_layers):
        here = [swap for swap in swaps if swap.layer == number]
        left = list(_left(network, x, here)) if here else ()
        x, attention = network.layer(number, x, added[min(number, len(added) - 1)].to(x), left)
        for swap in here:
            if swap.what == "residual":
                x = x.clone()
                x[swap.position] = swap.instead(x[swap.position]).to(x)
        states.append(x)
        weights.append(attention)
    last = network.last_norm(x)
    return Trace(weights=torch.stack(weights).cpu(), states=torch.stack(states).cpu(), last=last.cpu())


def _left(network: Arithmetic, x: Tensor, swaps: Sequence[Swap]) -> Iterator[Left]:
    """What is put in place of a layer's keys and values, of its input (S, D)."""
    number = swaps[0].layer
    for swap in swaps:
        if swap.what != "residual":
            own = network.keys_and_values(number, x)[swap.what == "value"][:, swap.position]
            instead = swap.instead(own.flatten()).to(own).expand(own.numel()).view_as(own)
            yield Left(position=swap.position, **{swap.what: instead})


@torch.inference_mode()
def at_places(
    model: LatentReasoner, traced: Trace, places: Sequence[tuple[str, int]], positions: range
) -> dict[tuple[str, int], Tensor]:
    """What a traced sequence has at places (what, layer), named as in `Swap`, of some positions (positions, W)."""
    network, found = _network(model), {}
    states = traced.states.to(network.weights.device)
    for what, layer in places:
        there = states[layer + 1]
        if what != "residual":
            read = states[layer] if layer else network.start(states[0])
            there = network.keys_and_values(layer, read)[what == "value"].transpose(0, 1).flatten(1)
        found[what, layer] = there[positions.start : positions.stop].cpu()
    return found


@torch.inference_mode()
def turned_back(model: LatentReasoner, key: Tensor, position: int) -> Tensor:
    """A key (key heads x d,) that a run left at a position, as it was before it was turned by it; on the CPU."""
    network = _network(model)
    config = model.network.config
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    heads = key.to(network.weights.device, network.weights.dtype).view(-1, size)
    return network.turned_back(heads, position).flatten().cpu()


@torch.inference_mode()
def turned_by(model: LatentReasoner, key: Tensor, position: int) -> Tensor:
    """A key (key heads x d,) as a run leaves it at a position; the other way round than `turned_back`."""
    return turned_back(model, key, -position)


@torch.inference_mode()
def last_states(
    model: LatentReasoner,
    sequences: Sequence[Tensor],
    factors: Sequence[Factors],
    swaps: Sequence[Sequence[Swap]],
) -> list[Tensor]:
    """Last hidden states (S, D) of several sequences (S, D) at once, each as `trace` has them; on the CPU."""
    if any(swaps):
        return [trace(model, *each).last for each in zip(sequences, factors, swaps, strict=True)]
    network, longest = _network(model), max(map(len, sequences))
    x = network.start(_stacked(sequences, longest).to(network.weights.device, network.weights.dtype))
    alike = all(len(table) == 1 for table in factors)
    for number in range(model.num_layers):
        if number == 0 or not alike:
            added = _added([table[min(number, len(table) - 1)] for table in factors], longest).to(x)
        x, _ = network.layer(number, x, added)
    last = network.last_norm(x).cpu()
    return [states[: len(sequence)] for states, sequence in zip(last, sequences, strict=True)]


def _stacked(sequences: Sequence[Tensor], longest: int) -> Tensor:
    padded = sequences[0].new_zeros(len(sequences), longest, sequences[0].shape[-1])
    for row, sequence in zip(padded, sequences, strict=True):
        row[: len(sequence)] = sequence
    return padded


def _added(tables: Sequence[Factors], longest: int) -> Tensor:
    """What is added to scores (rows, heads or 1, S, S); padding, on the right, reads itself and nobody reads it."""
    heads = max(map(len, tables))
    keep = np.broadcast_to(np.eye(longest, dtype=np.float32), (len(tables), heads, longest, longest)).copy()
    for row, table in zip(keep, tables, strict=True):
        row[:, : table.shape[-1], : table.shape[-1]] = table
    with np.errstate(divide="ignore"):
        return torch.from_numpy(np.log(keep, out=keep))


def inputs(model: LatentReasoner, prompt: Sequence[int], fed: Tensor, after: Sequence[int] = ()) -> Tensor:
    """Input embeddings (S, D) of a question, begin, the thoughts ``fed`` (thoughts, D) and the tokens after them."""
    before = embedded(model, [*prompt, *model.begin_ids])
    return torch.cat([before, fed.to(before), embedded(model, _read_as(model, after))])


def all_inputs(model: LatentReasoner, asked: Sequence[tuple[Sequence[int], Tensor, Sequence[int]]]) -> list[Tensor]:
    """Input embeddings of several sequences, each as `inputs` has them: (question, thoughts, tokens after them)."""
    ids = [part for prompt, _, after in asked for part in ([*prompt, *model.begin_ids], _read_as(model, after))]
    tokens = iter(torch.split(embedded(model, [token for part in ids for token in part]), [len(part) for part in ids]))
    return [torch.cat([before := next(tokens), fed.to(before), next(tokens)]) for _, fed, _ in asked]


def _read_as(model: LatentReasoner, ids: Sequence[int]) -> list[int]:
    """Ids whose embeddings are fed for those of an answer: others than were written in some families."""
    return [model.embedded_as.get(token, token) for token in ids]


@torch.inference_mode()
def embedded(model: LatentReasoner, ids: Sequence[int]) -> Tensor:
    """Input embeddings (ids, D) of tokens, on the CPU."""
    return _network(model).embed(ids).cpu()


@torch.inference_mode()
def thoughts(model: LatentReasoner, states: Tensor) -> Tensor:
    """Embeddings (N, D) of the thoughts that follow last hidden states (N, D), on the CPU."""
    weights = Weights.of(model)
    own = {name: tensor.to(weights.dtype) for name, tensor in weights.projection.items()}
    family = FAMILIES[model.settings.family]
    try:
        made: Tensor = family.recomputed_thought(model.settings, own, states.to(weights.device, weights.dtype))
    except KeyError as missing:
        raise NotRecomputable(f"its projection has no weights {missing}") from None
    return made.cpu()


@torch.inference_mode()
def logits(model: LatentReasoner, states: Tensor) -> Tensor:
    """Logits (…, ids considered) of last hidden states (…, D), on the CPU."""
    scores = _scores(model, states)
    if model.unwritable:
        # As small as the smallest, which nobody chooses, and not -inf: that would be the size of the largest number.
        scores[..., list(model.unwritable)] = scores.amin(-1, keepdim=True)
    return scores


@torch.inference_mode()
def log_probabilities(model: LatentReasoner, states: Tensor) -> Tensor:
    """Log-probabilities (…, ids considered), float64, of what last hidden states (…, D) decode to, on the CPU."""
    scores = _scores(model, states).double()
    scores[..., list(model.unwritable)] = -torch.inf
    largest = scores.amax(-1, keepdim=True)
    return scores - largest - (scores - largest).exp().sum(-1, keepdim=True).log()


@torch.inference_mode()
def head_logits(model: LatentReasoner, states: Tensor) -> Tensor:
    """Logits (…, 2) of the ids that say whether thinking goes on or stops, of last hidden states (…, D), on the CPU."""
    return _scores(model, states)[..., list(model.stop_head or ())]


def _scores(model: LatentReasoner, states: Tensor) -> Tensor:
    network = _network(model)
    return network.logits(states.to(network.weights.device, network.weights.dtype), model.logits_considered).cpu()


@torch.inference_mode()
def obstacle(model: LatentReasoner) -> str | None:
    """Say why a model cannot be recomputed apart from the engine; None where it can."""
    try:
        network = _network(model)
        x = network.start(network.embed([model.eos_token_id]))
        for number in range(model.num_layers):
            x, _ = network.layer(number, x, torch.zeros(1, 1, 1).to(x))
        network.logits(network.last_norm(x), model.logits_considered)
        thoughts(model, x)
    except NotRecomputable as reason:
        return str(reason)
    if unread := network.weights.unread():
        return f"it has weights that the arithmetic written out does not use, {unread[0]!r} among them"
    return None


def _network(model: LatentReasoner) -> Arithmetic:
    kind = str(model.network.config.model_type)
    if kind not in ARITHMETICS:
        raise NotRecomputable(f"it is a {kind!r} model; written out are {', '.join(sorted(ARITHMETICS))}")
    return ARITHMETICS[kind](Weights.of(model))
