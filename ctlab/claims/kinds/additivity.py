"""Two conditions that together lose less than each does in sum."""

from dataclasses import dataclass

from ctlab.claims.direction import Direction
from ctlab.claims.kinds.base import ClaimData, Start, from_reference
from ctlab.claims.kinds.four_runs import FourRuns
from ctlab.claims.kinds.words import of_rate


@dataclass(frozen=True, slots=True)
class Additivity(FourRuns):
    """loss(A) + loss(B) − loss(both), in points."""

    name = "additivity"
    statistics = ("additivity",)
    estimate = "sum of the two losses minus the loss together"
    variance = 2.0
    promised = "the losses together vary twice as much as one"

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return the reference, from which all conditions lose."""
        return from_reference(claim, Direction.DECREASE)

    def contrast(self, claim: ClaimData) -> str:
        """Say which losses are added and taken away."""
        _, first, second, both = claim.conditions
        return f"loss{of_rate(claim.outcome)} under {first} plus loss under {second} minus loss under {both}"
