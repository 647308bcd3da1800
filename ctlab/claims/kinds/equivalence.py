"""Rates that do not differ by more than a margin: of one outcome, or of every one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ctlab import formatting
from ctlab.claims.direction import Direction
from ctlab.claims.kinds.base import (
    Call,
    ClaimData,
    ClaimKind,
    Pair,
    Start,
    Takes,
    first_pair,
    from_reference,
    only_pair,
)
from ctlab.claims.kinds.promise import Promise, Sample, equivalence_promise
from ctlab.claims.kinds.words import rate_noun, rates_null, size
from ctlab.records.effect import Effect
from ctlab.statistics.requested import EVERY_OUTCOME


@dataclass(frozen=True, slots=True)
class Equivalence(ClaimKind):
    """Within ± the margin."""

    name = "equivalence"
    statistics = ("rate_equivalence", "every_outcome_equivalent")
    takes = Takes.EVERY_RUN
    by_p_alone = False
    plans_with = ("discordance",)
    directions = (Direction.EQUIVALENT,)
    sizes = (2, 2)

    def call(self, claim: ClaimData, runs: Sequence[Any], given: Sequence[Any]) -> Call:
        """Return both runs, with the outcome where the claim names one."""
        if claim.outcome == EVERY_OUTCOME:
            return Call("every_outcome_equivalent", tuple(runs))
        return Call("rate_equivalence", (claim.outcome, *runs))

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return both conditions."""
        return first_pair(claim)

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Return which margin is proven; of every outcome nothing is promised but for the one that changes most."""
        of = "; for the outcome that changes most" if claim.outcome == EVERY_OUTCOME else ""
        return equivalence_promise(claim.margin, alpha, sample, of=of)

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return the reference, whose rate could move and is claimed not to."""
        return from_reference(claim, Direction.EQUIVALENT)

    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return both conditions."""
        return only_pair(claim)

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return of which rate it is the difference."""
        return rate_noun(claim, effect)

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return that the rates, or the rates of some outcome, differ."""
        pair = only_pair(claim)
        if pair and claim.outcome == EVERY_OUTCOME and effect.unit == formatting.POINTS:
            return f"some outcome's rates under {pair[0]} and {pair[1]} differ by {size(effect)} or more"
        return rates_null(claim, effect, pair)
