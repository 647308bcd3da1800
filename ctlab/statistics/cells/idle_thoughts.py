"""Thoughts that are idle: hiding them leaves the rate of an outcome within a margin, over all problems."""

from collections.abc import Sequence
from dataclasses import replace

from ctlab.errors import StatisticsError
from ctlab.records.effect import Effect
from ctlab.statistics.arguments import checked_arguments
from ctlab.statistics.cells.cell import ROOM, UNKNOWN, Place, Shown, cell_row, thought_of
from ctlab.statistics.cells.some_cell import some_cell
from ctlab.statistics.checks import check_alpha, check_margin
from ctlab.statistics.paired.difference import PAIRED_NULL, equivalence
from ctlab.statistics.paired.interval import paired_interval
from ctlab.statistics.pairing import AnsweredRun, OutcomeLike, Question, check_runs, having, lost_and_gained
from ctlab.statistics.power.paired_power import POWER, equivalence_power
from ctlab.statistics.requested import check_requested

ASKS = "idle"
IDLE, USED = "idle", "used"


@checked_arguments
def idle_thoughts(
    baseline: AnsweredRun, treated: Sequence[AnsweredRun], claim: Question, *, outcome: OutcomeLike = "CORRECT"
) -> Effect:
    """Return whether hiding some thought leaves the rate within ± the claim's margin, with every thought.

    Parameters
    ----------
    baseline : Run
        Nothing hidden.
    treated : sequence of Run
        The same problems, with one thought hidden in each.
    claim : Question
        `direction` is `equivalent`; `margin`, a proportion above 0, is what is negligible.
    outcome : Outcome, str or function
        The outcome whose rate stays.

    Returns
    -------
    Effect
        `estimate` is the paired difference of the thought with the smallest p-value. ``details["cells"]`` holds every
        thought: `idle` where its simultaneous interval lies within ±margin and as many problems would show so with
        80 % power, `used` where it lies outside, else `unknown`.

    Raises
    ------
    ClaimError, PairingError, StatisticsError
        As `rate_equivalence`; for another direction, and a thought that is there twice.

    Notes
    -----
    Each thought is an `equivalence` at α / K (`some_cell`).
    """
    check_requested(claim, "idle_thoughts", runs=(baseline, *treated), outcome=outcome)
    if claim.direction != "equivalent":
        raise StatisticsError(f"An idle thought leaves a rate where it is: equivalent, not {claim.direction!r}.")
    check_margin(claim.margin, zero_allowed=False)
    check_alpha(claim.alpha)
    n, before = check_runs(baseline, *treated), having(baseline, outcome)
    names = [thought_of(run.condition) for run in treated]
    if len(set(names)) < len(names) or not names:
        raise StatisticsError("Idle thoughts take one run a thought, at least one; leave out the double one.")
    share, level = claim.alpha / len(names), 1.0 - 2.0 * claim.alpha
    strict, plain, rows = {}, {}, []
    for name, run in zip(names, treated, strict=True):
        lost, gained = lost_and_gained(before, having(run, outcome))
        place = Place(thought=name, place="")
        strict[place.name] = cell = equivalence(lost, gained, n, margin=claim.margin, alpha=share)
        low, high = paired_interval(lost, gained, n, level)
        plain[place.name] = replace(cell, low=low, high=high, level=level)
        rows.append(cell_row(place, n, _shown(cell, sum(before), share), cell, {"had": sum(before)}))
    null = f"every thought's {PAIRED_NULL} is at least {claim.margin:g} in size"
    effect = some_cell(strict, plain, rows, n=n, null=null, asks=ASKS)
    return replace(effect, undecided=_too_weak(rows))


def _shown(cell: Effect, had: int, alpha: float) -> Shown:
    """Return what a thought shows at its share of α; `had` problems had the outcome before."""
    margin, changed = cell.margin, (cell.lost or 0) + (cell.gained or 0)
    power = equivalence_power(margin, max(changed, 0.5) / cell.n, cell.n, alpha=alpha)
    if cell.low > margin or cell.high < -margin:
        return Shown(label=USED, power=power)
    if not (cell.p_value <= alpha and -margin < cell.low and cell.high < margin):
        return Shown(label=UNKNOWN, power=power, why="the interval reaches across the margin")
    if had < ROOM * margin * cell.n:
        return Shown(label=UNKNOWN, power=power, why="too few were right before to lose that much")
    if power < POWER:
        return Shown(label=UNKNOWN, power=power, why=_WEAK)
    return Shown(label=IDLE, power=power)


_WEAK = "less than 80 % power to show that it is idle"


def _too_weak(rows: Sequence[dict[str, object]]) -> str:
    """Say that no thought may be called idle, where one was shown to be by luck alone; empty otherwise."""
    weak = any(row["why"] == _WEAK for row in rows)
    return _WEAK if weak and all(row["label"] != IDLE for row in rows) else ""
