"""Which two conditions a paired effect compares, and its counts and null hypothesis in their names."""

import re
from collections.abc import Mapping
from typing import Any

from ctlab import formatting
from ctlab.reporting.prose.group_names import feature_words

BASELINE = "baseline"
_PLAIN = ("difference", "equivalence")
_STEP = " → "
Row = Mapping[str, Any]


def compared(claim: Row) -> tuple[str, str] | None:
    """Return the conditions that a claim's effect compares; None where it is no paired difference of two.

    The effect's ``lost`` are the problems that had the outcome under the first only, ``gained`` under the second only.
    For ``more than`` (the loss under A minus the loss under B) baseline cancels: the first is A, the second B.
    """
    kind, conditions = claim.get("kind"), list(claim.get("conditions") or ())
    details = (claim.get("effect") or {}).get("details") or {}
    if kind == "more than" and len(conditions) == 3:
        return conditions[1], conditions[2]
    if kind == "ordered trend":
        return step(str(details.get("weakest") or ""))
    if kind == "not all equal":
        return _largest(claim["effect"], details.get("pairs") or ())
    return (conditions[0], conditions[1]) if kind in _PLAIN and len(conditions) == 2 else None


def step(name: str) -> tuple[str, str] | None:
    """Read the two conditions of a step's name, such as ``baseline → ct0_keep_075``."""
    first, arrow, second = name.partition(_STEP)
    return (first, second) if arrow else None


def _largest(effect: Row, pairs: Any) -> tuple[str, str] | None:
    """The pair whose difference is the effect's estimate."""
    pair = next((each for each in pairs if each.get("estimate") == effect["estimate"]), None)
    return (pair["first"], pair["second"]) if pair else None


def discordant(claim: Row) -> str | None:
    """Write a claim's discordant pairs so that nobody takes one run for another.

    Against baseline they are broken and fixed (lost and gained for other outcomes than ``CORRECT``); of two other
    conditions, each count names the condition under which alone the outcome occurred.
    """
    effect, two = claim.get("effect") or {}, compared(claim)
    weakest = (effect.get("details") or {}).get("weakest")
    judged = weakest if weakest in formatting.OUTCOME_WORDS else claim.get("outcome")
    if two and two[0] != BASELINE:
        return each_alone(effect, two, str(judged or ""))
    return formatting.lost_and_gained(effect, judged)


def each_alone(effect: Row, two: tuple[str, str], judged: str = "") -> str | None:
    """Write how many problems had the outcome under one condition only: 176 correct under a only, 219 under b only."""
    lost, gained = effect.get("lost"), effect.get("gained")
    if lost is None or gained is None:
        return None
    what = (
        f" {formatting.part(judged) if judged != 'CORRECT' else 'correct'}"
        if judged in formatting.OUTCOME_WORDS
        else ""
    )
    return f"{formatting.count(lost)}{what} under {two[0]} only, {formatting.count(gained)} under {two[1]} only"


def changed(example: Row, claim: Row) -> str:
    """Say what happened to one problem, in the words of the counts: broken and fixed for CORRECT against baseline."""
    change = str(example.get("change") or "changed")
    if claim.get("outcome") != "CORRECT" or BASELINE not in (example.get("answers") or {}):
        return change
    return {"lost": "broken", "gained": "fixed"}.get(change, change)


def null_words(claim: Row) -> str:
    """Write a claim's null hypothesis in the unit that the page uses, with the conditions that it compares."""
    effect = claim["effect"]
    unit, alternative = effect.get("unit", formatting.POINTS), effect.get("alternative")
    stated, edge = str(effect.get("null", "")), float(effect.get("boundary") or 0.0)
    if unit != formatting.POINTS:
        before, of, feature = stated.partition("interaction of condition and ")
        return f"{before}{of}{feature_words(feature)}"
    if "paired difference" not in stated:
        size = formatting.points(abs(edge)).lstrip("+")
        return re.sub(rf"(?<![\d.]){re.escape(f'{abs(edge):g}')}(?![\d.])", size, stated) if edge else stated
    first, second = compared(claim) or (BASELINE, "the condition")
    judged = claim.get("outcome")
    what = f" of “{formatting.outcome(judged)}”" if judged in formatting.OUTCOME_WORDS else ""
    if alternative == "equivalence":
        apart = formatting.points(abs(edge)).lstrip("+")
        return f"the rates{what} under {first} and {second} differ by {apart} or more"
    sign = {"greater": "≤", "less": "≥"}.get(str(alternative), "=")
    bound = formatting.points(edge) if edge else "0"
    if claim.get("kind") == "more than":
        return f"loss{what} under {first} minus loss under {second} {sign} {bound}"
    return f"rate{what} under {second} minus rate under {first} {sign} {bound}"
