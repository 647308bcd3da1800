"""The mean of a measurement, one number a problem, that lies beyond a margin."""

from dataclasses import dataclass
from typing import ClassVar

from ctlab.claims.direction import Direction
from ctlab.claims.kinds.base import ClaimData, ClaimKind, Known, Pair, Start, Takes
from ctlab.claims.kinds.promise import Promise, Sample
from ctlab.claims.kinds.words import stated_null
from ctlab.records.effect import Effect
from ctlab.statistics.power.large_sample import detectable_mean


@dataclass(frozen=True, slots=True)
class Mean(ClaimKind):
    """A mean over problems; what is measured stands in the test."""

    name = "mean"
    statistics = ("measured_mean",)
    takes = Takes.MEASUREMENTS
    by_p_alone = False
    plans_with: ClassVar[tuple[Known, ...]] = ("spread",)
    estimate = "mean over problems"
    promised = "about; beyond the margin"

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return none: no discordance counts."""
        return []

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Return what Student's test finds; in standard deviations only, before a pilot has shown one."""
        deviations = detectable_mean(sample.n, alpha=alpha, two_sided=claim.direction == Direction.CHANGE)
        if sample.spread is None:
            in_deviations = f"about {deviations:.2g} standard deviations of what the test measures"
            return Promise(unit=claim.scale, note=f"{in_deviations}, which only judging it computes")
        return Promise(detectable=deviations * sample.spread, unit=claim.scale, note=self.promised)

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return none: a measurement is no rate, and has neither floor nor ceiling."""
        return []

    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return none: nothing is lost or gained."""
        return None

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return over what it is the mean, whatever its unit, and of which part."""
        weakest = effect.details.get("weakest")
        return f"{self.estimate}{f' where it decides, {weakest}' if weakest else ''}"

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return the statistic's own, in the claim's unit."""
        return stated_null(effect)
