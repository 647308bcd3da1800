"""A rate that moves the same way at every step of a dose."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ctlab import formatting
from ctlab.claims.direction import Direction
from ctlab.claims.kinds.base import Call, ClaimData, ClaimKind, Pair, Start, Takes, from_reference
from ctlab.claims.kinds.promise import Promise, Sample, paired_promise
from ctlab.claims.kinds.words import in_rate, of_rate, stated_null
from ctlab.records.effect import Effect
from ctlab.statistics.joint.intersection_union import step_name


@dataclass(frozen=True, slots=True)
class OrderedTrend(ClaimKind):
    """Every step from the first condition to the last."""

    name = "ordered trend"
    statistics = ("ordered_trend",)
    takes = Takes.EVERY_RUN
    by_p_alone = False
    plans_with = ("discordance",)
    directions = (Direction.INCREASE, Direction.DECREASE)
    sizes = (2, None)

    def call(self, claim: ClaimData, runs: Sequence[Any], given: Sequence[Any]) -> Call:
        """Return all runs as one argument."""
        return Call("ordered_trend", (tuple(runs),), {"outcome": claim.outcome})

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return the steps."""
        return list(pairwise(claim.conditions))

    def pilot_discordance(self, shares: Sequence[float]) -> float:
        """Return the largest: every step must be found, so the one that changes most counts."""
        return max(shares)

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Return what is found at each step when all of them must be."""
        steps = max(len(claim.conditions) - 1, 1)
        return paired_promise(claim.direction, claim.margin, alpha, sample, steps=steps)

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return the first dose."""
        return from_reference(claim, claim.direction)

    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return the ends of the step that decides."""
        weakest = effect.details.get("weakest")
        return next((step for step in self.pairs(claim) if step_name(*step) == weakest), None)

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return of which rate it is the difference, and at which step."""
        noun, weakest = formatting.effect_noun(effect.unit), effect.details.get("weakest")
        if effect.unit != formatting.POINTS:
            return noun
        at = f" at the step that decides, {weakest}" if weakest else ""
        return f"{noun}{in_rate(claim.outcome)}{at}"

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return that the rate pauses, or goes the other way, somewhere."""
        if len(claim.conditions) < 2 or claim.direction not in (Direction.INCREASE, Direction.DECREASE):
            return stated_null(effect)
        beyond = f" by more than {formatting.points(claim.margin).lstrip('+')}" if claim.margin else ""
        doses = " → ".join(claim.conditions)
        return f"at some step of {doses} the rate{of_rate(claim.outcome)} does not {claim.direction}{beyond}"
