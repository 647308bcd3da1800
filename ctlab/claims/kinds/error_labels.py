"""The labels of the same errors, which shift."""

from dataclasses import dataclass

from ctlab.claims.kinds.base import ClaimData, only_pair
from ctlab.claims.kinds.error_mix import ErrorMix
from ctlab.claims.kinds.promise import Promise, Sample
from ctlab.claims.kinds.words import size
from ctlab.records.effect import Effect


@dataclass(frozen=True, slots=True)
class ErrorLabels(ErrorMix):
    """Labels of problems answered wrongly in the usual form under both: the second part of an error mix, by itself."""

    name = "error labels"
    statistics = ("error_labels",)

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Promise nothing."""
        return Promise(
            note="not known beforehand: it depends on how many are wrong under both, and on how their labels change"
        )

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return that the labels are the same, or no further apart than the margin."""
        pair = only_pair(claim)
        if pair is None:
            return effect.null
        which = f"problems answered wrongly in the usual form under both {pair[0]} and {pair[1]}"
        if effect.alternative == "greater":
            return f"the total variation between the labels of {which} is at most {size(effect)}"
        return f"the labels of {which} do not shift"
