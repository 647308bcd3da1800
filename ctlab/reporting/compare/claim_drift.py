"""How much a claim's effect differs between two runs, by the best interval that their reports allow."""

from dataclasses import dataclass
from functools import cached_property

from ctlab.reporting.compare.known_answers import Answers, KnownAnswer, answered_alike, shared_problems
from ctlab.reporting.model.claim_row import ClaimRow
from ctlab.reporting.model.compared_runs import DriftRow, How
from ctlab.reporting.model.effects import EffectRow
from ctlab.statistics.drift import Drift, Ends, independent_drift, paired_drift, under_any_dependence

_SAME = 1e-9
"""What floating-point sums leave between two means of the same counts: far below one problem in a million."""
_MEASURED = ("kind", "direction", "outcome", "feature", "scale", "adjust", "conditions")
"""Fields of a claim that say what its effect is; the others say what is claimed of it."""


@dataclass(frozen=True, kw_only=True)  # no slots: what is worked out once is kept
class TwoRuns:
    """The answers of two runs."""

    answers: tuple[Answers, Answers]
    """Answers of each."""

    @property
    def share_none(self) -> bool:
        """Whether they are known to have no problem in common."""
        before, after = ({each for known in side.values() for each in known} for side in self.answers)
        return bool(before and after) and not before & after

    @cached_property
    def alike(self) -> frozenset[str]:
        """Conditions that answered every problem the same in both."""
        before, after = self.answers
        return frozenset(name for name in before if name in after and answered_alike(before[name], after[name]))


def drift_of(before: ClaimRow, after: ClaimRow, runs: TwoRuns) -> tuple[DriftRow | None, str]:
    """Return a claim's drift, or None and why there is none (empty where not both runs measured something)."""
    earlier, later = before.effect, after.effect
    if earlier is None or later is None or None in (earlier.measured, later.measured):
        return None, ""
    if why := _why_incomparable(before, after, earlier, later):
        return None, why
    if earlier.measured == later.measured and runs.alike.issuperset(after.conditions):
        return row_of(Drift(0.0, 0.0, 0.0, later.level), after.unit, "same answers", later.n, 0), ""
    found = _paired(before, after, runs.answers)
    if found is not None:
        drift, n, changed = found
        return row_of(drift, after.unit, "paired", n, changed), ""
    drift, how = _from_intervals(before, after, share_none=runs.share_none)
    return (
        (None, "its two intervals together leave no level")
        if drift.level <= 0.0
        else (row_of(drift, after.unit, how), "")
    )


def row_of(drift: Drift, unit: str, how: How, n: int | None = None, changed: int | None = None) -> DriftRow:
    """A drift as the comparison holds it."""
    return DriftRow(**drift._asdict(), unit=unit, how=how, n=n, changed=changed)


def _why_incomparable(before: ClaimRow, after: ClaimRow, earlier: EffectRow, later: EffectRow) -> str:
    """Say why two effects are no two measurements of one thing; empty where they are."""
    if before.unit != after.unit or any(getattr(before, name) != getattr(after, name) for name in _MEASURED):
        return "restated: the two runs measure two things"
    parts = _part(before, earlier), _part(after, later)
    return f"another part decides: {parts[0]}, then {parts[1]}" if parts[0] != parts[1] else ""


def _part(row: ClaimRow, effect: EffectRow) -> str:
    """Name what a claim's effect is about, of several: the weakest part, a cell, a pair of conditions."""
    weakest = effect.details.readable().get("weakest")
    if isinstance(weakest, str):
        return weakest
    return " → ".join(row.compared) if row.compared else ""


def _paired(before: ClaimRow, after: ClaimRow, answers: tuple[Answers, Answers]) -> tuple[Drift, int, int] | None:
    """The drift on shared problems, their number, and how many changed their part in the effect.

    None where the files do not hold what the effects are made of.
    """
    sides = [_by_problem(row, side) for row, side in zip((before, after), answers, strict=True)]
    if sides[0] is None or sides[1] is None:
        return None
    first, second = (side[row.compared[0]] for row, side in zip((before, after), answers, strict=True) if row.compared)
    shared = shared_problems(first, second)
    if len(shared) < 2:
        return None
    parts = [[side[problem] for problem in shared] for side in sides if side]
    changed = sum(one != other for one, other in zip(*parts, strict=True))
    return paired_drift(*parts), len(shared), changed


def _by_problem(row: ClaimRow, answers: Answers) -> dict[str, float] | None:
    """Each problem's part in a paired difference: outcome under the second condition minus outcome under the first.

    None unless their mean is the effect that the report states: then they are what it was made of, whatever its kind.
    """
    effect = row.effect
    if row.compared is None or effect is None or effect.estimate is None:
        return None
    first, second = (answers.get(name, {}) for name in row.compared)
    if not first or first.keys() != second.keys() or len(first) != effect.n:
        return None
    parts = {}
    for problem in first:
        ends = _has(second[problem], row.outcome), _has(first[problem], row.outcome)
        if ends[0] is None or ends[1] is None:
            return None
        parts[problem] = float(ends[0]) - float(ends[1])
    return parts if abs(sum(parts.values()) / len(parts) - effect.estimate) < _SAME else None


def _has(answer: KnownAnswer, outcome: str) -> bool | None:
    """Whether an answer has an outcome, of a claim about every one CORRECT; None where that is not kept."""
    if outcome in ("CORRECT", "EVERY"):
        return answer.right
    return None if answer.outcome is None else answer.outcome == outcome


def _from_intervals(before: ClaimRow, after: ClaimRow, *, share_none: bool) -> tuple[Drift, How]:
    """The drift by the intervals of both effects, as narrow as what is known of the runs allows."""
    deciding = _ends(before), _ends(after)
    plain = _plain_ends(before), _plain_ends(after)
    if share_none and plain[0] and plain[1]:
        return independent_drift(plain[0], plain[1]), "independent"
    if share_none and deciding[0].level == deciding[1].level:
        return independent_drift(*deciding), "independent"
    return under_any_dependence(*deciding), "any dependence"


def _ends(row: ClaimRow) -> Ends:
    effect = row.effect
    if effect is None or (measured := effect.measured) is None:
        raise TypeError("asked for the interval of a claim that measured nothing")
    return Ends(*measured, effect.level)


def _plain_ends(row: ClaimRow) -> Ends | None:
    return Ends(_ends(row).estimate, *row.interval_95, 0.95) if row.interval_95 else None
