"""Thinking that is over where the model says so: rows that think, read end and answer stand side by side.

From begin on every row gets one embedding a step, whatever it is: a thought, a token of end, a token of its answer. So
each row's positions follow on one another, and what differs between rows is what stands at a position. That says which
factors hold for it (`decode_step.OwnKinds`), counted from the row's own number of thoughts.

An answer may write the last id of begin again. Then the row thinks once more before it goes on: what it decides there
is written into its answer, as the ids of the stop head, and the thoughts are positions of the answer, which no
condition names.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from ctlab.engine.decode_step import OwnKinds, decode_masks
from ctlab.engine.edge_factors import FIRST_TAIL_KEY
from ctlab.engine.kv_cache import KVCache
from ctlab.engine.prompt import PromptBatch
from ctlab.engine.rollout import SHRINK, Rollout
from ctlab.models.thought_program import StopHead


def _looks(device: torch.device, count: int) -> bool:
    """Whether to look for rows that are done: that makes a GPU wait, and every fourth step is enough there."""
    return device.type == "cpu" or count % 4 == 3


@dataclass(slots=True, kw_only=True)
class _Rows:
    """How far each row has come, all (R,)."""

    number: Tensor
    """Number of the row before any left."""
    thoughts: Tensor
    """Thoughts that it was fed before its answer."""
    read: Tensor
    """Ids of end that it was fed; none while it thinks."""
    again: Tensor
    """Whether it thinks within its answer."""
    told: Tensor
    """Ids of its answer."""
    done: Tensor
    """Whether its answer is over, or it never stopped thinking."""

    @classmethod
    def at_begin(cls, count: int, device: torch.device) -> "_Rows":
        """Rows that were fed begin and nothing else."""
        thoughts, read, told = (torch.zeros(count, dtype=torch.long, device=device) for _ in range(3))
        again, done = (torch.zeros(count, dtype=torch.bool, device=device) for _ in range(2))
        number = torch.arange(count, device=device)
        return cls(number=number, thoughts=thoughts, read=read, again=again, told=told, done=done)

    def select(self, index: Tensor) -> "_Rows":
        """Take rows."""
        return _Rows(**{name: getattr(self, name)[index] for name in self.__slots__})


class StopHeadRollout(Rollout):
    """A batch of a model that decides itself when to stop thinking."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        stop, ids = self.model.program.stop, self.model.stop_head
        if not isinstance(stop, StopHead) or ids is None:
            raise RuntimeError("a model that stops by itself has a stop head and the two ids that it decides between")
        self.stop, self.head_ids = stop, ids
        self.rows: _Rows | None = None

    def generate(self, batch: PromptBatch, max_new_tokens: int) -> Tensor:
        """See `Rollout.generate`."""
        cache, hidden, position = self._prefill(batch)
        begin, _ = self.layout.steps
        cache, hidden, position = self._read(self.model.begin_ids, begin, cache, hidden, position)
        cache, hidden, position = self._descend(cache, hidden, position)
        return self._think_and_answer(cache, hidden, position, max_new_tokens, len(batch.prompts))

    def _think_and_answer(self, cache: KVCache, hidden: Tensor, position: Tensor, most: int, problems: int) -> Tensor:
        device, total = hidden.device, len(cache)
        order = cache.problem_of, cache.branch_of  # before rows leave: `_Rows.number` counts in this order
        self.rows = rows = _Rows.at_begin(total, device)
        thoughts_of = torch.zeros(total, dtype=torch.long, device=device)
        ids_of = torch.full((total, most), -1, device=device)
        _, step = self.layout.steps
        for count in range(self.layout.thoughts + self.layout.end + most):
            fed = self._next(cache, hidden, rows, ids_of)
            thoughts_of[rows.number] = rows.thoughts
            if _looks(device, count):
                alive = (~rows.done).nonzero().flatten()
                if len(alive) == 0:
                    break
                if len(alive) <= SHRINK * len(cache):
                    cache, fed, position = cache.select(alive), fed[alive], position[alive]
                    self.rows = rows = rows.select(alive)
                    self.grid = cache.grid()
            hidden = self._step(cache, fed[:, None], position, step, ~rows.done)[:, -1]
            position = position + 1
        return self._by_problem(problems, order, thoughts_of, ids_of)

    def _next(self, cache: KVCache, hidden: Tensor, rows: _Rows, ids_of: Tensor) -> Tensor:
        """Decide from last hidden states (R, D) what each row is fed next (R, D), and note it in ``rows``.

        ``ids_of`` (all rows, ids) takes what answers say.
        """
        most, first = ids_of.shape[1], rows.read == 0
        stops = self._stops(hidden)
        if not self.stop.asked:
            stops = torch.where(first, rows.thoughts == self.layout.thoughts, stops)
        thinks = (first | rows.again) & ~stops
        never = first & thinks & (rows.thoughts == self.layout.thoughts)
        ends = (first | rows.again) & stops
        reads = (first & stops) | (~first & (rows.read < self.layout.end))
        answers = ~first & (rows.read == self.layout.end)
        ids = self._argmax(hidden)
        fed = self._fed(cache, hidden, rows, ids, thinks=thinks, ends=ends, reads=reads)

        writes = answers & ~rows.done
        going_on, stopping = self.head_ids
        said = torch.where(rows.again, torch.where(stops, stopping, going_on), ids)
        place = rows.told.clamp(max=most - 1)
        ids_of[rows.number, place] = torch.where(writes, said, ids_of[rows.number, place])
        rows.told = rows.told + writes
        over = (writes & ~rows.again & (ids == self.model.eos_token_id)) | (rows.told == most)
        rows.done = rows.done | over | never
        rows.thoughts = rows.thoughts + (first & thinks & ~never)
        # A row that never stopped is over: what it is fed from here on stands after the last thought, unread.
        rows.read = torch.where(never, self.layout.end, rows.read + reads)
        rows.again = (rows.again & ~stops) | (answers & ~rows.again & (ids == self.model.begin_ids[-1]))
        return fed

    def _fed(
        self, cache: KVCache, hidden: Tensor, rows: _Rows, ids: Tensor, *, thinks: Tensor, ends: Tensor, reads: Tensor
    ) -> Tensor:
        """What each row is fed (R, D), by what it does: think, end its thoughts, read end, or answer ``ids``."""
        first, made = rows.read == 0, self.model.project(hidden)
        fed = torch.where(thinks[:, None], made, self._reread(ids))
        number = cache.width - self.layout.begin  # rows that think for the first time all stand at the same thought
        if number < self.layout.thoughts:
            patched = self._patched(cache, self.layout.steps[1], number, hidden, made)
            fed = torch.where((first & thinks)[:, None], patched, fed)
        end = self._embed(self.model.end_ids, 1)[0]
        read = end[rows.read.clamp(max=len(end) - 1)]
        fed = torch.where(reads[:, None], read, fed)
        ended = end[0] + made if self.stop.state_in_end else end[0]
        return torch.where(ends[:, None], ended, fed)

    def _stops(self, hidden: Tensor) -> Tensor:
        """Whether the head says to stop thinking, of last hidden states (R, D): (R,)."""
        head: nn.Linear = self.model.network.get_output_embeddings()  # type: ignore[no-untyped-call]
        ids = torch.tensor(self.head_ids, device=hidden.device)
        going_on, stopping = functional.linear(
            hidden, head.weight[ids], None if head.bias is None else head.bias[ids]
        ).unbind(-1)
        return stopping > going_on

    def _masks(self, cache: KVCache, kinds: Sequence[Tensor], visible: Tensor, shared: int) -> list[Tensor]:
        return decode_masks(cache, self.grid, kinds, visible, self.layout.tail, shared, self._own_kinds(cache))

    def _own_kinds(self, cache: KVCache) -> OwnKinds | None:
        """What stands at each row's positions: its thoughts, then what follows the last thought of the longest tail."""
        rows = self.rows
        if rows is None:  # begin
            return None
        at = torch.arange(cache.width + 1, device=rows.thoughts.device)
        after = at >= self.layout.begin + rows.thoughts[:, None]  # (R, S)
        places = torch.where(after, at + self.layout.thoughts - rows.thoughts[:, None], at).clamp(max=self.layout.tail)
        return OwnKinds(query=places[:, -1] - self.layout.begin, keys=FIRST_TAIL_KEY + places)
