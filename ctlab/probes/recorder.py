"""The hooks that measure: attention by segment, paths beside the reference's, what each thought says."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ctlab.engine.decode_step import DecodeStep
from ctlab.engine.plan import Plan
from ctlab.engine.prefill_step import PrefillStep
from ctlab.probes.attention_mass import Flow, ReaderFlow
from ctlab.probes.divergence import Paths, watched
from ctlab.probes.logit_lens import Reading
from ctlab.probes.watched_rows import Places

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What was measured in one batch of P problems under C conditions; fields as in `measurement.Measurement`."""

    mass: Floats
    """(C, P, readers, layers, segments)."""
    head_sums: npt.NDArray[np.float64]
    """(C, readers, layers, heads, segments): sum over the problems that came so far."""
    counts: npt.NDArray[np.int64]
    """(C, readers): how many that are."""
    expected: Floats
    """(C, P, thoughts + 1, layers, segments)."""
    cosine: Floats
    """(C, P, thoughts + 1, layers + 1)."""
    distance: Floats
    """(C, P, thoughts + 1, layers + 1)."""
    decoded: tuple[Ints, Floats]
    """(C, P, thoughts, k) ids and probabilities."""
    lens: tuple[Ints, Floats] | None
    """(C, P, thoughts, layers + 1, k) ids and probabilities."""
    states: Tensor | None
    """(C, P, thoughts + 1, layers + 1, D) on the CPU, where they were kept."""


class Probe:
    """`hooks.Hooks` of one batch; ``reference`` is the condition that the others are compared with."""

    def __init__(
        self,
        planned: Plan,
        problems: int,
        reference: int,
        *,
        top: int,
        lens: bool = False,
        keep_states: bool = False,
    ) -> None:
        self._planned = planned
        self._layout = planned.layout
        self._problems = problems
        self._reference = reference
        self._step: DecodeStep | None = None
        self._places: Places | None = None
        self._read_places: list[Places] = []
        self.flow = Flow(planned.edge_factors, reference, planned.model.device)
        self.paths = Paths(keep=keep_states)
        self.reading = Reading(planned.model, top=top, lens=lens)

    def watching(self) -> AbstractContextManager[None]:
        """Watch the network's layers while the batch is answered."""
        return watched(self._planned.model.network, self._layer)

    def prefill_attention(self, step: PrefillStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """Questions are no readers here."""

    def attention(self, step: DecodeStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """See `hooks.Hooks`."""
        if layer == 0:
            self._begin(step)
        self.flow.see(step, layer, weights, self._places)

    def hidden_states(self, step: DecodeStep, embeddings: Tensor, states: Tensor) -> None:
        """See `hooks.Hooks`."""
        self._level(0, embeddings[:, -1])
        if self._before_thought(step):
            self.reading.see_last(states[:, -1])
        self._step = None

    def _begin(self, step: DecodeStep) -> None:
        self._step, self._places = step, None
        if step.width <= self._layout.tail:
            branch_of = self._planned.tree.levels[step.level].branch_of
            self._places = Places.of(step, self._problems, branch_of, self._reference)
            if step.width > self._layout.begin:
                self.paths.begin(self._places)
            if self._before_thought(step):
                self.reading.begin()
                self._read_places.append(self._places)
        self.flow.begin(step, len(self._planned.tree.levels[step.level].parents))

    def _before_thought(self, step: DecodeStep) -> bool:
        return self._layout.begin <= step.width < self._layout.begin + self._layout.thoughts

    def _layer(self, layer: int, output: Tensor) -> None:
        self._level(layer + 1, output[:, -1])

    def _level(self, level: int, state: Tensor) -> None:
        # Answers are not followed, and while questions are computed there is no step.
        if self._step is None or self._places is None:
            return
        if self._step.width > self._layout.begin:
            self.paths.see(level, state)
        if self.reading.wants_layers and self._before_thought(self._step):
            self.reading.see(level, state)

    def finish(self) -> Batch:
        """Gather what was seen, by condition."""
        thinking = self._layout.thoughts + 1
        thoughts, answers = self.flow.readers[:thinking], self.flow.readers[thinking:]
        steps = self.paths.steps
        mass = [
            _take(torch.stack(flow.mass, 1), step.places.row_of) for flow, step in zip(thoughts, steps, strict=True)
        ]
        heads, counts = self._heads([*thoughts, *answers])
        states = [_take(torch.stack(step.states, 1), step.places.row_of) for step in steps if step.states]
        return Batch(
            mass=_floats(torch.cat([torch.stack(mass, 2), *self._answers(answers)], 2)),
            head_sums=heads,
            counts=counts,
            expected=_floats(torch.stack([torch.stack(flow.expected, 2) for flow in thoughts], 2)),
            cosine=_floats(torch.stack([_take(torch.stack(s.cosine, 1), s.places.row_of) for s in steps], 2)),
            distance=_floats(torch.stack([_take(torch.stack(s.distance, 1), s.places.row_of) for s in steps], 2)),
            decoded=self._said(self.reading.decoded),
            lens=self._said([_stacked(each) for each in self.reading.lens]) if self.reading.wants_layers else None,
            states=torch.stack(states, 2).cpu() if states else None,
        )

    def _answers(self, readers: Sequence[ReaderFlow]) -> list[Tensor]:
        """Attention of each answer token (C, P, 1, layers, segments), NaN where an answer did not come so far."""
        leaves = torch.tensor(self._planned.tree.leaves, device=self._planned.model.device)
        found = []
        for reader in readers:
            values = torch.stack(reader.mass, 1)
            laid = values.new_full((self._problems, int(leaves.max()) + 1, *values.shape[1:]), torch.nan)
            live = torch.ones_like(reader.problem_of, dtype=torch.bool) if reader.live is None else reader.live
            laid[reader.problem_of[live], reader.branch_of[live]] = values[live]
            found.append(laid[:, leaves].transpose(0, 1)[:, :, None])
        return found

    def _heads(self, readers: Sequence[ReaderFlow]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        sums, counts = [], []
        for reader in readers:
            level = self._planned.tree.levels[reader.level]
            branch_of = list(level.branch_of)
            by_branch = torch.stack(reader.heads, 1)  # (branches, layers, heads, segments)
            live = reader.branch_of if reader.live is None else reader.branch_of[reader.live]
            number = torch.bincount(live, minlength=len(level.parents))
            sums.append(by_branch[branch_of])
            counts.append(number[branch_of])
        return torch.stack(sums, 1).double().cpu().numpy(), torch.stack(counts, 1).cpu().numpy()

    def _said(self, found: Sequence[tuple[Tensor, Tensor]]) -> tuple[Ints, Floats]:
        ids, odds = (
            torch.stack([_take(each[part], at.row_of) for each, at in zip(found, self._read_places, strict=True)], 2)
            for part in (0, 1)
        )
        return ids.to(torch.int32).cpu().numpy(), _floats(odds)


def _stacked(levels: Sequence[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    return torch.stack([ids for ids, _ in levels], 1), torch.stack([odds for _, odds in levels], 1)


def _take(rows: Tensor, row_of: Tensor) -> Tensor:
    """Rows (R, …) by condition and problem (C, P, …)."""
    return rows[row_of.T]


def _floats(tensor: Tensor) -> Floats:
    return tensor.to(torch.float32).cpu().numpy()
