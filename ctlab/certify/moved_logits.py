"""Whether a condition moves the answer's logits, or a declared no-op leaves them where they are."""

from collections.abc import Sequence

import numpy as np
import torch

from ctlab.certify.auditor import Auditor
from ctlab.certify.expected_edges import read_late
from ctlab.certify.left_out_thoughts import left_out
from ctlab.certify.reference import logits
from ctlab.certify.retold_steps import after_steps
from ctlab.certify.tolerance import TOLERANCE, worse
from ctlab.engine.plan import Plan
from ctlab.records import Check

Ids = Sequence[Sequence[Sequence[int]]]
"""Tokens of each sampled problem's answer under each leaf of the tree; -1 where it is over."""


def effect_check(planned: Plan, auditor: Auditor, condition: int, baseline: int, patched: int, ids: Ids) -> Check:
    """Hold a condition to doing something: edges weakened, thoughts or steps replaced, and logits that move."""
    moved = _moved(planned, auditor, condition, baseline, ids)
    largest, nan, count = max(moved), any(np.isnan(moved)), sum(distance > 0 for distance in moved)
    fewer = left_out(planned, planned.conditions[condition]) > 0
    disturbed = bool(auditor.observed[condition].added.any()) or patched > 0 or fewer
    tokens = "first two answer tokens" if read_late(planned.conditions[condition]) else "first answer token"
    return Check(
        name="bites",
        passed=not nan and largest > 0 and disturbed,
        detail=f"logits of the {tokens} change in {count} of {len(moved)} sampled problems, by up to {largest:.2g}",
    )


def no_op_check(planned: Plan, auditor: Auditor, condition: int, baseline: int, patched: int, ids: Ids) -> Check:
    """Hold a declared no-op to the baseline: nothing weakened, nothing else fed, the same logits, the same tokens."""
    leaves = planned.tree.leaves
    largest = float(np.max(_moved(planned, auditor, condition, baseline, ids)))
    pairs = [(answers[leaves[condition]], answers[leaves[baseline]]) for answers in ids]
    others = sum(diverged(planned, auditor, condition, problem, *pair) for problem, pair in enumerate(pairs))
    # No-ops are computed in rows of their own: matrix products may round these by a last bit.
    most = TOLERANCE[planned.model.dtype] * _largest_logit(planned, auditor, baseline)
    fewer = left_out(planned, planned.conditions[condition]) > 0
    still = not auditor.observed[condition].added.any() and not patched and not fewer
    return Check(
        name="no-op",
        passed=still and largest <= most and others == 0,
        detail=f"declared a no-op: logits of the first answer token change by at most {largest:g}, "
        f"{others} of {len(ids)} sampled answers differ",
    )


def _largest_logit(planned: Plan, auditor: Auditor, condition: int) -> float:
    before = [auditor.tail(condition, problem).before_answer for problem in range(len(auditor.lengths))]
    ends = [auditor.followed(condition, problem, width).last for problem, width in enumerate(before)]
    return float(logits(planned.model, torch.stack(ends)).abs().max())


def _moved(planned: Plan, auditor: Auditor, condition: int, baseline: int, ids: Ids) -> list[float]:
    """How far the logits of the first answer token are from the baseline's, for each problem.

    Of the first two where no ``end`` stands before them, or ``end`` itself is hidden: the first is then read off what
    is hidden, a thought or the question, and what is hidden from the answer alone has no say in it.
    Where other steps were put in place, of the one after them.
    """
    late = not planned.layout.end or read_late(planned.conditions[condition])
    moved = []
    steps = planned.conditions[condition].steps_patch is not None
    for problem in range(len(planned.prompts)):
        furthest, leaves = 0.0, [planned.tree.leaves[run_of] for run_of in (condition, baseline)]
        shorter = min(sum(token != -1 for token in ids[problem][leaf]) for leaf in leaves)
        tokens = [(0, 0), (1, 1)] if shorter > 1 and late else [(0, 0)]
        if steps:
            tokens = after_steps(planned, condition, problem, ids[problem][leaves[1]])
        for places in tokens:
            try:
                ends = [
                    auditor.followed(run_of, problem, auditor.tail(run_of, problem).before_answer + token).last
                    for run_of, token in zip((condition, baseline), places, strict=True)
                ]
            except ValueError:  # a row that left before it can have come so far
                furthest = float("nan")
                continue
            mine, other = logits(planned.model, torch.stack(ends))
            furthest = worse(furthest, float((mine - other).abs().max()))
        moved.append(furthest)
    return moved


def diverged(
    planned: Plan, auditor: Auditor, condition: int, problem: int, mine: Sequence[int], other: Sequence[int]
) -> bool:
    """Whether two answers differ where it was not a tie within rounding."""
    first = next((at for at, pair in enumerate(zip(mine, other, strict=True)) if pair[0] != pair[1]), None)
    if first is None:
        return False
    if -1 in (mine[first], other[first]):
        return True
    state = auditor.followed(condition, problem, auditor.tail(condition, problem).before_answer + first).last
    scores = logits(planned.model, state[None])[0]
    gap = (scores[mine[first]] - scores[other[first]]).abs()
    return not bool(gap <= TOLERANCE[planned.model.dtype] * scores.abs().max())
