"""Of two things that problems have, the more there is of one, the more there is of the other."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ctlab import formatting
from ctlab.claims.direction import Direction
from ctlab.claims.group_words import feature_words
from ctlab.claims.kinds.base import Call, ClaimData, ClaimKind, Pair, Start, Takes
from ctlab.claims.kinds.promise import Promise, Sample
from ctlab.claims.kinds.words import of_rate
from ctlab.errors import RegistryError, StatisticsError
from ctlab.records.effect import Effect
from ctlab.statistics.moderators.feature import check_form
from ctlab.statistics.power.large_sample import standard_errors


@dataclass(frozen=True, slots=True)
class Correlation(ClaimKind):
    """Spearman's rho of a feature and the impact of a condition, or of two measurements."""

    name = "correlation"
    statistics = ("impact_correlation", "rank_correlation")
    takes = Takes.EVERY_RUN
    by_p_alone = False
    plans_with = ()
    directions = (Direction.INCREASE, Direction.DECREASE, Direction.CHANGE)
    margin_is_proportion = False  # it is a correlation

    def check(self, claim: ClaimData) -> None:
        """Refuse a margin that no correlation reaches, and a feature written in another form."""
        if claim.margin >= 1.0:
            raise RegistryError(
                f"Claim {claim.id!r}: the margin of a correlation lies below 1, got {claim.margin:g}; write 0.1 for a "
                "correlation of more than 0.1."
            )
        try:
            if claim.feature:
                check_form(claim.feature)
        except StatisticsError as problem:
            raise RegistryError(f"Claim {claim.id!r}: {problem}") from None

    def check_given(self, claim: ClaimData, given: Sequence[Any]) -> None:
        """Accept nothing, one measurement, or two."""

    def call(self, claim: ClaimData, runs: Sequence[Any], given: Sequence[Any]) -> Call:
        """Return the feature with both runs, or with one measurement; or two measurements."""
        if not given:
            return Call("impact_correlation", (claim.feature, *runs), {"outcome": claim.outcome})
        if len(given) == 1:
            return Call("rank_correlation", (claim.feature, *given), {"of": runs[0]})
        return Call("rank_correlation", tuple(given))

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return none: no discordance counts."""
        return []

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Return which correlation is found where the spread of one measurement does not depend on the other."""
        reach = standard_errors(alpha, two_sided=claim.direction == Direction.CHANGE) / math.sqrt(sample.n - 3)
        beyond = math.tanh(math.atanh(claim.margin) + reach) - claim.margin
        note = "approximate: where the spread of one does not depend on the other"
        return Promise(detectable=beyond, unit="correlation", note=note)

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return none: its margin is no rate, and of impact that is nearly always 0 it decides nothing."""
        return []

    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return none: problems are compared with each other, not two conditions."""
        return None

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return of what it is the correlation."""
        if effect.unit != "correlation":
            return formatting.effect_noun(effect.unit)
        feature = feature_words(claim.feature) if claim.feature else ""
        if effect.details.get("of_impact"):
            treated = f" under {claim.conditions[1]}" if len(claim.conditions) > 1 else ""
            return f"rank correlation of ({feature}) with the loss{of_rate(claim.outcome)}{treated}"
        return f"rank correlation of ({feature}) with what is measured" if feature else "rank correlation"

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return the statistic's own, of what."""
        if effect.unit != "correlation":
            return effect.null
        return f"{effect.null} for the {self.noun(claim, effect)}"
