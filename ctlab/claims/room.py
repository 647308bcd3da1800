"""Room: whether the reference leaves enough problems that could change for a claim to be false or true at all.

Where a model solves 3 of 1,000 problems, whatever is hidden costs less than a point, and "hidden without effect" would
be supported by the floor alone. No verdict rests on that.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from ctlab import formatting
from ctlab.claims.claim import Claim
from ctlab.claims.direction import Direction
from ctlab.records.effect import Effect
from ctlab.statistics.pairing import AnsweredRun, having, own_of
from ctlab.statistics.requested import EVERY_OUTCOME

MARGINS = 2.0
"""How many margins a rate must lie from its floor or ceiling: at one margin the largest possible effect is the smallest
of interest, and an interval of any width reaches beyond it."""
FEWEST = 10
"""Problems that must be able to change in the claimed direction where no margin is claimed: of fewer, a handful of
unstable answers are most of what can be seen."""


def with_room(claim: Claim, effect: Effect, runs: Mapping[str, AnsweredRun]) -> Effect:
    """Return the effect, undecided where a run that the claim starts from leaves no room.

    Parameters
    ----------
    claim : Claim
        What was claimed; its kind names the runs that it starts from and where their rate would have to go.
    effect : Effect
        What was measured. One that is undecided already stays as it is.
    runs : mapping of str to run
        Runs by condition name; nothing is said of a run that is not there.
    """
    if effect.undecided:
        return effect
    for name, direction in claim.kind.rules.starts(claim):
        if name in runs and (obstacle := _obstacle(claim, effect, direction, name, runs)):
            return replace(effect, undecided=obstacle)
    return effect


def _obstacle(claim: Claim, effect: Effect, direction: Direction, name: str, runs: Mapping[str, AnsweredRun]) -> str:
    """Say why the outcome's rate cannot move far enough from where it is under a run; empty when it can."""
    outcome = "CORRECT" if claim.outcome == EVERY_OUTCOME else claim.outcome
    n, count = len(runs[name].ids), sum(having(runs[name], outcome))
    margin = claim.margin if effect.unit == formatting.POINTS else 0.0
    held = f"{formatting.share_of(count, n)} answers under {name} are {formatting.part(outcome)}"
    match direction:
        case Direction.DECREASE:
            short, way = _short(count, n, margin), "fall"
        case Direction.INCREASE:
            short, way = _short(n - count, n, margin), "rise"
        case Direction.CHANGE:  # in either direction, and one of the two always has room
            return ""
        case Direction.EQUIVALENT if outcome == "CORRECT":
            short, way = _short(count, n, margin), "fall"
        case Direction.EQUIVALENT if outcome in _by_text(runs[name]):  # a right answer can have it too: either way
            short, way = _short(max(count, n - count), n, margin), "rise or fall"
        case Direction.EQUIVALENT:
            wrong = max(n - sum(having(runs[other], "CORRECT")) for other in claim.conditions if other in runs)
            held = f"{held}, and at most {formatting.share_of(wrong, n)} are wrong under any compared condition"
            short, way = wrong - count < margin * n, "rise"
        case other:
            assert_never(other)
    if not short:
        return ""
    rule = f"{formatting.boundary(margin).lstrip('+')}" if margin else f"{FEWEST} problems"
    return f"there is no room to {way} that {rule} could be seen in: {held}"


def _by_text(run: AnsweredRun) -> set[str]:
    """Own outcomes that the text decides."""
    return {name for name, own in own_of(run).outcomes.items() if not own.by_number}


def _short(able: int, n: int, margin: float) -> bool:
    """Return whether too few problems are able to change in one direction."""
    return able < MARGINS * margin * n if margin else able < FEWEST
