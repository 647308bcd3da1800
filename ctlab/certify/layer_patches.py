"""What is put in place of what layers hold at thoughts' positions, worked out once more for a recompute in one piece.

Written from a condition's words, apart from how the engine patches rows: what another run had at a layer is taken from
a sequence of its own, or, where many problems are drawn on, from what was kept of them, which is held to such
sequences. A key is put in before its place turns it (`networks`), where the engine turns one that lies in memory on.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import torch
from torch import Tensor

from ctlab import formatting
from ctlab.certify.auditor import Auditor
from ctlab.certify.drawn_thoughts import RECOMPUTED
from ctlab.certify.expected_edges import Segments, expected_factors
from ctlab.certify.followed import Follows
from ctlab.certify.matched_donors import donor_of
from ctlab.certify.of_others import resample_source
from ctlab.certify.patches import left_as_made
from ctlab.certify.reference import at_places, inputs, trace, turned_back
from ctlab.certify.tolerance import TOLERANCE, relative, worse
from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.plan import Plan
from ctlab.interventions import Patch
from ctlab.interventions.patch_kind import Run, Source
from ctlab.models.reasoner import LatentReasoner
from ctlab.records import Check

Place = tuple[str, int]
"""What is replaced, and at which layer."""


class LayerSwap:
    """`reference.Swap`: one patch at one layer of one thought's position, in one problem's sequence."""

    def __init__(self, patch: Patch, place: Place, position: int, sources: Sequence[Tensor | None]) -> None:
        self.what, self.layer = place
        self.position = position
        self.moved = 0.0
        """How far what was put there is from what was there; known once it was."""
        self._patch, self._sources = patch, sources

    def instead(self, own: Tensor) -> Tensor:
        """See `reference.Swap`; where a source is None, it is what is there."""
        sources = (own.double() if source is None else source.to(own.device).double() for source in self._sources)
        put = torch.as_tensor(self._patch.kind.expected(*sources)).to(own).expand_as(own)
        self.moved = relative(put, own)
        return put

    @property
    def sources_named(self) -> tuple[Source, ...]:
        """What its way is made of."""
        return self._patch.kind.sources

    @property
    def exact(self) -> bool:
        """Whether its way copies, to the last bit."""
        return self._patch.kind.exact

    def made(self, source: Tensor | None = None) -> Tensor:
        """What is to be put there (W,), float64, of a way that asks nothing of this run; ``source`` is its only one."""
        sources = self._sources if source is None else [source]
        return torch.as_tensor(self._patch.kind.expected(*(each.double() for each in sources if each is not None)))

    def changes(self, model: LatentReasoner) -> bool:
        """Whether something else was put there, beyond rounding; what is given back was computed twice."""
        small = TOLERANCE[model.dtype] if self._patch.kind.restores else 8 * torch.finfo(model.dtype).eps
        return not self.moved <= small


def swaps_of(planned: Plan, rows: Follows, condition: int, problem: int) -> list[LayerSwap]:
    """What a condition puts where in one problem's sequence; nothing where it needs a donor that there is not."""
    asked = planned.conditions[condition]
    patches = [patch for patch in asked.patches if patch.at is not None and not left_as_made(planned, problem, patch)]
    if not patches:
        return []
    model, name = planned.model, planned.problems[problem].id
    first = Segments.of(model, len(planned.prompts[problem])).slots.start
    own_run: Mapping[Place, Tensor] = {}
    if any(patch.kind.needs_undisturbed_run for patch in patches):
        own_run = _undisturbed(planned, rows, problem, _places(patches))
    return [
        LayerSwap(
            patch,
            place,
            first + thought,
            [
                own_run[place][thought]
                if source is Source.UNDISTURBED
                else _source(model, source, patch, place, thought, name, planned.activations)
                for source in patch.kind.sources
            ],
        )
        for patch in patches
        for place in _places([patch])
        for thought in filter(patch.replaces, range(asked.fed(planned.layout.thoughts)))
    ]


def count_at_layers(planned: Plan, auditor: Auditor, condition: int) -> int:
    """Count thoughts of the sample at whose position a layer's own was replaced by something else, beyond rounding."""
    count, model = 0, planned.model
    for problem, prompt in enumerate(planned.prompts):
        if not (swaps := swaps_of(planned, auditor, condition, problem)):
            continue
        tail = auditor.tail(condition, problem)
        sequence = inputs(
            model, prompt, auditor.followed(condition, problem, tail.slots.stop).fed_in_passes(tail.slots)
        )
        trace(model, sequence, auditor.factors[condition][problem][..., : len(sequence), : len(sequence)], swaps)
        count += len({swap.position for swap in swaps if swap.changes(model)})
    return count


def layer_checks(whole: Plan, planned: Plan, auditor: Auditor, condition: int) -> Iterator[Check]:
    """Hold what was kept of other problems' runs to plain passes over each alone; ``whole`` is the plan of all."""
    patches = [
        patch
        for patch in planned.conditions[condition].patches
        if patch.at is not None and any(source.run is Run.OTHERS for source in patch.kind.sources)
    ]
    if not patches:
        return
    model, distance, count = planned.model, 0.0, 0
    others, numbers = _activations(planned.activations), {problem.id: n for n, problem in enumerate(whole.problems)}
    for name in sorted(_drawn_on(planned, patches) & numbers.keys()):
        prompt, fed = whole.prompts[numbers[name]], torch.from_numpy(others.of(name))
        segments = Segments.of(model, len(prompt))
        there = _in_one_piece(model, name, prompt, fed, _places(patches))
        for place, expected in there.items():
            kept = torch.stack([_kept(model, others, name, place, thought) for thought in range(segments.thoughts)])
            distance, count = worse(distance, relative(kept, expected)), count + segments.thoughts
    yield Check(
        name="undisturbed-layers",
        passed=count > 0 and distance <= TOLERANCE[model.dtype],
        detail=f"{formatting.counted(count, 'vector')} of other runs, drawn on at layers, are within {distance:.1e} of "
        f"those of a plain pass over each problem alone",
    )


def _drawn_on(planned: Plan, patches: Sequence[Patch]) -> set[str]:
    """Problems whose runs the sample's first ones draw on, by ids."""
    others, drawn = _activations(planned.activations), set[str]()
    for problem in planned.problems[:RECOMPUTED]:
        drawn.add(problem.id)
        for patch in patches:
            if Source.RESAMPLED in patch.kind.sources:
                drawn.add(resample_source(problem.id, others.problem_ids, patch.seed))
            drawn.update(filter(None, [donor_of(problem.id, others, patch)]))
    return drawn


def _places(patches: Sequence[Patch]) -> list[Place]:
    return [(patch.at.position, layer) for patch in patches if patch.at is not None for layer in patch.at.layers]


def _undisturbed(planned: Plan, rows: Follows, problem: int, places: Sequence[Place]) -> Mapping[Place, Tensor]:
    """What a problem's own undisturbed run has at places (thoughts, W), of what that was fed as thoughts."""
    if planned.reference is None:
        raise RuntimeError("a certificate needs the condition without interventions beside the others")
    slots = rows.tail(planned.reference, problem).slots
    fed = rows.followed(planned.reference, problem, slots.stop).fed_in_passes(slots)
    return _in_one_piece(planned.model, planned.problems[problem].id, planned.prompts[problem], fed, places)


def _in_one_piece(
    model: LatentReasoner, name: str, prompt: Sequence[int], fed: Tensor, places: Sequence[Place]
) -> dict[Place, Tensor]:
    """What a run without interventions, fed these thoughts, has at places (thoughts, W)."""
    sequence, segments = inputs(model, prompt, fed), Segments.of(model, len(prompt))
    factors = expected_factors(model, name, prompt, (), 0)[..., : len(sequence), : len(sequence)]
    return at_places(model, trace(model, sequence, factors), places, segments.slots)


def _source(
    model: LatentReasoner,
    source: Source,
    patch: Patch,
    place: Place,
    thought: int,
    name: str,
    activations: ActivationCache | None,
) -> Tensor | None:
    """Work out a source (W,) of one problem; None for what its own run has there."""
    match source:
        case Source.PROJECTED:
            return None
        case Source.RESAMPLED:
            others = _activations(activations)
            return _kept(model, others, resample_source(name, others.problem_ids, patch.seed), place, thought)
        case Source.MEAN:
            return _mean(model, _activations(activations), place, thought)
        case Source.OTHER_RESULT | Source.SAME_RESULT:
            others = _activations(activations)
            if (donor := donor_of(name, others, patch)) is None:
                raise RuntimeError(f"problem {name} has no donor, so that nothing is put in place of what it has")
            return _kept(model, others, donor, place, thought)
        case _:
            raise RuntimeError(f"{source.meaning}: not one of those that are worked out here")


def _kept(model: LatentReasoner, others: ActivationCache, name: str, place: Place, thought: int) -> Tensor:
    """What was kept of another problem's run at a place (W,); a key as it was before its position turned it."""
    vector = torch.from_numpy(others.at_layer(name, place)[thought])
    if place[0] != "key":
        return vector
    return turned_back(model, vector, _first_thought(model, others)[name] + thought)


@lru_cache(maxsize=8)  # found by identity: neither a model nor what was kept changes
def _first_thought(model: LatentReasoner, others: ActivationCache) -> Mapping[str, int]:
    """Position of CT0 in every problem's sequence."""
    encoded = model.encode_all([problem.question for problem in others.problems])
    lengths = [Segments.of(model, len(ids)).slots.start for ids in encoded]
    return dict(zip(others.problem_ids, lengths, strict=True))


@lru_cache(maxsize=64)
def _mean(model: LatentReasoner, others: ActivationCache, place: Place, thought: int) -> Tensor:
    total = sum(_kept(model, others, name, place, thought).double() for name in others.problem_ids)
    return torch.as_tensor(total / len(others.problem_ids))


def _activations(activations: ActivationCache | None) -> ActivationCache:
    if activations is None:
        raise RuntimeError("a certificate of a condition that draws on other problems needs their runs")
    return activations
