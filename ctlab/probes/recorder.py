"""The hooks that measure: attention by segment, divergence from the reference, what each thought decodes to."""

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
from ctlab.engine.prompt import PromptCache
from ctlab.probes.attention_mass import AttentionMass, ReaderMass
from ctlab.probes.divergence import Divergence, PositionDivergence
from ctlab.probes.layer_outputs import watched_layers
from ctlab.probes.logit_lens import LogitLens
from ctlab.probes.reference_rows import ReferenceRows
from ctlab.probes.watched_pass import WatchedPass

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredBatch:
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


class Recorder:
    """`hooks.Hooks` of one batch; ``reference`` is the condition that the others are compared with."""

    def __init__(
        self,
        planned: Plan,
        problems: int,
        watched: WatchedPass,
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
        self._rows: ReferenceRows | None = None
        self._paths: list[tuple[int, PositionDivergence]] = []
        self._lenses: list[tuple[int, list[tuple[Tensor, Tensor]]]] = []
        self._decoded_rows: list[ReferenceRows] = []
        self._watched = watched
        self.attention_mass = AttentionMass(planned.edge_factors, watched, reference, planned.model.device)
        self.divergence = Divergence(keep=keep_states)
        self.logit_lens = LogitLens(planned.model, top=top, every_layer=lens)

    def watching(self) -> AbstractContextManager[None]:
        """Watch the network's layers while the batch is answered."""
        return watched_layers(self._planned.model.network, self._layer)

    def prefill_attention(self, step: PrefillStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """Inside the prompts there are no readers of thoughts."""

    def question_states(self, prompts: PromptCache, states: Tensor) -> None:
        """Thoughts decode from begin's state or another thought's; `measuring` refuses other models."""

    def attention(self, step: DecodeStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """See `hooks.Hooks`."""
        if layer == 0:
            self._begin(step)
        self.attention_mass.add(step, layer, weights, self._rows)

    def hidden_states(self, step: DecodeStep, embeddings: Tensor, states: Tensor) -> None:
        """See `hooks.Hooks`."""
        self._level(0, embeddings)
        for column in self._watched.makers(step):
            self.logit_lens.add_last(states[:, column])
        self._step = None

    def _begin(self, step: DecodeStep) -> None:
        self._step, self._rows, self._paths, self._lenses = step, None, [], []
        if step.width <= self._layout.tail:
            branch_of = self._planned.tree.levels[step.level].branch_of
            self._rows = ReferenceRows.of(step, self._problems, branch_of, self._reference)
            self._paths = [(column, self.divergence.begin(self._rows)) for column, _ in self._watched.readers(step)]
            self._lenses = [(column, self.logit_lens.begin()) for column in self._watched.makers(step)]
            self._decoded_rows += [self._rows] * len(self._lenses)
        self.attention_mass.begin(step, len(self._planned.tree.levels[step.level].parents))

    def _layer(self, layer: int, output: Tensor) -> None:
        self._level(layer + 1, output)

    def _level(self, level: int, states: Tensor) -> None:
        # While prompts are computed there is no step; answers have no paths and make no thoughts.
        if self._step is None:
            return
        for column, path in self._paths:
            self.divergence.add(path, level, states[:, column])
        for column, levels in self._lenses:
            self.logit_lens.add_layer(levels, level, states[:, column])

    def finish(self) -> MeasuredBatch:
        """Gather what was recorded, by condition."""
        thinking = self._layout.thoughts + 1
        thoughts, answers = self.attention_mass.readers[:thinking], self.attention_mass.readers[thinking:]
        positions = self.divergence.positions
        mass = [
            _take(torch.stack(reader.mass, 1), position.rows.row_of)
            for reader, position in zip(thoughts, positions, strict=True)
        ]
        heads, counts = self._heads([*thoughts, *answers])
        states = [_take(torch.stack(at.states, 1), at.rows.row_of) for at in positions if at.states]
        return MeasuredBatch(
            mass=_floats(torch.cat([torch.stack(mass, 2), *self._answers(answers)], 2)),
            head_sums=heads,
            counts=counts,
            expected=_floats(torch.stack([torch.stack(reader.expected, 2) for reader in thoughts], 2)),
            cosine=_floats(torch.stack([_take(torch.stack(at.cosine, 1), at.rows.row_of) for at in positions], 2)),
            distance=_floats(torch.stack([_take(torch.stack(at.distance, 1), at.rows.row_of) for at in positions], 2)),
            decoded=self._decoded(self.logit_lens.decoded),
            lens=self._decoded(list(map(_stacked, self.logit_lens.layers))) if self.logit_lens.every_layer else None,
            states=torch.stack(states, 2).cpu() if states else None,
        )

    def _answers(self, readers: Sequence[ReaderMass]) -> list[Tensor]:
        """Attention of each answer token (C, P, 1, layers, segments), NaN where an answer did not come so far."""
        leaves = torch.tensor(self._planned.tree.leaves, device=self._planned.model.device)
        answers = []
        for reader in readers:
            values = torch.stack(reader.mass, 1)
            laid = values.new_full((self._problems, int(leaves.max()) + 1, *values.shape[1:]), torch.nan)
            live = torch.ones_like(reader.problem_of, dtype=torch.bool) if reader.live is None else reader.live
            laid[reader.problem_of[live], reader.branch_of[live]] = values[live]
            answers.append(laid[:, leaves].transpose(0, 1)[:, :, None])
        return answers

    def _heads(self, readers: Sequence[ReaderMass]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
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

    def _decoded(self, decoded: Sequence[tuple[Tensor, Tensor]]) -> tuple[Ints, Floats]:
        where = [rows.row_of for rows in self._decoded_rows]
        ids, odds = (
            torch.stack([_take(thought[part], row_of) for thought, row_of in zip(decoded, where, strict=True)], 2)
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
