"""The mean of a measurement, one number a problem, that lies beyond a margin."""

from dataclasses import dataclass
from typing import ClassVar

from ctlab import formatting
from ctlab.claims.direction import Direction
from ctlab.claims.group_words import feature_words, group_words
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
    adjusts = True
    plans_with: ClassVar[tuple[Known, ...]] = ("spread",)
    estimate = "mean over problems"
    promised = "approximate: beyond the margin"

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return none: no discordance counts."""
        return []

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Return what Student's test finds; in standard deviations only, before a pilot has shown one."""
        deviations = detectable_mean(sample.n, alpha=alpha, two_sided=claim.direction == Direction.CHANGE)
        if sample.spread is None:
            in_deviations = f"a mean about {deviations:.2g} standard deviations beyond the margin"
            return Promise(
                unit=claim.scale, note=f"{in_deviations}; how large one is, is known once the claim was judged"
            )
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

    def remarks(self, claim: ClaimData, effect: Effect, *, supported: bool) -> str:
        """Return the mean of every stratum, and what an unseen problem would have to be to take the claim back."""
        said = [_by_group(claim, effect), _unseen(effect) if supported else ""]
        return " ".join(sentence for sentence in said if sentence)


def _by_group(claim: ClaimData, effect: Effect) -> str:
    """Return the mean of every group of problems that the claim holds fixed; empty without any."""
    groups = effect.details.get("group_means")
    if not claim.adjust or not groups:
        return ""
    shown = [
        f"{formatting.quantity(group['estimate'], effect.unit)} ({group_words(group['group'])})" for group in groups
    ]
    features = formatting.listed([feature_words(feature) for feature in claim.adjust])
    return f"By {features}: {formatting.listed(shown)}; judged within these groups, with their shares of the problems."


def _unseen(effect: Effect) -> str:
    """Say how far out a problem may lie that was not seen; empty where bounds are known."""
    unseen = effect.details.get("unseen")
    if not unseen:
        return ""
    limit, seen = (formatting.quantity(unseen[name], effect.unit) for name in ("limit", "seen"))
    side, furthest = ("below", "lowest") if effect.estimate > effect.boundary else ("above", "highest")
    return f"No bounds are declared: it holds if no problem can lie {side} {limit}; the {furthest} seen is {seen}."
