"""Kinds of errors that shift, apart from how many errors there are."""

from dataclasses import dataclass

from ctlab import formatting
from ctlab.claims.kinds.base import ClaimData, ClaimKind, Pair, Start, Takes, first_pair, only_pair
from ctlab.claims.kinds.promise import Promise, Sample
from ctlab.claims.kinds.words import size
from ctlab.records.effect import Effect


@dataclass(frozen=True, slots=True)
class ErrorMix(ClaimKind):
    """A vector of shares that changes, or whose total variation exceeds a margin."""

    name = "error mix"
    statistics = ("error_mix",)
    takes = Takes.EVERY_RUN
    by_p_alone = True  # its interval is that of a distance, which is never below 0
    plans_with = ("discordance",)  # shown, though nothing is promised from it

    @property
    def about_errors(self) -> bool:
        """Return that it is."""
        return True

    def alternative(self, claim: ClaimData) -> str:
        """Return `greater` with a margin: a distance is compared with a margin from one side only."""
        return "greater" if claim.margin else claim.direction.alternative

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
