"""Two conditions that together lose less than each does in sum."""

import math
from dataclasses import dataclass

from ctlab import formatting
from ctlab.claims.direction import Direction
from ctlab.claims.kinds.base import ClaimData, ClaimKind, Pair, Start, Takes, from_reference
from ctlab.claims.kinds.promise import Promise, Sample
from ctlab.claims.kinds.words import in_rate, null_end, of_rate, stated_null
from ctlab.records.effect import Effect
from ctlab.statistics.power.large_sample import standard_errors


@dataclass(frozen=True, slots=True)
class Additivity(ClaimKind):
    """loss(A) + loss(B) − loss(both), in points."""

    name = "additivity"
    statistics = ("additivity",)
    takes = Takes.EVERY_RUN
    by_p_alone = False
    plans_with = ("discordance",)
    sizes = (4, 4)

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return the reference with A, and B with both: the contrast is the difference between these differences."""
        names = claim.conditions
        return [(names[0], names[1]), (names[2], names[3])] if len(names) > 3 else []

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Return what the bootstrap finds: about what a normal mean over problems would."""
        errors = standard_errors(alpha, two_sided=claim.direction == Direction.CHANGE)
        # Each of the two differences varies by the discordance, and they are taken as independent.
        variance = 2.0 * sample.discordance
        note = "approximate: the losses together vary twice as much as one"
        return Promise(detectable=errors * math.sqrt(variance / sample.n), note=note)

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return the reference, from which all conditions lose."""
        return from_reference(claim, Direction.DECREASE)

    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return none: four conditions stand in it."""
        return None

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return which losses are added and taken away."""
        if effect.unit != formatting.POINTS:
            return formatting.effect_noun(effect.unit)
        return f"sum of the two losses minus the loss together{in_rate(claim.outcome)}"

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return where the contrast would lie."""
        if len(claim.conditions) != 4 or effect.unit != formatting.POINTS:
            return stated_null(effect)
        _, first, second, both = claim.conditions
        what = of_rate(claim.outcome)
        return f"loss{what} under {first} plus loss under {second} minus loss under {both} {null_end(effect)}"
