"""The rivals by name, and what they answer held to what ctlab answers."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor
from transformers import PreTrainedModel

import ctlab
from benchmarks.speed_models import Pair
from benchmarks.speed_rivals import HIDDEN, batched, loop
from benchmarks.speed_rivals_hooks import Hooks, merged
from benchmarks.speed_rivals_nnsight import MISSING, Traces, installed
from benchmarks.speed_work import TOKENS, Row, some_conditions

TIE = 1e-3
"""Logits this near to each other are a tie: float32 adds in another order in every batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """Somebody else's way to the same answers."""

    answers: Callable[[Sequence[str], Sequence[int | None], int], Sequence[Sequence[Sequence[int]]]]
    """Questions, the thought that each condition hides and a number of tokens to ids, by condition and question."""
    one_by_one: bool = False
    """Whether it answers one problem at a time, and so a part of them."""
    together: bool = False
    """Whether conditions share work, and so are timed together."""
    exact: bool = True
    """Whether an answer is the same in every batch, so that it must be ctlab's."""


def _each(answer: Callable[[Sequence[str], int | None, int], list[list[int]]], **kind: bool) -> Rival:
    return Rival(answers=lambda asked, hidden, tokens: [answer(asked, each, tokens) for each in hidden], **kind)


RIVALS: Mapping[str, Callable[[Pair, PreTrainedModel, int], Rival]] = {
    "loop": lambda pair, _network, _size: _each(partial(loop, pair), one_by_one=True),
    # As the official evaluation does: left padding is read by thoughts and answers, in batches of its own size.
    "batched": lambda pair, _network, _size: _each(partial(batched, pair), exact=False),
    "nnsight": lambda pair, network, size: _each(Traces(pair, network, size)),
    "hooks": lambda pair, network, size: _each(Hooks(pair, network, size)),
    "hooks-shared": lambda pair, network, size: Rival(answers=Hooks(pair, network, size).shared, together=True),
}


def rivals(pair: Pair, names: Sequence[str] | None, size: int) -> tuple[dict[str, Rival], list[Row]]:
    """Load the rivals of these names (None: all); beside them a row for each that cannot be asked here.

    ``size`` is the number of rows that makes nnsight and hooks fastest on this model.
    """
    named = [name for name in RIVALS if names is None or name in names]
    missing = {} if installed() else {"nnsight": MISSING}
    rows: list[Row] = [{"who": name, "note": missing[name]} for name in named if name in missing]
    network = merged(pair)
    return {name: RIVALS[name](pair, network, size) for name in named if name not in missing}, rows


class Expected:
    """What ctlab answers, and how often rivals said the same."""

    def __init__(self, pair: Pair, asked: Sequence[ctlab.Problem]) -> None:
        self.pair = pair
        runs = ctlab.generate(pair.model, asked, some_conditions(), max_new_tokens=TOKENS, certificates=False)
        self.ids = {
            name: {problem.id: list(answer.token_ids) for problem, answer in zip(asked, runs[name], strict=True)}
            for name in HIDDEN
        }
        self.counts: dict[str, Counter[str]] = {}

    def hold(
        self,
        name: str,
        rival: Rival,
        asked: Sequence[ctlab.Problem],
        said: Mapping[str, Sequence[Sequence[int]]],
    ) -> None:
        """Count answers that are ctlab's; refuse to go on where an exact rival's differ by more than a tie."""
        counts = self.counts.setdefault(name, Counter())
        for condition, answers in said.items():
            for problem, answer in zip(asked, answers, strict=True):
                ours = self.ids[condition][problem.id]
                counts["answers"] += 1
                if list(answer) == ours:
                    counts["same"] += 1
                elif rival.exact:
                    place = next(n for n, (a, b) in enumerate(zip([*answer, -1], [*ours, -1], strict=False)) if a != b)
                    margin = margins(self.pair, problem.question, HIDDEN[condition], TOKENS)[place]
                    if margin > TIE:
                        raise SystemExit(
                            f"{name}, {condition}, {problem.id}: {list(answer)} is not ctlab's {ours}, and the logits "
                            f"of token {place} differ by {margin:.2g}; a rival with other answers is not timed"
                        )
                    counts["ties"] += 1

    def row(self, name: str) -> Row:
        """Columns of a rival's row; none for ctlab itself."""
        counts = self.counts.get(name)
        return {} if counts is None else {"same": counts["same"] / counts["answers"], "ties": counts["ties"]}


def margins(pair: Pair, question: str, hidden: int | None, tokens: int) -> list[float]:
    """How far the largest logit is above the second, at each token of an answer that plain transformers gives."""
    watched = _Watched(pair, merged(pair), 1)
    watched.found = []
    watched([question], hidden, tokens)
    return watched.found


class _Watched(Hooks):
    found: list[float]

    def _choose(self, logits: Tensor) -> Tensor:
        first, second = torch.topk(logits[0], 2).values.tolist()
        self.found.append(first - second)
        return super()._choose(logits)
