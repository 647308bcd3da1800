"""What is patched in place of thoughts: as a sentence, and as a mark for each thought."""

from collections.abc import Iterable, Sequence

from ctlab import formatting
from ctlab.interventions import Edit, Intervention, Patch
from ctlab.interventions.patches import PATCH_KINDS, kind_by


def patch_sentence(patch: Patch) -> str:
    """Say what one patch puts in place of which thoughts."""
    every, words = isinstance(patch.thoughts, str), kind_by(patch.by).words
    named = "every thought" if every else formatting.listed(patch.thoughts)
    several = not every and len(patch.thoughts) > 1
    text = f"{named} {words.several if several else words.one}"
    details = [] if patch.step is None else [f"step {patch.step}"]
    details += _edit_words(patch.edit)
    if patch.seed:
        details.append(f"drawn with seed {patch.seed}")
    if details:
        text += f" ({', '.join(details)})"
    return text[0].upper() + text[1:] + "."


def marks_of(interventions: Iterable[Intervention | Patch]) -> list[tuple[str, str]]:
    """Each mark that stands for some patch, with its meaning, for a legend; in the order of the ways."""
    used = {each.by for each in interventions if isinstance(each, Patch)}
    return [(kind.words.mark, kind.words.meaning) for by, kind in PATCH_KINDS.items() if by in used]


def _edit_words(edit: Edit) -> list[str]:
    """Say how much, how many dimensions, which contrast and which file."""
    dimensions = edit.dimensions
    said = (
        f"factor {edit.factor:g}" if edit.factor is not None else "",
        formatting.counted(dimensions, "dimension") if dimensions is not None else "",
        f"{edit.contrast} against the rest" if edit.contrast is not None else "",
        f"directions {edit.digest}" if edit.digest is not None else "",
    )
    return [words for words in said if words]


def patch_marks(patches: Iterable[Patch], thoughts: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Give each patched thought its mark and the same in words."""
    marks = {}
    for patch in patches:
        words = kind_by(patch.by).words
        for thought in thoughts if isinstance(patch.thoughts, str) else patch.thoughts:
            marks[thought] = (words.mark, f"{thought} {words.one}")
    return marks
