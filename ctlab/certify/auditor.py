"""Watches a pass and compares every attention weight with what the conditions say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ctlab.certify.expected_edges import Segments
from ctlab.certify.followed import Followed, joined
from ctlab.certify.tolerance import worse
from ctlab.engine.decode_step import DecodeStep
from ctlab.engine.prefill_step import PrefillStep
from ctlab.engine.prefix_tree import PrefixTree
from ctlab.engine.prompt import PromptCache

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(slots=True, kw_only=True)
class Observed:
    """What was observed of one condition, over the whole sample."""

    expected: Flags
    """Edges (problem, row, key) that are weakened, by the model itself or the condition, where computed."""
    added: Flags
    """Edges that the condition weakens beyond what the model itself does."""
    removed: Flags
    """Edges that the condition removes and the model itself does not."""
    masked: Flags
    """Edges whose score the engine changed."""
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
    largest_left_out: float = 0.0
    """Largest weight on a thought that the condition does not feed; 0 where it feeds all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """A step's inputs and outputs, on the CPU."""

    level: int
    """Level of the tree."""
    start: int
    """First tail position."""
    kept: bool
    """Whether a later pass does not compute these positions again."""
    problem_of: list[int]
    """Problem of each row."""
    branch_of: list[int]
    """Branch of each row."""
    embeddings: Tensor
    """What was fed (R, T, D)."""
    states: Tensor
    """Last hidden states (R, T, D)."""

    @classmethod
    def of(cls, step: DecodeStep, embeddings: Tensor, states: Tensor) -> "StepRecord":
        """Copy what hooks are shown of a step."""
        return cls(
            level=step.level,
            start=step.cache.width,
            kept=step.kept,
            problem_of=step.cache.problem_of.tolist(),
            branch_of=step.cache.branch_of.tolist(),
            embeddings=embeddings.cpu(),
            states=states.cpu(),
        )


@dataclass(slots=True, kw_only=True)
class QuestionStates:
    """Last hidden states of the prompts, on the CPU, where the model reads them."""

    row_of: dict[tuple[int, int], int] = field(default_factory=dict)
    """Problem and first-level branch to the row below."""
    states: Tensor | None = None
    """(Q, D); None: nobody reads them."""

    def keep(self, prompts: PromptCache, states: Tensor) -> None:
        """Copy what hooks are shown of the prompts."""
        pairs = zip(prompts.problem_of.tolist(), prompts.root_of.tolist(), strict=True)
        self.row_of, self.states = {pair: row for row, pair in enumerate(pairs)}, states.cpu()

    def of(self, problem: int, root: int, width: int) -> Tensor:
        """One problem's (1, D); (0, D) of ``width`` where nobody reads it."""
        if self.states is None:
            return torch.empty(0, width)
        row = self.row_of[problem, root]
        return self.states[row : row + 1]


class Auditor:
    """`hooks.Hooks` that knows for each condition and problem which edges are weakened, and where everything is."""

    def __init__(
        self,
        tree: PrefixTree,
        factors: Sequence[Sequence[Array]],
        bases: Sequence[Sequence[Array]],
        lengths: Sequence[int],
        thoughts: int | None,
        tails: Sequence[Sequence[Segments]],
    ) -> None:
        self.thoughts = thoughts
        self.tails = tails
        self.tree = tree
        self.lengths = np.array(lengths)
        self.steps: list[StepRecord] = []
        self.questions = QuestionStates()
        # One position more than any sequence has: padding is written there, and never read.
        self.size = 1 + max(problem.shape[-1] for condition in factors for problem in condition)
        self.rows = 1 + max(problem.shape[-2] for condition in factors for problem in condition)
        self.factors = [self._stack(condition) for condition in factors]
        stacked = {id(base): self._stack(base) for base in bases}  # conditions of as many thoughts share theirs
        self.bases = [stacked[id(base)] for base in bases]
        shape = (len(lengths), self.rows, self.size)
        self.observed = [_nothing_observed(shape) for _ in factors]

    def _stack(self, factors: Sequence[Array]) -> Array:
        # (problems, layers or 1, heads or 1, rows, size)
        stacked = np.zeros((len(factors), *factors[0].shape[:2], self.rows, self.size))
        for problem, edges in enumerate(factors):
            stacked[problem, :, :, : edges.shape[-2], : edges.shape[-1]] = edges
        return stacked

    def prefill_attention(self, step: PrefillStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """See `hooks.Hooks`."""
        visible = step.prompts.visible.cpu().numpy()
        tokens = np.where(visible, np.cumsum(visible, axis=1) - 1, -1)
        roots = step.prompts.root_of.cpu().numpy()
        problems = step.prompts.problem_of.cpu().numpy()
        for condition, rows in self._conditions(0, roots):
            parts = (_array(tensor[rows]) for tensor in (scores, mask, weights))
            self._compare(condition, problems[rows], layer, tokens[rows], tokens[rows], tokens[rows], *parts)

    def question_states(self, prompts: PromptCache, states: Tensor) -> None:
        """See `hooks.Hooks`."""
        self.questions.keep(prompts, states)

    def attention(self, step: DecodeStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """See `hooks.Hooks`."""
        cache = step.cache
        problems = cache.problem_of.cpu().numpy()
        visible = cache.prompts.visible[cache.prompt_of].cpu().numpy()
        lengths = self.lengths[problems, None]
        tokens = np.where(visible, np.cumsum(visible, axis=1) - 1, -1)
        scores, mask, weights = (step.by_row(tensor) for tensor in (scores, mask, weights))
        for condition, own in self._conditions(step.level, cache.branch_of.cpu().numpy()):
            tail = self.tails[condition][0]  # another for another problem only where none leaves thoughts out
            places = tail.places(self.thoughts, step.width)
            new = np.flatnonzero(places[cache.width :] >= 0)
            if not len(new):
                continue  # thoughts that the condition leaves out: others go on where it stops
            keys = np.concatenate([tokens[own], np.where(places < 0, -1, lengths[own] + places)], axis=1)
            readers = lengths[own] + places[cache.width :][new]
            computed = readers + step.pass_ * tail.thoughts  # a row more for each pass over each thought
            parts = [_array(tensor[own])[:, :, new] for tensor in (scores, mask, weights)]
            observed, left_out = self.observed[condition], tokens.shape[1] + np.flatnonzero(places < 0)
            observed.largest_left_out = worse(observed.largest_left_out, parts[-1][..., left_out])
            self._compare(condition, problems[own], layer, computed, readers, keys, *parts)

    def hidden_states(self, step: DecodeStep, embeddings: Tensor, states: Tensor) -> None:
        """See `hooks.Hooks`."""
        self.steps.append(StepRecord.of(step, embeddings, states))

    def followed(self, condition: int, problem: int, width: int) -> Followed:
        """See `followed.Follows`."""
        tail = self.tails[condition][problem]
        return followed(self.tree, self.steps, self.questions, condition, problem, width, tail, self.thoughts)

    def tail(self, condition: int, problem: int) -> Segments:
        """See `followed.Follows`."""
        return self.tails[condition][problem]

    def _conditions(self, level: int, branches: Index) -> Iterator[tuple[int, Index]]:
        """Each condition and its rows."""
        for condition, branch in enumerate(self.tree.levels[level].branch_of):
            if len(rows := np.flatnonzero(branches == branch)):
                yield condition, rows

    def _compare(
        self,
        condition: int,
        problems: Index,
        layer: int,
        computed: Index,
        readers: Index,
        keys: Index,
        scores: Array,
        mask: Array,
        weights: Array,
    ) -> None:
        """Compare weights (R, heads, T, K) with a condition.

        ``computed`` (R, T) are rows, ``readers`` (R, T) and ``keys`` (R, K) positions; -1 is padding.
        """
        index = np.ix_(*map(range, (len(problems), readers.shape[1], keys.shape[1])))
        at = problems[index[0]], computed[index[0], index[1]], keys[index[0], index[2]]
        factor, itself = (
            np.moveaxis(factors[at[0], min(layer, factors.shape[1] - 1), :, at[1], at[2]], -1, 1)
            for factors in (self.factors[condition], self.bases[condition])
        )
        own = (at[2] >= 0) & (at[2] <= readers[index[0], index[1]])  # (R, T, K)
        heads_own = own[:, None]
        # Whether padding is read is a check of its own; here the mask's word is taken for it.
        expected_factor = np.where((at[2] >= 0)[:, None], factor * heads_own, mask > -np.inf)
        real = (readers >= 0)[:, None, :]
        observed = self.observed[condition]
        removed = np.broadcast_to((factor == 0) & heads_own, weights.shape)
        observed.removed_weights += int(removed.sum())
        observed.largest_removed = worse(observed.largest_removed, weights[removed])
        observed.largest_row_error = worse(observed.largest_row_error, np.where(real, weights.sum(-1) - 1, 0.0))
        error = np.where(real[..., None], weights - _softmax(scores, expected_factor), 0.0)
        observed.largest_weight_error = worse(observed.largest_weight_error, error)
        padding = np.broadcast_to((at[2] < 0)[:, None] & real[..., None], weights.shape)
        observed.largest_padding = worse(observed.largest_padding, weights[padding])
        observed.expected[at] |= ((factor < 1) & heads_own).any(axis=1)
        observed.added[at] |= ((factor < itself) & heads_own).any(axis=1)
        observed.removed[at] |= ((factor == 0) & (itself > 0) & heads_own).any(axis=1)
        observed.masked[at] |= ((mask != 0) & heads_own).any(axis=1)


def followed(
    tree: PrefixTree,
    steps: Sequence[StepRecord],
    questions: QuestionStates,
    condition: int,
    problem: int,
    width: int,
    tail: Segments,
    thoughts: int | None,
) -> Followed:
    """Put together one problem's first ``width`` positions of a condition's ``tail``, of a run of ``thoughts``."""
    parts = []
    for step in steps:
        own = own_positions(tail, thoughts, step.start, step.embeddings.shape[1], width)
        if own is None:
            continue
        branch = tree.levels[step.level].branch_of[condition]
        row = list(zip(step.problem_of, step.branch_of, strict=True)).index((problem, branch))
        parts.append((step.embeddings[row, own], step.states[row, own], step.kept))
    size = parts[0][0].shape[-1] if parts else 0
    return joined(parts, questions.of(problem, tree.levels[0].branch_of[condition], size))


def own_positions(tail: Segments, thoughts: int | None, start: int, new: int, width: int) -> slice | None:
    """Which of a step's ``new`` positions from ``start`` on are among a tail's first ``width``; None: none.

    The step is of a run of ``thoughts``, of which the tail may leave the last ones out: its own are a step's first.
    """
    places = tail.places(thoughts, start + new)[start:]
    count = int((places >= 0).sum())
    return slice(0, count) if count and places[0] < width else None


def _nothing_observed(shape: tuple[int, ...]) -> Observed:
    return Observed(expected=_none(shape), added=_none(shape), removed=_none(shape), masked=_none(shape))


def _none(shape: tuple[int, ...]) -> Flags:
    return np.zeros(shape, dtype=bool)


def _softmax(scores: Array, factors: Array) -> Array:
    # A row of padding may have no factor but 0: it is 0 here, not NaN.
    unnormalised = factors * np.exp(scores - scores.max(-1, keepdims=True))
    normalised: Array = unnormalised / np.maximum(unnormalised.sum(-1, keepdims=True), np.finfo(float).tiny)
    return normalised


def _array(tensor: Tensor) -> Array:
    return tensor.double().cpu().numpy()
