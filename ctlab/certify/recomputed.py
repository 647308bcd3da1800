"""A watched sample once more in one piece: what was fed, what came of it, and what was answered."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from ctlab.certify.auditor import Auditor
from ctlab.certify.drawn_thoughts import RECOMPUTED
from ctlab.certify.expected_edges import Segments
from ctlab.certify.layer_patches import swaps_of
from ctlab.certify.passes import asked_in_passes, fed_of, made_of
from ctlab.certify.patches import unpatched_thoughts
from ctlab.certify.reference import inputs, logits, thoughts, trace
from ctlab.certify.retold import retold_row
from ctlab.certify.retold_steps import expected_given
from ctlab.certify.tolerance import TOLERANCE, relative, worse
from ctlab.engine.plan import Plan
from ctlab.records import Check


def recomputed_check(
    planned: Plan, auditor: Auditor, condition: int, ids: Sequence[Sequence[Sequence[int]]]
) -> Iterator[Check]:
    """Recompute a few problems of one condition, and hold what was fed, given and answered to that."""
    model = planned.model
    distance, off, others = 0.0, 0.0, 0
    for problem in range(min(RECOMPUTED, len(planned.prompts))):
        prompt = planned.prompts[problem]
        if planned.layout.own_stop:
            answer = [token for token in ids[problem][planned.tree.leaves[condition]] if token != -1]
            found = retold_row(planned, auditor, condition, problem, answer, auditor.factors[condition][problem])
            distance, off = worse(distance, found.states), worse(off, found.thoughts)
            others += found.others
            continue
        segments = Segments.of(model, len(prompt), planned.conditions[condition].num_thoughts)
        first, after = segments.slots.start, segments.slots.stop
        answer = [token for token in ids[problem][planned.tree.leaves[condition]] if token != -1]
        given = len(expected_given(planned, planned.conditions[condition], planned.problems[problem].id))
        row = auditor.followed(condition, problem, segments.before_answer - len(prompt) + len(answer) - 1)
        fed = row.fed_in_passes(range(segments.begin, segments.begin + segments.thoughts))
        # Tokens are embedded here once more: what the run was fed there must have been the same.
        states = []
        for number, asked in enumerate(asked_in_passes(model, prompt, fed, [*model.end_ids, *answer[:-1]])):
            sequence = inputs(model, *asked)
            factors = segments.of_pass(auditor.factors[condition][problem], number, len(sequence))
            states.append(trace(model, sequence, factors, swaps_of(planned, auditor, condition, problem)).last)
        *earlier, again = states
        for (_, gave), remade in zip(row.earlier, earlier, strict=True):
            distance = worse(distance, relative(gave, remade[first:after]))
        seen = torch.cat([row.question, row.states])
        distance = worse(distance, relative(seen, again[len(prompt) - len(row.question) :]))
        unpatched = unpatched_thoughts(planned, condition, problem)
        made = fed_of(model, thoughts(model, made_of(model, states, first, segments.thoughts)))
        off = worse(off, relative(fed[unpatched], made[unpatched]))
        others += _differing(planned, again[segments.before_answer - 1 :], answer, given)
    tolerance = TOLERANCE[model.dtype]
    yield Check(
        name="recomputed",
        passed=distance <= tolerance and off <= tolerance and others == 0,
        detail=f"recomputed in one piece by code that shares nothing but the weights: hidden states agree within "
        f"{distance:.1e}, thoughts within {off:.1e} of their size; {others} answer tokens differ",
    )


def _differing(planned: Plan, states: Tensor, answer: Sequence[int], given: int) -> int:
    """Count tokens after the first ``given`` that the recompute would choose otherwise, ties within rounding aside."""
    scores = logits(planned.model, states)
    best = scores.max(-1).values
    chosen = scores[range(len(answer)), list(answer)]
    scale = scores.abs().max(-1).values
    return int((best - chosen > TOLERANCE[planned.model.dtype] * scale)[given:].sum())
