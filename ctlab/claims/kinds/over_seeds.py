"""One recipe against another, each trained from several seeds: what is claimed is of recipes, and seeds are few."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ctlab import formatting
from ctlab.claims.kinds.base import Call, ClaimData, ClaimKind, Pair, Start, Takes, from_reference
from ctlab.claims.kinds.promise import Promise, Sample
from ctlab.claims.kinds.words import in_rate, null_end, of_rate, stated_null
from ctlab.errors import RegistryError
from ctlab.records.effect import Effect

ENOUGH = 5
"""Seeds a recipe from which nothing more is said of their number: t then has four degrees of freedom, and a 90 %
interval is 30 % wider than with endless ones; with three it is 78 %, with two nearly four times as wide."""


@dataclass(frozen=True, slots=True)
class OverSeeds(ClaimKind):
    """Difference of the means over seeds; the claim names the reference's seeds first, then as many of the other's."""

    name = "over seeds"
    statistics = ("over_seeds",)
    takes = Takes.EVERY_RUN
    by_p_alone = False
    plans_with = ()
    sizes = (4, None)

    def check(self, claim: ClaimData) -> None:
        """Refuse a recipe with more seeds than the other."""
        if len(claim.conditions) > 3 and len(claim.conditions) % 2:  # of fewer `sizes` says what is wrong
            raise RegistryError(
                f"Claim {claim.id!r} is of the kind {self.name!r}, which names as many seeds of each recipe, the "
                f"reference's first; it has {len(claim.conditions)} conditions, so leave one out or add one."
            )

    def call(self, claim: ClaimData, runs: Sequence[Any], given: Sequence[Any]) -> Call:
        """Return how the statistic is called: with all runs at once."""
        return Call(self.statistics[0], (tuple(runs),), {"outcome": claim.outcome})

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return each seed of the reference with one of the other recipe."""
        seeds = len(claim.conditions) // 2
        return list(zip(claim.conditions[:seeds], claim.conditions[seeds:], strict=False))

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Promise nothing: how far seeds differ is not known from problems."""
        return Promise(
            note=f"not known beforehand: it depends on how much seeds differ, of which each recipe has "
            f"{len(claim.conditions) // 2}"
        )

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return the reference's first seed, from which the rate would move."""
        return from_reference(claim, claim.direction)

    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return none: no two runs are compared alone."""
        return None

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return over how many seeds the means are."""
        if effect.unit != formatting.POINTS:
            return formatting.effect_noun(effect.unit)
        seeds = effect.details.get("seeds")
        over = f" over {formatting.counted(seeds, 'seed')} each" if isinstance(seeds, int) else ""
        return f"difference between two means{over}{in_rate(claim.outcome)}"

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return where the difference of means would lie."""
        if len(claim.conditions) < 4 or effect.unit != formatting.POINTS:
            return stated_null(effect)
        seeds = len(claim.conditions) // 2
        first, second = (formatting.listed(list(part)) for part in (claim.conditions[:seeds], claim.conditions[seeds:]))
        return f"mean rate{of_rate(claim.outcome)} of {second} minus mean of {first} {null_end(effect)}"

    def remarks(self, claim: ClaimData, effect: Effect, *, supported: bool) -> str:
        """Return how many seeds it rests on, and that few cannot support much."""
        seeds = effect.details.get("seeds")
        if not isinstance(seeds, int):
            return ""
        told = f"n = {formatting.counted(seeds, 'seed')} a recipe."
        if seeds >= ENOUGH:
            return told
        return (
            f"{told} {seeds} seeds cannot support much: how far two trainings of one recipe differ is hardly known "
            f"from them, and no number of problems makes the interval narrow."
        )
