"""Why a verdict, in the page's own units: where the interval lies, what was too small, how far the sample reaches."""

from collections.abc import Mapping
from typing import Any

from ctlab import formatting
from ctlab.claims.reasons import deciding_test, outlook_together
from ctlab.reporting.prose.group_names import group_words

SMALLEST_GROUP = 50
"""Problems below which no claim is decided; only repeated here, the judge applies it."""


def unit_of(claim: Mapping[str, Any]) -> str:
    """The unit of a claim's effect: log-odds say per what, as the claim declares it."""
    unit = str((claim.get("effect") or {}).get("unit", formatting.POINTS))
    scale = str(claim.get("scale") or "")
    return scale if unit == "log-odds" and scale.startswith(unit) else unit


def estimate_of(claim: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The effect of a claim, where there is one and the data gave an estimate of it."""
    effect = claim.get("effect")
    return effect if effect and effect.get("estimate") is not None else None


def landmarks(effect: Mapping[str, Any]) -> tuple[float, ...]:
    """Values that a rounded number of this effect must not fall onto: where the null ends, the margin, both signs."""
    edge, margin = float(effect.get("boundary") or 0.0), float(effect.get("margin") or 0.0)
    return (edge, -edge, margin, -margin)


def why(claim: Mapping[str, Any]) -> str:
    """What decided; for VOID and where there is no verdict, the reason that was recorded."""
    verdict, effect = claim.get("verdict"), claim.get("effect") or {}
    if verdict in (None, "VOID"):
        return _as_sentence(str(claim.get("reason") or ""))
    if verdict == "SUPPORTED":
        return f"{_where(claim, effect)}, as claimed."
    if verdict == "REFUTED":
        return f"{_where_refuting(claim, effect)}, against the claim."
    return _as_sentence(_too_small(effect) or str(effect.get("undecided") or "")) or f"{_left_open(claim, effect)}."


def _as_sentence(text: str) -> str:
    text = text.strip()
    return text and text[0].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _edge(claim: Mapping[str, Any], effect: Mapping[str, Any], *, size: bool = False) -> str:
    """Where the null hypothesis ends, with its unit; 0 needs none."""
    edge = float(effect.get("boundary") or 0.0)
    if not edge:
        return "0"
    text = formatting.quantity(abs(edge) if size else edge, unit_of(claim))
    return text.lstrip("+") if size else text


def _where(claim: Mapping[str, Any], effect: Mapping[str, Any]) -> str:
    side = effect.get("alternative")
    if side == "equivalence":
        return f"The interval lies within ±{_edge(claim, effect, size=True)}"
    if side == "two-sided":
        return "The null hypothesis is rejected"
    return f"The interval lies {'above' if side == 'greater' else 'below'} {_edge(claim, effect)}"


def _where_refuting(claim: Mapping[str, Any], effect: Mapping[str, Any]) -> str:
    side, part = effect.get("alternative"), effect.get("refuting")
    interval = "The interval"
    if part:
        ends = formatting.interval(part[0], part[1], unit_of(claim), landmarks(effect))
        worst = (effect.get("details") or {}).get("worst")
        interval = f"The interval {ends} of one part{f' ({formatting.part(worst)})' if worst else ''}"
    if side == "equivalence":
        return f"{interval} lies outside ±{_edge(claim, effect, size=True)}"
    return f"{interval} lies {'below' if side == 'greater' else 'above'} {_edge(claim, effect)}"


def _left_open(claim: Mapping[str, Any], effect: Mapping[str, Any]) -> str:
    side = effect.get("alternative")
    if side == "equivalence":
        return f"The interval is neither within nor outside ±{_edge(claim, effect, size=True)}"
    if decided := deciding_test(effect.get("details") or {}):
        return decided.rstrip(".")
    if side == "two-sided":
        return "That is not enough for a difference, and no proof that there is none"
    return f"The interval does not lie far enough on one side of {_edge(claim, effect)}"


def _too_small(effect: Mapping[str, Any]) -> str:
    """Which compared group, if any, was under the size below which nothing is decided."""
    sizes = {"the whole sample": effect.get("n", SMALLEST_GROUP), **(effect.get("groups") or {})}
    small = [
        f"{group_words(name)} with {formatting.counted(size, 'problem')}"
        for name, size in sizes.items()
        if size < SMALLEST_GROUP
    ]
    return f"Under {SMALLEST_GROUP} problems nothing is decided: {formatting.listed(small)}" if small else ""


def reach(claim: Mapping[str, Any]) -> str:
    """For an INCONCLUSIVE claim: what this sample could have found, and how many problems would settle it."""
    power, effect = claim.get("power"), claim.get("effect") or {}
    if claim.get("verdict") != "INCONCLUSIVE" or not power or not effect:
        return ""
    if "together" in power:
        return outlook_together(power["together"], power.get("problems_needed"), effect["n"])
    unit = unit_of(claim)
    if effect.get("alternative") == "equivalence":
        found = "This sample could prove no margin with 80 % power"
        if power.get("provable") is not None:
            found = f"With 80 % power this sample could prove ±{_size(power['provable'], unit)}"
    elif power.get("detectable") is None:
        found = "This sample could find no effect with 80 % power"
    else:
        beyond = f" beyond {_edge(claim, effect)}" if effect.get("boundary") else ""
        found = f"With 80 % power this sample could find an effect of {_size(power['detectable'], unit)}{beyond}"
    needed = power.get("problems_needed")
    if needed is None:
        return f"{found}; at this estimate no number of problems would settle it."
    if needed <= effect["n"]:
        return f"{found}; a sample of the same size again should settle it if the effect is as large as seen."
    settled = "would settle it against the claim" if power.get("against") else "would settle it"
    return f"{found}; about {formatting.counted(needed, 'problem')} {settled} if the effect is as large as seen."


def _size(value: float, unit: str) -> str:
    return formatting.quantity(abs(value), unit).lstrip("+")
