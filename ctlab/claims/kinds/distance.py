"""A distance that the test computes itself: no statistic of ctlab answers this kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ctlab import formatting
from ctlab.claims.direction import Direction
from ctlab.claims.kinds.base import Call, ClaimData, ClaimKind, Pair, Start, Takes
from ctlab.claims.kinds.promise import Promise, Sample
from ctlab.claims.kinds.words import stated_null
from ctlab.errors import ClaimError
from ctlab.records.effect import Effect


@dataclass(frozen=True, slots=True)
class Distance(ClaimKind):
    """An effect of the test's own, decided like any other; ctlab's own distances are claims about a mean."""

    name = "distance"
    statistics = ()
    takes = Takes.MEASUREMENTS
    by_p_alone = False
    plans_with = ()
    directions = tuple(Direction)  # its test is the suite's own

    def call(self, claim: ClaimData, runs: Sequence[Any], given: Sequence[Any]) -> Call:
        """Refuse: the effect is the test's own."""
        raise ClaimError(
            f"Claim {claim.id!r} is of the kind {self.name!r}, which no statistic of ctlab answers; make an Effect of "
            "what the test measures, and judge that."
        )

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
