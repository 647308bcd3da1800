"""Making the activation cache: the model thinks about the whole problem set once, undisturbed and without answering."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import numpy as np
import torch

from ctlab.engine.activation_cache import ActivationCache, Thoughts
from ctlab.engine.batch_run import batches_of, fitting, run
from ctlab.engine.fitted import refuse_unfitted
from ctlab.engine.layer_sources import Place, places_drawn_on
from ctlab.engine.network_layers import changed_layers, head_size, turned
from ctlab.engine.plan import Plan, layout_of, plan
from ctlab.engine.thought_recorder import ThoughtRecorder
from ctlab.engine.thought_sources import refuse_other_runs
from ctlab.engine.writing_steps import written_steps_of
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
        if not activations.holds(conditions):
            raise InputError(
                "the activation cache was made for other conditions, and lacks what a layer had that these draw on; "
                "make it with activation_cache_for of these conditions"
            )
        _refuse_without_donors(conditions, activations)
        refuse_unfitted(conditions, activations)
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

    What is ``known`` of the same problems is not worked out once more.
    """
    drawing = [condition for condition in conditions if condition.takes_of_others]
    writing = any(condition.steps_patches for condition in conditions)
    if not problems or not (drawing or writing):
        return None
    found = known if known is not None and known.problems == tuple(problems) else None
    written = None if found is None else found.written
    if writing and written is None:
        written = written_steps_of(model, problems, decoding, batch_tokens=batch_tokens)
    if drawing:
        found = _with_thoughts(drawing, model, problems, decoding, batch_tokens, found)
    elif found is None:
        found = ActivationCache(problems=tuple(problems), thoughts=np.empty((len(problems), 0, 0)))
    return found if found.written is written else replace(found, written=written)


def _with_thoughts(
    conditions: Sequence[Condition],
    model: LatentReasoner,
    problems: Sequence[Problem],
    decoding: Decoding,
    batch_tokens: int | None,
    known: ActivationCache | None,
) -> ActivationCache:
    """Think about the problems, and about the donors that conditions have generated of them."""
    if not model.num_thoughts:
        raise ConditionError(
            f"condition {conditions[0].name!r}: it replaces thoughts, and this model has none; name a condition on the "
            f"question"
        )
    if layout_of(model).own_stop:
        refuse_other_runs(conditions)
    plan(model, (), [each for each in conditions if places_drawn_on([each])], decoding)  # layers, before they are asked
    if known is None or not known.holds(conditions):
        places = places_drawn_on(conditions)
        known = activation_cache_of(model, problems, decoding, batch_tokens=batch_tokens, places=places)
    lacking = _generated(conditions, known)
    if not lacking:
        return known
    # They stand in no evaluation with others: where padding is read, each thinks alone, so that its thoughts do not
    # depend on which conditions are asked for together.
    planned = _undisturbed_plan(model, lacking, decoding)
    alone = [[index] for index in range(len(lacking))] if planned.reads_padding else None
    more = _kept(planned, alone or batches_of(planned, batch_tokens), ())[None]
    known_ones = [known.generated_thoughts] if known.generated else []
    return replace(
        known,
        generated=(*known.generated, *lacking),
        generated_thoughts=np.concatenate([*known_ones, more]),
    )


def activation_cache_of(
    model: LatentReasoner,
    problems: Sequence[Problem],
    decoding: Decoding,
    *,
    batch_tokens: int | None = None,
    places: Collection[Place] = (),
) -> ActivationCache:
    """Let the model think about every problem, undisturbed and without answering; ``places`` at layers are kept too."""
    planned = _undisturbed_plan(model, problems, decoding)
    kept = _kept(planned, batches_of(planned, batch_tokens), places)
    lengths = [len(prompt) for prompt in planned.prompts]
    return ActivationCache(
        problems=planned.problems,
        thoughts=kept[None],
        at_layers={place: kept[place] for place in places},
        means={place: _mean(planned, place, kept[place], lengths) for place in places},
        question_lengths=lengths if places else (),
    )


def _undisturbed_plan(model: LatentReasoner, problems: Sequence[Problem], decoding: Decoding) -> Plan:
    return plan(model, problems, [BASELINE], replace(decoding, max_new_tokens=1))


def _kept(planned: Plan, batches: Iterable[Sequence[int]], places: Collection[Place]) -> dict[Place | None, Thoughts]:
    """Run batches; what was fed as thoughts under None (problems, thoughts, D), and what was at each place."""
    of_problem: dict[int, dict[Place | None, Thoughts]] = {}
    for indices in batches:
        for done, found in fitting(planned, indices, lambda these: _undisturbed(planned, these, places)):
            of_problem.update(
                (index, {place: there[row] for place, there in found.items()}) for row, index in enumerate(done)
            )
    in_order = [of_problem[index] for index in range(len(planned.problems))]
    wanted: list[Place | None] = [None, *places]
    return {place: np.stack([each[place] for each in in_order]) if in_order else np.empty(0) for place in wanted}


def _generated(conditions: Sequence[Condition], known: ActivationCache) -> list[Problem]:
    """Return the generated donors of conditions whose thoughts are not known, each once."""
    asked = {condition.matching for condition in conditions if condition.matching is not None}
    pairs = [
        pair for matching in asked if matching.generated for pair in generated_pairs(known.problems, matching).values()
    ]
    donors = {pair.donor.id: pair.donor for pair in pairs}
    there = {problem.id for problem in (*known.problems, *known.generated)}
    return [donors[name] for name in sorted(donors) if name not in there]


def _mean(planned: Plan, place: Place, there: Thoughts, lengths: Sequence[int]) -> Thoughts:
    """Mean over the problems of what was at a place (problems, thoughts, W); keys as if questions had no tokens."""
    if place[0] != "key":
        mean: Thoughts = there.mean(axis=0, dtype=np.float64)
        return mean
    problems, thoughts, width = there.shape
    heads = torch.from_numpy(there).double().view(problems * thoughts, -1, head_size(planned.model.network))
    back = -torch.tensor(lengths).repeat_interleave(thoughts)
    home: Thoughts = turned(planned.model.network, heads, back).view(problems, thoughts, width).mean(0).numpy()
    return home


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


def _undisturbed(planned: Plan, indices: Sequence[int], places: Collection[Place]) -> dict[Place | None, Thoughts]:
    recorder = ThoughtRecorder(planned.layout, places)
    with changed_layers(planned.model.network, {layer for name, layer in places if name == "residual"}, recorder.see):
        run(planned, indices, recorder)
    return {None: recorder.thoughts(), **{place: recorder.at_layer(place) for place in places}}
