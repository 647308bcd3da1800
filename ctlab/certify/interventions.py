"""Interventions prove themselves: a small sample is answered under an auditor's eyes, before any result counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch

from ctlab.certify.auditor import Array, Auditor, Observed
from ctlab.certify.expected_edges import Segments, expected_factors, own_tail, tail_of
from ctlab.certify.layer_auditor import LayerAuditor, put_check
from ctlab.certify.layer_patches import count_at_layers, layer_checks
from ctlab.certify.left_out_thoughts import early_answer_checks, left_out
from ctlab.certify.patches import count_patched, patch_checks
from ctlab.certify.problem_sample import samples
from ctlab.certify.recomputed import recomputed_check
from ctlab.certify.reference import logits, obstacle
from ctlab.certify.tolerance import TOLERANCE, worse
from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.batch_run import run, run_rows
from ctlab.engine.plan import Plan, decoding_of, plan
from ctlab.engine.undisturbed_thoughts import with_activation_cache
from ctlab.interventions import BASELINE, Condition, Intervention
from ctlab.models.reasoner import LatentReasoner
from ctlab.problems import Problem
from ctlab.records import Certificate, Check
from ctlab.records.generation import Decoding

Ids = Sequence[Sequence[Sequence[int]]]
"""Tokens of each sampled problem's answer under each leaf of the tree; -1 where it is over."""

_TOKENS = 6  # answer tokens that a certificate follows: later ones add edges of the same kind, not other kinds
# Conditions in one watched pass, for memory: where a condition names layers and heads, the factors of four problems of
# 128 positions are 270 MB in a network of 16 layers and 32 heads.
_AT_ONCE = 8
# The engine's softmax is float32 or better, whatever the model's type. Measured: 3e-7 at most, in every type.
_SOFTMAX = 1e-5


def certify(
    model: LatentReasoner,
    problems: Sequence[Problem],
    conditions: Sequence[Condition],
    decoding: Decoding | None = None,
    activations: ActivationCache | None = None,
) -> Mapping[str, Certificate]:
    """Certify conditions on a few of the problems, short and long ones; condition name to its certificate.

    Conditions that draw on other problems draw on ``activations``, or on all of ``problems``.

    A model that nothing here can recompute apart from the engine gets certificates that say so, and hold nothing.
    """
    if (reason := obstacle(model)) is not None:
        return {condition.name: _not_recomputable(model, condition, reason) for condition in conditions}
    decoding = decoding_of(model) if decoding is None else decoding
    whole = with_activation_cache(plan(model, problems, conditions, decoding), activations)
    short = replace(decoding, max_new_tokens=min(decoding.max_new_tokens, _TOKENS))
    leaves = whole.tree.leaves[: whole.requested]
    first = {leaf: name.name for name, leaf in reversed(list(zip(conditions, leaves, strict=True)))}
    certificates: dict[str, Certificate] = {}
    for sample, asked in samples(whole, conditions):
        for start in range(0, len(asked), _AT_ONCE):
            for certificate in _certify_some(whole, sample, asked[start : start + _AT_ONCE], short):
                certificates[certificate.condition] = certificate
    for condition, leaf in zip(conditions, leaves, strict=True):
        if first[leaf] != condition.name:
            certificates[condition.name] = replace(certificates[condition.name], identical_to=first[leaf])
    return certificates


def _not_recomputable(model: LatentReasoner, condition: Condition, reason: str) -> Certificate:
    detail = f"this model cannot be recomputed apart from the engine, so that nothing would be proven: {reason}"
    return Certificate(
        condition=condition.name,
        model=model.digest,
        backend=f"none, {model.device.type}",
        edges_removed=0,
        edges_weakened=0,
        thoughts_replaced=0,
        problems=0,
        scope="nothing",
        checks=(Check(name="recomputed", passed=False, detail=detail),),
    )


def _certify_some(
    whole: Plan, sample: Sequence[Problem], conditions: Sequence[Condition], decoding: Decoding
) -> Iterator[Certificate]:
    model = whole.model
    reference = next((condition for condition in conditions if condition.undisturbed), BASELINE)
    planned = plan(model, sample, list(dict.fromkeys([*conditions, reference])), decoding)
    planned = replace(planned, activations=whole.activations)
    tails, lengths = _tails(planned), [len(prompt) for prompt in planned.prompts]
    factors = [_factors(planned, of, each.on_edges) for of, each in zip(tails, planned.conditions, strict=True)]
    counts = [tuple(tail.thoughts for tail in of) for of in tails]
    base = {count: _factors(planned, of, ()) for count, of in dict(zip(counts, tails, strict=True)).items()}
    thoughts = None if planned.layout.own_stop else model.num_thoughts
    auditor = LayerAuditor(planned, planned.tree, factors, [base[count] for count in counts], lengths, thoughts, tails)
    with auditor.watching():
        ids = run(planned, range(len(sample)), auditor)
    baseline = planned.conditions.index(reference)
    for index, condition in enumerate(conditions):
        observed = auditor.observed[index]
        checks = [*_weight_checks(observed), _padding_check(observed, planned)]
        if condition.on_edges and not condition.no_op:
            checks.append(_visible_check(observed, planned))
        checks += [*patch_checks(whole, planned, auditor, index), *layer_checks(whole, planned, auditor, index)]
        checks += put_check(planned, auditor, index)
        if not planned.reads_padding:
            checks += recomputed_check(planned, auditor, index, ids)
        patched = count_patched(planned, auditor, index) + count_at_layers(planned, auditor, index)
        if condition.num_thoughts is not None:
            checks += early_answer_checks(planned, auditor, index, baseline)
        if condition.undisturbed:
            checks.append(_plain_check(planned, auditor, index, ids))
        elif condition.no_op:
            checks.append(_no_op_check(planned, auditor, index, baseline, patched, ids))
        else:
            checks.append(_effect_check(planned, auditor, index, baseline, patched, ids))
        ends = [length + tail.rows_before_answer for length, tail in zip(lengths, tails[index], strict=True)]
        yield Certificate(
            condition=condition.name,
            model=model.digest,
            backend=f"explicit attention, {model.device.type}, {decoding.dtype}, {decoding.padding} padding",
            edges_removed=sum(int(edges[:end].sum()) for edges, end in zip(observed.removed, ends, strict=True)),
            edges_weakened=sum(int(edges[:end].sum()) for edges, end in zip(observed.added, ends, strict=True)),
            thoughts_replaced=patched,
            thoughts_left_out=left_out(planned, condition) * len(sample),
            problems=len(sample),
            scope=planned.edge_factors.scope(index),
            checks=tuple(checks),
        )


def _tails(planned: Plan) -> list[list[Segments]]:
    """What follows each question, by condition and problem: known beforehand, or seen in a run that nobody watches."""
    problems, model = range(len(planned.prompts)), planned.model
    if not planned.layout.own_stop:
        return [[tail_of(model, condition)] * len(problems) for condition in planned.conditions]
    rows = run_rows(planned, problems)
    return [
        [own_tail(model, thoughts, answered=ids[0] != -1) for _, thoughts, *ids in (rows[k][leaf] for k in problems)]
        for leaf in planned.tree.leaves
    ]


def _factors(planned: Plan, tails: Sequence[Segments], edges: Sequence[Intervention]) -> list[Array]:
    """What a condition says of each problem's edges, in its own words."""
    asked = zip(planned.problems, planned.prompts, tails, strict=True)
    most = planned.decoding.max_new_tokens
    return [
        expected_factors(planned.model, problem.id, prompt, edges, most, tail.thoughts)
        for problem, prompt, tail in asked
    ]


def _weight_checks(observed: Observed) -> Iterator[Check]:
    yield Check(
        name="removed-edges-are-zero",
        passed=observed.largest_removed == 0,
        detail=f"largest weight on a removed edge, in any layer and head: {observed.largest_removed:g}"
        if observed.removed_weights
        else "no edge was removed",
    )
    yield Check(
        name="rows-sum-to-one",
        passed=observed.largest_row_error <= _SOFTMAX,
        detail=f"largest distance of a row's sum from 1: {observed.largest_row_error:.1e}",
    )
    yield Check(
        name="weakened-edges-counted",
        passed=np.array_equal(observed.masked, observed.expected),
        # Edges of the answer's positions are among these: their number depends on what was answered, so that it is
        # no count of the mask, and is said only where it is wrong.
        detail="those of the condition and no others, answers included"
        if np.array_equal(observed.masked, observed.expected)
        else f"{observed.masked.sum()} edges were weakened, {observed.expected.sum()} are to be, answers included",
    )
    yield Check(
        name="weights-as-said",
        passed=observed.largest_weight_error <= _SOFTMAX,
        detail=f"largest distance of a weight from the softmax with the condition's factors: "
        f"{observed.largest_weight_error:.1e}",
    )


def _visible_check(observed: Observed, planned: Plan) -> Check:
    """Check that the engine weakened an edge to a visible key in every problem: padding may be hidden at no cost.

    In every one that has such an edge, where a row may have no position that reads: where the model decides itself how
    many thoughts there are, and where no ``end`` stands before an answer, which may be over with its first token.
    """
    by_itself = observed.expected & ~observed.added  # what the model hides under every condition
    has_one = observed.added.any(axis=(1, 2)) | bool(planned.layout.end and not planned.layout.own_stop)
    rows = [bool(edges.any()) for edges in (observed.masked & ~by_itself)[has_one]]
    return Check(
        name="every-row-loses-an-edge",
        passed=all(rows),
        detail=f"it removed no visible edge in {rows.count(False)} of {len(rows)} rows",
    )


def _padding_check(observed: Observed, planned: Plan) -> Check:
    if planned.reads_padding:
        return Check(name="padding", passed=True, detail="padding is read, as in the official batched evaluation")
    return Check(
        name="padding",
        passed=observed.largest_padding == 0,
        detail=f"largest weight on padding: {observed.largest_padding:g}",
    )


def _effect_check(planned: Plan, auditor: Auditor, condition: int, baseline: int, patched: int, ids: Ids) -> Check:
    moved = _moved(planned, auditor, condition, baseline, ids)
    largest, nan, count = max(moved), any(np.isnan(moved)), sum(distance > 0 for distance in moved)
    fewer = left_out(planned, planned.conditions[condition]) > 0
    disturbed = bool(auditor.observed[condition].added.any()) or patched > 0 or fewer
    return Check(
        name="bites",
        passed=not nan and largest > 0 and disturbed,
        detail=f"logits of the first answer token change in {count} of {len(moved)} sampled problems, "
        f"by up to {largest:.2g}",
    )


def _no_op_check(planned: Plan, auditor: Auditor, condition: int, baseline: int, patched: int, ids: Ids) -> Check:
    """Hold a declared no-op to the baseline: nothing weakened, nothing else fed, the same logits, the same tokens."""
    leaves = planned.tree.leaves
    largest = float(np.max(_moved(planned, auditor, condition, baseline, ids)))
    pairs = [(answers[leaves[condition]], answers[leaves[baseline]]) for answers in ids]
    others = sum(_diverged(planned, auditor, condition, problem, *pair) for problem, pair in enumerate(pairs))
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

    Of the first two where no ``end`` stands before them: the first is then read off a thought or the question, and
    what is hidden from the answer alone has no say in it.
    """
    moved = []
    for problem in range(len(planned.prompts)):
        furthest, leaves = 0.0, [planned.tree.leaves[run_of] for run_of in (condition, baseline)]
        shorter = min(sum(token != -1 for token in ids[problem][leaf]) for leaf in leaves)
        for token in (0, 1) if shorter > 1 and not planned.layout.end else (0,):
            ends = [
                auditor.followed(run_of, problem, auditor.tail(run_of, problem).before_answer + token).last
                for run_of in (condition, baseline)
            ]
            mine, other = logits(planned.model, torch.stack(ends))
            furthest = worse(furthest, float((mine - other).abs().max()))
        moved.append(furthest)
    return moved


def _plain_check(planned: Plan, auditor: Auditor, condition: int, ids: Sequence[Sequence[Sequence[int]]]) -> Check:
    alone = plan(planned.model, planned.problems, [BASELINE], planned.decoding)
    leaf = planned.tree.leaves[condition]
    if not planned.reads_padding:
        again = [run(alone, [problem])[0][0] for problem in range(len(planned.problems))]
    else:
        again = [answers[0] for answers in run(alone, range(len(planned.problems)))]
    pairs = [(mine[leaf], other) for mine, other in zip(ids, again, strict=True)]
    differing = sum(_diverged(planned, auditor, condition, problem, *pair) for problem, pair in enumerate(pairs))
    return Check(
        name="same-ids-alone",
        passed=differing == 0,
        detail=f"{differing} of {len(ids)} answers differ from a run of each problem alone, no condition beside it",
    )


def _diverged(
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
