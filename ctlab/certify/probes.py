"""Probes prove themselves: a small sample is measured, and written down in one piece by transformers' own attention."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor

from ctlab.certify.auditor import Array, Fed, followed
from ctlab.certify.expected_edges import keep_of, position_names
from ctlab.certify.reference import Trace, trace
from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.batch_run import run
from ctlab.engine.decode_step import DecodeStep
from ctlab.engine.plan import Plan, plan
from ctlab.engine.prefill_step import PrefillStep
from ctlab.engine.undisturbed_thoughts import activation_cache_for
from ctlab.interventions import Condition
from ctlab.models.reasoner import LatentReasoner
from ctlab.probes.measuring import beside_reference, measured
from ctlab.problems import Problem
from ctlab.records import Check
from ctlab.records.generation import Decoding
from ctlab.records.measurement import ITSELF, Measurement

SAMPLE = 2
"""Problems that are looked at: the shortest question and the longest."""
_TOKENS = 3  # answer tokens that are followed
_MASS = {torch.float64: 1e-6, torch.float32: 1e-4, torch.float16: 0.01, torch.bfloat16: 0.05}
_PATHS = {torch.float64: 1e-5, torch.float32: 1e-3, torch.float16: 0.05, torch.bfloat16: 0.3}


def certify_probes(
    model: LatentReasoner,
    problems: Sequence[Problem],
    conditions: Sequence[Condition],
    decoding: Decoding,
    activations: ActivationCache | None = None,
) -> Mapping[str, tuple[Check, ...]]:
    """Check on a few problems that probes see what there is to see; condition name to its checks.

    Conditions that draw on other problems draw on ``activations``, or on all of ``problems``.

    As published, padding is read, and a sequence in one piece is another computation: only the sums are checked there.
    """
    everyone, reference = beside_reference(conditions)
    by_length = sorted(problems, key=lambda problem: len(problem.question))
    sample = list(dict.fromkeys([by_length[0], by_length[-1]]))[:SAMPLE]
    short = replace(decoding, max_new_tokens=min(decoding.max_new_tokens, _TOKENS))
    activations = activation_cache_for(everyone, model, problems, decoding) if activations is None else activations
    seen = measured(model, sample, everyone, short, activations=activations)
    if decoding.padding == "as-published":
        return {condition.name: (_sums_alone(model, seen[condition.name]),) for condition in conditions}
    planned = replace(plan(model, sample, everyone, short), activations=activations)
    follower = Follower()
    ids = run(planned, range(len(sample)), follower)
    traces = [
        [_traced(planned, follower, number, problem, ids) for problem in range(len(sample))]
        for number in range(len(everyone))
    ]
    names = [condition.name for condition in conditions]
    return {
        name: tuple(_checks(planned, seen[name], traces[number], traces[reference], treated=number != reference))
        for number, name in enumerate(each.name for each in everyone)
        if name in names
    }


@dataclass(slots=True)
class Follower:
    """`hooks.Hooks` that keeps what each step was fed."""

    fed: list[Fed] = field(default_factory=list)

    def prefill_attention(self, step: PrefillStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """Attention is recomputed."""

    def attention(self, step: DecodeStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """Attention is recomputed."""

    def hidden_states(self, step: DecodeStep, embeddings: Tensor, states: Tensor) -> None:
        """See `hooks.Hooks`."""
        self.fed.append(Fed.of(step, embeddings, states))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """One problem under one condition, written down."""

    names: list[str]
    """What stands at each position."""
    keep: Array
    """(layers or 1, heads or 1, S, S) factors on edges."""
    trace: Trace
    """Every weight and state."""

    def place(self, reader: str) -> int | None:
        """Position of a reader, None where the answer did not come so far."""
        name, _, number = reader.partition(" ")
        places = [place for place, each in enumerate(self.names) if each == name]
        if number:
            return places[int(number) - 1] if int(number) <= len(places) else None
        return places[-1]

    def sums(self, weights: Array, reader: int, segments: Sequence[str]) -> Array:
        """Add up weights (…, S) of a reader by segment (…, segments)."""
        columns = []
        for segment in segments:
            before = [place for place in range(reader) if self.names[place] == segment]
            own = [reader] if segment == ITSELF else before
            columns.append(weights[..., own].sum(-1))
        return np.stack(columns, -1)


def _traced(
    planned: Plan, follower: Follower, condition: int, problem: int, ids: Sequence[Sequence[Sequence[int]]]
) -> _Written:
    layout, model = planned.layout, planned.model
    question = planned.prompts[problem]
    answer = [each for each in ids[problem][planned.tree.leaves[condition]] if each != -1]
    fed, _ = followed(planned.tree, follower.fed, condition, problem, layout.tail + len(answer) - 1)
    total = len(question) + len(fed)
    keep = keep_of(planned, planned.conditions[condition].on_edges, problem)[..., :total, :total]
    names = position_names(layout, len(question), total)
    return _Written(names=names, keep=keep, trace=trace(model, list(question), fed, keep))


def _checks(
    planned: Plan, seen: Measurement, own: Sequence[_Written], reference: Sequence[_Written], *, treated: bool
) -> Iterator[Check]:
    mass, row_sum, hidden, expected, paths, said = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for row, (written, before) in enumerate(zip(own, reference, strict=True)):
        for number, reader in enumerate(seen.readers):
            place = written.place(reader)
            if place is None:
                continue
            found = seen.mass[row, number].astype(float)  # (layers, segments)
            weights = written.trace.weights[:, :, place].double().numpy()  # (layers, heads, S)
            mass = _worse(mass, found - written.sums(weights, place, seen.segments).mean(1))
            row_sum = _worse(row_sum, found.sum(-1) - 1)
            kept = written.sums(np.broadcast_to(written.keep[:, :, place], weights.shape), place, seen.segments)
            hidden = _worse(hidden, found[(kept == 0).all(1)])
            if treated and not reader.startswith("answer"):
                told = _expected(before, written, place, seen.segments).mean(1)
                expected = _worse(expected, seen.expected[row, number] - told)  # type: ignore[index]
                apart = zip((seen.cosine, seen.distance), _apart(written.trace, before.trace, place), strict=True)
                for kind, there in apart:
                    paths = _worse(paths, kind[row, number] - there)  # type: ignore[index]
        said = _worse(said, _said(planned.model, seen, row, written))
    limit, far = _MASS[planned.model.dtype], _PATHS[planned.model.dtype]
    yield _check("probe-mass", mass, limit, "attention mass by segment against a recompute in one piece")
    yield _check("probe-rows-sum-to-one", row_sum, limit, "sum of a reader's segments against 1")
    yield _check("probe-hidden-is-zero", hidden, 0.0, "mass on segments that are hidden from a reader against 0")
    if treated:
        yield _check("probe-expected", expected, limit, "mass after proportional renormalisation against a recompute")
        yield _check("probe-paths", paths, far, "cosine and distance from baseline against a recompute")
    yield _check("probe-decoded", said, limit, "probability of each thought's first token against a recompute")


def _sums_alone(model: LatentReasoner, seen: Measurement) -> Check:
    """Check the sums of all readers that a measurement has; a reader that an answer did not reach has none."""
    sums = seen.mass.astype(float).sum(-1)
    worst = _worse(0.0, sums[~np.isnan(seen.mass).all(-1)] - 1)
    what = "sum of a reader's segments against 1 (not recomputed: padding is read, as in the official batches)"
    return _check("probe-rows-sum-to-one", worst, _MASS[model.dtype], what)


def _check(name: str, worst: float, limit: float, what: str) -> Check:
    return Check(name=name, passed=worst <= limit, detail=f"{what}: largest difference {worst:.1e}")


def _expected(before: _Written, treated: _Written, reader: int, segments: Sequence[str]) -> Array:
    """(layers, heads, segments): baseline's weights times this condition's factors, renormalised."""
    weights = before.trace.weights[:, :, reader, : reader + 1].double().numpy()
    was, now = (each.keep[:, :, reader, : reader + 1] for each in (before, treated))
    kept = weights * np.where(was > 0, now / np.where(was > 0, was, 1.0), 1.0)
    return before.sums(kept / kept.sum(-1, keepdims=True), reader, segments)


def _apart(mine: Trace, other: Trace, place: int) -> tuple[Array, Array]:
    """Cosine and relative distance (layers + 1,) of two runs' states at a position."""
    a, b = (each.states[:, place].double() for each in (mine, other))
    cosine = torch.nn.functional.cosine_similarity(a, b, dim=-1)
    return cosine.numpy(), ((a - b).norm(dim=-1) / b.norm(dim=-1)).numpy()


def _said(model: LatentReasoner, seen: Measurement, row: int, written: _Written) -> Array:
    """Differences (thoughts,) between the probability that was measured of each thought's first token and its own."""
    before = [written.names.index(f"CT{k}") - 1 for k in range(seen.thoughts)]
    head = model.network.get_output_embeddings()  # type: ignore[no-untyped-call]
    with torch.inference_mode():
        logits = head(written.trace.last[before].to(model.device))[:, : model.logits_considered]
    odds = logits.double().softmax(-1).cpu().numpy()
    ids = seen.decoded_ids[row, :, 0]
    difference: Array = seen.decoded_probabilities[row, :, 0] - odds[range(seen.thoughts), ids]
    best: Array = odds.max(-1) - odds[range(seen.thoughts), ids]
    return np.concatenate([difference, best])


def _worse(before: float, values: Array) -> float:
    # A NaN must win: numpy's maximum hands it on, Python's max may lose it.
    return float(np.maximum(before, np.abs(values).max())) if values.size else before
