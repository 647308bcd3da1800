"""Kinds of errors that shift, apart from how many errors there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ctlab import formatting
from ctlab.claims.direction import Direction
from ctlab.claims.kinds.base import Call, ClaimData, ClaimKind, Pair, Start, Takes, first_pair, only_pair
from ctlab.claims.kinds.promise import Promise, Sample
from ctlab.claims.kinds.words import size
from ctlab.errors import RegistryError
from ctlab.records.effect import Effect


@dataclass(frozen=True, slots=True)
class ErrorMix(ClaimKind):
    """A vector of shares that changes, or whose total variation exceeds a margin."""

    name = "error mix"
    statistics = ("error_mix",)
    takes = Takes.EVERY_RUN
    by_p_alone = True  # its interval is that of a distance, which is never below 0
    plans_with = ("discordance",)  # shown, though nothing is promised from it
    directions = (Direction.CHANGE, Direction.INCREASE)  # a distance beyond a margin can be said to increase
    implied = Direction.CHANGE
    sizes = (2, 2)

    @property
    def about_errors(self) -> bool:
        """Return that it is."""
        return True

    def check(self, claim: ClaimData) -> None:
        """Refuse an increase of any size: without a margin it is tested whether anything shifts, which has no side."""
        if claim.direction == Direction.INCREASE and not claim.margin:
            raise RegistryError(
                f"Claim {claim.id!r}: that kinds of errors shift at all has no side; write the direction change, or a "
                "margin that the shift exceeds."
            )

    def alternative(self, claim: ClaimData) -> str:
        """Return `greater` with a margin: a distance is compared with a margin from one side only."""
        return "greater" if claim.margin else claim.direction.alternative

    def call(self, claim: ClaimData, runs: Sequence[Any], given: Sequence[Any]) -> Call:
        """Return both runs; all outcomes count."""
        return Call(self.statistics[0], tuple(runs))

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return both conditions, for the plan to show; no promise follows from it."""
        return first_pair(claim)

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Promise nothing."""
        return Promise(
            note="not known beforehand: three tests must reject, and that depends on which kinds of errors there are"
        )

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return none: shares of errors have no floor of their own; rare kinds are pooled by the statistic."""
        return []

    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return none: a distance between two mixes has no lost and gained problems."""
        return None

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return that it is a total variation."""
        return formatting.effect_noun(effect.unit)

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return that both mixes are the same, or no further apart than the margin."""
        pair = only_pair(claim)
        if pair is None:
            return effect.null
        if effect.alternative == "greater":
            return f"the total variation between the errors under {pair[0]} and {pair[1]} is at most {size(effect)}"
        return f"the kinds of errors do not shift from {pair[0]} to {pair[1]}"
