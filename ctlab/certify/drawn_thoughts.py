"""Thoughts of undisturbed runs, which patches draw on or give back, held to a plain pass over each problem alone."""

from collections.abc import Collection, Iterator
from typing import assert_never

import torch
from torch import Tensor

from ctlab import formatting
from ctlab.certify.auditor import Auditor
from ctlab.certify.counterfactual_pairs import prompt_of
from ctlab.certify.edited import drawn_on
from ctlab.certify.expected_edges import Segments, expected_factors
from ctlab.certify.followed import Follows
from ctlab.certify.matched_donors import donor_of
from ctlab.certify.of_others import resample_source
from ctlab.certify.passes import asked_in_passes, fed_of, made_of
from ctlab.certify.reference import inputs, thoughts, trace
from ctlab.certify.tolerance import TOLERANCE, relative, worse
from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.plan import Plan
from ctlab.interventions.patch_kind import Source
from ctlab.records import Check

RECOMPUTED = 2
"""Problems of the sample that are recomputed in one piece; each is a pass of its own for each condition."""


def activations_of(planned: Plan) -> ActivationCache:
    """Return the undisturbed thoughts of the whole problem set."""
    if planned.activations is None:
        raise RuntimeError("a certificate of a condition that draws on other problems needs their thoughts")
    return planned.activations


def undisturbed_check(whole: Plan, planned: Plan, auditor: Auditor, condition: int) -> Check:
    """Hold the thoughts that are drawn on or given back to a plain pass over each problem on its own.

    One pass says whether each thought is the projection of the state before it, given those before it; from CT0 on
    that makes all of them the undisturbed run's.
    """
    model = planned.model
    at_hand = {problem.id for problem in whole.problems}
    distance, count = 0.0, 0
    for name, fed in _undisturbed_sources(planned, auditor, condition, at_hand):
        prompt = prompt_of(whole, planned.activations, name)
        if prompt is None:
            continue  # the source of a patch, beyond the problems at hand
        count += 1
        factors, segments = expected_factors(model, name, prompt, (), 0), Segments.of(model, len(prompt))
        states = []
        for number, asked in enumerate(asked_in_passes(model, prompt, fed, ())):
            sequence = inputs(model, *asked)
            states.append(trace(model, sequence, segments.of_pass(factors, number, len(sequence))).last)
        made = thoughts(model, made_of(model, states, segments.slots.start, segments.thoughts))
        distance = worse(distance, relative(fed, fed_of(model, made)))
    return Check(
        name="undisturbed-thoughts",
        passed=count > 0 and distance <= TOLERANCE[model.dtype],
        detail=f"the thoughts of {formatting.counted(count, 'problem')}, drawn on or given back, are within "
        f"{distance:.1e} of those of a plain pass over each alone",
    )


def _undisturbed_sources(
    planned: Plan, auditor: Auditor, condition: int, at_hand: Collection[str]
) -> Iterator[tuple[str, Tensor]]:
    """Thoughts (thoughts, D) with their problem's id: of the sample's first, and of those that these draw on."""
    patches = planned.conditions[condition].patches
    sources = [(source, patch) for patch in patches for source in patch.kind.sources]
    for problem in range(min(RECOMPUTED, len(planned.problems))):
        own = planned.problems[problem].id
        drawn = set[str]()
        for source, patch in sources:
            match source:
                case Source.UNDISTURBED:
                    yield own, fed_and_projected(planned, auditor, reference_of(planned), problem)[0]
                case Source.MEAN:
                    drawn.add(own)
                case Source.RESAMPLED:
                    drawn |= {own, resample_source(own, activations_of(planned).problem_ids, patch.seed)}
                case Source.OTHER_RESULT | Source.SAME_RESULT:
                    drawn.update(filter(None, [own, donor_of(own, activations_of(planned), patch)]))
                case Source.DIFFERENCE | Source.HALF_MEAN | Source.WITHIN_COMPONENTS | Source.WITHIN_RANDOM:
                    # Fitted on the other half: one of it stands for all, and the own one where none is at hand.
                    drawn.update(filter(None, [own, drawn_on(own, activations_of(planned), patch.seed, at_hand)]))
                case Source.PROJECTED | Source.DECODED | Source.DIRECTION | Source.FACTOR:
                    pass
                case Source.GIVEN | Source.GIVEN_CENTRE | Source.WITHIN_GIVEN:
                    pass
                case _:
                    assert_never(source)
        yield from ((name, torch.from_numpy(activations_of(planned).of(name))) for name in sorted(drawn))


def reference_of(planned: Plan) -> int:
    """Return the number of the condition without interventions."""
    if planned.reference is None:
        raise RuntimeError("a certificate needs the condition without interventions beside the others")
    return planned.reference


def fed_and_projected(planned: Plan, rows: Follows, condition: int, problem: int) -> tuple[Tensor, Tensor]:
    """What was fed as each thought in each pass, and what the model made of it: both (passes x thoughts, D)."""
    places = rows.tail(condition, problem).slots
    row = rows.followed(condition, problem, places.stop)
    return row.fed_in_passes(places), fed_of(planned.model, thoughts(planned.model, row.made_of(places)))
