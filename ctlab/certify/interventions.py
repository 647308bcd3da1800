"""Interventions prove themselves: a small sample is answered under watch, before any result counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from ctlab.certify.auditor import Seen, Witness
from ctlab.certify.expected_edges import keep_of
from ctlab.certify.patches import RECOMPUTED, count_replaced, kept_thoughts, replacement_checks
from ctlab.certify.reference import hidden_states, logits
from ctlab.certify.tolerance import ROUNDING, relative, worse
from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.batch_run import run
from ctlab.engine.plan import Plan, decoding_of, plan
from ctlab.engine.undisturbed_thoughts import with_activation_cache
from ctlab.interventions import BASELINE, Condition
from ctlab.models.reasoner import LatentReasoner
from ctlab.problems import Problem
from ctlab.records import Certificate, Check
from ctlab.records.generation import Decoding

SAMPLE = 4
"""Problems that a certificate looks at."""
_TOKENS = 6  # answer tokens that a certificate follows
_AT_ONCE = 8  # conditions in one watched pass; bounds memory
_SOFTMAX = 1e-5  # the engine's softmax is float32 or better


def certify(
    model: LatentReasoner,
    problems: Sequence[Problem],
    conditions: Sequence[Condition],
    decoding: Decoding | None = None,
    activations: ActivationCache | None = None,
) -> Mapping[str, Certificate]:
    """Certify conditions on a few of the problems, short and long ones; condition name to its certificate.

    Conditions that draw on other problems draw on ``activations``, or on all of ``problems``.
    """
    decoding = decoding_of(model) if decoding is None else decoding
    whole = with_activation_cache(plan(model, problems, conditions, decoding), activations)
    order = sorted(range(len(whole.problems)), key=lambda index: len(whole.prompts[index]))
    picked = sorted({order[round(place * (len(order) - 1) / (SAMPLE - 1))] for place in range(SAMPLE)})
    sample = [whole.problems[index] for index in picked]
    short = replace(decoding, max_new_tokens=min(decoding.max_new_tokens, _TOKENS))
    leaves = whole.tree.leaves[: whole.requested]
    first = {leaf: name.name for name, leaf in reversed(list(zip(conditions, leaves, strict=True)))}
    made: dict[str, Certificate] = {}
    for start in range(0, len(conditions), _AT_ONCE):
        for certificate in _certify_some(whole, sample, conditions[start : start + _AT_ONCE], short):
            made[certificate.condition] = certificate
    for condition, leaf in zip(conditions, leaves, strict=True):
        if first[leaf] != condition.name:
            made[condition.name] = replace(made[condition.name], identical_to=first[leaf])
    return made


def _certify_some(
    whole: Plan, sample: Sequence[Problem], conditions: Sequence[Condition], decoding: Decoding
) -> Iterator[Certificate]:
    model = whole.model
    reference = next((each for each in conditions if not each.interventions), BASELINE)
    planned = plan(model, sample, list(dict.fromkeys([*conditions, reference])), decoding)
    planned = replace(planned, activations=whole.activations)
    keep = [
        [keep_of(planned, condition.on_edges, problem) for problem in range(len(sample))]
        for condition in planned.conditions
    ]
    base = [keep_of(planned, (), problem) for problem in range(len(sample))]
    witness = Witness(planned.tree, keep, base, [len(each) for each in planned.prompts])
    ids = run(planned, range(len(sample)), witness)
    baseline = planned.conditions.index(reference)
    for index, condition in enumerate(conditions):
        seen = witness.seen[index]
        checks = [*_weight_checks(seen), _padding_check(seen, decoding)]
        checks += replacement_checks(whole, planned, witness, index)
        if decoding.padding == "exact":
            checks += _recompute_checks(planned, witness, index, ids)
        replaced = count_replaced(planned, witness, index)
        if not condition.interventions:
            checks.append(_plain_check(planned, witness, index, ids))
        elif condition.no_op:
            checks.append(_no_op_check(planned, witness, index, baseline, replaced, ids))
        else:
            checks.append(_bite_check(planned, witness, index, baseline, replaced))
        ends = [len(question) + planned.layout.tail for question in planned.prompts]
        yield Certificate(
            condition=condition.name,
            model=model.digest,
            backend=f"explicit attention, {model.device.type}, {decoding.dtype}, {decoding.padding} padding",
            edges_removed=sum(int(edges[:end].sum()) for edges, end in zip(seen.removed, ends, strict=True)),
            edges_weakened=sum(int(edges[:end].sum()) for edges, end in zip(seen.added, ends, strict=True)),
            thoughts_replaced=replaced,
            problems=len(sample),
            scope=planned.edge_factors.scope(index),
            checks=tuple(checks),
        )


def _weight_checks(seen: Seen) -> Iterator[Check]:
    yield Check(
        name="removed-edges-are-zero",
        passed=seen.largest_removed == 0,
        detail=f"{seen.removed_weights} weights on removed edges, the largest {seen.largest_removed:g}",
    )
    yield Check(
        name="rows-sum-to-one",
        passed=seen.largest_row_error <= _SOFTMAX,
        detail=f"largest distance of a row's sum from 1: {seen.largest_row_error:.1e}",
    )
    yield Check(
        name="weakened-edges-counted",
        passed=np.array_equal(seen.masked, seen.expected),
        detail=f"{seen.masked.sum()} edges were weakened, {seen.expected.sum()} are to be",
    )
    yield Check(
        name="weights-as-said",
        passed=seen.largest_weight_error <= _SOFTMAX,
        detail=f"largest distance of a weight from the softmax with the condition's factors: "
        f"{seen.largest_weight_error:.1e}",
    )


def _padding_check(seen: Seen, decoding: Decoding) -> Check:
    if decoding.padding == "as-published":
        return Check(name="padding", passed=True, detail="padding is read, as in the official batched evaluation")
    return Check(
        name="padding",
        passed=seen.largest_padding == 0,
        detail=f"largest weight on padding: {seen.largest_padding:g}",
    )


def _recompute_checks(
    planned: Plan, witness: Witness, condition: int, ids: Sequence[Sequence[Sequence[int]]]
) -> Iterator[Check]:
    model, layout = planned.model, planned.layout
    plain = not planned.conditions[condition].on_edges and not model.settings.hidden
    distance, thoughts, others = 0.0, 0.0, 0
    for problem in range(min(RECOMPUTED, len(planned.prompts))):
        question = planned.prompts[problem]
        answer = [each for each in ids[problem][planned.tree.leaves[condition]] if each != -1]
        fed, states = witness.followed(condition, problem, layout.tail + len(answer) - 1)
        total = len(question) + len(fed)
        keep = None if plain else witness.keep[condition][problem, ..., :total, :total]
        again = hidden_states(model, list(question), fed, keep)[len(question) :].cpu()
        distance = worse(distance, relative(states, again))
        made = model.project(again[layout.begin - 1 : layout.begin + layout.thoughts - 1].to(model.device)).cpu()
        kept = kept_thoughts(planned.conditions[condition], layout.thoughts)
        thoughts = worse(thoughts, relative(fed[layout.begin : layout.begin + layout.thoughts][kept], made[kept]))
        others += _differing(planned, again[layout.tail - 1 :], answer)
    tolerance = ROUNDING[model.dtype]
    how = "transformers' own plain forward pass" if plain else "a recompute in one piece with a dense mask"
    yield Check(
        name="plain-forward" if plain else "recomputed",
        passed=distance <= tolerance and thoughts <= tolerance and others == 0,
        detail=f"against {how}: hidden states within {distance:.1e}, thoughts within {thoughts:.1e} of their size, "
        f"{others} other tokens",
    )


def _differing(planned: Plan, states: Tensor, answer: Sequence[int]) -> int:
    """Count answer tokens that the recompute would choose otherwise, ties within rounding aside."""
    found = logits(planned.model, states)
    best = found.max(-1).values
    chosen = found[range(len(answer)), list(answer)]
    scale = found.abs().max(-1).values
    return int((best - chosen > ROUNDING[planned.model.dtype] * scale).sum())


def _bite_check(planned: Plan, witness: Witness, condition: int, baseline: int, replaced: int) -> Check:
    moved = _moved(planned, witness, condition, baseline)
    largest, nan = max(moved), any(np.isnan(moved))
    return Check(
        name="bites",
        passed=not nan and largest > 0 and (bool(witness.seen[condition].added.any()) or replaced > 0),
        detail=f"logits at end move in {sum(each > 0 for each in moved)} of {len(moved)}, by up to {largest:.2g}",
    )


def _no_op_check(
    planned: Plan,
    witness: Witness,
    condition: int,
    baseline: int,
    replaced: int,
    ids: Sequence[Sequence[Sequence[int]]],
) -> Check:
    """Hold a declared no-op to the baseline: nothing weakened, nothing else fed, the same logits, the same tokens."""
    leaves = planned.tree.leaves
    largest = float(np.max(_moved(planned, witness, condition, baseline)))
    together = leaves[condition] == leaves[baseline]
    pairs = [(answers[leaves[condition]], answers[leaves[baseline]]) for answers in ids]
    others = sum(_apart(planned, witness, condition, problem, *pair) for problem, pair in enumerate(pairs))
    # A thought swapped for itself is computed in rows of its own: matrix products may round these by a last bit.
    most = 0.0 if together else ROUNDING[planned.model.dtype] * _largest_logit(planned, witness, baseline)
    still = not witness.seen[condition].added.any() and not replaced
    return Check(
        name="no-op",
        passed=still and largest <= most and others == 0,
        detail=f"declared a no-op; logits at end move by {largest:g}, {others} of {len(ids)} answers differ",
    )


def _largest_logit(planned: Plan, witness: Witness, condition: int) -> float:
    ends = [witness.followed(condition, each, planned.layout.tail)[1][-1] for each in range(len(witness.lengths))]
    return float(logits(planned.model, torch.stack(ends)).abs().max())


def _moved(planned: Plan, witness: Witness, condition: int, baseline: int) -> list[float]:
    """How far the logits at the last end token are from the baseline's, for each problem."""
    width = planned.layout.tail
    moved = []
    for problem in range(len(planned.prompts)):
        ends = [witness.followed(each, problem, width)[1][-1] for each in (condition, baseline)]
        mine, other = logits(planned.model, torch.stack(ends))
        moved.append(float((mine - other).abs().max()))
    return moved


def _plain_check(planned: Plan, witness: Witness, condition: int, ids: Sequence[Sequence[Sequence[int]]]) -> Check:
    alone = plan(planned.model, planned.problems, [BASELINE], planned.decoding)
    leaf = planned.tree.leaves[condition]
    if planned.decoding.padding == "exact":
        again = [run(alone, [problem])[0][0] for problem in range(len(planned.problems))]
    else:
        again = [each[0] for each in run(alone, range(len(planned.problems)))]
    pairs = [(mine[leaf], other) for mine, other in zip(ids, again, strict=True)]
    differing = sum(_apart(planned, witness, condition, problem, *pair) for problem, pair in enumerate(pairs))
    return Check(
        name="same-ids-alone",
        passed=differing == 0,
        detail=f"{differing} of {len(ids)} answers differ from a run of each problem alone, no condition beside it",
    )


def _apart(
    planned: Plan, witness: Witness, condition: int, problem: int, mine: Sequence[int], other: Sequence[int]
) -> bool:
    """Whether two answers differ where it was not a tie within rounding."""
    first = next((place for place, pair in enumerate(zip(mine, other, strict=True)) if pair[0] != pair[1]), None)
    if first is None:
        return False
    if -1 in (mine[first], other[first]):
        return True
    states = witness.followed(condition, problem, planned.layout.tail + first)[1]
    found = logits(planned.model, states[-1:])[0]
    gap = (found[mine[first]] - found[other[first]]).abs()
    return not bool(gap <= ROUNDING[planned.model.dtype] * found.abs().max())
