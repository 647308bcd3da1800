"""An independent reference for probes: float64, one sequence in one piece, every weight and state written down.

Positions are found by the names of what stands there; nothing is shared with the engine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor

from tests.engine import oracle
from tests.engine.oracle import Oracle


@dataclass(frozen=True)
class Trace:
    """One sequence: its positions' names, factors and weights (layers, heads, S, S), states (layers + 1, S, D)."""

    names: list[str]
    keep: Tensor
    weights: Tensor
    states: Tensor
    last: Tensor
    tokens: list[int]
    made: "Trace | None" = None  # where thoughts are made, if that is another sequence

    @property
    def makers(self) -> "Trace":
        """The sequence whose states thoughts are made of."""
        return self.made or self

    def reader(self, name: str) -> int | None:
        """Position of a reader, None where the answer did not come so far."""
        if name.startswith("answer"):
            places = [place for place, each in enumerate(self.names) if each == "answer"]
            number = int(name.split()[1])
            return places[number - 1] if number <= len(places) else None
        return max(place for place, each in enumerate(self.names) if each == name)


def follow(
    reference: Oracle,
    question: Sequence[int],
    interventions: Sequence[Mapping[str, Any]],
    most: int,
    control: int | None = None,
) -> Trace:
    """Answer, then go through question, begin, thoughts, end and answer once more in one piece."""
    tokens, _ = reference.answer(question, interventions, most, control)
    begin, end, eos, _ = reference._ids()
    thoughts = reference.settings["num_latent"]
    answer = [token for token in tokens if token != eos][: most - 1]  # what is fed again
    names = ["question"] * len(question) + ["begin"] * len(begin) + [f"CT{k}" for k in range(thoughts)]
    names += ["end"] * len(end) + ["answer"] * len(answer)
    keep = reference._keep(names, interventions, control)
    fed = [reference.embedding[list(question)], reference.embedding[begin]]
    for _ in range(thoughts):
        fed.append(reference._project(reference._forward(torch.cat(fed), keep)[-1])[None])
    fed += [reference.embedding[end], reference.embedding[answer]]
    return traced(reference, torch.cat(fed), names, keep, tokens)


def traced(reference: Oracle, inputs: Tensor, names: list[str], keep: Tensor, tokens: list[int]) -> Trace:
    """Write down all of input embeddings (S, D)."""
    weights: list[Tensor] = []
    states = [inputs]
    honest = oracle.attend
    block = "_gpt2_block" if reference.gpt2 else "_llama_block"
    step = getattr(reference, block)

    def attend(q: Tensor, k: Tensor, v: Tensor, factors: Tensor) -> Tensor:
        identity = torch.eye(k.shape[1], dtype=k.dtype).expand(k.shape[0], -1, -1)
        own = honest(q, k, identity, factors)  # (S, heads S): the weights themselves
        weights.append(own.view(len(own), k.shape[0], -1).transpose(0, 1))
        return honest(q, k, v, factors)

    def follow_block(*args: Any) -> Tensor:
        states.append(step(*args))
        return states[-1]

    with patch.object(oracle, "attend", attend), patch.object(reference, block, follow_block):
        last = reference._forward(inputs, keep)
    return Trace(names, keep, torch.stack(weights), torch.stack(states), last, tokens)


def segment_sums(weights: Tensor, names: Sequence[str], reader: int, segments: Sequence[str]) -> Tensor:
    """Sums (layers, heads, segments) of one reader's weights (layers, heads, S)."""
    columns = []
    for segment in segments:
        own = [
            place
            for place in range(reader + 1)
            if (place == reader if segment == "itself" else names[place] == segment and place != reader)
        ]
        columns.append(weights[:, :, own].sum(-1))
    return torch.stack(columns, -1)


def mass(trace: Trace, reader: int, segments: Sequence[str]) -> Tensor:
    """(layers, heads, segments)."""
    return segment_sums(trace.weights[:, :, reader], trace.names, reader, segments)


def expected(baseline: Trace, treated: Trace, reader: int, segments: Sequence[str]) -> Tensor:
    """(layers, heads, segments): baseline's weights times the treated run's factors, renormalised."""
    kept = baseline.weights[:, :, reader, : reader + 1] * treated.keep[:, :, reader, : reader + 1]
    return segment_sums(kept / kept.sum(-1, keepdim=True), baseline.names, reader, segments)


def apart(baseline: Trace, treated: Trace, position: int) -> tuple[Tensor, Tensor]:
    """Cosine and relative distance (layers + 1,)."""
    a, b = treated.states[:, position], baseline.states[:, position]
    cosine = torch.nn.functional.cosine_similarity(a, b, dim=-1)
    return cosine, (a - b).norm(dim=-1) / b.norm(dim=-1)


def said(reference: Oracle, state: Tensor) -> Tensor:
    """Probabilities of the ids that the model considers, from last hidden states (…, D)."""
    considered = reference._ids()[3]
    return (state @ reference._head().T)[..., :considered].softmax(-1)


def normed(reference: Oracle, state: Tensor) -> Tensor:
    """The final norm."""
    if reference.gpt2:
        return reference._norm(state, "transformer.ln_f")
    return reference._rms(state, "model.norm")
