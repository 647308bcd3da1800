"""How often a claim's outcome occurs under each condition; for an error label also beside its chance rate."""

from collections.abc import Mapping
from typing import Any

from ctlab import formatting
from ctlab.reporting.prose.sentences import Evidence


def label_rates(claim: Mapping[str, Any], report: Mapping[str, Any]) -> list[Evidence]:
    """Return the outcome's counts and rates under the compared conditions, and what of them is beyond chance.

    A label that rises only because there are more wrong answers stays where it was beyond chance: counts alone, which
    the test compares, do not show that.
    """
    conditions = {row["name"]: row for row in report["conditions"]}
    label, counted, beyond = claim.get("outcome"), [], []
    for name in claim.get("conditions") or ():
        row, cell = conditions.get(name) or {}, report["outcomes"].get(name, {}).get(label)
        if not row.get("n"):
            continue
        if cell:
            counted.append(f"{name} {formatting.share_of(cell['count'], row['n'])}")
            if words := chance_words(cell):
                beyond.append(f"{name} {', '.join(words)}")
        elif label == "CORRECT" and row.get("accuracy") is not None:
            counted.append(f"{name} {formatting.share_of(round(row['accuracy'] * row['n']), row['n'])}")
    named = f"“{formatting.outcome(str(label))}”"
    rows = [Evidence(label=f"Rate of {named}", text="; ".join(counted))] if counted else []
    if beyond:
        rows.append(Evidence(label=f"{named} beside chance", text="; ".join(beyond)))
    return rows


def chance_words(cell: Mapping[str, Any]) -> list[str]:
    """Say a label's share of the wrong answers with its chance rate, and what is beyond; nothing where none applies."""
    if cell.get("chance") is None:
        return []
    share = cell.get("share", cell.get("rate"))
    lines = [f"{formatting.percent(share)} of wrong answers, chance {formatting.percent(cell['chance'])}"]
    if cell.get("corrected") is not None:
        ends = ""
        if cell.get("low") is not None and cell.get("high") is not None:
            ends = f" [{formatting.rate_interval(cell['low'], cell['high'])}]"
        # Not the difference of the two rates before it, but that difference as a part of 1 − chance.
        lines.append(f"beyond chance {formatting.percent(cell['corrected'])}{ends} of what chance leaves")
    return lines
