"""Every condition of two runs: accuracies, paired on the problems that both hold, and the problems that flipped."""

from collections.abc import Mapping

from ctlab import formatting
from ctlab.reporting.compare.claim_drift import TwoRuns, row_of
from ctlab.reporting.compare.known_answers import KnownAnswer, shared_problems
from ctlab.reporting.model.compared_runs import (
    AnsweredCondition,
    ComparedCondition,
    DriftRow,
    FlippedProblem,
    PairedAccuracy,
)
from ctlab.reporting.model.condition_row import ConditionRow
from ctlab.reporting.model.run_report import Report
from ctlab.statistics.drift import Ends, independent_drift, rate_ends, under_any_dependence

FLIPPED_LISTED = 20
"""Flipped problems that are listed of a condition, of each kind: enough to see what they have in common."""
_ALPHA = 0.05


def compared_conditions(before: Report, after: Report, runs: TwoRuns) -> list[ComparedCondition]:
    """Every condition of either run with both accuracies."""
    tables = [{row.name: row for row in report.conditions} for report in (before, after)]
    rows = []
    for name in {**tables[0], **tables[1]}:
        earlier, later = (table.get(name) for table in tables)
        sides = runs.answers[0].get(name, {}), runs.answers[1].get(name, {})
        paired = _paired(*sides, alike=name in runs.alike)
        rows.append(
            ComparedCondition(
                name=name,
                before=_answered(earlier),
                after=_answered(later),
                same_interventions=earlier is not None and later is not None and earlier.digest == later.digest,
                paired=paired,
                drift=None if paired else _drift(earlier, later, share_none=runs.share_none),
                flipped=tuple(_flipped(*sides)),
            )
        )
    return rows


def _answered(row: ConditionRow | None) -> AnsweredCondition | None:
    return AnsweredCondition(n=row.n, accuracy=row.accuracy, digest=row.digest) if row else None


def _paired(
    before: Mapping[str, KnownAnswer], after: Mapping[str, KnownAnswer], *, alike: bool
) -> PairedAccuracy | None:
    """The paired difference of accuracy on the shared problems; None where there are none.

    Where the runs answered all problems alike there is nothing to be unsure of: the difference is 0.
    """
    pairs = [(before[problem].right, after[problem].right) for problem in shared_problems(before, after)]
    if not pairs:
        return None
    from ctlab.statistics import paired_difference

    effect = paired_difference(pairs.count((True, False)), pairs.count((False, True)), len(pairs), alpha=_ALPHA)
    return PairedAccuracy(
        broken=effect.lost or 0,
        fixed=effect.gained or 0,
        n=effect.n,
        estimate=effect.estimate,
        low=0.0 if alike else effect.low,
        high=0.0 if alike else effect.high,
        level=effect.level,
    )


def _drift(before: ConditionRow | None, after: ConditionRow | None, *, share_none: bool) -> DriftRow | None:
    """The difference of two accuracies whose answers are not at hand, at 95 %; None where one was not measured."""
    # From end to end of two intervals, each takes half of what may be missed.
    alpha = _ALPHA if share_none else _ALPHA / 2
    ends = [_ends(row, alpha) for row in (before, after)]
    if ends[0] is None or ends[1] is None:
        return None
    drift = (independent_drift if share_none else under_any_dependence)(ends[0], ends[1])
    return row_of(drift, formatting.POINTS, "independent" if share_none else "any dependence")


def _ends(row: ConditionRow | None, alpha: float) -> Ends | None:
    if row is None or row.correct is None or not row.n:
        return None
    return rate_ends(row.correct, row.n, alpha=alpha)


def _flipped(before: Mapping[str, KnownAnswer], after: Mapping[str, KnownAnswer]) -> list[FlippedProblem]:
    """The first problems right before and wrong after, then the first that were the other way round."""
    shared = shared_problems(before, after)
    rows = []
    for right in (True, False):
        kind = [problem for problem in shared if before[problem].right is right and after[problem].right is not right]
        rows += [_flip(problem, before[problem], after[problem]) for problem in kind[:FLIPPED_LISTED]]
    return rows


def _flip(problem: str, before: KnownAnswer, after: KnownAnswer) -> FlippedProblem:
    return FlippedProblem(
        problem_id=problem,
        place=before.place,
        question=before.question,
        gold=before.gold,
        before=before.answer,
        after=after.answer,
        right="before" if before.right else "after",
    )
