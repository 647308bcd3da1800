"""What happened to one problem, told from its facts alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from ctlab.reporting import wording
from ctlab.reporting.plain_text import clip

Row = Mapping[str, Any]


def narrative(case: Row, answers: Mapping[str, Row], thoughts: Mapping[str, Any] | None = None) -> str:
    """Tell what the model answered under baseline and under the condition, and what explains it."""
    parts = [_answered("Under baseline", answers["baseline"])]
    parts += [_answered(f"Under {name}", row) for name, row in answers.items() if name != "baseline"]
    if "unchanged" in case["impact"]:
        parts.append("The outcome did not change in kind: this case is a control.")
    if thoughts:
        parts += [_decoded(name, steps) for name, steps in thoughts.items() if steps]
    return " ".join(parts)


def _answered(where: str, row: Row) -> str:
    """One answer: the number, its outcome and what explains it."""
    said = row.get("prediction")
    number = "it gave no number" if said is None else f"it answered {clip(str(said), 40)}"
    if row["outcome"] == "CORRECT":
        return f"{where} {number}, which is right."
    text = f"{where} {number}, labelled {wording.outcome(row['outcome'])}"
    if explanations := _explanations(row):
        text += f" ({explanations})"
    return f"{text}."


def _explanations(row: Row) -> str:
    """The explanation that was chosen, and how many others fit as well."""
    found = row.get("explanations") or []
    chosen = next((each["detail"] for each in found if each["outcome"] == row["outcome"]), "")
    others = len({each["outcome"] for each in found} - {row["outcome"]})
    parts = [clip(chosen, 120)] if chosen else []
    if others:
        parts.append(f"{wording.counted(others, 'other label')} would fit too")
    return "; ".join(parts)


def _decoded(condition: str, steps: Sequence[Sequence[Row]]) -> str:
    """What each thought decodes to at its most probable; the document lists the rest."""
    tops = [f"“{clip(str(step[0]['token']), 20)}”" if step else "nothing" for step in steps]
    return f"Under {condition} the thoughts decode to {wording.listed(tops)}, in order."
