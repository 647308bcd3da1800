"""Where a thought is needed: the loss of every thought in every stratum of problems, all of them judged at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.records.own_functions import named_feature
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.cells.cell import (
    FEWEST,
    ROOM,
    UNKNOWN,
    Place,
    Shown,
    cell_row,
    check_once,
    readers_of,
    thought_of,
)
from ctlab.statistics.cells.levels import Stratum, strata_of
from ctlab.statistics.cells.some_cell import some_cell
from ctlab.statistics.checks import check_alpha, check_margin
from ctlab.statistics.paired.difference import PAIRED_NULL, equivalence, paired_difference
from ctlab.statistics.paired.interval import paired_interval
from ctlab.statistics.pairing import (
    AnsweredRun,
    FeatureLike,
    OutcomeLike,
    Question,
    check_runs,
    having,
    lost_and_gained,
)
from ctlab.statistics.power.paired_power import POWER, equivalence_power
from ctlab.statistics.requested import check_requested

ASKS, READ = "needed", "read"
NEEDED, IDLE = "needed", "idle"
_SAMPLE = lru_cache(maxsize=10_000)(equivalence_power)  # cells of one size that change as little are many


@checked_arguments
def needed_where(
    baseline: AnsweredRun,
    treated: Sequence[AnsweredRun],
    claim: Question,
    *,
    feature: FeatureLike,
    outcome: OutcomeLike = "CORRECT",
) -> Effect:
    """Return whether some thought costs more than the claim's margin in some stratum, with every cell of them.

    Parameters
    ----------
    baseline : Run
        Nothing hidden.
    treated : sequence of Run
        The same problems, with one thought hidden in each.
    claim : Question
        `direction` is `decrease`; `margin`, a proportion above 0, is the loss that makes a thought needed, and the
        one within which it is idle.
    feature : str or function
        Feature of a problem whose levels are the strata, as `interaction` writes it; of one with more than ten
        levels, fifths of the problems.
    outcome : Outcome, str or function
        The outcome that is lost.

    Returns
    -------
    Effect
        `estimate` is the paired difference, treated − baseline, of the cell with the smallest p-value.
        ``details["cells"]`` holds every cell: `needed` where its simultaneous interval lies below −margin, `idle`
        where it lies within ±margin and a cell of that size would show so with 80 % power, else `unknown`.

    Raises
    ------
    ClaimError, PairingError, StatisticsError
        As `rate_difference`; for another direction, no margin, and a thought that is there twice.

    Notes
    -----
    Each cell is `paired_difference` and `equivalence` at α / K (`some_cell`). K counts thoughts × strata of at least
    50 problems, which is known before any answer; smaller strata are `unknown` and take no share. Where the baseline
    has the outcome too rarely to lose twice the margin, nothing lost says nothing: `unknown`, too.
    """
    check_requested(claim, "needed_where", runs=(baseline, *treated), outcome=outcome, feature=feature)
    hidden = [Hidden(thought=thought_of(run.condition), has=having(run, outcome)) for run in treated]
    return _joined(baseline, hidden, claim, feature, outcome, check_runs(baseline, *treated), ASKS)


@checked_arguments
def read_where(
    baseline: AnsweredRun,
    treated: Sequence[AnsweredRun],
    claim: Question,
    *,
    feature: FeatureLike,
    outcome: OutcomeLike = "CORRECT",
) -> Effect:
    """Return whether some reader needs some thought in some stratum: `needed_where`, with readers told apart.

    Parameters
    ----------
    baseline, claim, feature, outcome
        As `needed_where`.
    treated : sequence of Run
        The same problems, with one thought hidden from one reader in each: the answer, the next thought, all thoughts.

    Returns
    -------
    Effect
        As `needed_where`; a cell's `readers` says from whom the thought was hidden.

    Raises
    ------
    ClaimError, PairingError, StatisticsError
        As `needed_where`; a thought may be there once for each reader.
    """
    check_requested(claim, "read_where", runs=(baseline, *treated), outcome=outcome, feature=feature)
    hidden = [
        Hidden(thought=thought_of(run.condition), has=having(run, outcome), readers=readers_of(run.condition))
        for run in treated
    ]
    return _joined(baseline, hidden, claim, feature, outcome, check_runs(baseline, *treated), READ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """Answers while a thought is hidden."""

    thought: str
    """Its name."""
    has: Sequence[bool]
    """Which problems have the outcome."""
    readers: str = ""
    """From whom it is hidden; empty where that is not asked."""

    def place(self, stratum: Stratum) -> Place:
        """Return its cell in a stratum."""
        name = f"{stratum.name}, hidden from {self.readers}" if self.readers else stratum.name
        return Place(thought=self.thought, place=name, value=stratum.value)


def _joined(
    baseline: AnsweredRun,
    hidden: Sequence[Hidden],
    claim: Question,
    feature: FeatureLike,
    outcome: OutcomeLike,
    n: int,
    asks: str,
) -> Effect:
    """Return the effect of all cells."""
    if claim.direction != "decrease":
        raise StatisticsError(f"A needed thought is one whose absence costs: decrease, not {claim.direction!r}.")
    check_margin(claim.margin, zero_allowed=False)
    check_alpha(claim.alpha)
    if not hidden:
        raise StatisticsError("Needed where takes at least one run in which a thought is hidden, got none; add one.")
    strata, left_out = strata_of(baseline, feature)
    check_once([each.place(stratum) for each in hidden for stratum in strata])
    before = having(baseline, outcome)
    large = [stratum for stratum in strata if len(stratum.rows) >= FEWEST]
    share = claim.alpha / max(len(large) * len(hidden), 1)
    strict, plain, rows = {}, {}, []
    for each in hidden:
        for stratum in strata:
            place, more = each.place(stratum), {"readers": each.readers} if each.readers else {}
            lost, gained = lost_and_gained(*([has[row] for row in stratum.rows] for has in (before, each.has)))
            size, had = len(stratum.rows), sum(before[row] for row in stratum.rows)
            if stratum not in large:
                rows.append(cell_row(place, size, Shown(label=UNKNOWN, why=f"fewer than {FEWEST} problems"), more=more))
                continue
            strict[place.name] = cell = _need(lost, gained, size, claim.margin, share)
            low, high = paired_interval(lost, gained, size, 1.0 - 2.0 * claim.alpha)
            plain[place.name] = replace(cell, low=low, high=high, level=1.0 - 2.0 * claim.alpha)
            rows.append(cell_row(place, size, shown(cell, had, share), cell, {"had": had, **more}))
    effect = (
        some_cell(strict, plain, rows, n=n - left_out, null=_null(claim), asks=asks)
        if strict
        else _none(n - left_out, claim, asks, rows)
    )
    return effect.with_details(feature=named_feature(feature), left_out=left_out)


def shown(need: Effect, had: int, alpha: float) -> Shown:
    """Return what a cell shows at its share of α; `had` problems had the outcome before."""
    lost, gained, margin = need.lost or 0, need.gained or 0, need.margin
    # With nothing changed half a problem is assumed, as everywhere: none seen is no proof that none can.
    power = _SAMPLE(margin, max(lost + gained, 0.5) / need.n, need.n, alpha=alpha)
    if need.p_value <= alpha and need.high < -margin:
        return Shown(label=NEEDED, power=power)
    alike = _alike(lost, gained, need.n, margin, alpha)
    if not (alike.p_value <= alpha and -margin < alike.low and alike.high < margin):
        return Shown(label=UNKNOWN, power=power, why="the interval reaches across the margin")
    if had < ROOM * margin * need.n:
        return Shown(label=UNKNOWN, power=power, why="too few were right before to lose that much")
    if power < POWER:
        return Shown(label=UNKNOWN, power=power, why="less than 80 % power to show that it is idle")
    return Shown(label=IDLE, power=power)


@lru_cache(maxsize=10_000)
def _need(lost: int, gained: int, n: int, margin: float, alpha: float) -> Effect:
    return paired_difference(lost, gained, n, margin=margin, alternative="less", alpha=alpha)


@lru_cache(maxsize=10_000)
def _alike(lost: int, gained: int, n: int, margin: float, alpha: float) -> Effect:
    return equivalence(lost, gained, n, margin=margin, alpha=alpha)


def _null(claim: Question) -> str:
    return f"no cell's {PAIRED_NULL} lies below {-claim.margin:g}"


def _none(n: int, claim: Question, asks: str, rows: Sequence[Mapping[str, Any]]) -> Effect:
    """Return what is left where no stratum is large enough to be tested."""
    effect = paired_difference(0, 0, max(n, 1), margin=claim.margin, alternative="less", alpha=claim.alpha)
    effect = replace(
        effect, lost=None, gained=None, null=_null(claim), details={"asks": asks, "cells": [dict(row) for row in rows]}
    )
    return effect.no_estimate(f"no stratum has {FEWEST} problems")
