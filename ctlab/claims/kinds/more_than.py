"""One condition that costs more than another, each against the same reference."""

from dataclasses import dataclass

from ctlab import formatting
from ctlab.claims.direction import Direction
from ctlab.claims.kinds.base import ClaimData, ClaimKind, Pair, Start, Takes
from ctlab.claims.kinds.promise import Promise, Sample, paired_promise
from ctlab.claims.kinds.words import in_rate, null_end, of_rate, stated_null
from ctlab.records.effect import Effect
from ctlab.statistics.paired.difference import PAIRED_NULL


@dataclass(frozen=True, slots=True)
class MoreThan(ClaimKind):
    """The loss under A minus the loss under B: the reference cancels, so that A is paired with B."""

    name = "more than"
    statistics = ("stronger",)
    takes = Takes.TREATED_RUNS
    by_p_alone = False
    plans_with = ("discordance",)
    implied = Direction.INCREASE  # "costs more"; who means "costs less" says so, or names them in the other order
    sizes = (3, 3)

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return A and B."""
        return [(claim.conditions[1], claim.conditions[2])] if len(claim.conditions) > 2 else []

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Return what the exact test of A against B finds."""
        return paired_promise(claim.direction, claim.margin, alpha, sample)

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return the condition that is claimed to cost less: the other one falls below it."""
        if len(claim.conditions) != 3:
            return []
        _, first, second = claim.conditions
        # The baseline cancels: the one that costs more falls below the other.
        return [(first if claim.direction == Direction.DECREASE else second, Direction.DECREASE)]

    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return A and B: what is lost is what A alone still has."""
        return (claim.conditions[1], claim.conditions[2]) if len(claim.conditions) == 3 else None

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return of which losses it is the difference."""
        noun, pair = formatting.effect_noun(effect.unit), self.compared(claim, effect)
        if effect.unit != formatting.POINTS:
            return noun
        order = f" ({pair[0]} minus {pair[1]})" if pair else ""
        return f"{noun} between the two losses{order}{in_rate(claim.outcome)}"

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return where the difference of both losses would lie."""
        pair = self.compared(claim, effect)
        if pair is None or not effect.null.startswith(PAIRED_NULL):
            return stated_null(effect)
        return f"loss{of_rate(claim.outcome)} under {pair[0]} minus loss under {pair[1]} {null_end(effect)}"
