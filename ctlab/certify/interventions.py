"""Interventions prove themselves: a small sample is answered under an auditor's eyes, before any result counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ctlab.certify.auditor import Array, Auditor, Observed
from ctlab.certify.expected_edges import Segments, expected_factors, own_tail, read_late, tail_of
from ctlab.certify.layer_auditor import LayerAuditor, put_check
from ctlab.certify.layer_patches import count_at_layers, layer_checks
from ctlab.certify.left_out_thoughts import early_answer_checks, left_out
from ctlab.certify.moved_logits import diverged, effect_check, no_op_check
from ctlab.certify.patches import count_patched, patch_checks
from ctlab.certify.problem_sample import samples
from ctlab.certify.recomputed import recomputed_check
from ctlab.certify.reference import obstacle
from ctlab.certify.retold_steps import LONGEST, differing_steps, expected_given, written_checks
from ctlab.certify.visible_edges import padding_check, visible_check
from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.answers import plans_of
from ctlab.engine.batch_run import run, run_rows
from ctlab.engine.plan import Plan, decoding_of, plan
from ctlab.engine.undisturbed_thoughts import activation_cache_for, with_activation_cache
from ctlab.interventions import Condition, Intervention
from ctlab.interventions.condition import undisturbed
from ctlab.models.reasoner import LatentReasoner
from ctlab.problems import Problem
from ctlab.records import Certificate, Check
from ctlab.records.generation import Decoding

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
    plans = plans_of(model, problems, conditions, decoding)
    if activations is None:
        activations = activation_cache_for(conditions, model, problems, decoding)
    certificates: dict[str, Certificate] = {}
    for planned in plans:
        certificates |= _certify_way(with_activation_cache(planned, activations), decoding)
    return certificates


def _certify_way(whole: Plan, asked: Decoding) -> dict[str, Certificate]:
    """Certify the conditions of one way of thinking; ``asked`` is without what steps need beside the answer."""
    conditions = whole.conditions[: whole.requested]
    leaves = whole.tree.leaves[: whole.requested]
    first = {leaf: name.name for name, leaf in reversed(list(zip(conditions, leaves, strict=True)))}
    certificates: dict[str, Certificate] = {}
    for sample, some in samples(whole, conditions):
        for start in range(0, len(some), _AT_ONCE):
            for certificate in _certify_some(whole, sample, some[start : start + _AT_ONCE], asked):
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
    whole: Plan, sample: Sequence[Problem], conditions: Sequence[Condition], asked: Decoding
) -> Iterator[Certificate]:
    model, decoding = whole.model, _short(whole, sample, conditions)
    reference = next((condition for condition in conditions if condition.plain), undisturbed(model.thinking))
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
        checks = [*_weight_checks(observed), padding_check(observed, planned)]
        if condition.on_edges and not condition.no_op:
            checks.append(visible_check(observed, planned, late=read_late(condition)))
        checks += [*patch_checks(whole, planned, auditor, index), *layer_checks(whole, planned, auditor, index)]
        checks += put_check(planned, auditor, index)
        if not planned.reads_padding:
            checks += recomputed_check(planned, auditor, index, ids)
        patched = count_patched(planned, auditor, index) + count_at_layers(planned, auditor, index)
        if condition.num_thoughts is not None:
            checks += early_answer_checks(planned, auditor, index, baseline)
        steps = 0
        if model.task is not None:
            checks += written_checks(whole, planned, auditor, index, ids, asked.max_new_tokens)
            steps = 0 if condition.steps_patch is None else differing_steps(planned, index, baseline, ids)
        if condition.plain:
            checks.append(_plain_check(planned, auditor, index, ids))
        elif condition.no_op:
            checks.append(no_op_check(planned, auditor, index, baseline, patched, ids))
        else:
            checks.append(effect_check(planned, auditor, index, baseline, patched + steps, ids))
        counted = read_late(condition)  # the answer's first position, where nothing before it reads what is hidden
        ends = [length + tail.rows_before_answer + counted for length, tail in zip(lengths, tails[index], strict=True)]
        yield Certificate(
            condition=condition.name,
            model=model.digest,
            backend=f"explicit attention, {model.device.type}, {decoding.dtype}, {decoding.padding} padding",
            edges_removed=sum(int(edges[:end].sum()) for edges, end in zip(observed.removed, ends, strict=True)),
            edges_weakened=sum(int(edges[:end].sum()) for edges, end in zip(observed.added, ends, strict=True)),
            thoughts_replaced=patched,
            thoughts_left_out=left_out(planned, condition) * len(sample),
            steps_replaced=steps,
            thinking=model.thinking,
            problems=len(sample),
            scope=planned.edge_factors.scope(index),
            checks=tuple(checks),
        )


def _short(whole: Plan, sample: Sequence[Problem], conditions: Sequence[Condition]) -> Decoding:
    """How long the answers are that a certificate follows; written steps to their end, where it is not too far."""
    most = _TOKENS
    if whole.model.task is not None:
        given = [len(expected_given(whole, condition, each.id)) for condition in conditions for each in sample]
        most = max(LONGEST, max(given) + _TOKENS)
    return replace(whole.decoding, max_new_tokens=min(whole.decoding.max_new_tokens, most))


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


def _plain_check(planned: Plan, auditor: Auditor, condition: int, ids: Sequence[Sequence[Sequence[int]]]) -> Check:
    alone = plan(planned.model, planned.problems, [undisturbed(planned.model.thinking)], planned.decoding)
    leaf = planned.tree.leaves[condition]
    if not planned.reads_padding:
        again = [run(alone, [problem])[0][0] for problem in range(len(planned.problems))]
    else:
        again = [answers[0] for answers in run(alone, range(len(planned.problems)))]
    pairs = [(mine[leaf], other) for mine, other in zip(ids, again, strict=True)]
    differing = sum(diverged(planned, auditor, condition, problem, *pair) for problem, pair in enumerate(pairs))
    return Check(
        name="same-ids-alone",
        passed=differing == 0,
        detail=f"{differing} of {len(ids)} answers differ from a run of each problem alone, no condition beside it",
    )
