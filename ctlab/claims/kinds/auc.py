"""A measurement that is larger on one group of problems than on another."""

import math
from dataclasses import dataclass

from ctlab import formatting
from ctlab.claims.direction import Direction
from ctlab.claims.group_words import feature_words, group_words
from ctlab.claims.kinds.base import ClaimData, ClaimKind, Pair, Start, Takes
from ctlab.claims.kinds.promise import Promise, Sample, too_few
from ctlab.records.effect import Effect
from ctlab.statistics.power.large_sample import standard_errors

_PARTS = 4
"""One group is taken to be a quarter of the problems, as its note says: how large it is shows only when it is made."""


@dataclass(frozen=True, slots=True)
class Auc(ClaimKind):
    """The probability that a problem of the first group has the larger value."""

    name = "auc"
    statistics = ("auc",)
    takes = Takes.MEASUREMENTS
    by_p_alone = False
    plans_with = ()
    adjusts = True

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return none: no discordance counts."""
        return []

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Return how far from one half an area is found, from the rank test's variance at one half."""
        if few := too_few(sample.n // _PARTS):
            return Promise(note=few)
        errors = standard_errors(alpha, two_sided=claim.direction == Direction.CHANGE)
        share = 1.0 / _PARTS
        # Mann and Whitney (1947): (n + 1) / (12 m k) for groups of m and k problems, here without the 1.
        size = errors / math.sqrt(12.0 * sample.n * share * (1.0 - share))
        return Promise(
            detectable=size,
            unit="probability",
            note="approximate: all problems compared, a quarter in the smaller group",
        )

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return none: a measurement is no rate, and has neither floor nor ceiling."""
        return []

    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return none: two groups of problems are compared, not two conditions."""
        return None

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return that it is an area under the curve."""
        return "AUC" if effect.unit == "probability" else formatting.effect_noun(effect.unit)

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return the statistic's own, and what is held fixed."""
        return f"{effect.null} among problems with the same {_features(claim)}" if claim.adjust else effect.null

    def remarks(self, claim: ClaimData, effect: Effect, *, supported: bool) -> str:
        """Return the area of every stratum, and what it would be of all problems together."""
        if not claim.adjust or not effect.estimated:
            return ""
        shown = [
            f"{formatting.quantity(stratum['estimate'], effect.unit)} ({group_words(stratum['group'])})"
            for stratum in effect.details["strata"]
            if stratum["estimate"] is not None
        ]
        pooled = formatting.quantity(effect.details["pooled"]["estimate"], effect.unit)
        return f"By {_features(claim)}: {formatting.listed(shown)}; without regard to it {pooled}."


def _features(claim: ClaimData) -> str:
    """Return what a claim holds fixed, in words."""
    return formatting.listed([feature_words(feature) for feature in claim.adjust])
