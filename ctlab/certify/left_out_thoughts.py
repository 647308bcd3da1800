"""An early answer's own proofs: what it leaves out is not read, and what it feeds are the undisturbed run's thoughts.

Where end and the answer stand is proven by the recompute in one piece (`recomputed`, `batch_audit`): it writes down the
shorter sequence, whose positions it counts on its own.
"""

from collections.abc import Iterator

import torch

from ctlab import formatting
from ctlab.certify.auditor import Auditor
from ctlab.certify.tolerance import TOLERANCE, relative, worse
from ctlab.engine.plan import Plan
from ctlab.interventions import Condition
from ctlab.records import Check


def left_out(planned: Plan, condition: Condition) -> int:
    """How many of the model's thoughts a condition does not feed."""
    return planned.model.num_thoughts - condition.fed(planned.model.num_thoughts)


def early_answer_checks(planned: Plan, auditor: Auditor, condition: int, baseline: int) -> Iterator[Check]:
    """Check one condition of a watched sample that says how many thoughts are fed."""
    without = left_out(planned, planned.conditions[condition])
    observed = auditor.observed[condition]
    yield Check(
        name="left-out-thoughts-unread",
        passed=observed.largest_left_out == 0,
        detail=f"largest weight on a thought that is not fed, in any layer and head: {observed.largest_left_out:g}"
        if without
        else "every thought is fed",
    )
    if not planned.conditions[condition].interventions:
        yield _same_thoughts(planned, auditor, condition, baseline)


def _same_thoughts(planned: Plan, auditor: Auditor, condition: int, baseline: int) -> Check:
    """Hold the thoughts of an early answer that disturbs nothing else to the first ones of the undisturbed run."""
    tail, furthest = auditor.tail(condition, 0), 0.0
    for problem in range(len(planned.prompts)):
        tail, whole = auditor.tail(condition, problem), auditor.tail(baseline, problem)
        mine, other = (
            auditor.followed(run_of, problem, segments.slots.stop)
            for run_of, segments in ((condition, tail), (baseline, whole))
        )
        for passed in range(tail.passes):
            fed = [
                torch.split(row.fed_in_passes(segments.slots), max(segments.thoughts, 1))[passed][: tail.thoughts]
                for row, segments in ((mine, tail), (other, whole))
                if tail.thoughts
            ]
            furthest = worse(furthest, relative(*fed) if fed else 0.0)
    return Check(
        name="thoughts-of-the-baseline",
        passed=furthest <= TOLERANCE[planned.model.dtype],
        detail=f"{formatting.counted(tail.thoughts, 'thought')} fed, within {furthest:.1e} of the baseline's first",
    )
