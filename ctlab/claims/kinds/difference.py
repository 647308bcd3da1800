"""A rate that is higher, lower, or merely other under one condition than under another; by at least a margin, too."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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
from ctlab.claims.kinds.promise import Promise, Sample, paired_promise
from ctlab.claims.kinds.words import rate_noun, rates_null
from ctlab.errors import RegistryError
from ctlab.records.effect import Effect


@dataclass(frozen=True, slots=True)
class Difference(ClaimKind):
    """Treated − reference, paired by problem. With the direction `equivalent` it is an equivalence of one outcome."""

    name = "difference"
    statistics = ("rate_difference", "rate_equivalence")
    takes = Takes.EVERY_RUN
    by_p_alone = False
    plans_with = ("discordance",)
    directions = tuple(Direction)  # equivalent too: `rate_difference` tests it within the margin
    sizes = (2, 2)

    def check(self, claim: ClaimData) -> None:
        """Refuse a change beyond a margin: it has no side to stand on."""
        if claim.direction == Direction.CHANGE and claim.margin != 0.0:
            raise RegistryError(
                f"Claim {claim.id!r}: a change takes no margin, got {claim.margin}; choose a direction."
            )

    def call(self, claim: ClaimData, runs: Sequence[Any], given: Sequence[Any]) -> Call:
        """Return the outcome and both runs."""
        return Call("rate_difference", (claim.outcome, *runs))

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return both conditions."""
        return first_pair(claim)

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Return what the exact test finds, or which margin is proven."""
        return paired_promise(claim.direction, claim.margin, alpha, sample)

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return the reference, whose rate is claimed to move."""
        return from_reference(claim, claim.direction)

    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return both conditions."""
        return only_pair(claim)

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return of which rate it is the difference."""
        return rate_noun(claim, effect)

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return where the difference of both rates would lie."""
        return rates_null(claim, effect, only_pair(claim))

    def gained_first(self, claim: ClaimData) -> bool:
        """Return whether more is claimed: a gained problem then shows it."""
        return claim.direction == Direction.INCREASE
