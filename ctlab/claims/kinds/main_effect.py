"""What one of two factors does on average over the other: four conditions of a 2 × 2 design, of whichever models."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ctlab import formatting
from ctlab.claims.direction import Direction
from ctlab.claims.kinds.base import ClaimData, ClaimKind, Pair, Start, Takes, from_reference
from ctlab.claims.kinds.promise import Promise, Sample
from ctlab.claims.kinds.words import in_rate, null_end, of_rate, stated_null
from ctlab.records.effect import Effect
from ctlab.statistics.power.large_sample import standard_errors


@dataclass(frozen=True, slots=True)
class MainEffect(ClaimKind):
    """Mean of first − neither and both − second, in points; the claim names neither, first, second, both."""

    name = "main effect"
    statistics = ("main_effect",)
    takes = Takes.EVERY_RUN
    by_p_alone = False
    plans_with = ("discordance",)
    sizes = (4, 4)

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return both pairs that differ in the first factor alone."""
        names = claim.conditions
        return [(names[0], names[1]), (names[2], names[3])] if len(names) > 3 else []

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Return what the bootstrap finds: about what a normal mean over problems would."""
        errors = standard_errors(alpha, two_sided=claim.direction == Direction.CHANGE)
        # The mean of two differences that each vary by the discordance, taken as independent: half as much as one.
        variance = sample.discordance / 2.0
        note = "approximate: the mean of two differences varies half as much as one"
        return Promise(detectable=errors * math.sqrt(variance / sample.n), note=note)

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return the reference, from which the factor moves the rate as claimed."""
        return from_reference(claim, claim.direction)

    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return none: four conditions stand in it."""
        return None

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return of which two differences the estimate is the mean."""
        if effect.unit != formatting.POINTS:
            return formatting.effect_noun(effect.unit)
        return f"mean of the two differences that the factor makes{in_rate(claim.outcome)}"

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return where the mean would lie."""
        if len(claim.conditions) != 4 or effect.unit != formatting.POINTS:
            return stated_null(effect)
        neither, first, second, both = claim.conditions
        what = of_rate(claim.outcome)
        return f"mean of {first} minus {neither} and {both} minus {second} in the rate{what} {null_end(effect)}"

    def remarks(self, claim: ClaimData, effect: Effect, *, supported: bool) -> str:
        """Return both differences and the interaction; where the factors interact, that the mean is of unlike ones."""
        found, simple = effect.details.get("simultaneous"), effect.details.get("simple")
        if not found or not simple or len(claim.conditions) != 4:
            return ""
        neither, first, second, both = claim.conditions
        one, other = (formatting.points(simple[name]) for name in ("without second", "with second"))
        third = found["interaction"]
        told = (
            f"{first} minus {neither} is {one}, {both} minus {second} {other}; the other factor's main effect "
            f"{_ends(found['second'])}, the interaction {_ends(third)} (simultaneous 95 % intervals)."
        )
        interact = third["low"] > 0.0 or third["high"] < 0.0
        return told + (" The factors interact, so that the mean is one of unlike differences." if interact else "")


def _ends(contrast: Mapping[str, float]) -> str:
    ends = formatting.interval(contrast["low"], contrast["high"], formatting.POINTS, unit_shown=False)
    return f"{formatting.points(contrast['estimate'])} [{ends}]"
