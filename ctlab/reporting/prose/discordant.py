"""Counts of problems that changed, in words that name the two conditions: display of what statistics counted."""

from ctlab import formatting
from ctlab.reporting.model.claim_row import ClaimRow, ExampleRow
from ctlab.reporting.model.record import BASELINE

_STEP = " → "


def step(name: str) -> tuple[str, str] | None:
    """Read the two conditions of a step's name, such as ``baseline → ct0_keep_075``; None for another name."""
    first, arrow, second = name.partition(_STEP)
    return (first, second) if arrow else None


def each_alone(lost: int | None, gained: int | None, two: tuple[str, str]) -> str:
    """Write how many problems had the outcome under one of two conditions only; empty where nobody counted."""
    if lost is None or gained is None:
        return ""
    return f"{formatting.count(lost)} under {two[0]} only, {formatting.count(gained)} under {two[1]} only"


def changed(example: ExampleRow, claim: ClaimRow) -> str:
    """Say what happened to one problem, in the words of the counts: broken and fixed for CORRECT against baseline."""
    if claim.outcome != "CORRECT" or BASELINE not in example.answers:
        return example.change
    return {"lost": "broken", "gained": "fixed"}.get(example.change, example.change)
