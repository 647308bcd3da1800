"""Attention of a batch summed over segments while it runs; no weight outlives its step.

A reader's weights are first summed by *key kind*: the question, its control token, every tail position. Segments are
sums of kinds, and so is what proportional renormalisation would give: a condition's factor is the same for all keys of
a kind (`edge_factors`), so that both are one small matrix product for all rows and heads.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ctlab.engine.decode_step import DecodeStep
from ctlab.engine.edge_factors import CONTROL, FIRST_TAIL_KEY, FIRST_TAIL_QUERY, QUESTION, EdgeFactors
from ctlab.engine.layout import Layout
from ctlab.probes.reference_rows import ReferenceRows
from ctlab.probes.watched_pass import WatchedPass

Numbers = npt.NDArray[np.float64]
_KINDS_BEFORE_TAIL = 2  # the question, its control token


@dataclass(slots=True, kw_only=True)
class ReaderMass:
    """What one reader attended to, a tensor a layer."""

    level: int
    """Level of the tree."""
    problem_of: Tensor
    """(R,) problem of each row."""
    branch_of: Tensor
    """(R,) branch of each row."""
    live: Tensor | None
    """(R,) whether the row's answer is not over yet; None: all are."""
    mass: list[Tensor] = field(default_factory=list)
    """(R, segments), mean over heads."""
    heads: list[Tensor] = field(default_factory=list)
    """(branches, heads, segments), sum over live rows."""
    expected: list[Tensor] = field(default_factory=list)
    """(C, P, segments); empty for answer readers."""


class AttentionMass:
    """Sums attention by reader; ``reference`` is the number of the condition that the others are compared with."""

    def __init__(self, edge_factors: EdgeFactors, watched: WatchedPass, reference: int, device: torch.device) -> None:
        self.layout = edge_factors.layout
        self.readers: list[ReaderMass] = []
        self._watched = watched
        self._factors = relative_factors(edge_factors, watched, reference)
        self._control = any(edge_factors.uses_control(index) for index in range(len(edge_factors.conditions)))
        self._device = device
        self._into: dict[int, tuple[Tensor, Tensor]] = {}
        self._branches = torch.empty(0)

    def begin(self, step: DecodeStep, branches: int) -> None:
        """Start a step of a level with so many branches."""
        cache = step.cache
        self._branches = torch.arange(branches, device=self._device)[:, None] == cache.branch_of
        if step.live is not None:
            self._branches = self._branches & step.live
        for _, position in self._watched.readers(step):
            self.readers.append(
                ReaderMass(level=step.level, problem_of=cache.problem_of, branch_of=cache.branch_of, live=step.live)
            )
            if position not in self._into:
                apart = torch.from_numpy(segment_matrix(self.layout, position)).to(self._device)
                whole = apart.clone()
                whole[1] = 0  # the sum over the question holds its control token already
                self._into[position] = whole, apart

    def add(self, step: DecodeStep, layer: int, weights: Tensor, rows: ReferenceRows | None) -> None:
        """Sum one layer's ``weights`` (Q, key heads, C, groups, T, K), in the layout of the step's grid."""
        readers, before = self._watched.readers(step), step.cache.prompts.length
        for number, (column, position) in enumerate(readers, len(self.readers) - len(readers)):
            own = weights[..., column, : before + position + 1]  # what comes after a reader is none of its keys
            self._add(number, layer, position, self._kinds(step, own), rows)

    def _add(self, number: int, layer: int, position: int, kinds: Tensor, rows: ReferenceRows | None) -> None:
        """Sum one layer's weights by kind (R, heads, kinds) of the reader at a tail position."""
        reader = self.readers[number]
        into, control_apart = (matrix.to(kinds.dtype) for matrix in self._into[position])
        segments = kinds @ into  # (R, heads, segments)
        reader.mass.append(segments.mean(1))
        own = self._branches.to(segments.dtype) @ segments.flatten(1)
        reader.heads.append(own.view(-1, *segments.shape[1:]))
        if rows is not None:
            reader_factors = self._factors[:, min(layer, self._factors.shape[1] - 1), :, number]
            factors = torch.from_numpy(reader_factors[..., : kinds.shape[-1]]).to(kinds)  # (C, heads or 1, kinds)
            # Where its factor differs from the question's, the control token must be counted apart, on top of the sum.
            unnormalised = (kinds[rows.reference] * factors[:, None]) @ control_apart  # (C, P, heads, segments)
            reader.expected.append((unnormalised / unnormalised.sum(-1, keepdim=True)).mean(2))

    def _kinds(self, step: DecodeStep, last: Tensor) -> Tensor:
        """Sum weights (Q, key heads, C, groups, K) of one position by key kind: (R, heads, kinds)."""
        prompts = step.cache.prompts
        read, own = last[..., : prompts.length], last[..., prompts.length :]
        total = read.sum(-1, keepdim=True)
        control = torch.zeros_like(total)
        if self._control and prompts.control is not None:
            position = prompts.control.to(torch.long).argmax(-1)
            control = read.gather(-1, position.view(-1, 1, 1, 1, 1).expand(*read.shape[:-1], 1))
        return step.by_row(torch.cat([total, control, own], dim=-1)[..., None, :])[:, :, 0]


def relative_factors(edge_factors: EdgeFactors, watched: WatchedPass, reference: int) -> Numbers:
    """Factors of each condition on the reference's weights, for thoughts and the last token of ``end``.

    (conditions, layers or 1, heads or 1, readers, kinds); the second kind, the control token, holds what must be added
    to the question's factor for it. What the reference itself hides has no weight to begin with.
    """
    readers = range(edge_factors.layout.thoughts + 1)
    keep = edge_factors.factors[..., [FIRST_TAIL_QUERY + watched.row(reader) for reader in readers], :]
    base = keep[reference]
    relative = np.where(base > 0, keep / np.where(base > 0, base, 1.0), 1.0)
    question = relative[..., QUESTION, None]
    more = question * relative[..., CONTROL, None] - question
    return np.concatenate([question, more, relative[..., FIRST_TAIL_KEY:-1]], axis=-1)


def segment_matrix(layout: Layout, position: int) -> Numbers:
    """Which kind is in which segment, as 0 and 1: (question, control, tail positions up to ``position``) x segments.

    The reader's own position is in the last segment and in no other.
    """
    segment_of = [1] * layout.begin + [2 + k for k in range(layout.thoughts)] + [2 + layout.thoughts] * layout.end
    segment_of += [3 + layout.thoughts] * (position + 1 - layout.tail)
    into = np.zeros((_KINDS_BEFORE_TAIL + position + 1, layout.thoughts + 5))
    into[:_KINDS_BEFORE_TAIL, 0] = 1
    for tail, segment in enumerate(segment_of[:position]):
        into[_KINDS_BEFORE_TAIL + tail, segment] = 1
    into[-1, -1] = 1
    return into
