"""What is fed in place of thoughts: a condition's replacements as a sentence, and as a mark for each thought."""

from collections.abc import Mapping, Sequence
from typing import Any

from ctlab import formatting

_WAYS = {
    # by: of one thought, of several, mark in the picture, what the mark stands for
    "zero": ("is replaced by zero", "are replaced by zero", "0", "zero"),
    "mean": (
        "is replaced by its mean over the problems",
        "are each replaced by their mean over the problems",
        "x̄",
        "the mean over the problems",
    ),
    "noise": (
        "is replaced by noise of the same norm",
        "are each replaced by noise of the same norm",
        "~",
        "noise of the same norm",
    ),
    "resample": (
        "is replaced by that of another problem",
        "are replaced by those of another problem",
        "⇄",
        "another problem's thought",
    ),
    "self": ("is replaced by itself", "are each replaced by themselves", "=", "the thought itself"),
    "decoded": (
        "is replaced by the embedding of the token that it decodes to",
        "are each replaced by the embedding of the token that they decode to",
        "a",
        "the token that it decodes to",
    ),
    "baseline": ("is given back as baseline had it", "are given back as baseline had them", "↺", "baseline's thought"),
}
MARKS = tuple((mark, words) for *_, mark, words in _WAYS.values())
"""Each mark with what it stands for, for a legend."""


def is_replacement(form: Mapping[str, Any]) -> bool:
    """Whether an intervention (JSON form) replaces thoughts, and weakens no edge."""
    return "by" in form


def fed_sentence(form: Mapping[str, Any]) -> str:
    """Say what one replacement feeds in place of which thoughts."""
    thoughts = form["thoughts"]
    named = "every thought" if isinstance(thoughts, str) else formatting.listed(list(thoughts))
    several = not isinstance(thoughts, str) and len(thoughts) > 1
    text = f"{named} {_WAYS[form['by']][several]}"
    if form.get("seed"):
        text += f" (drawn with seed {form['seed']})"
    return text[0].upper() + text[1:] + "."


def fed_marks(interventions: Sequence[Mapping[str, Any]], thoughts: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Give each replaced thought its mark and the same in words."""
    marks = {}
    for form in filter(is_replacement, interventions):
        for thought in thoughts if isinstance(form["thoughts"], str) else form["thoughts"]:
            one, _, mark, _ = _WAYS[form["by"]]
            marks[thought] = (mark, f"{thought} {one}")
    return marks
