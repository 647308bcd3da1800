"""Where the rows of a step are: of each problem and condition, and for each row the reference's of the same problem."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ctlab.engine.decode_step import DecodeStep


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceRows:
    """The rows of one step up to ``end``, where every problem has a row for every branch."""

    row_of: Tensor
    """(P, C) row of each problem and condition."""
    reference: Tensor
    """(P,) row of each problem under the reference condition."""
    reference_row: Tensor
    """(R,) row of the reference condition for the same problem as each row's."""

    @classmethod
    def of(cls, step: DecodeStep, problems: int, branch_of: Sequence[int], reference: int) -> "ReferenceRows":
        """Find the rows; ``branch_of`` gives each condition's branch, ``reference`` is the reference condition."""
        cache = step.cache
        device = cache.branch_of.device
        table = torch.zeros((problems, max(branch_of) + 1), dtype=torch.long, device=device)
        table[cache.problem_of, cache.branch_of] = torch.arange(len(cache), device=device)
        row_of = table[:, torch.tensor(branch_of, device=device)]
        return cls(row_of=row_of, reference=row_of[:, reference], reference_row=row_of[cache.problem_of, reference])
