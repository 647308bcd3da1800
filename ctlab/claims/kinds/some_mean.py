"""Means of a measurement, one a cell, of which one lies beyond a margin."""

from dataclasses import dataclass

from ctlab.claims.cell_words import cell_words, counted_labels
from ctlab.claims.direction import Direction
from ctlab.claims.kinds.base import ClaimData
from ctlab.claims.kinds.mean import Mean
from ctlab.claims.kinds.promise import Promise, Sample
from ctlab.errors import RegistryError
from ctlab.records.effect import Effect


@dataclass(frozen=True, slots=True)
class SomeMean(Mean):
    """As a mean, of thoughts × places: of one cell, whichever it is; each cell is labelled."""

    name = "some mean"
    statistics = ("some_measured_mean",)
    adjusts = False
    plans_with = ()

    def check(self, claim: ClaimData) -> None:
        """Refuse another side than an increase: every measurement is low somewhere."""
        if claim.direction != Direction.INCREASE:
            raise RegistryError(
                f"Claim {claim.id!r}: some cell's mean exceeds a margin; write the direction increase, not "
                f"{claim.direction}."
            )

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Promise nothing."""
        return Promise(
            unit=claim.scale, note="not known beforehand: how many problems each cell has is measured with it"
        )

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return over what it is the mean, and in which cell."""
        return f"{self.estimate} of the cell that decides{cell_words(effect)}"

    def remarks(self, claim: ClaimData, effect: Effect, *, supported: bool) -> str:
        """Return what the cells show."""
        return counted_labels(effect)
