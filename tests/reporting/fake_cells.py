"""A made-up claim of the kind "needed where": any number of thoughts and strata, with cells of every label."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.reporting.fake_report import claim, effect_row


def needed_claim(thoughts: int = 3, strata: Sequence[str] | int = 4, **values: Any) -> dict[str, Any]:
    """CTj is needed at place j alone, idle before it and unknown behind; the last place has too few problems."""
    places = [f"n_operations = {k + 1}" for k in range(strata)] if isinstance(strata, int) else list(strata)
    cells = [
        _cell(f"CT{thought}", place, _asked(thought, at), last=at == len(places) - 1)
        for thought in range(thoughts)
        for at, place in enumerate(places)
    ]
    effect = effect_row(-0.75, -0.84, -0.63, 1e-40, "points", margin=0.1, boundary=-0.1, level=0.998, n=1000)
    effect["details"] = {"asks": "needed", "cells": cells}
    row = claim("thoughts-needed", "Some thought is needed somewhere.", verdict="SUPPORTED", effect=effect)
    return row | {"kind": "needed where", "family": "role", "feature": "n_operations", "margin": 0.1} | values


def _asked(thought: int, at: int) -> Mapping[str, Any]:
    if thought == at:
        return {"label": "needed", "estimate": -0.75, "low": -0.84, "high": -0.63}
    if at < thought:
        return {"label": "idle", "estimate": 0.0, "low": -0.04, "high": 0.04}
    why = "the interval reaches across the margin"
    return {"label": "unknown", "why": why, "estimate": -0.05, "low": -0.1004, "high": 0.01}


def _cell(thought: str, place: str, asked: Mapping[str, Any], *, last: bool) -> dict[str, Any]:
    cell = {"thought": thought, "place": place, "value": None, "n": 250, "why": "", "p_value": 0.5, **asked}
    few = {"n": 12, "label": "unknown", "why": "fewer than 50 problems", "p_value": None}
    return cell | few | dict.fromkeys(("estimate", "low", "high")) if last else cell
