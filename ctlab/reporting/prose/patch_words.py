"""What is fed in place of thoughts: a condition's patches as a sentence, and as a mark for each thought."""

from collections.abc import Mapping, Sequence
from typing import Any

from ctlab import formatting
from ctlab.interventions.patches import PATCH_KINDS, kind_by

MARKS = tuple((kind.words.mark, kind.words.meaning) for kind in PATCH_KINDS.values())
"""Each mark with what it stands for, for a legend."""


def is_replacement(form: Mapping[str, Any]) -> bool:
    """Whether an intervention (JSON form) replaces thoughts, and weakens no edge."""
    return "by" in form


def fed_sentence(form: Mapping[str, Any]) -> str:
    """Say what one patch feeds in place of which thoughts."""
    thoughts, words = form["thoughts"], kind_by(form["by"]).words
    named = "every thought" if isinstance(thoughts, str) else formatting.listed(list(thoughts))
    several = not isinstance(thoughts, str) and len(thoughts) > 1
    text = f"{named} {words.several if several else words.one}"
    if form.get("seed"):
        text += f" (drawn with seed {form['seed']})"
    return text[0].upper() + text[1:] + "."


def fed_marks(interventions: Sequence[Mapping[str, Any]], thoughts: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Give each replaced thought its mark and the same in words."""
    marks = {}
    for form in filter(is_replacement, interventions):
        words = kind_by(form["by"]).words
        for thought in thoughts if isinstance(form["thoughts"], str) else form["thoughts"]:
            marks[thought] = (words.mark, f"{thought} {words.one}")
    return marks
