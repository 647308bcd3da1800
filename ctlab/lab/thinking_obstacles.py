"""What the model at hand can be asked to think like, and how much room its steps take; read off its card."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ctlab.claims import Claim
from ctlab.interventions import Condition
from ctlab.interventions.thinking import LATENT
from ctlab.lab.needed_conditions import compared_in
from ctlab.records import Decoding

if TYPE_CHECKING:
    from ctlab.models.checkpoints.checkpoint_settings import CheckpointSettings


def way_obstacle(
    claim: Claim, conditions: Mapping[str, Condition], card: Mapping[str, Any], padding: str, measured: str = ""
) -> str:
    """Say why a claim cannot be judged of a model that cannot be asked to think so; empty where it can.

    ``measured`` is what the claim compares beside answers, in words; empty where that is nothing.
    """
    from ctlab.models.ways_of_thinking import refusal

    for name in claim.all_conditions:
        condition = conditions.get(name)
        if condition is None or condition.thinking == LATENT:
            continue
        if measured and name in compared_in(claim):
            return f"needs {measured}, which are measured of thoughts, and {name} has none ('thinking')"
        if padding != "exact":
            return f"{name} has the model think otherwise ('thinking'), which no official evaluation pads in any way"
        settings = _settings(card)
        if settings is not None and (why := refusal(settings, condition.thinking)):
            return f"{name} asks for 'thinking' \"{condition.thinking}\": {why}"
    return ""


def decoding_under(condition: Condition, decoding: Decoding, card: Callable[[], Mapping[str, Any]]) -> Decoding:
    """The decoding settings of one condition: where steps are written there is room for them beside the answer."""
    settings = _settings(card()) if condition.thinking == "explicit" else None
    if settings is None:
        return decoding
    from ctlab.models.families import FAMILIES

    writes = FAMILIES[settings.family].writes
    steps = 0 if isinstance(writes, str) else writes.most_steps
    return replace(decoding, max_new_tokens=decoding.max_new_tokens + steps)


def _settings(card: Mapping[str, Any]) -> "CheckpointSettings | None":
    from ctlab.models.checkpoints.checkpoint_settings import CheckpointSettings
    from ctlab.models.families import FAMILIES

    if "settings" not in card or card.get("family") not in FAMILIES:
        return None
    return CheckpointSettings.from_json(card["settings"])
