"""What is patched in place of thoughts: as a sentence, and as a mark for each thought."""

from collections.abc import Iterable, Sequence

from ctlab import formatting
from ctlab.interventions import Edit, Patch
from ctlab.interventions.layer_place import LayerPlace
from ctlab.interventions.patches import PATCH_KINDS, kind_by

AT_LAYERS = ("*", "behind a mark: not fed, but put in at some layers of the thought's position")
"""What stands behind the mark of a patch at layers, for a legend."""


def patch_sentence(patch: Patch) -> str:
    """Say what one patch puts in place of which thoughts."""
    every, words = isinstance(patch.thoughts, str), kind_by(patch.by).words
    named = "every thought" if every else formatting.listed(patch.thoughts)
    several = not every and len(patch.thoughts) > 1
    if patch.at is not None:
        several = several or every or len(patch.at.layers) > 1
        named = _at_layers(patch.at, named, several=several)
    text = f"{named} {words.several if several else words.one}"
    details = [] if patch.step is None else [f"step {patch.step}"]
    details += _edit_words(patch.edit)
    if patch.seed:
        details.append(f"drawn with seed {patch.seed}")
    if details:
        text += f" ({', '.join(details)})"
    return text[0].upper() + text[1:] + "."


def marks_of(interventions: Iterable[object]) -> list[tuple[str, str]]:
    """Each mark that stands for some patch, with its meaning, for a legend; in the order of the ways."""
    patches = [each for each in interventions if isinstance(each, Patch)]
    used = {patch.by for patch in patches}
    marks = [(kind.words.mark, kind.words.meaning) for by, kind in PATCH_KINDS.items() if by in used]
    return [*marks, *([AT_LAYERS] if any(patch.at is not None for patch in patches) else [])]


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


def _at_layers(at: LayerPlace, thoughts: str, *, several: bool) -> str:
    """Name what is replaced at layers of thoughts' positions; layers as the pictures count them, and as data does."""
    plural = len(at.layers) > 1
    layers = formatting.listed([str(layer + 1) for layer in at.layers])
    written = formatting.listed([str(layer) for layer in at.layers])
    where = f"layer{'s' * plural} {layers} ({'indices' if plural else 'index'} {written})"
    if at.position == "residual":
        return f"the residual stream{'s' * several} of {thoughts} after {where}"
    return f"the {at.position}{'s' * several} of {thoughts} that later positions read in {where}"


def patch_marks(patches: Iterable[Patch], thoughts: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Give each patched thought its mark and the same in words."""
    marks: dict[str, tuple[str, str]] = {}
    for patch in patches:
        words = kind_by(patch.by).words
        for thought in thoughts if isinstance(patch.thoughts, str) else patch.thoughts:
            mark, said = words.mark, f"{thought} {words.one}"
            if patch.at is not None:
                several = len(patch.at.layers) > 1
                what = _at_layers(patch.at, thought, several=several)
                mark, said = mark + AT_LAYERS[0], f"{what} {words.several if several else words.one}"
            if thought in marks:
                mark, said = f"{marks[thought][0]} {mark}", f"{marks[thought][1]}; {said}"
            marks[thought] = (mark, said)
    return marks
