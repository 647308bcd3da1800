"""What a claim asks of thoughts that this model's way to think leaves no room for: no answer could settle it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ctlab.claims import Claim
from ctlab.interventions import Condition
from ctlab.interventions.patch import Patch
from ctlab.interventions.patch_kind import Source

if TYPE_CHECKING:
    from ctlab.models.thought_program import ThoughtProgram

_OF_NO_THOUGHT = {
    Source.DECODED,
    Source.DIRECTION,
    Source.FACTOR,
    Source.GIVEN,
    Source.GIVEN_CENTRE,
    Source.WITHIN_GIVEN,
}
_A_THOUGHT = frozenset(Source) - _OF_NO_THOUGHT
"""Vectors that are a thought of some run, or made of several: one and the same where every run is fed one vector, and
nothing where they are differences of thoughts."""


def program_of(card: Mapping[str, Any]) -> "ThoughtProgram | None":
    """How the model of a card thinks; None where the card does not say."""
    from ctlab.models.checkpoints.checkpoint_settings import CheckpointSettings
    from ctlab.models.families import FAMILIES

    if "settings" not in card or card.get("family") not in FAMILIES:
        return None
    return FAMILIES[card["family"]].program(CheckpointSettings.from_json(card["settings"]))


def thought_obstacle(
    claim: Claim, conditions: Mapping[str, Condition], program: "ThoughtProgram | None", measured: str = ""
) -> str:
    """Say why no answer of a model that thinks so could settle a claim, empty where it could.

    ``measured`` is what the claim compares beside answers, in words; empty where that is nothing.
    """
    from ctlab.models.thought_program import StopHead

    if program is None:
        return ""
    own_stop = isinstance(program.stop, StopHead)
    if measured and own_stop:
        return (
            f"needs {measured}, which are measured where all problems have the same thoughts, and with a stop head "
            f"rows think and answer side by side"
        )
    for name in claim.all_conditions:
        condition = conditions.get(name)
        if condition is not None and (same := _fed_anyway(condition, program)):
            return f"{name} feeds {same} what this model is fed there anyway: one trained vector, in every problem"
        if condition is not None and (own_stop or program.passes > 1) and any(each.at for each in condition.patches):
            return (
                f"{name} patches at layers, which is done where each thought's position is computed once, one after "
                f"the other, and this model computes it several times, or at another time in every row"
            )
        if condition is not None and own_stop and condition.num_thoughts is not None:
            return f"{name} says how many thoughts are fed, which no condition tells a model with a stop head"
        if condition is not None and own_stop and condition.takes_other_runs:
            return (
                f"{name} feeds thoughts of another run, and this model decides itself how many a run has, so that the "
                f"other one may have no such thought"
            )
    return ""


def _fed_anyway(condition: Condition, program: "ThoughtProgram") -> str:
    """Name a thought that a condition replaces by itself without saying so (`no_op`), empty where there is none."""
    if condition.no_op:
        return ""
    for thought in program.fixed:
        patch = condition.patch_of(thought)
        if patch is not None and _is_a_thought(patch):
            return f"CT{thought}"
    return ""


def _is_a_thought(patch: Patch) -> bool:
    sources = {*patch.kind.sources}
    if Source.DIFFERENCE in sources:  # of nothing there is nothing, however often it is added
        sources.discard(Source.FACTOR)
    return bool(sources) and _A_THOUGHT.issuperset(sources)
