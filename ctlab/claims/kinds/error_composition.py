"""The composition of all errors, which shifts."""

from dataclasses import dataclass

from ctlab.claims.kinds.base import ClaimData, only_pair
from ctlab.claims.kinds.error_mix import ErrorMix
from ctlab.claims.kinds.promise import Promise, Sample
from ctlab.claims.kinds.words import size
from ctlab.records.effect import Effect


@dataclass(frozen=True, slots=True)
class ErrorComposition(ErrorMix):
    """Shares of the kinds of errors among all errors of each condition: the first part of an error mix, by itself."""

    name = "error composition"
    statistics = ("error_composition",)

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Promise nothing."""
        return Promise(note="not known beforehand: it depends on how many errors there are, and of which kinds")

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return that both compositions are the same, or no further apart than the margin."""
        pair = only_pair(claim)
        if pair is None:
            return effect.null
        if effect.alternative == "greater":
            return f"the total variation between the errors under {pair[0]} and {pair[1]} is at most {size(effect)}"
        return f"the errors under {pair[0]} and under {pair[1]} are of the same kinds in the same shares"
