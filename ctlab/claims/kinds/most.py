"""Where a sweep moves the rate most: the cell that one half of the problems picks, judged by the other half."""

from dataclasses import dataclass, replace
from typing import Any

from ctlab import formatting
from ctlab.claims.direction import Direction
from ctlab.claims.kinds.base import ClaimData, ClaimKind, Pair, Start, Takes
from ctlab.claims.kinds.promise import Promise, Sample, paired_promise, too_few
from ctlab.claims.kinds.words import in_rate, null_end, of_rate, stated_null
from ctlab.errors import RegistryError
from ctlab.records.effect import Effect
from ctlab.statistics.paired.difference import PAIRED_NULL


@dataclass(frozen=True, slots=True)
class Most(ClaimKind):
    """One cell of many against the baseline; which one is not named, and picking it costs half of the problems."""

    name = "most"
    statistics = ("most_in_sweep",)
    takes = Takes.MEASUREMENTS
    by_p_alone = False
    plans_with = ("discordance",)
    directions = (Direction.DECREASE, Direction.INCREASE)
    margin_is_proportion = True
    sweeps = True

    def check(self, claim: ClaimData) -> None:
        """Refuse another outcome: a sweep keeps labels alone, and no error's chance rate can be worked out of them."""
        if claim.outcome != "CORRECT":
            raise RegistryError(
                f"Claim {claim.id!r}: a sweep is judged by its right answers, not by {claim.outcome!r}; claim the "
                "error of one condition by a difference."
            )

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return none: no condition is named."""
        return []

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Return what the exact test finds in the half that measures."""
        half = replace(sample, n=sample.n // 2)
        if small := too_few(half.n):
            return Promise(note=small)
        promised = paired_promise(claim.direction, claim.margin, alpha, half)
        by = f"of the picked cell, by the half of {formatting.counted(half.n, 'problem')} that does not pick it"
        return replace(promised, note=f"{promised.note}, {by}" if promised.note else by)

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return the baseline, from which every cell moves."""
        return [(claim.conditions[0], claim.direction)]

    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return none: the cell is no condition of the claim."""
        return None

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return which cell's difference it is, and that it was picked elsewhere."""
        noun, picked = formatting.effect_noun(effect.unit), effect.details.get("picked")
        if effect.unit != formatting.POINTS or not picked:
            return noun
        return f"{noun}{in_rate(claim.outcome)} at {picked}, which other problems picked"

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return where the picked cell's difference would lie."""
        picked = effect.details.get("picked")
        if not picked or not effect.null.startswith(PAIRED_NULL):
            return stated_null(effect)
        return f"rate{of_rate(claim.outcome)} at {picked} minus rate under {claim.conditions[0]} {null_end(effect)}"

    def remarks(self, claim: ClaimData, effect: Effect, *, supported: bool) -> str:
        """Return what it seemed to be where it was picked, and whether it stands out among the cells."""
        if not effect.details.get("picked"):
            return ""
        seemed = formatting.points(effect.details["where_picked"])
        said = f"On the problems that picked it it was {seemed}, which is too large on average."
        second = effect.details.get("over_second")
        return f"{said} {_stands_out(second)}" if second else said


def _stands_out(second: dict[str, Any]) -> str:
    """Say whether the picked cell moves the rate more than every other one; what it is not known to do it may do."""
    gap = f"further than the next, {second['cell']}, by {formatting.points(second['estimate'])}"
    ends = formatting.interval(second["low"], second["high"], formatting.POINTS)
    if second["low"] > 0.0:
        return f"It moves the rate more than every other cell: {gap} ({ends})."
    return f"That it moves the rate more than every other cell is not shown: {gap} ({ends})."
