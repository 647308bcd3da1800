"""What every network has: embeddings, layers with attention, a last norm, an output head."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional

from ctlab.certify.weights import NotRecomputable, Weights


def _gelu_tanh(x: Tensor) -> Tensor:
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


ACTIVATIONS: Mapping[str, Callable[[Tensor], Tensor]] = {
    "silu": lambda x: x * torch.sigmoid(x),
    "gelu": functional.gelu,
    "gelu_new": _gelu_tanh,
    "gelu_pytorch_tanh": _gelu_tanh,
    "relu": lambda x: x.clamp_min(0),
}
"""By the names of transformers' configs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What a position leaves for later ones in place of its own; it reads its own itself."""

    position: int
    """Where, from 0."""
    key: Tensor | None = None
    """Key (key heads, d) as it is before positions turn it; None: its own."""
    value: Tensor | None = None
    """Value (key heads, d); None: its own."""


class Arithmetic(ABC):
    """A network on sequences of S positions, each in one piece; positions count from 0.

    Shapes are those of one sequence; several are a first axis before them.
    """

    tokens: ClassVar[str]
    """Name of the input embedding."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights

    @abstractmethod
    def start(self, inputs: Tensor) -> Tensor:
        """What the first layer gets (S, D) for input embeddings (S, D)."""

    @abstractmethod
    def layer(self, number: int, x: Tensor, added: Tensor, left: Sequence[Left] = ()) -> tuple[Tensor, Tensor]:
        """A layer's output (S, D) and its attention weights (heads, S, S).

        ``added`` goes to the scores; ``left`` is what later positions read of some in place of what is there.
        """

    def keys_and_values(self, number: int, x: Tensor) -> tuple[Tensor, Tensor]:
        """What positions leave at a layer (key heads, S, d), keys before they are turned; of its input (S, D)."""
        raise NotRecomputable("what its layers leave for later positions is not written out")

    def turned_back(self, key: Tensor, position: int) -> Tensor:
        """A key (key heads, d) that lies at a position, as it was before it was turned; learned positions turn none.

        Of a negative position: turned on by as many.
        """
        return key

    @abstractmethod
    def last_norm(self, x: Tensor) -> Tensor:
        """The norm (S, D) before the output head."""

    def embed(self, ids: Sequence[int]) -> Tensor:
        """Input embeddings (ids, D)."""
        return self.weights.rows(self.tokens, ids)

    def logits(self, states: Tensor, considered: int) -> Tensor:
        """Scores (…, considered) of the leading ids for last hidden states (…, D)."""
        bias = self.weights.get("lm_head.bias")
        scores = states @ self.weights["lm_head.weight"][:considered].T
        return scores if bias is None else scores + bias[:considered]


def activation(name: str) -> Callable[[Tensor], Tensor]:
    """Look a config's activation up."""
    if name not in ACTIVATIONS:
        raise NotRecomputable(f"its activation is {name!r}; written out are {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]


def attend(
    query: Tensor, key: Tensor, value: Tensor, scale: float, added: Tensor, left: Sequence[Left] = ()
) -> tuple[Tensor, Tensor]:
    """Mix values (heads, S, d) by softmax; returns (S, heads d) and the weights (heads, S, S).

    ``left`` are turned keys, and values, of as many heads as the queries.
    """
    scores = query @ key.transpose(-2, -1) * scale + added
    for each in left:
        after = slice(each.position + 1, None)
        if each.key is not None:
            scores[..., after, each.position] = (query[..., after, :] * each.key[:, None]).sum(-1) * scale + added[
                ..., after, each.position
            ]
    unnormalised = (scores - scores.amax(-1, keepdim=True)).exp()
    weights = unnormalised / unnormalised.sum(-1, keepdim=True)
    mixed = weights @ value
    for each in left:
        if each.value is not None:
            after = slice(each.position + 1, None)
            other = each.value - value[..., each.position, :]
            mixed[..., after, :] += weights[..., after, each.position, None] * other[:, None]
    return mixed.transpose(-3, -2).flatten(-2), weights


def layer_norm(x: Tensor, weight: Tensor, bias: Tensor, epsilon: float) -> Tensor:
    """Centre, scale to variance 1, then stretch and shift (arXiv 1607.06450)."""
    centred = x - x.mean(-1, keepdim=True)
    return centred / (centred.pow(2).mean(-1, keepdim=True) + epsilon).sqrt() * weight + bias
