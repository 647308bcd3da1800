"""What kinds over four conditions have in common: a reference, one change, another, and both."""

import math
from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from ctlab import formatting
from ctlab.claims.direction import Direction
from ctlab.claims.kinds.base import ClaimData, ClaimKind, Pair, Takes
from ctlab.claims.kinds.promise import Promise, Sample
from ctlab.claims.kinds.words import in_rate, null_end, stated_null
from ctlab.records.effect import Effect
from ctlab.statistics.power.large_sample import standard_errors


@dataclass(frozen=True, slots=True)
class FourRuns(ClaimKind):
    """A contrast of four conditions' rates, in points, resampled over problems."""

    takes = Takes.EVERY_RUN
    by_p_alone = False
    plans_with = ("discordance",)
    sizes = (4, 4)
    estimate: ClassVar[str]
    """What the estimate is, for a sentence."""
    variance: ClassVar[float]
    """Variance of a problem's contrast in discordances: two differences that each vary by one, taken as independent."""
    promised: ClassVar[str]
    """The same in words."""

    @abstractmethod
    def contrast(self, claim: ClaimData) -> str:
        """Name the contrast by the claim's four conditions."""

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return both pairs that differ in the first change alone."""
        names = claim.conditions
        return [(names[0], names[1]), (names[2], names[3])] if len(names) > 3 else []

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Return what the bootstrap finds: about what a normal mean over problems would."""
        errors = standard_errors(alpha, two_sided=claim.direction == Direction.CHANGE)
        detectable = errors * math.sqrt(self.variance * sample.discordance / sample.n)
        return Promise(detectable=detectable, note=f"approximate: {self.promised}")

    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return none: four conditions stand in it."""
        return None

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return what the estimate is."""
        if effect.unit != formatting.POINTS:
            return formatting.effect_noun(effect.unit)
        return f"{self.estimate}{in_rate(claim.outcome)}"

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return where the contrast would lie."""
        if len(claim.conditions) != 4 or effect.unit != formatting.POINTS:
            return stated_null(effect)
        return f"{self.contrast(claim)} {null_end(effect)}"
