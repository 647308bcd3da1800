"""What is patched in place of thoughts: as a sentence, and as a mark for each thought."""

from collections.abc import Iterable, Sequence

from ctlab import formatting
from ctlab.interventions import Patch
from ctlab.interventions.patches import PATCH_KINDS, kind_by

MARKS = tuple((kind.words.mark, kind.words.meaning) for kind in PATCH_KINDS.values())
"""Each mark with what it stands for, for a legend."""


def patch_sentence(patch: Patch) -> str:
    """Say what one patch puts in place of which thoughts."""
    every, words = isinstance(patch.thoughts, str), kind_by(patch.by).words
    named = "every thought" if every else formatting.listed(patch.thoughts)
    several = not every and len(patch.thoughts) > 1
    text = f"{named} {words.several if several else words.one}"
    details = [] if patch.step is None else [f"step {patch.step}"]
    if patch.seed:
        details.append(f"drawn with seed {patch.seed}")
    if details:
        text += f" ({', '.join(details)})"
    return text[0].upper() + text[1:] + "."


def patch_marks(patches: Iterable[Patch], thoughts: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Give each patched thought its mark and the same in words."""
    marks = {}
    for patch in patches:
        words = kind_by(patch.by).words
        for thought in thoughts if isinstance(patch.thoughts, str) else patch.thoughts:
            marks[thought] = (words.mark, f"{thought} {words.one}")
    return marks
