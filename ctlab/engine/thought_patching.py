"""Puts what the conditions say in place of a batch's thoughts, row by row, just before they are fed."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from ctlab.engine.activation_cache import Bank
from ctlab.engine.kv_cache import Rows
from ctlab.engine.prefix_tree import Level
from ctlab.engine.thought_sources import Feed
from ctlab.errors import InputError
from ctlab.interventions.resample_sources import direction

Say = Callable[[Tensor], Tensor]


class Replacing:
    """Replaces the thoughts of one batch.

    ``problem_ids`` are the batch's, ``bank`` is of the whole set, ``reference`` is the number of the condition without
    interventions; the last two are needed only where a condition draws on others or gives back.
    """

    def __init__(self, problem_ids: Sequence[str], bank: Bank | None, reference: int | None) -> None:
        self._problem_ids = problem_ids
        self._bank = bank
        self._reference = reference

    def feed(self, thought: int, level: Level, rows: Rows, hidden: Tensor, made: Tensor, say: Say) -> Tensor:
        """Return what is fed as CT``thought`` (R, D).

        ``hidden`` (R, D) are the last states before it, ``made`` (R, D) their projections, ``say`` turns states into
        the embeddings of the tokens that they decode to.
        """
        fed = made
        for feed in dict.fromkeys(level.feeds):
            if feed is None:
                continue
            branches = [branch for branch, each in enumerate(level.feeds) if each == feed]
            own = torch.isin(rows.branch_of, torch.tensor(branches, device=made.device)).nonzero().flatten()
            fed = made.clone() if fed is made else fed
            match feed.by:
                case "zero":
                    fed[own] = 0
                case "decoded":
                    fed[own] = say(hidden[own])
                case "undisturbed":
                    fed[own] = made[self._undisturbed(level, rows, own)]
                case _:
                    fed[own] = self._drawn(feed, thought, rows, own, made)
        return fed

    def _drawn(self, feed: Feed, thought: int, rows: Rows, own: Tensor, made: Tensor) -> Tensor:
        """Make what a seed or the other problems decide, for the rows ``own``."""
        ids = [self._problem_ids[problem] for problem in rows.problem_of[own].tolist()]
        if feed.by == "noise":
            units = np.stack([direction(each, thought, feed.seed, made.shape[1]) for each in ids])
            norms = made[own].double().norm(dim=-1, keepdim=True)
            noise: Tensor = torch.from_numpy(units).to(made.device) * norms
            return noise.to(made.dtype)
        if self._bank is None:
            raise InputError(
                "conditions that draw on other problems need the bank of the set's thoughts; make it first"
            )
        drawn = self._bank.mean[thought] if feed.by == "mean" else self._bank.resampled(ids, thought, feed.seed)
        return torch.from_numpy(drawn).to(made.device, made.dtype)

    def _undisturbed(self, level: Level, rows: Rows, own: Tensor) -> Tensor:
        """Rows of the condition without interventions, for the problems of the rows ``own``."""
        if self._reference is None:
            raise InputError("thoughts are given back only beside a condition without interventions; add the baseline")
        beside = (rows.branch_of == level.branch_of[self._reference]).nonzero().flatten()
        table = torch.zeros(len(self._problem_ids), dtype=torch.long, device=own.device)
        table[rows.problem_of[beside]] = beside
        return table[rows.problem_of[own]]
