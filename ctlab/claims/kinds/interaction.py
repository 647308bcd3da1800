"""A condition that costs more on problems with more of a feature."""

from dataclasses import dataclass

from ctlab import formatting
from ctlab.claims.direction import Direction
from ctlab.claims.group_words import feature_words
from ctlab.claims.kinds.base import ClaimData, ClaimKind, Pair, Start, Takes, first_pair, from_reference
from ctlab.claims.kinds.promise import Promise, Sample, too_few
from ctlab.claims.kinds.words import rate_noun
from ctlab.records.effect import Effect
from ctlab.statistics.power.large_sample import detectable_between_halves


@dataclass(frozen=True, slots=True)
class Interaction(ClaimKind):
    """β of condition × feature, in log-odds."""

    name = "interaction"
    statistics = ("interaction",)
    takes = Takes.EVERY_RUN
    by_p_alone = False
    plans_with = ("discordance", "rate")

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return both conditions."""
        return first_pair(claim)

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Return which loss of one half of the problems is found when the other loses nothing on balance."""
        if few := too_few(sample.n // 2):
            return Promise(note=few)
        loss = detectable_between_halves(
            sample.rate, sample.discordance, sample.n, alpha=alpha, two_sided=claim.direction == Direction.CHANGE
        )
        note = (
            "about; difference in loss between halves of the problems, "
            f"{formatting.percent(sample.rate, 0)} right before; judged in log-odds"
        )
        return Promise(detectable=loss, note=note)

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return the reference, from which groups of problems lose."""
        return from_reference(claim, Direction.DECREASE)

    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return none: it compares what several groups of problems lose."""
        return None

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return what its unit is called."""
        return rate_noun(claim, effect)

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return the statistic's own, with the feature as a reader would say it."""
        return effect.null.replace(claim.feature, feature_words(claim.feature)) if claim.feature else effect.null
