"""A thought that is idle: hiding some thought leaves a rate within a margin, over all problems."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ctlab import formatting
from ctlab.claims.cell_words import cell_words, counted_labels
from ctlab.claims.direction import Direction
from ctlab.claims.kinds.base import Call, ClaimData, ClaimKind, Pair, Start, Takes, from_reference
from ctlab.claims.kinds.promise import Promise, Sample, equivalence_promise
from ctlab.claims.kinds.words import in_rate, of_rate, size, stated_null
from ctlab.errors import RegistryError
from ctlab.records.effect import Effect


@dataclass(frozen=True, slots=True)
class Idle(ClaimKind):
    """One equivalence a thought, of which one suffices; each thought is labelled idle, used or unknown."""

    name = "idle"
    statistics = ("idle_thoughts",)
    takes = Takes.EVERY_RUN
    by_p_alone = False
    plans_with = ("discordance",)
    directions = tuple(Direction)  # `check` says which, and why
    implied = Direction.EQUIVALENT
    sizes = (2, None)

    def check(self, claim: ClaimData) -> None:
        """Refuse another side than an equivalence."""
        if claim.direction != Direction.EQUIVALENT:
            raise RegistryError(
                f"Claim {claim.id!r}: an idle thought leaves a rate within a margin; write the direction equivalent, "
                f"not {claim.direction}."
            )

    def call(self, claim: ClaimData, runs: Sequence[Any], given: Sequence[Any]) -> Call:
        """Return the reference and all others."""
        return Call("idle_thoughts", (runs[0], tuple(runs[1:])), {"outcome": claim.outcome})

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return the reference with every thought hidden."""
        return [(claim.conditions[0], name) for name in claim.conditions[1:]]

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Return which margin is proven of one thought, at the level that all of them leave it."""
        thoughts = max(len(claim.conditions) - 1, 1)
        return equivalence_promise(claim.margin, alpha / thoughts, sample, of=f", for each of {thoughts} thoughts")

    def pilot_discordance(self, shares: Sequence[float]) -> float:
        """Return the smallest: one thought that changes little suffices."""
        return min(shares)

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return the reference, whose rate could move and is claimed not to."""
        return from_reference(claim, Direction.EQUIVALENT)

    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return none: what is lost and gained stands in the cells."""
        return None

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return of which rate it is the difference, and for which thought."""
        noun = formatting.effect_noun(effect.unit)
        if effect.unit != formatting.POINTS:
            return noun
        return f"{noun}{in_rate(claim.outcome)} for the thought that decides{cell_words(effect)}"

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return that every thought moves the rate by the margin."""
        if effect.unit != formatting.POINTS or "cells" not in effect.details:
            return stated_null(effect)
        return f"each hidden thought moves the rate{of_rate(claim.outcome)} by {size(effect)} or more"

    def remarks(self, claim: ClaimData, effect: Effect, *, supported: bool) -> str:
        """Return what every thought shows."""
        return counted_labels(effect)
