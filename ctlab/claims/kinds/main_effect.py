"""What one of two factors does on average over the other: four conditions of a 2 × 2 design, of whichever models."""

from collections.abc import Mapping
from dataclasses import dataclass

from ctlab import formatting
from ctlab.claims.kinds.base import ClaimData, Start, from_reference
from ctlab.claims.kinds.four_runs import FourRuns
from ctlab.claims.kinds.words import of_rate
from ctlab.records.effect import Effect


@dataclass(frozen=True, slots=True)
class MainEffect(FourRuns):
    """Mean of first − neither and both − second, in points; the claim names neither, first, second, both."""

    name = "main effect"
    statistics = ("main_effect",)
    estimate = "mean of the two differences that the factor makes"
    variance = 0.5
    promised = "the mean of two differences varies half as much as one"

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return the reference, from which the factor moves the rate as claimed."""
        return from_reference(claim, claim.direction)

    def contrast(self, claim: ClaimData) -> str:
        """Say which differences the mean is of."""
        neither, first, second, both = claim.conditions
        return f"mean of {first} minus {neither} and {both} minus {second} in the rate{of_rate(claim.outcome)}"

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
