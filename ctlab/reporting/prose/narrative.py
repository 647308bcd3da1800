"""What happened to one problem, told from its facts alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from ctlab import formatting
from ctlab.reporting.prose.untrusted_text import clip

Row = Mapping[str, Any]
_TOLD = 0.01
"""Gain of attention, as a proportion, that is worth a sentence."""
_SAME = 1e-6
"""How far a cosine is from 1 where two states are the same but for rounding."""


def narrative(case: Row, condition: str, answers: Mapping[str, Row], probed: Row | None = None) -> str:
    """Tell what the model answered with and without the treatment, what explains it, and what probes saw of it."""
    found = probed or {}
    parts = [_answered("Under baseline", answers["baseline"]), _answered(f"Under {condition}", answers[condition])]
    parts += _others([row for name, row in answers.items() if name not in ("baseline", condition)])
    if case["impact"].startswith("unchanged"):
        parts.append("The answer did not change: this case is a control.")
    elif case["impact"] == "changed, still wrong":
        parts.append("The answer changed from one that is wrong to another.")
    parts += _decoded(found.get("thoughts", {}))
    parts += _attended(found.get("attention", {}))
    parts += [_parted(name, row) for name, row in found.get("divergence", {}).items()]
    return " ".join(parts)


def _answered(where: str, row: Row) -> str:
    """One answer: the number, its outcome and what explains it."""
    said = row.get("prediction")
    number = "it gave no number" if said is None else f"it answered {clip(str(said), 40)}"
    if row["outcome"] == "CORRECT":
        return f"{where} {number}, which is right."
    text = f"{where} {number}, labelled {formatting.outcome(row['outcome'])}"
    if explanations := _explanations(row):
        text += f" ({explanations})"
    return f"{text}."


def _others(rows: Sequence[Row]) -> list[str]:
    """How the other conditions went, in one sentence; the table has their answers."""
    if not rows:
        return []
    right = sum(row["outcome"] == "CORRECT" for row in rows)
    return [f"Of {formatting.counted(len(rows), 'other condition')}, {formatting.count(right)} got it right."]


def _explanations(row: Row) -> str:
    """The explanation that was chosen, and how many others fit as well."""
    found = row.get("explanations") or []
    chosen = next((each["detail"] for each in found if each["outcome"] == row["outcome"]), "")
    others = len({each["outcome"] for each in found} - {row["outcome"]})
    parts = [clip(chosen, 120)] if chosen else []
    if others:
        parts.append(f"{formatting.counted(others, 'other label')} would fit too")
    return "; ".join(parts)


def _decoded(thoughts: Mapping[str, Sequence[Sequence[Row]]]) -> list[str]:
    """What each thought decodes to at its most probable, and which of that the worked solution comes to."""
    parts, (first, known) = [], next(iter(thoughts.items()), ("", ()))
    for place, (name, steps) in enumerate(thoughts.items()):
        tops = [_top(step) for step in steps]
        if place and tops == [_top(step) for step in known]:
            parts.append(f"Under {name} they decode to the same as under {first}.")
        elif steps:
            parts.append(f"Under {name} the thoughts decode to {formatting.listed(tops)}, in order{_hits(steps)}.")
    return parts


def _top(step: Sequence[Row]) -> str:
    return f"“{clip(str(step[0]['token']), 20)}”" if step else "nothing"


def _hits(steps: Sequence[Sequence[Row]]) -> str:
    """Count results of the worked solution among the thoughts' most probable tokens; the same number counts once."""
    found = {(step[0].get("is"), str(step[0]["token"]).strip()) for step in steps if step}
    kinds = [kind for kind, _ in found]
    parts = []
    if results := kinds.count("step"):
        words = formatting.counted(results, "result of a step", "different results of steps")
        parts.append(f"{words} of the worked solution")
    if "answer" in kinds:
        parts.append("the right answer")
    return f" ({' and '.join(parts)} among them)" if parts else ""


def _attended(attention: Mapping[str, Any]) -> list[str]:
    """Of each condition, which reader moved most of its attention, and where to; nothing without baseline's."""
    before = attention.get("baseline")
    found = []
    for name, row in attention.items():
        if before is None or name == "baseline" or row["keys"] != before["keys"]:
            continue
        moved = [
            (here - there, reader, key)
            for reader, old, new in zip(row["readers"], before["mass"], row["mass"], strict=False)
            for key, there, here in zip(row["keys"], old, new, strict=True)
        ]
        gain, reader, key = max(moved, default=(0.0, "", ""))
        if gain >= _TOLD:
            found.append(
                f"Under {name} the largest gain of attention is {reader}'s for {key}: {formatting.points(gain)}."
            )
    return found


def _parted(name: str, row: Row) -> str:
    """Where the path of one condition is furthest from baseline's."""
    least = min(range(len(row["cosine"])), key=lambda place: row["cosine"][place])
    cosine = formatting.decimal(row["cosine"][least], (0.0, 1.0), 2)
    if 1.0 - row["cosine"][least] < _SAME:
        return f"Under {name} the hidden states stay those of baseline."
    first = next(place for place, value in enumerate(row["cosine"]) if 1.0 - value >= _SAME)
    return (
        f"Under {name} the hidden states leave baseline's at {row['positions'][first]} and are furthest from them at "
        f"{row['positions'][least]} (cosine {cosine})."
    )
