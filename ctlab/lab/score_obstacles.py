"""Under which conditions, and in which models, no answer is scored, so that a claim that needs scores is not judged.

What is scored is scored for all claims at once (`kept_scores`): one that cannot be must not cost the others theirs.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ctlab.claims import Claim
from ctlab.interventions import Condition
from ctlab.lab.needed_conditions import scored_of


def score_obstacle(
    claim: Claim, conditions: Mapping[str, Condition], card: Callable[[], Mapping[str, Any]], padding: str
) -> str:
    """Say why `probes.scored_answers` would refuse what a claim needs scored; empty where it would not, or nothing is.

    Other ways of thinking and stop heads are told with what else is measured (`way_obstacle`, `thought_obstacle`).
    """
    if not (names := scored_of([claim])):
        return ""
    for name in names:
        condition = conditions.get(name)
        if condition is not None and any(patch.at is not None for patch in condition.patches):
            return f"needs probabilities of answers, and {name} patches at layers ('at'), under which none are scored"
    if padding != "exact" and _reads_padding(card()):
        return "needs probabilities of answers, and as published they would depend on the questions of their batch"
    return ""


def _reads_padding(card: Mapping[str, Any]) -> bool:
    """Whether the official evaluation answers several problems together, so that padding is read."""
    from ctlab.models.families import FAMILIES

    return card.get("family") in FAMILIES and FAMILIES[card["family"]].as_published.batch > 1
