"""Several conditions that do not all cost the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from ctlab import formatting
from ctlab.claims.direction import Direction
from ctlab.claims.kinds.base import Call, ClaimData, ClaimKind, Pair, Start, Takes, from_reference
from ctlab.claims.kinds.promise import Promise, Sample
from ctlab.claims.kinds.words import in_rate, of_rate
from ctlab.records.effect import Effect
from ctlab.statistics.power.large_sample import detectable_range


@dataclass(frozen=True, slots=True)
class NotAllEqual(ClaimKind):
    """Any difference among the conditions that follow the reference, which cancels."""

    name = "not all equal"
    statistics = ("cochran_q",)
    takes = Takes.TREATED_RUNS
    by_p_alone = True  # its interval is that of one pair, and Q compares them all
    plans_with = ("discordance",)
    directions = (Direction.CHANGE,)
    sizes = (3, None)

    def call(self, claim: ClaimData, runs: Sequence[Any], given: Sequence[Any]) -> Call:
        """Return all runs as one argument."""
        return Call("cochran_q", (tuple(runs),), {"outcome": claim.outcome})

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return every two of them."""
        return list(combinations(claim.conditions[1:], 2))

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Return which range is found, where it is hardest."""
        count = max(len(claim.conditions) - 1, 2)
        size = detectable_range(count, sample.discordance, sample.n, alpha=alpha)
        return Promise(detectable=size, note="approximate: between the two that differ most, all others halfway")

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return the reference, from which each condition may lose."""
        return from_reference(claim, Direction.DECREASE)

    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return the two that lie furthest apart, whose difference the estimate is."""
        largest = (pair for pair in effect.details.get("pairs", ()) if pair["estimate"] == effect.estimate)
        return next(((pair["first"], pair["second"]) for pair in largest), None)

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return between which two it is the largest difference."""
        noun, pair = formatting.effect_noun(effect.unit), self.compared(claim, effect)
        if effect.unit != formatting.POINTS:
            return noun
        between = f" ({pair[1]} against {pair[0]})" if pair else ""
        return f"largest {noun} between two of the conditions{between}{in_rate(claim.outcome)}"

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return that all of them have the same rate."""
        names = claim.conditions[1:]
        if len(names) < 2:
            return effect.null
        return f"the rate{of_rate(claim.outcome)} is the same under {formatting.listed(names)}"
