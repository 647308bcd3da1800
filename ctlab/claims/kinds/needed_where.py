"""A thought that is needed somewhere: in at least one stratum of problems hiding it costs more than a margin."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ctlab import formatting
from ctlab.claims.cell_words import cell_words, counted_labels
from ctlab.claims.direction import Direction
from ctlab.claims.group_words import feature_words
from ctlab.claims.kinds.base import Call, ClaimData, ClaimKind, Pair, Start, Takes, from_reference
from ctlab.claims.kinds.promise import Promise, Sample, paired_promise, too_few
from ctlab.claims.kinds.words import in_rate, of_rate, size, stated_null
from ctlab.errors import RegistryError
from ctlab.records.effect import Effect
from ctlab.statistics.cells.cell import thought_of
from ctlab.statistics.moderators.feature_cells import BANDS


@dataclass(frozen=True, slots=True)
class NeededWhere(ClaimKind):
    """Thoughts × strata, of which one cell suffices; each cell is labelled needed, idle or unknown."""

    name = "needed where"
    statistics = ("needed_where", "read_where")
    takes = Takes.EVERY_RUN
    by_p_alone = False
    plans_with = ("discordance",)
    sizes = (2, None)

    def check(self, claim: ClaimData) -> None:
        """Refuse another side than a loss, and a loss of any size, which everything has somewhere."""
        if claim.direction != Direction.DECREASE or not claim.margin > 0.0:
            raise RegistryError(
                f"Claim {claim.id!r}: a needed thought costs more than a margin; write the direction decrease and a "
                f"margin above 0, not {claim.direction} and {claim.margin:g}."
            )

    def call(self, claim: ClaimData, runs: Sequence[Any], given: Sequence[Any]) -> Call:
        """Return the reference and all others; a thought that is hidden twice has cells by who reads it."""
        thoughts = [thought_of(run.condition) for run in runs[1:]]
        statistic = "needed_where" if len(set(thoughts)) == len(thoughts) else "read_where"
        return Call(statistic, (runs[0], tuple(runs[1:])), {"feature": claim.feature, "outcome": claim.outcome})

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return the reference with every thought hidden."""
        return [(claim.conditions[0], name) for name in claim.conditions[1:]]

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Return what is found in a stratum of a fifth of the problems, at the level that five strata leave it."""
        inside = Sample(n=sample.n // BANDS, discordance=sample.discordance, rate=sample.rate)
        if small := too_few(inside.n):
            return Promise(note=f"in each of {BANDS} equal strata {small}")
        cells = max(len(claim.conditions) - 1, 1) * BANDS
        found = paired_promise(claim.direction, claim.margin, alpha / cells, inside)
        return Promise(
            detectable=found.detectable, note=f"{found.note}, in one of {BANDS} strata of {inside.n:,} problems each"
        )

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return the reference, from which every thought may lose; each stratum is looked at by the statistic."""
        return from_reference(claim, Direction.DECREASE)

    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return none: what is lost and gained stands in the cells."""
        return None

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return of which rate it is the difference, and in which cell."""
        noun = formatting.effect_noun(effect.unit)
        if effect.unit != formatting.POINTS:
            return noun
        return f"{noun}{in_rate(claim.outcome)} in the cell that decides{cell_words(effect)}"

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return that no thought costs more than the margin anywhere."""
        if effect.unit != formatting.POINTS or effect.alternative != "less" or "cells" not in effect.details:
            return stated_null(effect)
        strata = f"any stratum by {feature_words(claim.feature)}" if claim.feature else "any stratum"
        return f"in {strata} no hidden thought costs more than {size(effect)} of the rate{of_rate(claim.outcome)}"

    def remarks(self, claim: ClaimData, effect: Effect, *, supported: bool) -> str:
        """Return what every cell shows."""
        return counted_labels(effect)
