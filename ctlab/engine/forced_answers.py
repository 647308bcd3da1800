"""Given answers, forced: how probable each of them is after a row's thoughts, told without choosing a token.

A batch goes to the answer's first position as it always does, every prompt and thought computed once for all conditions
and all given answers. There each row forks into as many as its problem has answers, all tokens of an answer are fed in
one step, and what stands before each of them says how probable it is. What is answered freely can follow in the same
pass. Logits are those that the arg-max is taken of (`Rollout._logits`), in float32 at least; they are normalised in
float64, because probabilities of long answers are sums over many of them.

The same logits at the position before a thought say what that thought's state decodes to.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ctlab.engine.kv_cache import KVCache
from ctlab.engine.layout import Segment
from ctlab.engine.prompt import PromptBatch
from ctlab.engine.rollout import Rollout

# Tokens that a forked row's tail leaves room for beside its own: as in `kv_cache`.
_ROOM = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswers:
    """The K answers that a batch's problems are given, problem by problem."""

    start: Tensor
    """(P,) number of each problem's first answer."""
    count: Tensor
    """(P,) how many it has, none or more."""
    tokens: Tensor
    """(K, longest) their ids, padded on the right."""
    lengths: Tensor
    """(K,) how many ids each has, at least one."""

    @classmethod
    def of(cls, ids: Sequence[Sequence[Sequence[int]]], pad: int, device: torch.device) -> "GivenAnswers":
        """Lay out ids by problem, answer and token; what is past an answer's end is never read."""
        flat = [answer for answers in ids for answer in answers]
        tokens = torch.full((len(flat), max(map(len, flat), default=1)), pad)
        for row, answer in zip(tokens, flat, strict=True):
            row[: len(answer)] = torch.tensor(answer)
        count = torch.tensor([len(answers) for answers in ids], dtype=torch.long)
        lengths = torch.tensor([len(answer) for answer in flat], dtype=torch.long)
        start = count.cumsum(0) - count
        return cls(start=start.to(device), count=count.to(device), tokens=tokens.to(device), lengths=lengths.to(device))

    def pairs(self, problem_of: Tensor) -> tuple[Tensor, Tensor]:
        """Pair every row, of the problems (R,), with every answer of its problem: rows (N,), ascending, and answers."""
        count = self.count[problem_of]
        row = torch.repeat_interleave(torch.arange(len(problem_of), device=count.device), count)
        before = torch.cumsum(count, 0) - count
        number = torch.arange(len(row), device=count.device) - before[row]
        return row, self.start[problem_of[row]] + number


class ForcedRollout(Rollout):
    """A batch that is told how probable given answers are, and answers itself where it is ``answering``."""

    def __init__(
        self, *planned: Any, given: GivenAnswers, thoughts: Collection[int], answering: bool, budget: int
    ) -> None:
        super().__init__(*planned)
        self.given, self.thoughts_read, self.answering, self.budget = given, frozenset(thoughts), answering, budget
        self.forced = torch.empty(0)
        """(leaves, K, 2), when the batch is done: log-probability of an answer's ids, and of the end after them."""
        self.before_thought: dict[int, tuple[int, Tensor]] = {}
        """Level, and (its branches, K) log-probability of each answer's first id at the position before a thought."""
        self._new = 1

    def _patched(self, cache: KVCache, step: Segment, slot: int, hidden: Tensor, projected: Tensor) -> Tensor:
        thought = step.thoughts[slot]
        if thought in self.thoughts_read and step.pass_ == self.layout.last_pass:
            row, answer = self.given.pairs(cache.problem_of)
            found = self._table(self.level)
            found[cache.branch_of[row], answer] = self._log_probability(hidden, row, self.given.tokens[answer, 0])
            self.before_thought[thought] = self.level, found
        return super()._patched(cache, step, slot, hidden, projected)

    def _decode(self, cache: KVCache, hidden: Tensor, position: Tensor, most: int, batch: PromptBatch) -> Tensor:
        self.forced = self._force(cache, hidden, position)
        if self.answering:
            return super()._decode(cache, hidden, position, most, batch)
        return torch.empty((len(batch.prompts), 0), dtype=torch.long, device=hidden.device)

    def _force(self, cache: KVCache, hidden: Tensor, position: Tensor) -> Tensor:
        """Tell how probable each answer is after each row: (leaves, K, 2)."""
        given, grid, hooks = self.given, self.grid, self.hooks
        rows, answers = given.pairs(cache.problem_of)
        told = torch.stack([self._table(self.level)] * 2, -1)
        first = self._log_probability(hidden, rows, given.tokens[answers, 0])
        at_once = max(1, self.budget // (cache.width + given.tokens.shape[1] + _ROOM))
        if not len(rows):
            return told
        self.hooks = None  # those who watch a pass watch what is answered in it
        for part in torch.split(torch.arange(len(rows), device=rows.device), at_once):
            row, answer = rows[part], answers[part]
            inside, end = self._continued(cache.select(row), position[row], answer)
            told[cache.branch_of[row], answer] = torch.stack([first[part] + inside, end], -1)
        self.grid, self.hooks, self._new = grid, hooks, 1
        return told

    def _continued(self, cache: KVCache, position: Tensor, answer: Tensor) -> tuple[Tensor, Tensor]:
        """Feed each row (N,) its answer: log-probability of all ids but the first, and of the end after the last."""
        lengths = self.given.lengths[answer]
        tokens = self.given.tokens[answer, : int(lengths.max())]  # (N, T)
        self.grid, self._new = cache.grid(), tokens.shape[1]
        # An answer's tokens are read as those of end are: after the last pass.
        states = self._step(cache, self._reread(tokens), position, self.layout.steps[-1])  # (N, T, D)
        place = torch.arange(self._new, device=tokens.device)
        follows = torch.cat([tokens[:, 1:], tokens.new_zeros(len(tokens), 1)], 1)
        follows = torch.where(place == lengths[:, None] - 1, self.model.eos_token_id, follows)
        there = place < lengths[:, None]
        each = torch.zeros(tokens.shape, dtype=torch.float64, device=tokens.device)
        own = states[there]
        each[there] = self._log_probability(own, torch.arange(len(own), device=own.device), follows[there])
        last = each.gather(1, lengths[:, None] - 1)[:, 0]
        return each.masked_fill(place == lengths[:, None] - 1, 0.0).sum(1), last

    def _log_probability(self, hidden: Tensor, row: Tensor, ids: Tensor) -> Tensor:
        """Log-probability (N,), float64, of ids (N,), each by the last hidden state (R, D) of its row, ascending."""
        found, start = [], 0
        for scores in self._logits(hidden):
            edges = torch.tensor([start, start + len(scores)], device=row.device)
            low, high = torch.searchsorted(row, edges).tolist()
            precise = scores.to(torch.promote_types(scores.dtype, torch.float32)).double()
            own = row[low:high] - start
            found.append(precise[own, ids[low:high]] - precise.logsumexp(-1)[own])
            start += len(scores)
        return torch.cat(found)

    def _masks(self, cache: KVCache, kinds: Sequence[Tensor], visible: Tensor, shared: int) -> list[Tensor]:
        if self._new > 1:  # the answer's tokens are one kind of reader
            wide = {id(table): table.expand(*table.shape[:-2], self._new, -1) for table in kinds}
            kinds = [wide[id(table)] for table in kinds]
        return super()._masks(cache, kinds, visible, shared)

    def _table(self, level: int) -> Tensor:
        shape = len(self.tree.levels[level].parents), len(self.given.lengths)
        return torch.full(shape, torch.nan, dtype=torch.float64, device=self.model.device)
