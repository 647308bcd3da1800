"""Hidden states of a batch compared with the reference's while it runs, layer by layer; no state outlives its step.

Level 0 is what the position was fed, level l the residual stream after layer l, before the network's final norm.
"""

from dataclasses import dataclass, field

import torch
from torch import Tensor

from ctlab.probes.reference_rows import ReferenceRows


@dataclass(slots=True, kw_only=True)
class PositionDivergence:
    """One position's comparison, a tensor a level."""

    rows: ReferenceRows
    """Where the rows are."""
    cosine: list[Tensor] = field(default_factory=list)
    """(R,) cosine with the reference's state."""
    distance: list[Tensor] = field(default_factory=list)
    """(R,) distance from the reference's state in units of its norm."""
    states: list[Tensor] = field(default_factory=list)
    """(R, D) the states themselves; empty unless they are kept."""


class Divergence:
    """Compares each level's states of thoughts and ``end``; ``keep`` also keeps them."""

    def __init__(self, *, keep: bool = False) -> None:
        self.positions: list[PositionDivergence] = []
        self._keep = keep

    def begin(self, rows: ReferenceRows) -> PositionDivergence:
        """Start a position."""
        self.positions.append(PositionDivergence(rows=rows))
        return self.positions[-1]

    def add(self, position: PositionDivergence, level: int, state: Tensor) -> None:
        """Compare one level's states (R, D); level 0 may come last."""
        cosine, distance = compare(state, position.rows.reference_row)
        at = len(position.cosine) if level else 0
        position.cosine.insert(at, cosine)
        position.distance.insert(at, distance)
        if self._keep:
            position.states.insert(at, state.clone())


def compare(state: Tensor, reference_row: Tensor) -> tuple[Tensor, Tensor]:
    """Cosine and relative distance (R,) of states (R, D) from those of the rows ``reference_row`` (R,), in float64.

    Equal states have cosine exactly 1 and distance exactly 0. The cosine with a zero vector is 0.
    """
    # In float32 1 - cosine of two nearly equal states is rounding and nothing else, and in float16 a square overflows.
    mine = state.double()
    other = mine[reference_row]
    square = (mine * mine).sum(-1)
    # One root of a product, and not a product of two roots: that is the square itself for equal states, and cosine 1.
    norms = (square * square[reference_row]).sqrt()
    dot = (mine * other).sum(-1)
    cosine = torch.where(norms > 0, dot / norms.clamp_min(torch.finfo(torch.float64).tiny), 0.0).clamp(-1, 1)
    apart = (mine - other).pow(2).sum(-1).sqrt()
    size = square[reference_row].sqrt()
    distance = torch.where(apart > 0, apart / size.clamp_min(torch.finfo(torch.float64).tiny), 0.0)
    return cosine, distance
