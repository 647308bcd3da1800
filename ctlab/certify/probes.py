"""Probes prove themselves: a small sample is measured, and written down in one piece by the certificates' reference."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from torch import Tensor

from ctlab.certify.auditor import Array, QuestionStates, StepRecord, followed
from ctlab.certify.expected_edges import Segments, expected_factors, tail_of
from ctlab.certify.passes import asked_in_passes, made_of
from ctlab.certify.recomputed_states import kept_states, states_apart
from ctlab.certify.reference import Trace, inputs, logits, obstacle, trace
from ctlab.certify.tolerance import DIVERGENCE_TOLERANCE, MASS_TOLERANCE, PROBABILITY_TOLERANCE, within_limit, worse
from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.batch_run import run
from ctlab.engine.decode_step import DecodeStep
from ctlab.engine.plan import Plan, plan
from ctlab.engine.prefill_step import PrefillStep
from ctlab.engine.prompt import PromptCache
from ctlab.engine.undisturbed_thoughts import activation_cache_for
from ctlab.interventions import Condition
from ctlab.models.reasoner import LatentReasoner
from ctlab.probes.measuring import measured, with_reference
from ctlab.problems import Problem
from ctlab.records import Check
from ctlab.records.generation import Decoding
from ctlab.records.measurement import ITSELF, Measurement

SAMPLE = 2
"""Problems that are looked at: the shortest question and the longest."""
_TOKENS = 3  # answer tokens that are followed: the first, and two that read earlier answer tokens


def certify_probes(
    model: LatentReasoner,
    problems: Sequence[Problem],
    conditions: Sequence[Condition],
    decoding: Decoding,
    activations: ActivationCache | None = None,
    at_pass: int | None = None,
) -> Mapping[str, tuple[Check, ...]]:
    """Check on a few problems that probes see what there is to see; condition name to its checks.

    Conditions that draw on other problems draw on ``activations``, or on all of ``problems``. ``at_pass`` says at which
    pass over the thoughts they are measured, as in `probes.measure`.

    As published, padding is read, and a sequence in one piece is another computation: only the sums are checked there.
    """
    if (reason := obstacle(model)) is not None:
        detail = f"this model cannot be recomputed apart from the engine, so that nothing would be proven: {reason}"
        return {condition.name: (Check(name="probe-mass", passed=False, detail=detail),) for condition in conditions}
    all_conditions, reference = with_reference(conditions)
    by_length = sorted(problems, key=lambda problem: len(problem.question))
    sample = list(dict.fromkeys([by_length[0], by_length[-1]]))[:SAMPLE]
    short = replace(decoding, max_new_tokens=min(decoding.max_new_tokens, _TOKENS))
    if activations is None:
        activations = activation_cache_for(all_conditions, model, problems, decoding)
    with TemporaryDirectory() as folder:
        measurements = measured(
            model, sample, all_conditions, short, activations=activations, at_pass=at_pass, keep_states=Path(folder)
        )
        kept = {
            condition.name: kept_states(Path(folder), condition.name, sample, model.num_thoughts)
            for condition in all_conditions
        }
    planned = replace(plan(model, sample, all_conditions, short), activations=activations)
    if planned.reads_padding:
        return {condition.name: (_sums_alone(model, measurements[condition.name]),) for condition in conditions}
    recorder = StepRecorder()
    ids = run(planned, range(len(sample)), recorder)
    references = [
        [_reference(planned, recorder, number, problem, ids, at_pass) for problem in range(len(sample))]
        for number in range(len(all_conditions))
    ]
    baseline = references[reference]
    return {
        condition.name: tuple(
            _checks(
                planned,
                measurements[condition.name],
                own,
                None if own is baseline else baseline,
                kept[condition.name],
            )
        )
        for condition, own in zip(all_conditions, references, strict=True)
        if condition in conditions
    }


@dataclass(slots=True)
class StepRecorder:
    """`hooks.Hooks` that keeps what each step was fed."""

    steps: list[StepRecord] = field(default_factory=list)
    questions: QuestionStates = field(default_factory=QuestionStates)

    def prefill_attention(self, step: PrefillStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """Attention is recomputed."""

    def question_states(self, prompts: PromptCache, states: Tensor) -> None:
        """See `hooks.Hooks`."""
        self.questions.keep(prompts, states)

    def attention(self, step: DecodeStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """Attention is recomputed."""

    def hidden_states(self, step: DecodeStep, embeddings: Tensor, states: Tensor) -> None:
        """See `hooks.Hooks`."""
        self.steps.append(StepRecord.of(step, embeddings, states))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pass:
    """One pass over the thoughts, and in the last one what comes after them: S positions in one piece."""

    factors: Array
    """(layers or 1, heads or 1, S, S) factors on edges."""
    trace: Trace
    """Every weight and state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reference:
    """One problem under one condition, computed once more, each pass over the thoughts in one piece."""

    names: list[str]
    """What stands at each position."""
    thinking: _Pass
    """The pass in which thoughts are measured."""
    answering: _Pass
    """The last pass: with one pass over the thoughts that one."""
    made_of: Tensor
    """(thoughts, D) last hidden states that the measured pass's thoughts are made of."""

    def at(self, reader: str) -> _Pass:
        """The pass in which a reader is measured."""
        return self.thinking if reader.startswith("CT") else self.answering

    def position(self, reader: str) -> int | None:
        """Position of a reader, None where the answer did not come so far."""
        name, _, number = reader.partition(" ")
        positions = [position for position, other in enumerate(self.names) if other == name]
        if number:
            return positions[int(number) - 1] if int(number) <= len(positions) else None
        return positions[-1]

    def sums(self, weights: Array, reader: int, segments: Sequence[str]) -> Array:
        """Add up weights (…, S) of the reader at a position by segment (…, segments)."""
        columns = []
        for segment in segments:
            before = [position for position in range(reader) if self.names[position] == segment]
            own = [reader] if segment == ITSELF else before
            columns.append(weights[..., own].sum(-1))
        return np.stack(columns, -1)


def _reference(
    planned: Plan,
    recorder: StepRecorder,
    condition: int,
    problem: int,
    ids: Sequence[Sequence[Sequence[int]]],
    at_pass: int | None,
) -> _Reference:
    model, prompt = planned.model, planned.prompts[problem]
    segments = Segments.of(model, len(prompt))
    answer = [token for token in ids[problem][planned.tree.leaves[condition]] if token != -1]
    width = segments.before_answer - len(prompt) + len(answer) - 1
    tail = tail_of(model, planned.conditions[condition])
    row = followed(
        planned.tree, recorder.steps, recorder.questions, condition, problem, width, tail, model.num_thoughts
    )
    fed = row.fed_in_passes(range(segments.begin, segments.begin + segments.thoughts))
    edges = planned.conditions[condition].on_edges
    factors = expected_factors(model, planned.problems[problem].id, prompt, edges, len(answer))
    passes = []
    for number, asked in enumerate(asked_in_passes(model, prompt, fed, [*model.end_ids, *answer[:-1]])):
        sequence = inputs(model, *asked)
        own = segments.of_pass(factors, number, len(sequence))
        passes.append(_Pass(factors=own, trace=trace(model, sequence, own)))
    last = len(passes) - 1
    thinking = last if at_pass is None else at_pass
    # Numbered pass by pass from the first one that is fed what states have made: pass 1 of several.
    made = made_of(model, [each.trace.last for each in passes], segments.slots.start, segments.thoughts)
    first = max(thinking - 1, 0) * segments.thoughts
    return _Reference(
        names=segments.names(segments.before_answer + len(answer) - 1),
        thinking=passes[thinking],
        answering=passes[last],
        made_of=made[first : first + segments.thoughts],
    )


def _checks(
    planned: Plan,
    measurement: Measurement,
    own: Sequence[_Reference],
    baseline: Sequence[_Reference] | None,
    kept: Array,
) -> Iterator[Check]:
    """Hold a condition's measurement to its references, and where it is not the baseline's to that one's, too."""
    mass, row_sum, hidden, expected, divergence, decoded, states = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for row, reference in enumerate(own):
        for number, reader in enumerate(measurement.readers):
            position = reference.position(reader)
            if position is None:
                continue
            measured_mass = measurement.mass[row, number].astype(float)  # (layers, segments)
            seen = reference.at(reader)
            weights = seen.trace.weights[:, :, position].double().numpy()  # (layers, heads, S)
            sums = reference.sums(weights, position, measurement.segments)  # (layers, heads, segments)
            mass = worse(mass, measured_mass - sums.mean(1))
            row_sum = worse(row_sum, measured_mass.sum(-1) - 1)
            factors = np.broadcast_to(seen.factors[:, :, position], weights.shape)
            visible = reference.sums(factors, position, measurement.segments).any(1)  # (layers, segments)
            hidden = worse(hidden, measured_mass[~visible])
            if not reader.startswith("answer"):
                states = worse(states, states_apart(kept[row, number], seen.trace, position))
            if baseline is not None and not reader.startswith("answer"):
                weights = _renormalised(baseline[row].at(reader), seen, position)
                renormalised = reference.sums(weights, position, measurement.segments).mean(1)
                expected = worse(expected, measurement.expected[row, number] - renormalised)  # type: ignore[index]
                cosine, distance = _divergence(seen.trace, baseline[row].at(reader).trace, position)
                divergence = worse(divergence, measurement.cosine[row, number] - cosine)  # type: ignore[index]
                divergence = worse(divergence, measurement.distance[row, number] - distance)  # type: ignore[index]
        decoded = worse(decoded, _decoded_differences(planned.model, measurement, row, reference))
    limit, far = MASS_TOLERANCE[planned.model.dtype], DIVERGENCE_TOLERANCE[planned.model.dtype]
    yield within_limit("probe-mass", mass, limit, "attention mass by segment against a recompute in one piece")
    yield within_limit("probe-rows-sum-to-one", row_sum, limit, "sum of a reader's segments against 1")
    yield within_limit("probe-hidden-is-zero", hidden, 0.0, "mass on segments that are hidden from a reader against 0")
    if baseline is not None:
        yield within_limit(
            "probe-expected", expected, limit, "mass after proportional renormalisation against a recompute"
        )
        yield within_limit("probe-paths", divergence, far, "cosine and distance from baseline against a recompute")
    yield within_limit("probe-states", states, far, "kept hidden states against a recompute, in units of their length")
    odds = PROBABILITY_TOLERANCE[planned.model.dtype]
    yield within_limit("probe-decoded", decoded, odds, "probability of each thought's first token against a recompute")


def _sums_alone(model: LatentReasoner, measurement: Measurement) -> Check:
    """Check the sums of all readers that a measurement has; a reader that an answer did not reach has none."""
    sums = measurement.mass.astype(float).sum(-1)
    worst = worse(0.0, sums[~np.isnan(measurement.mass).all(-1)] - 1)
    what = "sum of a reader's segments against 1 (not recomputed: padding is read, as in the official batches)"
    return within_limit("probe-rows-sum-to-one", worst, MASS_TOLERANCE[model.dtype], what)


def _renormalised(baseline: _Pass, treated: _Pass, reader: int) -> Array:
    """(layers, heads, keys up to the reader): baseline's weights times this condition's factors, renormalised."""
    weights = baseline.trace.weights[:, :, reader, : reader + 1].double().numpy()
    was, now = (run.factors[:, :, reader, : reader + 1] for run in (baseline, treated))
    kept = weights * np.where(was > 0, now / np.where(was > 0, was, 1.0), 1.0)
    renormalised: Array = kept / kept.sum(-1, keepdims=True)
    return renormalised


def _divergence(mine: Trace, other: Trace, position: int) -> tuple[Array, Array]:
    """Cosine and relative distance (layers + 1,) of two runs' states at a position."""
    a, b = (run.states[:, position].double() for run in (mine, other))
    cosine = torch.nn.functional.cosine_similarity(a, b, dim=-1)
    return cosine.numpy(), ((a - b).norm(dim=-1) / b.norm(dim=-1)).numpy()


def _decoded_differences(model: LatentReasoner, measurement: Measurement, row: int, reference: _Reference) -> Array:
    """How far each thought's measured probability is from its first token's own, and from the best: (2 thoughts,)."""
    scores = logits(model, reference.made_of)
    probabilities = scores.double().softmax(-1).numpy()
    of_first = probabilities[range(measurement.thoughts), measurement.decoded_ids[row, :, 0]]
    difference: Array = measurement.decoded_probabilities[row, :, 0] - of_first
    best: Array = probabilities.max(-1) - of_first
    return np.concatenate([difference, best])
