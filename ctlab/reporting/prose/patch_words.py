"""What is patched in place of thoughts: as a sentence, and as a mark for each thought."""

from collections.abc import Iterable, Sequence

from ctlab import formatting
from ctlab.interventions import Replacement

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


def patch_sentence(patch: Replacement) -> str:
    """Say what one patch puts in place of which thoughts."""
    every = isinstance(patch.thoughts, str)
    named = "every thought" if every else formatting.listed(patch.thoughts)
    several = not every and len(patch.thoughts) > 1
    text = f"{named} {_WAYS[patch.by][several]}"
    if patch.seed:
        text += f" (drawn with seed {patch.seed})"
    return text[0].upper() + text[1:] + "."


def patch_marks(patches: Iterable[Replacement], thoughts: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Give each patched thought its mark and the same in words."""
    marks = {}
    for patch in patches:
        for thought in thoughts if isinstance(patch.thoughts, str) else patch.thoughts:
            one, _, mark, _ = _WAYS[patch.by]
            marks[thought] = (mark, f"{thought} {one}")
    return marks
