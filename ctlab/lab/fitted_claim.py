"""Claims about each thought, fitted to a model that has fewer: what they say of the thoughts that it has is judged."""

from collections.abc import Mapping
from dataclasses import replace

from ctlab.claims import Claim, Kind
from ctlab.interventions import BASELINE, Condition

_OF_EACH = (Kind.NEEDED_WHERE, Kind.SOME_MEAN, Kind.IDLE)
"""Kinds that say something of some cell of a thought: fewer thoughts are fewer cells, and the same claim."""


def absent(claim: Claim, conditions: Mapping[str, Condition], thoughts: int | None) -> dict[str, int]:
    """Return the conditions of a claim that are about a thought which the model does not have, each with the last."""
    named = {name: conditions[name].furthest_thought for name in claim.all_conditions if name in conditions}
    return {} if thoughts is None else {name: k for name, k in named.items() if k is not None and k >= thoughts}


def no_such_thought(claim: Claim, conditions: Mapping[str, Condition], thoughts: int | None) -> str:
    """Name a condition of a claim that is about a thought which the model does not have, empty where all exist."""
    for name, last in absent(claim, conditions, thoughts).items():
        thinks = f"thinks CT0 … CT{thoughts - 1}" if thoughts else "has no thoughts"
        return f"{name} is about CT{last}, and this model {thinks}"
    return ""


def mistyped_thought(claim: Claim, conditions: Mapping[str, Condition], thoughts: int | None) -> str:
    """Say the same of a claim that was registered for no other model, with the nearest thought that there is."""
    said = no_such_thought(claim, conditions, thoughts)
    near = f"; did you mean CT{(thoughts or 0) - 1}? A claim for models with more thoughts is registered for one first"
    return said and said + near


def fitted(claim: Claim, conditions: Mapping[str, Condition], thoughts: int | None) -> Claim:
    """Return a claim about each thought without those that the model does not have; any other claim as it is.

    A claim of which nothing but the baseline would be left stays as it is too, and cannot be judged.
    """
    missing = absent(claim, conditions, thoughts)
    kept = tuple(name for name in claim.conditions if name not in missing)
    if not missing or claim.kind not in _OF_EACH or not set(kept) - {BASELINE.name}:
        return claim
    controls = tuple(control for control in claim.controls if not missing.keys() & set(control.conditions))
    return replace(claim, conditions=kept, controls=controls)
