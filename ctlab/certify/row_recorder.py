"""Keeps what some rows of a batch were fed and gave, while the batch is answered as ever."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ctlab.certify.auditor import QuestionStates, own_positions
from ctlab.certify.expected_edges import Segments
from ctlab.certify.followed import Followed, joined
from ctlab.engine.decode_step import DecodeStep
from ctlab.engine.prefill_step import PrefillStep
from ctlab.engine.prefix_tree import PrefixTree
from ctlab.engine.prompt import PromptCache


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One step of the kept rows, on the CPU."""

    start: int
    """First tail position."""
    kept: bool
    """Whether a later pass does not compute these positions again."""
    level: int
    """Level of the tree."""
    place_of: dict[tuple[int, int], int]
    """Problem in the batch and branch to the place below."""
    embeddings: Tensor
    """What was fed (rows, T, D)."""
    states: Tensor
    """Last hidden states (rows, T, D)."""


class RowRecorder:
    """`hooks.Hooks` of one batch; ``indices`` are its problems in the plan, ``rows`` pairs of problem and condition.

    A problem is meant by its number in the plan, except in ``rows``: there by its number in the batch. ``thoughts`` are
    those of the run, None where each row has its own number of them, and `note` is told; ``tails`` are what follows the
    question under each condition, where that is the same for every problem.
    """

    def __init__(
        self,
        tree: PrefixTree,
        indices: Sequence[int],
        rows: Iterable[tuple[int, int]],
        thoughts: int | None,
        tails: Sequence[Segments],
    ) -> None:
        self._tree = tree
        self._thoughts, self._tails = thoughts, tails
        self._own: dict[tuple[int, int], Segments] = {}
        self._number_of = {index: number for number, index in enumerate(indices)}
        self._rows = list(dict.fromkeys(rows))
        self._steps: list[_Step] = []
        self._wanted: dict[int, Tensor] = {}
        self._questions = QuestionStates()

    def prefill_attention(self, step: PrefillStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """Attention is recomputed."""

    def question_states(self, prompts: PromptCache, states: Tensor) -> None:
        """See `hooks.Hooks`."""
        self._questions.keep(prompts, states)

    def attention(self, step: DecodeStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """Attention is recomputed."""

    def hidden_states(self, step: DecodeStep, embeddings: Tensor, states: Tensor) -> None:
        """See `hooks.Hooks`."""
        cache = step.cache
        rows = self._flags(step.level, cache.problem_of)[cache.problem_of, cache.branch_of].nonzero().flatten()
        pairs = zip(cache.problem_of[rows].tolist(), cache.branch_of[rows].tolist(), strict=True)
        self._steps.append(
            _Step(
                start=cache.width,
                kept=step.kept,
                level=step.level,
                place_of={pair: place for place, pair in enumerate(pairs)},
                embeddings=embeddings[rows].cpu(),
                states=states[rows].cpu(),
            )
        )

    def followed(self, condition: int, problem: int, width: int) -> Followed:
        """See `followed.Follows`; of a kept row."""
        number, parts, tail = self._number_of[problem], [], self.tail(condition, problem)
        for step in self._steps:
            own = own_positions(tail, self._thoughts, step.start, step.embeddings.shape[1], width)
            if own is None:
                continue
            place = step.place_of[number, self._tree.levels[step.level].branch_of[condition]]
            parts.append((step.embeddings[place, own], step.states[place, own], step.kept))
        size = parts[0][0].shape[-1] if parts else 0
        return joined(parts, self._questions.of(number, self._tree.levels[0].branch_of[condition], size))

    def tail(self, condition: int, problem: int) -> Segments:
        """See `followed.Follows`."""
        return self._own[condition, problem] if self._thoughts is None else self._tails[condition]

    def note(self, condition: int, problem: int, tail: Segments) -> None:
        """Take down what follows a row's question, where the model decides itself when thinking is over."""
        self._own[condition, problem] = tail

    def _flags(self, level: int, like: Tensor) -> Tensor:
        """Which problems and branches of a level are kept: (problems of the batch, branches)."""
        if level not in self._wanted:
            branches = self._tree.levels[level]
            flags = torch.zeros(len(self._number_of), len(branches.parents), dtype=torch.bool)
            for problem, condition in self._rows:
                flags[problem, branches.branch_of[condition]] = True
            self._wanted[level] = flags.to(like.device)
        return self._wanted[level]
