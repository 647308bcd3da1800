"""Who cannot read what, and what is patched: a condition as a small table of readers against keys."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ctlab.interventions import Condition, Intervention, Patch
from ctlab.interventions.edges import thought_index
from ctlab.interventions.steps_patch import StepsPatch
from ctlab.reporting.prose.intervention_words import CONTROL_KEY
from ctlab.reporting.prose.patch_words import patch_marks

_DEFAULT_THOUGHTS = 6
"""Thoughts that are drawn where the report does not say how many the model has: as many as the published models."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Whether one kind of reader can read one kind of key."""

    state: str
    """``reads``, ``weakened``, ``hidden``, or ``never`` where the key comes after the reader in the sequence; of what
    is fed, ``own`` or ``replaced``."""
    keep: float
    """Factor on the attention weight: 1 untouched, 0 removed."""
    partial: bool
    """Whether the change applies only in some layers or heads."""
    words: str
    """The same for a screen reader: "CT1 cannot read CT0"."""
    mark: str = ""
    """What is patched in place of a thought, as a sign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One condition as a table."""

    keys: tuple[str, ...]
    """Columns: the positions attended to."""
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    """Rows: a reader and one cell a key."""
    patches: tuple[Cell, ...]
    """What each key position is fed; empty where nothing is patched."""


Effects = dict[tuple[str, str], tuple[float, bool]]
"""By reader and key: the factor on the weight, and whether it applies in some layers or heads only."""


def grid(interventions: Sequence[Intervention | Patch | StepsPatch], num_thoughts: int | None) -> Grid:
    """Lay out interventions over the sequence question | begin | CT0 … | end | answer."""
    on_edges = [intervention for intervention in interventions if isinstance(intervention, Intervention)]
    patches = [intervention for intervention in interventions if isinstance(intervention, Patch)]
    thoughts = num_thoughts if num_thoughts is not None else _thoughts_named(interventions)
    sequence = ["question", "begin", *(f"CT{k}" for k in range(thoughts)), "end", "answer"]
    # Only where somebody hides it: of a table's width a column that always says "reads" is a waste.
    hidden_end = any("end" in intervention.keys for intervention in on_edges if not isinstance(intervention.keys, str))
    keys = sequence[:-1] if hidden_end else sequence[:-2]
    if any(intervention.keys == "question-control" for intervention in on_edges):
        keys = [CONTROL_KEY, *keys]
    effects = _effects(on_edges, sequence, keys)
    readers = [reader for reader in sequence if reader != "question" or _touched(effects, "question")]
    marks = patch_marks(patches, sequence[2:-2])
    return Grid(
        keys=tuple(keys),
        rows=tuple((reader, tuple(_cell(reader, key, effects, sequence) for key in keys)) for reader in readers),
        patches=tuple(_patched(key, marks) for key in keys) if marks.keys() & set(keys) else (),
    )


def _thoughts_named(interventions: Sequence[Intervention | Patch | StepsPatch]) -> int:
    """As many thoughts as the interventions name, and at least the usual number."""
    last = Condition(name="named", interventions=tuple(interventions)).last_thought
    return max(_DEFAULT_THOUGHTS, 0 if last is None else last + 1)


def _effects(on_edges: Sequence[Intervention], sequence: Sequence[str], keys: Sequence[str]) -> Effects:
    """Multiply what overlapping interventions keep of each edge."""
    effects = {(reader, key): (1.0, False) for reader in sequence for key in keys}
    for intervention in on_edges:
        partial = not intervention.everywhere
        for edge in _edges(intervention, sequence):
            if edge in effects:
                keep, partly = effects[edge]
                effects[edge] = (keep * intervention.keep, partly or partial)
    return effects


def _edges(intervention: Intervention, sequence: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield (reader, key) of one intervention; segments (question, answer) stand for their tokens."""
    for key in _keys(intervention, sequence):
        column = _column(key)
        if column not in sequence:
            continue
        place = sequence.index(column)
        for reader in _readers(intervention, sequence[place + 1 :], first=place == 0):
            yield reader, key
        if intervention.self_:
            yield column, key


def _keys(intervention: Intervention, sequence: Sequence[str]) -> Sequence[str]:
    if not isinstance(intervention.keys, str):
        return intervention.keys
    return {
        "thoughts": _thoughts_in(sequence),
        "question": ["question"],
        "question-control": [CONTROL_KEY],
    }[intervention.keys]


def _readers(intervention: Intervention, later: Sequence[str], *, first: bool) -> Sequence[str]:
    """Readers among the positions behind a key; ``first`` where the key is a part of the question."""
    if not isinstance(intervention.readers, str):
        return [name for name in intervention.readers if name in later]
    return {
        # Question tokens read earlier question tokens, so hiding the question "from later" changes its own row too.
        "later": ["question", *later] if first else later,
        "thoughts": _thoughts_in(later),
        "answer": [name for name in ("end", "answer") if name in later],
    }[intervention.readers]


def _thoughts_in(positions: Sequence[str]) -> list[str]:
    return [name for name in positions if thought_index(name) is not None]


def _column(key: str) -> str:
    """Position in the sequence at which a key stands."""
    return "question" if key == CONTROL_KEY else key


def _patched(key: str, marks: Mapping[str, tuple[str, str]]) -> Cell:
    if key not in marks:
        return Cell(state="own", keep=1.0, partial=False, words=f"{key} is fed as ever")
    mark, words = marks[key]
    return Cell(state="replaced", keep=1.0, partial=False, words=words, mark=mark)


def _touched(effects: Effects, reader: str) -> bool:
    return any(keep < 1 for (who, _), (keep, _) in effects.items() if who == reader)


def _cell(reader: str, key: str, effects: Effects, sequence: Sequence[str]) -> Cell:
    keep, partial = effects[reader, key]
    if sequence.index(reader) < sequence.index(_column(key)):
        return Cell(state="never", keep=1.0, partial=False, words=f"{reader} comes before {key}")
    if keep == 1:
        return Cell(state="reads", keep=1.0, partial=False, words=f"{reader} reads {key}")
    some = " in some layers or heads" if partial else ""
    if keep == 0:
        return Cell(state="hidden", keep=0.0, partial=partial, words=f"{reader} cannot read {key}{some}")
    return Cell(
        state="weakened",
        keep=keep,
        partial=partial,
        words=f"{reader} reads {key} with its weight multiplied by {keep:g}{some}",
    )
