"""Which rows of a run are audited: some of every batch, every condition at every place, none more often than needed."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

import numpy as np

from ctlab.engine.plan import Plan

VISITS = 4
"""How often each condition is looked at, at each place, over a run of many batches: 20 rows a condition. A mistake in a
tenth of a condition's rows is missed by 20 of them with probability 0.9^20 = 12 %, one in a quarter with 0.3 %."""
_PLACES = 5  # the four quarters of a batch, and its last problem


class RowSample:
    """Deals rows to audit, batch by batch.

    A *place* is a quarter of the batch, where a seed picks the problem, or the batch's last problem. In every batch
    each place is looked at, under a few conditions; the next batch goes on with the next conditions. After a run each
    condition was seen at each place `VISITS` times; in one of fewer batches than that, once in each of them. Where some
    are named by ``audited``, of these alone.
    """

    def __init__(self, planned: Plan, first_batch: int, audited: Collection[str] | None = None) -> None:
        names = [condition.name for condition in planned.conditions[: planned.requested]]
        leaves = planned.tree.leaves[: planned.requested]
        asked = [leaf for name, leaf in zip(names, leaves, strict=True) if audited is None or name in audited]
        # Conditions that share a leaf share their rows: one of them speaks for all.
        self.conditions = [leaves.index(leaf) for leaf in dict.fromkeys(asked)]
        # The first batch has the shortest questions and so the most problems: there are at least so many batches.
        batches = max(1, len(planned.problems) // first_batch)
        self._each = min(len(self.conditions), -(-VISITS * len(self.conditions) // batches))
        self._dealt = 0

    def of(self, problem_ids: Sequence[str]) -> list[tuple[int, int]]:
        """Rows of the next batch: numbers of a problem in the batch and of a condition, each pair once."""
        rows = [
            (problem, self.conditions[(self._dealt + start + turn) % len(self.conditions)])
            for start, problem in zip(self._starts(), places(problem_ids), strict=True)
            for turn in range(self._each)
        ]
        self._dealt += self._each
        return list(dict.fromkeys(rows))

    def _starts(self) -> Iterator[int]:
        # Apart from one another, so that the places of one batch see different conditions.
        return (place * len(self.conditions) // _PLACES for place in range(_PLACES))


def places(problem_ids: Sequence[str]) -> list[int]:
    """One problem in each quarter of a batch, picked by a hash of the batch's problems, and the last one."""
    seed = hashlib.sha256("\n".join(problem_ids).encode("utf-8", "surrogatepass")).digest()
    random, count = np.random.default_rng(int.from_bytes(seed, "big")), len(problem_ids)
    edges = [quarter * count // 4 for quarter in range(5)]
    quarters = [int(random.integers(low, max(high, low + 1))) for low, high in pairwise(edges)]
    return [*(min(problem, count - 1) for problem in quarters), count - 1]
