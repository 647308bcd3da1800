"""Under which conditions, and in which models, nothing is measured or scored that a claim needs beside answers.

What claims need is measured in one pass for all of them, and scored in one: a claim whose condition would be refused
there must not cost the others theirs.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ctlab.claims import Claim
from ctlab.interventions import Condition
from ctlab.lab.needed_conditions import compared_in


def measuring_obstacle(claim: Claim, conditions: Mapping[str, Condition], measured: str) -> str:
    """Say why `probes` would refuse what a claim compares; empty where it would not, or claims compare answers alone.

    ``measured`` is what the claim compares beside answers, in words; empty where that is nothing. Other ways of
    thinking and stop heads are told by `way_obstacle` and `thought_obstacle`. A condition that answers early is no
    obstacle: it is not measured, and a claim may hold its answers against what is measured of another.
    """
    if not measured:
        return ""
    for name in compared_in(claim):
        condition = conditions.get(name)
        if condition is None:
            continue
        if _at_layers(condition):
            return f"needs {measured}, and {name} patches at layers ('at'), under which none are measured"
    return ""


def padding_obstacle(
    claim: Claim, conditions: Mapping[str, Condition], card: Callable[[], Mapping[str, Any]], padding: str
) -> str:
    """Say what of a claim would depend on the questions of a batch, where padding is read; empty where nothing would.

    Both are refused when they are asked for, with all that is made in the same pass.
    """
    if padding == "exact":
        return ""
    known = {name: conditions[name] for name in claim.all_conditions if name in conditions}
    at = next((name for name, condition in known.items() if _at_layers(condition)), "")
    if not (at or claim.needs == "P") or not _reads_padding(card()):
        return ""
    if claim.needs == "P":
        return "needs probabilities of answers, which as published would depend on the questions of their batch"
    return f"{at} patches at layers ('at'), and as published what a layer holds depends on the questions of its batch"


def _at_layers(condition: Condition) -> bool:
    return any(patch.at is not None for patch in condition.patches)


def _reads_padding(card: Mapping[str, Any]) -> bool:
    """Whether the official evaluation answers several problems together, so that padding is read."""
    from ctlab.models.families import FAMILIES

    return card.get("family") in FAMILIES and FAMILIES[card["family"]].as_published.batch > 1
