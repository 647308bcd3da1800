"""One condition that costs several times as much as another."""

from dataclasses import dataclass

from ctlab import formatting
from ctlab.claims.direction import Direction
from ctlab.claims.kinds.base import ClaimData, ClaimKind, Pair, Start, Takes, first_pair, from_reference
from ctlab.claims.kinds.promise import Promise, Sample
from ctlab.claims.kinds.words import of_rate
from ctlab.records.effect import Effect


@dataclass(frozen=True, slots=True)
class Ratio(ClaimKind):
    """The loss under A divided by the loss under B."""

    name = "ratio"
    statistics = ("ratio",)
    takes = Takes.EVERY_RUN
    by_p_alone = False
    plans_with = ("discordance",)  # shown, though nothing is promised from it
    directions = (Direction.INCREASE,)
    sizes = (3, 3)
    margin_is_proportion = False  # it is how many times as much

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return the reference and A, for the plan to show; no promise follows from it."""
        return first_pair(claim)

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Promise nothing."""
        return Promise(unit="ratio", note="not known beforehand: it depends on both losses")

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return the reference, from which both conditions lose."""
        return from_reference(claim, Direction.DECREASE)

    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return none: each loss has lost and gained problems of its own."""
        return None

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return that it is a ratio."""
        return formatting.effect_noun(effect.unit)

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return how many times the loss under B the loss under A would be at most."""
        if len(claim.conditions) != 3 or effect.alternative != "greater":
            return effect.null
        _, first, second = claim.conditions
        what = of_rate(claim.outcome)
        return f"the loss{what} under {first} is at most {effect.boundary:g} times the loss under {second}"
