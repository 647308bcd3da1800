"""Making the activation cache: the model thinks about the whole problem set once, undisturbed and without answering."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from ctlab.engine.activation_cache import ActivationCache, Thoughts
from ctlab.engine.batch_run import batches_of, fitting, run
from ctlab.engine.decode_step import DecodeStep
from ctlab.engine.layout import Layout
from ctlab.engine.plan import Plan, layout_of, plan
from ctlab.engine.prefill_step import PrefillStep
from ctlab.engine.prompt import PromptCache
from ctlab.engine.thought_sources import refuse_other_runs
from ctlab.errors import ConditionError, InputError
from ctlab.interventions import BASELINE, Condition
from ctlab.interventions.generated_donors import generated_pairs
from ctlab.models.reasoner import LatentReasoner
from ctlab.problems import Problem
from ctlab.records.generation import Decoding


def with_activation_cache(
    planned: Plan, activations: ActivationCache | None = None, *, batch_tokens: int | None = None
) -> Plan:
    """Give a plan the thoughts that its conditions draw on: ``activations``, or those of the plan's own problems."""
    conditions, problems = planned.conditions, planned.problems
    if activations is None:
        activations = activation_cache_for(
            conditions, planned.model, problems, planned.decoding, batch_tokens=batch_tokens
        )
    if activations is not None:
        activations.check([problem.id for problem in problems])
        _refuse_without_donors(conditions, activations)
    return replace(planned, activations=activations)


def activation_cache_for(
    conditions: Sequence[Condition],
    model: LatentReasoner,
    problems: Sequence[Problem],
    decoding: Decoding,
    *,
    batch_tokens: int | None = None,
    known: ActivationCache | None = None,
) -> ActivationCache | None:
    """Make the activation cache that conditions draw on; None where none does, or there are no problems.

    What is ``known`` of the same problems is not thought about once more.
    """
    drawing = [condition.name for condition in conditions if condition.draws_on_others]
    if not problems or not drawing:
        return None
    if not model.num_thoughts:
        raise ConditionError(
            f"condition {drawing[0]!r}: it replaces thoughts, and this model has none; name a condition on the question"
        )
    if layout_of(model).own_stop:
        refuse_other_runs(conditions)
    if known is None or known.problems != tuple(problems):
        known = activation_cache_of(model, problems, decoding, batch_tokens=batch_tokens)
    lacking = _generated(conditions, known)
    if not lacking:
        return known
    more = _thoughts_of(model, lacking, decoding, batch_tokens, generated=True)
    known_ones = [known.generated_thoughts] if known.generated else []
    return replace(
        known,
        generated=(*known.generated, *lacking),
        generated_thoughts=np.concatenate([*known_ones, more]),
    )


def activation_cache_of(
    model: LatentReasoner, problems: Sequence[Problem], decoding: Decoding, *, batch_tokens: int | None = None
) -> ActivationCache:
    """Let the model think about every problem, undisturbed and without answering."""
    return ActivationCache(problems=tuple(problems), thoughts=_thoughts_of(model, problems, decoding, batch_tokens))


def _thoughts_of(
    model: LatentReasoner,
    problems: Sequence[Problem],
    decoding: Decoding,
    batch_tokens: int | None,
    *,
    generated: bool = False,
) -> Thoughts:
    """Let the model think about problems (problems, thoughts, D).

    Generated ones stand in no evaluation with others: where padding is read, each thinks alone, so that its thoughts do
    not depend on which conditions are asked for together.
    """
    planned = plan(model, problems, [BASELINE], replace(decoding, max_new_tokens=1))
    thoughts_of: dict[int, Thoughts] = {}
    alone = [[index] for index in range(len(planned.problems))] if generated and planned.reads_padding else None
    for indices in alone or batches_of(planned, batch_tokens):
        for done, thoughts in fitting(planned, indices, lambda these: _thoughts(planned, these)):
            thoughts_of.update(zip(done, thoughts, strict=True))
    count = len(planned.problems)
    stacked: Thoughts = np.stack([thoughts_of[index] for index in range(count)]) if count else np.empty(0)
    return stacked


def _generated(conditions: Sequence[Condition], known: ActivationCache) -> list[Problem]:
    """Return the generated donors of conditions whose thoughts are not known, each once."""
    asked = {condition.matching for condition in conditions if condition.matching is not None}
    pairs = [
        pair for matching in asked if matching.generated for pair in generated_pairs(known.problems, matching).values()
    ]
    donors = {pair.donor.id: pair.donor for pair in pairs}
    there = {problem.id for problem in (*known.problems, *known.generated)}
    return [donors[name] for name in sorted(donors) if name not in there]


def _refuse_without_donors(conditions: Sequence[Condition], activations: ActivationCache) -> None:
    """Refuse a condition under which every problem of the set would be left as it is."""
    for condition in conditions:
        if condition.matching is not None:
            activations.check_donors(condition.matching)
        if condition.matching is not None and not activations.donors(condition.matching):
            raise InputError(
                f"condition {condition.name!r}: none of the {len(activations.problems)} problems has a donor, which is "
                f"{condition.matching.words}; give more problems with worked solutions of that many steps, or name an "
                f"earlier step"
            )


def _thoughts(planned: Plan, indices: Sequence[int]) -> Thoughts:
    recorder = ThoughtRecorder(planned.layout)
    run(planned, indices, recorder)
    return recorder.thoughts()


class ThoughtRecorder:
    """`hooks.Hooks` of one batch under one condition that keeps what is fed as thoughts."""

    def __init__(self, layout: Layout) -> None:
        self._positions = layout.thought_positions()
        self._fed: list[Tensor] = []

    def prefill_attention(self, step: PrefillStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """Attention is not looked at."""

    def question_states(self, prompts: PromptCache, states: Tensor) -> None:
        """What is fed is looked at, and nothing of the prompts is."""

    def attention(self, step: DecodeStep, layer: int, scores: Tensor, mask: Tensor, weights: Tensor) -> None:
        """Attention is not looked at."""

    def hidden_states(self, step: DecodeStep, embeddings: Tensor, states: Tensor) -> None:
        """See `hooks.Hooks`."""
        if step.cache.width in self._positions:
            fed = embeddings[step.cache.problem_of.argsort()]
            self._fed += fed.unbind(1)

    def thoughts(self) -> Thoughts:
        """Return what was fed (problems of the batch, thoughts, D), pass by pass."""
        fed = torch.stack(self._fed, 1)
        # NumPy has no bfloat16; float32 holds every narrower type exactly.
        wide = torch.promote_types(fed.dtype, torch.float32)
        return fed.to("cpu", wide).numpy()
