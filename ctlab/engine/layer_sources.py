"""What conditions put in place of what layers hold at a thought's position, and from which step on it is computed.

The residual stream after a layer is replaced while the thought's own step is computed. Its keys and values are replaced
when the next step begins: the thought's own position has read them by then, and later ones read what was put there.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ctlab.engine.layout import Layout, Segment
from ctlab.engine.thought_sources import ThoughtSource
from ctlab.errors import ConditionError
from ctlab.interventions import Condition, Patch
from ctlab.interventions.patch_kind import Source

Place = tuple[str, int]
"""Position and layer, as `interventions.layer_place` names them."""


@dataclass(frozen=True, slots=True)
class LayerSource:
    """What is put at one layer of one thought's position."""

    thought: int
    """k of CTk."""
    place: Place
    """Position and layer."""
    source: ThoughtSource
    """What is computed for it, of what runs have at that place."""

    @property
    def restores(self) -> bool:
        """Whether it is what the undisturbed run has there."""
        return self.source.sources == (Source.UNDISTURBED,)


LayerSources = tuple[LayerSource, ...]
"""In the order of thoughts and layers, so that equal ones are equal in whatever order they were listed."""


def layer_sources_of(condition: Condition, layout: Layout, layers: int) -> LayerSources:
    """Say what a condition puts where, refusing layers that there are not, and models for which it is not done."""
    found = []
    for patch in condition.patches:
        if patch.at is None:
            continue
        _refuse_other_schedules(layout)
        if max(patch.at.layers) >= layers:
            raise ConditionError(
                f"layer {max(patch.at.layers)} of a patch does not exist: this model has layers 0 … {layers - 1}"
            )
        for thought in filter(patch.replaces, range(condition.fed(layout.thoughts))):
            for layer in patch.at.layers:
                place = (patch.at.position, layer)
                found.append(LayerSource(thought=thought, place=place, source=ThoughtSource.of(patch)))
    return tuple(sorted(found, key=lambda each: (each.thought, each.place[1], each.place[0])))


def _refuse_other_schedules(layout: Layout) -> None:
    """Refuse models in which a thought's position is computed several times, or at another time in every row."""
    what = (
        "passes over its thoughts several times"
        if layout.passes is not None
        else "decides itself how many thoughts it has"
        if layout.own_stop
        else "passes through some of its layers several times"
        if layout.unrolled is not None
        else ""
    )
    if what:
        raise ConditionError(
            f"it patches at layers ('at'), which is done where each thought's position is computed once, one after the "
            f"other, and this model {what}; leave 'at' out, which replaces what is fed"
        )


def within(sources: LayerSources, step: Segment | None) -> LayerSources:
    """Residual streams that are replaced while a step is computed."""
    return () if step is None else tuple(each for each in _at(sources, step) if each.place[0] == "residual")


def left_by(sources: LayerSources, step: Segment | None) -> LayerSources:
    """Keys and values of a step that are replaced when the next one begins."""
    return () if step is None else tuple(each for each in _at(sources, step) if each.place[0] != "residual")


def _at(sources: LayerSources, step: Segment) -> LayerSources:
    return tuple(each for each in sources if each.thought in step.thoughts)


def places_drawn_on(conditions: Sequence[Condition]) -> frozenset[Place]:
    """Places at which other problems' runs must be kept."""
    return frozenset(
        (patch.at.position, layer)
        for patch in _patches_at_layers(conditions)
        if patch.at is not None and patch.kind.needs_problem_set
        for layer in patch.at.layers
    )


def refuse_padding_read(conditions: Sequence[Condition]) -> None:
    """Refuse patches at layers where padding is read: a place then says nothing of how far apart two thoughts stand."""
    for condition in conditions:
        if _patches_at_layers([condition]):
            raise ConditionError(
                f"condition {condition.name!r} patches at layers ('at'), and as published, in batches, this model's "
                f"thoughts read padding, so that what a layer holds depends on the batch; answer with exact padding"
            )


def refuse_idle_at_layers(
    condition: Condition, sources: LayerSources, layout: Layout, layers: int, disturbed_before: Sequence[bool]
) -> None:
    """Refuse a condition whose patches at layers can change nothing.

    ``disturbed_before`` says of each thought whether its position is computed of anything that is not as in the
    baseline, patches at layers aside.
    """
    earliest = {thought for thought, disturbed in enumerate(disturbed_before) if disturbed}
    disturbing = [each for each in sources if not each.restores]
    for each in sources:
        before = any(_changes(other, each) for other in disturbing)
        if each.restores and each.thought not in earliest and not before:
            position, layer = each.place
            raise ConditionError(
                f"condition {condition.name!r} gives CT{each.thought} back its {position} at layer {layer}, which "
                f"nothing before it has disturbed; name a later thought or layer, or declare it a no-op control "
                f'("no_op": true)'
            )
    # After the last layer of the last thought comes the output head, and nobody reads it where `end` is fed.
    last, unread = condition.fed(layout.thoughts) - 1, ("residual", layers - 1)
    if sources and layout.end and all((each.thought, each.place) == (last, unread) for each in sources):
        others = [patch for patch in condition.interventions if not isinstance(patch, Patch) or patch.at is None]
        if not others and condition.fed(layout.thoughts) == layout.thoughts:
            raise ConditionError(
                f"condition {condition.name!r} replaces what the last layer gives at CT{last}, which nobody reads: "
                f"'end' is fed next, and reads keys and values; name an earlier layer or thought"
            )


def _changes(earlier: LayerSource, later: LayerSource) -> bool:
    """Whether one can have a say in what stands at the other's place in the run that is patched."""
    if earlier.thought < later.thought:
        return True
    return earlier.thought == later.thought and earlier.place[0] == "residual" and earlier.place[1] < later.place[1]


def _patches_at_layers(conditions: Collection[Condition]) -> list[Patch]:
    return [patch for condition in conditions for patch in condition.patches if patch.at is not None]
