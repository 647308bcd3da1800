"""The one call that measures: problems and conditions in, a `measurement.Measurement` of each condition out."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.batch_run import batches_of, fitting, run
from ctlab.engine.layout import Layout
from ctlab.engine.plan import Plan, decoding_of, plan
from ctlab.engine.undisturbed_thoughts import with_activation_cache
from ctlab.errors import InputError
from ctlab.interventions import BASELINE, Condition
from ctlab.models.reasoner import LatentReasoner
from ctlab.probes.raw_states import StateShards
from ctlab.probes.recorder import MeasuredBatch, Recorder
from ctlab.probes.watched_pass import WatchedPass
from ctlab.problems import Problem
from ctlab.records.generation import Decoding, Padding
from ctlab.records.measurement import Measurement, reader_names, segment_names

TOP = 5
"""Tokens that a thought is decoded to: the most probable one, and the next ones to see how near they come."""


def measure(
    model: LatentReasoner,
    problems: Sequence[Problem],
    conditions: Sequence[Condition],
    *,
    lens: bool = False,
    top: int = TOP,
    max_new_tokens: int | None = None,
    dtype: str | None = None,
    batch_tokens: int | None = None,
    padding: Padding = "exact",
    progress: Callable[[int, int], None] | None = None,
    keep_states: Path | None = None,
    at_pass: int | None = None,
) -> dict[str, Measurement]:
    """Answer every problem under every condition under watch; condition name to its measurement.

    The condition without interventions is measured beside them, as ``baseline`` where none is given. ``lens`` also
    decodes every layer. ``progress`` is called with the number of answers watched so far and in total. ``keep_states``
    names a folder for the raw hidden states; everything else is reduced batch by batch. ``at_pass`` says at which of a
    model's passes over its thoughts they are measured, from 1; the last, where it is not given. Certificates are
    `certify`'s and `certify_probes`'.
    """
    model = model if dtype is None else model.cast(dtype)
    decoding = decoding_of(model, max_new_tokens=max_new_tokens, padding=padding)
    return measured(
        model,
        problems,
        conditions,
        decoding,
        lens=lens,
        top=top,
        batch_tokens=batch_tokens,
        progress=progress,
        keep_states=keep_states,
        at_pass=at_pass,
    )


def measured(
    model: LatentReasoner,
    problems: Sequence[Problem],
    conditions: Sequence[Condition],
    decoding: Decoding,
    *,
    lens: bool = False,
    top: int = TOP,
    batch_tokens: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    keep_states: Path | None = None,
    activations: ActivationCache | None = None,
    at_pass: int | None = None,
) -> dict[str, Measurement]:
    """Measure as `measure` does, with the decoding given.

    ``activations`` are the thoughts of the whole problem set where these problems are a part of it, and a condition
    draws on other problems.
    """
    if top < 1:
        raise InputError(f"top, the number of tokens that a thought is decoded to, must be at least 1, not {top}")
    all_conditions, reference = with_reference(conditions)
    planned = plan(model, problems, all_conditions, decoding)
    if not planned.problems:
        raise InputError("there are no problems to measure; give at least one")
    _refuse_without_frame(planned.layout)
    _refuse_early_answers(planned)
    _refuse_patches_at_layers(planned)
    watched = WatchedPass.of(planned.layout, at_pass)
    planned = with_activation_cache(planned, activations, batch_tokens=batch_tokens)
    shards = None if keep_states is None else StateShards(keep_states, [condition.name for condition in all_conditions])
    batches: list[tuple[Sequence[int], MeasuredBatch]] = []
    total, count = len(planned.problems) * len(all_conditions), 0

    def measure_batch(indices: Sequence[int]) -> MeasuredBatch:
        keep = shards is not None
        recorder = Recorder(planned, len(indices), watched, reference, top=top, lens=lens, keep_states=keep)
        with recorder.watching():
            run(planned, indices, recorder)
        return recorder.finish()

    for indices in batches_of(planned, batch_tokens):
        for done, batch in fitting(planned, indices, measure_batch):
            batches.append((done, batch))
            count += len(done) * len(all_conditions)
            if shards is not None and batch.states is not None:
                shards.write([planned.problems[index].id for index in done], batch.states)
            if progress is not None:
                progress(count, total)
    return {
        condition.name: _measurement(planned, batches, number, watched, treated=number != reference)
        for number, condition in enumerate(planned.conditions)
    }


def _refuse_without_frame(layout: Layout) -> None:
    """Refuse a model whose thoughts do not stand between two frames: readers are thoughts and the last of ``end``."""
    if layout.own_stop:
        raise InputError(
            "what thoughts read is measured where thoughts stand at the same places in every row, and this model has a "
            "stop head, with which rows think and answer side by side; answer with it and compare answers"
        )
    missing = [what for what in ("begin", "thoughts", "end") if not getattr(layout, what)]
    if missing:
        raise InputError(
            f"what thoughts read and what reads them is measured from the position before the first to the position "
            f"after the last, and this model has no {' and no '.join(missing)}; answer with it and compare answers"
        )


def _refuse_early_answers(planned: Plan) -> None:
    """Refuse conditions that leave thoughts out: a measurement has a number for every thought."""
    for condition, fed in zip(planned.conditions, planned.edge_factors.fed, strict=True):
        if fed < planned.layout.thoughts:
            raise InputError(
                f"condition {condition.name!r} feeds {fed} of {planned.layout.thoughts} thoughts ('num_thoughts'), and "
                f"what thoughts read is measured of all of them; answer with it and compare answers: what the thoughts "
                f"read that it feeds is what they read in the same condition without 'num_thoughts'"
            )


def _refuse_patches_at_layers(planned: Plan) -> None:
    """Refuse conditions that change what a layer hands on: probes are shown what the layer itself gives."""
    for condition, sources in zip(planned.conditions, planned.edge_factors.layer_sources, strict=True):
        if sources:
            raise InputError(
                f"condition {condition.name!r} patches at layers ('at'), and what is measured there is what layers "
                f"give before they are patched; answer with it and compare answers"
            )


def with_reference(conditions: Sequence[Condition]) -> tuple[tuple[Condition, ...], int]:
    """Add baseline where every condition disturbs something; return all and the number of the one that does not."""
    all_conditions = tuple(conditions)
    if not any(condition.undisturbed for condition in all_conditions):
        all_conditions = (BASELINE, *all_conditions)
    return all_conditions, next(index for index, condition in enumerate(all_conditions) if condition.undisturbed)


def _measurement(
    planned: Plan,
    batches: Sequence[tuple[Sequence[int], MeasuredBatch]],
    number: int,
    watched: WatchedPass,
    *,
    treated: bool,
) -> Measurement:
    """Put the batches' problems back in order, with as many answer readers as the condition's longest answer has."""
    layout, model = planned.layout, planned.model
    order = np.argsort(np.concatenate([np.asarray(indices) for indices, _ in batches]))
    thinking = layout.thoughts + 1
    counts = _sum([batch.counts[number] for _, batch in batches])
    readers = reader_names(layout.thoughts, int((counts > 0).sum()) - thinking)
    sums = _sum([batch.head_sums[number] for _, batch in batches])[: len(readers)]
    heads = sums / counts[: len(readers), None, None, None]

    def ordered(parts: Sequence[np.ndarray]) -> np.ndarray:
        joined: np.ndarray = np.concatenate(parts)[order]
        return joined

    def wide(part: np.ndarray) -> np.ndarray:
        """Give (P, some readers, …) all readers, NaN where there is nothing."""
        rest = len(readers) - part.shape[1]
        gap = np.full((len(part), max(rest, 0), *part.shape[2:]), np.nan, dtype=part.dtype)
        return np.concatenate([part[:, : len(readers)], gap], axis=1)

    ids, odds = (ordered([batch.decoded[part][number] for _, batch in batches]) for part in (0, 1))
    deep = [batch.lens for _, batch in batches if batch.lens is not None]
    lens_ids, lens_odds = (ordered([lens[part][number] for lens in deep]) if deep else None for part in (0, 1))
    occurring = np.unique(ids if lens_ids is None else np.concatenate([ids.ravel(), lens_ids.ravel()]))
    return Measurement(
        condition=planned.conditions[number].name,
        problem_ids=tuple(problem.id for problem in planned.problems),
        readers=readers,
        segments=segment_names(layout.thoughts),
        mass=ordered([wide(batch.mass[number]) for _, batch in batches]),
        head_mass=heads.astype(np.float32),
        expected=ordered([wide(batch.expected[number]) for _, batch in batches]) if treated else None,
        cosine=ordered([batch.cosine[number] for _, batch in batches]) if treated else None,
        distance=ordered([batch.distance[number] for _, batch in batches]) if treated else None,
        decoded_ids=ids,
        decoded_probabilities=odds,
        lens_ids=lens_ids,
        lens_probabilities=lens_odds,
        vocabulary={int(token): str(model.tokenizer.decode([int(token)])) for token in occurring},
        question_tokens=np.array([len(question) for question in planned.prompts], dtype=np.int32),
        begin_tokens=layout.begin,
        end_tokens=layout.end,
        at_pass=watched.pass_,
    )


def _sum(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Add arrays whose first axis, the readers, is longer in some than in others."""
    total = np.zeros((max(map(len, parts)), *parts[0].shape[1:]), dtype=parts[0].dtype)
    for part in parts:
        total[: len(part)] += part
    return total
