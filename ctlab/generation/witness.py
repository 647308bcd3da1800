"""Watches a pass and compares every attention weight with what the conditions say."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from torch import Tensor

from ctlab.generation.branches import Tree
from ctlab.generation.question import Prefill
from ctlab.generation.tail import TailStep

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]


@dataclass(slots=True, kw_only=True)
class Seen:
    """What was seen of one condition, over the whole sample."""

    removed_weights: int = 0
    """Weights looked at on removed edges, every layer and head."""
    largest_removed: float = 0.0
    """Largest of them."""
    largest_row_error: float = 0.0
    """Largest distance of a row's sum from 1."""
    largest_weight_error: float = 0.0
    """Largest distance of a weight from its own softmax, taken in float64 with the condition's factors."""
    largest_padding: float = 0.0
    """Largest weight on padding."""
    expected: set[tuple[int, int, int]] = field(default_factory=set)
    """Edges (problem, reader, key) that the condition weakens, among those that were computed."""
    removed: set[tuple[int, int, int]] = field(default_factory=set)
    """Edges that it removes."""
    masked: set[tuple[int, int, int]] = field(default_factory=set)
    """Edges whose score the engine changed."""


@dataclass(slots=True, kw_only=True)
class Fed:
    """A step's inputs and outputs, on the CPU."""

    level: int
    """Level of the tree."""
    start: int
    """First tail position."""
    problem_of: list[int]
    """Problem of each row."""
    branch_of: list[int]
    """Branch of each row."""
    embeddings: Tensor
    """What was fed (R, T, D)."""
    states: Tensor
    """Last hidden states (R, T, D)."""


class Witness:
    """An `observer.Observer` that knows for each condition and problem which edges are weakened."""

    def __init__(self, tree: Tree, keep: Sequence[Sequence[Array]], lengths: Sequence[int], layers: int) -> None:
        self.tree = tree
        self.keep = keep
        self.lengths = lengths
        self.layers = layers
        self.seen = [Seen() for _ in keep]
        self.fed: list[Fed] = []

    def question(self, step: Prefill, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """See `observer.Observer`."""
        problems, visible = step.questions.problem_of.tolist(), step.questions.visible.cpu().numpy()
        count = len(self.lengths)
        for row, problem in enumerate(problems):
            tokens = np.flatnonzero(visible[row])
            parts = [_array(each[row])[:, tokens] for each in (scores, mask.expand_as(scores), weights)]
            readers = np.arange(len(tokens))
            for condition in self._members(0, row // count):
                self._compare(condition, problem, layer, readers, tokens, parts)

    def attention(self, step: TailStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """See `observer.Observer`."""
        rows = step.rows
        visible = rows.questions.visible[rows.question_of].cpu().numpy()
        for row, (problem, branch) in enumerate(zip(rows.problem_of.tolist(), rows.branch_of.tolist(), strict=True)):
            parts = [_array(each[row]) for each in (scores, mask.expand_as(scores), weights)]
            columns = np.concatenate([np.flatnonzero(visible[row]), rows.questions.length + np.arange(step.width)])
            readers = self.lengths[problem] + rows.width + np.arange(step.new)
            for condition in self._members(step.level, branch):
                self._compare(condition, problem, layer, readers, columns, parts)

    def hidden(self, step: TailStep, embeddings: Tensor, states: Tensor) -> None:
        """See `observer.Observer`."""
        self.fed.append(
            Fed(
                level=step.level,
                start=step.rows.width,
                problem_of=step.rows.problem_of.tolist(),
                branch_of=step.rows.branch_of.tolist(),
                embeddings=embeddings.cpu(),
                states=states.cpu(),
            )
        )

    def _members(self, level: int, branch: int) -> list[int]:
        return [condition for condition, own in enumerate(self.tree.levels[level].branch_of) if own == branch]

    def _compare(
        self, condition: int, problem: int, layer: int, readers: Index, columns: Index, parts: list[Array]
    ) -> None:
        """Compare rows of weights; ``columns`` are the sequence's own among theirs, the others are padding."""
        scores, mask, weights = parts  # each (heads, readers, columns)
        causal = np.arange(len(columns)) <= readers[:, None]
        own = self.keep[condition][problem]
        own = own[min(layer, own.shape[0] - 1)][:, readers, : len(columns)] * causal
        keep = np.broadcast_to(np.where(mask[:1] > -np.inf, 1.0, 0.0), (len(own), *mask.shape[1:])).copy()
        keep[..., columns] = own
        seen = self.seen[condition]
        removed = np.broadcast_to((own == 0) & causal, (*weights.shape[:2], len(columns)))
        seen.removed_weights += int(removed.sum())
        seen.largest_removed = _worst(seen.largest_removed, np.abs(weights[..., columns][removed]))
        seen.largest_row_error = _worst(seen.largest_row_error, np.abs(weights.sum(-1) - 1))
        seen.largest_weight_error = _worst(seen.largest_weight_error, np.abs(weights - _softmax(scores, keep)))
        padding = np.delete(weights, columns, axis=-1)
        seen.largest_padding = _worst(seen.largest_padding, np.abs(padding))
        for found, edges in (
            (seen.expected, (own < 1) & causal),
            (seen.removed, (own == 0) & causal),
            (seen.masked, (mask[..., columns] != 0) & causal),
        ):
            pairs = np.argwhere(edges.any(axis=0)).tolist()
            found.update((problem, int(readers[reader]), key) for reader, key in pairs)


def _worst(before: float, values: Array) -> float:
    # A NaN must win: numpy's maximum hands it on, Python's max may lose it.
    return float(np.maximum(before, values.max())) if values.size else before


def _softmax(scores: Array, keep: Array) -> Array:
    unnormalised = keep * np.exp(scores - scores.max(-1, keepdims=True))
    normalised: Array = unnormalised / unnormalised.sum(-1, keepdims=True)
    return normalised


def _array(tensor: Tensor) -> Array:
    return tensor.double().cpu().numpy()
