"""Interventions prove themselves: a small sample is answered under watch, before any result counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from ctlab.generation.edges import dense_keep
from ctlab.generation.engine import Plan, decoding_of, plan, run
from ctlab.generation.recompute import hidden_states
from ctlab.generation.record import Decoding
from ctlab.generation.witness import Array, Fed, Seen, Witness
from ctlab.interventions import BASELINE, Certificate, Check, Condition, Intervention
from ctlab.models.reasoner import LatentReasoner
from ctlab.problems import Problem

SAMPLE = 4
"""Problems that a certificate looks at."""
_TOKENS = 6  # answer tokens that a certificate follows
_RECOMPUTED = 2  # problems of the sample that are recomputed in one piece
_AT_ONCE = 8  # conditions in one watched pass; bounds memory
_ROUNDING = {torch.float64: 1e-5, torch.float32: 1e-4, torch.float16: 0.05, torch.bfloat16: 0.3}
_SOFTMAX = 1e-5  # the engine's softmax is float32 or better


def certify(
    model: LatentReasoner,
    problems: Sequence[Problem],
    conditions: Sequence[Condition],
    decoding: Decoding | None = None,
) -> Mapping[str, Certificate]:
    """Certify conditions on a few of the problems, short and long ones; condition name to its certificate."""
    decoding = decoding_of(model) if decoding is None else decoding
    whole = plan(model, problems, conditions, decoding)
    order = sorted(range(len(whole.problems)), key=lambda index: len(whole.questions[index]))
    picked = sorted({order[round(place * (len(order) - 1) / (SAMPLE - 1))] for place in range(SAMPLE)})
    sample = [whole.problems[index] for index in picked]
    short = replace(decoding, max_new_tokens=min(decoding.max_new_tokens, _TOKENS))
    first = {leaf: name.name for name, leaf in reversed(list(zip(conditions, whole.tree.leaves, strict=True)))}
    made: dict[str, Certificate] = {}
    for start in range(0, len(conditions), _AT_ONCE):
        for certificate in _certify_some(model, sample, conditions[start : start + _AT_ONCE], short):
            made[certificate.condition] = certificate
    for condition, leaf in zip(conditions, whole.tree.leaves, strict=True):
        if first[leaf] != condition.name:
            made[condition.name] = replace(made[condition.name], identical_to=first[leaf])
    return made


def _certify_some(
    model: LatentReasoner, sample: Sequence[Problem], conditions: Sequence[Condition], decoding: Decoding
) -> Iterator[Certificate]:
    reference = next((each for each in conditions if not each.interventions), BASELINE)
    planned = plan(model, sample, list(dict.fromkeys([*conditions, reference])), decoding)
    keep = [
        [_keep(planned, condition.interventions, problem) for problem in range(len(sample))]
        for condition in planned.tables.conditions
    ]
    base = [_keep(planned, (), problem) for problem in range(len(sample))]
    witness = Witness(planned.tree, keep, base, [len(each) for each in planned.questions])
    ids = run(planned, range(len(sample)), witness)
    baseline = planned.tables.conditions.index(reference)
    for index, condition in enumerate(conditions):
        seen = witness.seen[index]
        checks = [*_weight_checks(seen), _padding_check(seen, decoding)]
        if decoding.padding == "exact":
            checks += _recompute_checks(planned, witness, index, ids)
        if condition.interventions:
            checks.append(_bite_check(planned, witness, index, baseline))
        else:
            checks.append(_plain_check(planned, witness, index, ids))
        ends = [len(question) + planned.tables.layout.tail for question in planned.questions]
        yield Certificate(
            condition=condition.name,
            model=model.digest,
            backend=f"explicit attention, {model.device.type}, {decoding.dtype}, {decoding.padding} padding",
            edges_removed=sum(int(edges[:end].sum()) for edges, end in zip(seen.removed, ends, strict=True)),
            edges_weakened=sum(int(edges[:end].sum()) for edges, end in zip(seen.added, ends, strict=True)),
            problems=len(sample),
            scope=planned.tables.scope(index),
            checks=tuple(checks),
        )


def _keep(planned: Plan, interventions: Sequence[Intervention], problem: int) -> Array:
    """Spell out what a condition and the model's own setting hide."""
    question = len(planned.questions[problem])
    return dense_keep(
        [*planned.model.settings.hidden, *interventions],
        planned.tables.layout,
        question=question,
        control=None if planned.controls is None else planned.controls[problem],
        total=question + planned.tables.layout.tail + planned.decoding.max_new_tokens,
        layers=planned.model.num_layers,
        heads=planned.model.num_heads,
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
    model, layout = planned.model, planned.tables.layout
    plain = not planned.tables.conditions[condition].interventions and not model.settings.hidden
    distance, thoughts, others = 0.0, 0.0, 0
    for problem in range(min(_RECOMPUTED, len(planned.questions))):
        question = planned.questions[problem]
        answer = [each for each in ids[problem][planned.tree.leaves[condition]] if each != -1]
        fed, states = followed(planned, witness.fed, condition, problem, layout.tail + len(answer) - 1)
        total = len(question) + len(fed)
        keep = None if plain else witness.keep[condition][problem, ..., :total, :total]
        again = hidden_states(model, list(question), fed, keep)[len(question) :].cpu()
        distance = _worse(distance, _relative(states, again))
        made = model.project(again[layout.begin - 1 : layout.begin + layout.thoughts - 1].to(model.device)).cpu()
        thoughts = _worse(thoughts, _relative(fed[layout.begin : layout.begin + layout.thoughts], made))
        others += _differing(planned, again[layout.tail - 1 :], answer)
    tolerance = _ROUNDING[model.dtype]
    how = "transformers' own plain forward pass" if plain else "a recompute in one piece with a dense mask"
    yield Check(
        name="plain-forward" if plain else "recomputed",
        passed=distance <= tolerance and thoughts <= tolerance and others == 0,
        detail=f"against {how}: hidden states within {distance:.1e}, thoughts within {thoughts:.1e} of their size, "
        f"{others} other tokens",
    )


def followed(planned: Plan, fed: Sequence[Fed], condition: int, problem: int, width: int) -> tuple[Tensor, Tensor]:
    """Inputs and outputs (T, D) of one problem's first ``width`` tail positions under one condition."""
    embeddings, states = [], []
    for step in fed:
        if step.start >= width:
            break
        branch = planned.tree.levels[step.level].branch_of[condition]
        row = list(zip(step.problem_of, step.branch_of, strict=True)).index((problem, branch))
        embeddings.append(step.embeddings[row])
        states.append(step.states[row])
    return torch.cat(embeddings), torch.cat(states)


def _logits(model: LatentReasoner, states: Tensor) -> Tensor:
    with torch.inference_mode():
        head = model.network.get_output_embeddings()  # type: ignore[no-untyped-call]
        logits: Tensor = head(states.to(model.device))[..., : model.logits_considered].float().cpu()
        return logits


def _differing(planned: Plan, states: Tensor, answer: Sequence[int]) -> int:
    """Count answer tokens that the recompute would choose otherwise, ties within rounding aside."""
    logits = _logits(planned.model, states)
    best = logits.max(-1).values
    chosen = logits[range(len(answer)), list(answer)]
    scale = logits.abs().max(-1).values
    return int((best - chosen > _ROUNDING[planned.model.dtype] * scale).sum())


def _bite_check(planned: Plan, witness: Witness, condition: int, baseline: int) -> Check:
    declared = planned.tables.conditions[condition].no_op
    width = planned.tables.layout.tail
    moved = []
    for problem in range(len(planned.questions)):
        ends = [followed(planned, witness.fed, each, problem, width)[1][-1] for each in (condition, baseline)]
        logits = _logits(planned.model, torch.stack(ends))
        moved.append(float((logits[0] - logits[1]).abs().max()))
    largest, nan = max(moved), any(np.isnan(moved))
    if declared:
        same = planned.tree.leaves[condition] == planned.tree.leaves[baseline]
        return Check(
            name="no-op", passed=same and largest == 0, detail=f"declared a no-op; logits at end move by {largest:g}"
        )
    return Check(
        name="bites",
        passed=not nan and largest > 0 and bool(witness.seen[condition].added.any()),
        detail=f"logits at end move in {sum(each > 0 for each in moved)} of {len(moved)}, by up to {largest:.2g}",
    )


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
    states = followed(planned, witness.fed, condition, problem, planned.tables.layout.tail + first)[1]
    logits = _logits(planned.model, states[-1:])[0]
    gap = (logits[mine[first]] - logits[other[first]]).abs()
    return not bool(gap <= _ROUNDING[planned.model.dtype] * logits.abs().max())


def _relative(mine: Tensor, other: Tensor) -> float:
    scale = other.abs().max().clamp_min(torch.finfo(torch.float32).tiny)
    return float(((mine - other).abs().max() / scale).float())


def _worse(before: float, value: float) -> float:
    return float(np.maximum(before, value))
