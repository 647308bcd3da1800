"""The whole sequence once more, in one piece, sharing nothing but weights with the run that it is held against.

Own embeddings, positions, attention, norms, output head (`certify.networks`) and projection to thoughts
(`Family.recomputed_thought`); the mask is the certificate's own, from a condition's words (`certify.expected_edges`).
Nothing of the engine, of the probes and of transformers is imported here, and no module of the model is called.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ctlab.certify.networks import ARITHMETICS
from ctlab.certify.networks.arithmetic import Arithmetic
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


@torch.inference_mode()
def trace(model: LatentReasoner, inputs: Tensor, factors: Factors) -> Trace:
    """Write down every attention weight and state of input embeddings (S, D), positions counted from 0.

    ``factors`` (layers or 1, heads or 1, S, S) are factors on edges, 0 where a position may not be read.
    """
    network = _network(model)
    with np.errstate(divide="ignore"):
        added = torch.from_numpy(np.log(factors)).to(inputs.device)  # exp(score + log(factor)) = factor * exp(score)
    x = inputs.to(network.weights.device, network.weights.dtype)
    states, weights = [x], []
    x = network.start(x)
    for number in range(model.num_layers):
        x, attention = network.layer(number, x, added[min(number, len(added) - 1)].to(x))
        states.append(x)
        weights.append(attention)
    last = network.last_norm(x)
    return Trace(weights=torch.stack(weights).cpu(), states=torch.stack(states).cpu(), last=last.cpu())


@torch.inference_mode()
def last_states(model: LatentReasoner, sequences: Sequence[Tensor], factors: Sequence[Factors]) -> list[Tensor]:
    """Last hidden states (S, D) of several sequences (S, D) at once, each as `trace` has them; on the CPU."""
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
