"""A distance that the test computes itself: no statistic of ctlab answers this kind."""

from dataclasses import dataclass

from ctlab import formatting
from ctlab.claims.kinds.base import ClaimData, ClaimKind, Pair, Start, Takes
from ctlab.claims.kinds.promise import Promise, Sample
from ctlab.claims.kinds.words import stated_null
from ctlab.records.effect import Effect


@dataclass(frozen=True, slots=True)
class Distance(ClaimKind):
    """An effect of the test's own, decided like any other; ctlab's own distances are claims about a mean."""

    name = "distance"
    statistics = ()
    takes = Takes.MEASUREMENTS
    by_p_alone = False
    plans_with = ()

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return none: what is compared stands in the test."""
        return []

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Promise nothing."""
        return Promise(unit=claim.scale, note="not known beforehand: the test brings a statistic of its own")

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return none: a measurement is no rate, and has neither floor nor ceiling."""
        return []

    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return none: what is compared stands in the test."""
        return None

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return what its unit is called."""
        return formatting.effect_noun(effect.unit)

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return the test's own."""
        return stated_null(effect)
