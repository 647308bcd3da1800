"""What conditions do to the model at hand, edge by edge and thought by thought, whatever they are called or written."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from ctlab.errors import ConditionError
from ctlab.interventions import Condition, Intervention

if TYPE_CHECKING:
    from ctlab.engine.edge_factors import EdgeFactors

NEARLY = 0.01
"""Largest difference of a factor at which two conditions count as one: who saw the answers with an edge removed has
seen nearly all there is to see of it at a hundredth of its weight. The finest series that claims here are about has
steps of .25."""
_FEW = 2
"""Tokens that ``begin`` and ``end`` stand for: with two, edges within them are told from those to themselves."""


class Twins:
    """Tells conditions of one model that do the same."""

    def __init__(self, card: Mapping[str, Any], conditions: Iterable[Condition]) -> None:
        conditions = tuple(conditions)
        edges = [each for condition in conditions for each in condition.on_edges]
        last = [condition.furthest_thought or 0 for condition in conditions]
        self._thoughts: int = card.get("num_thoughts") or 1 + max(last, default=0)
        at_layers = [patch.at.layers for each in conditions for patch in each.patches if patch.at is not None]
        self._layers = card.get("num_layers") or _most([*(each.layers for each in edges), *at_layers])
        self._heads = card.get("num_heads") or _most([each.heads for each in edges])
        self._loop: Mapping[str, int] | None = card.get("loop")
        hidden = card.get("settings", {}).get("hidden") or ()
        self._hidden = tuple(map(Intervention.from_json, hidden))
        self._resolved = cache(self._resolve)

    def likeness(self, mine: Condition, other: Condition) -> str | None:
        """Say how one condition is another in costume: empty for the same of the same name, None where it is not."""
        if mine.digest == other.digest:
            return "" if mine.name == other.name else same_under(mine.name, other.name, patched=bool(mine.patches))
        if mine.model != other.model:
            return None
        difference = self._difference(mine, other)
        if difference is None or difference > NEARLY:
            return None
        if difference == 0:
            return same_under(mine.name, other.name, patched=bool(mine.patches))
        return f"{mine.name} differs from {other.name} by a factor of {difference:.1g}"

    def _difference(self, mine: Condition, other: Condition) -> float | None:
        """Return the largest difference of an edge's factors; None where it is not known, or something else differs."""
        if (mine.thinking, mine.steps_patches) != (other.thinking, other.steps_patches):
            return None
        one, two = self._resolved(mine), self._resolved(other)
        if one is None or two is None or (one.thought_sources, one.fed) != (two.thought_sources, two.fed):
            return None
        if one.layer_sources != two.layer_sources:
            return None
        return float(abs(one.factors - two.factors).max())  # an axis of layers or heads may be 1: all alike

    def _resolve(self, condition: Condition) -> "EdgeFactors | None":
        """Return what a condition does; None where this model cannot have it."""
        # Where no condition is compared with another, neither this nor NumPy is imported.
        from dataclasses import replace

        from ctlab.engine.edge_factors import edge_factors
        from ctlab.engine.layout import Layout
        from ctlab.models.unrolled import Unrolled

        unrolled = None if self._loop is None else Unrolled(**self._loop)
        layout = Layout(begin=_FEW, thoughts=self._thoughts, end=_FEW, unrolled=unrolled)
        declared = replace(condition, no_op=True)  # one that does nothing is compared, not refused
        try:
            return edge_factors([declared], layout, layers=self._layers, heads=self._heads, hidden=self._hidden)
        except ConditionError:
            return None


def _most(listed: Iterable[tuple[int, ...] | None]) -> int:
    """Return how many there must be for every index that is named."""
    return 1 + max((index for indices in listed for index in indices or ()), default=0)


def same_under(mine: str, other: str, *, patched: bool = False) -> str:
    """Say that two names stand for one thing that is done."""
    what = "edges and thoughts" if patched else "edges"
    return f"{mine} is the same {what} under another name, answers exist under {other}"
