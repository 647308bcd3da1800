"""Who cannot read what, and what is fed: a condition as a small table of readers against keys, and as sentences."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ctlab import formatting
from ctlab.reporting.prose.patch_words import fed_marks, fed_sentence, is_replacement

CONTROL_KEY = "one question token"
_THOUGHT = re.compile(r"CT(\d+)\Z")
_DEFAULT_THOUGHTS = 6


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
    """What is fed in place of a thought, as a sign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One condition as a table."""

    keys: tuple[str, ...]
    """Columns: the positions attended to."""
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    """Rows: a reader and one cell a key."""
    fed: tuple[Cell, ...]
    """What each key position is fed; empty where nothing is replaced."""
    sentence: str
    """All interventions in words."""


def grid(interventions: Sequence[Mapping[str, Any]], num_thoughts: int | None) -> Grid:
    """Lay out interventions (JSON form) over the sequence question | begin | CT0 … | end | answer."""
    on_edges = [each for each in interventions if not is_replacement(each)]
    thoughts = num_thoughts or _thoughts_named(interventions)
    sequence = ["question", "begin", *(f"CT{k}" for k in range(thoughts)), "end", "answer"]
    keys = sequence[:-2]
    if any(each["keys"] == "question-control" for each in on_edges):
        keys = [CONTROL_KEY, *keys]
    effects = {(reader, key): (1.0, False) for reader in sequence for key in keys}
    for each in on_edges:
        partial = each.get("layers") is not None or each.get("heads") is not None
        for edge in _edges(each, sequence):
            if edge in effects:
                keep, partly = effects[edge]
                effects[edge] = (keep * float(each.get("keep", 0.0)), partly or partial)
    readers = [reader for reader in sequence if reader != "question" or _touched(effects, "question")]
    rows = tuple((reader, tuple(_cell(reader, key, effects, sequence) for key in keys)) for reader in readers)
    fed = tuple(_fed(key, fed_marks(interventions, sequence[2:-2])) for key in keys)
    if all(cell.state == "own" for cell in fed):
        fed = ()
    return Grid(keys=tuple(keys), rows=rows, fed=fed, sentence=sentence(interventions))


def disturbed(condition: Mapping[str, Any]) -> str:
    """Say what a condition (a row of the report) hides and feeds; or that nobody knows it."""
    if condition.get("unknown"):
        return "Not known: recorded under a name that no condition has."
    if not is_known(condition):
        return "Recorded answers; what was hidden is not on record."
    return sentence(condition["interventions"])


def is_known(condition: Mapping[str, Any]) -> bool:
    """Whether it is on record what a condition does; only baseline is known to do nothing."""
    if condition.get("unknown"):
        return False
    return bool(condition["interventions"]) or not condition.get("recorded") or condition["name"] == "baseline"


def sentence(interventions: Sequence[Mapping[str, Any]]) -> str:
    """Say what is hidden from whom, and where, and what is fed; readers of the same keys in one sentence."""
    if not interventions:
        return "Nothing is hidden."
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for each in interventions:
        if is_replacement(each):
            continue
        same = {name: value for name, value in each.items() if name != "readers"}
        grouped.setdefault(json.dumps(same, sort_keys=True), []).append(each)
    fed = [fed_sentence(each) for each in interventions if is_replacement(each)]
    return " ".join([*(_one_sentence(group) for group in grouped.values()), *fed])


def _one_sentence(group: Sequence[Mapping[str, Any]]) -> str:
    each = group[0]
    keys = {
        "thoughts": "every thought",
        "question": "the question",
        "question-control": f"{CONTROL_KEY} (without a digit, the same for every condition)",
    }.get(_word(each["keys"]), formatting.listed(list(each["keys"])))
    readers = formatting.listed([name for other in group for name in _readers(other["readers"])])
    keep = float(each.get("keep", 0.0))
    where = [_numbered(one, each[f"{one}s"]) for one in ("layer", "head") if each.get(f"{one}s") is not None]
    several = each["keys"] not in ("thoughts", "question", "question-control") and len(each["keys"]) > 1
    text = f"{keys} {'are' if several else 'is'} hidden from {readers}"
    if keep:
        text = f"the weight of {keys} for {readers} is multiplied by {keep:g}"
    if each.get("self"):
        own = "themselves" if several else "itself"
        text += f", for {own} too" if keep else f" and from {own}"
    if where:
        text += f", in {formatting.listed(where)} only"
    return text[0].upper() + text[1:] + "."


def _numbered(one: str, indices: Sequence[int]) -> str:
    """Name layers or heads as the pictures do, which count them from 1; data, and who writes it, count from 0."""
    plural = len(indices) != 1
    named = formatting.listed([str(index + 1) for index in indices])
    written = formatting.listed([str(index) for index in indices])
    return f"{one}{'s' * plural} {named} ({'indices' if plural else 'index'} {written})"


def _readers(readers: Any) -> list[str]:
    words = {
        "later": ["every later position"],
        "thoughts": ["the thoughts"],
        "answer": ["the end marker", "the answer"],
    }
    return words.get(_word(readers), list(readers))


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _thoughts_named(interventions: Iterable[Mapping[str, Any]]) -> int:
    named = [
        int(match[1])
        for each in interventions
        for field in ("keys", "readers", "thoughts")
        if not isinstance(each.get(field, ""), str)
        for name in each[field]
        if (match := _THOUGHT.match(name))
    ]
    return max([_DEFAULT_THOUGHTS, *(k + 1 for k in named)])


def _edges(each: Mapping[str, Any], sequence: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Yield (reader, key) of one intervention; segments (question, answer) stand for their tokens."""
    keys = {
        "thoughts": [name for name in sequence if _THOUGHT.match(name)],
        "question": ["question"],
        "question-control": [CONTROL_KEY],
    }.get(_word(each["keys"]), each["keys"])
    for key in keys:
        place = sequence.index("question" if key == CONTROL_KEY else key) if key in (*sequence, CONTROL_KEY) else None
        if place is None:
            continue
        later = sequence[place + 1 :]
        readers = {
            # Question tokens read earlier question tokens, so hiding the question "from later" changes its own row too.
            "later": ["question", *later] if place == 0 else later,
            "thoughts": [name for name in later if _THOUGHT.match(name)],
            "answer": ["end", "answer"],
        }.get(_word(each["readers"]), [name for name in each["readers"] if name in later])
        for reader in readers:
            yield reader, key
        if each.get("self"):
            yield ("question" if key == CONTROL_KEY else key), key


def _fed(key: str, marks: Mapping[str, tuple[str, str]]) -> Cell:
    if key not in marks:
        return Cell(state="own", keep=1.0, partial=False, words=f"{key} is fed as ever")
    mark, words = marks[key]
    return Cell(state="replaced", keep=1.0, partial=False, words=words, mark=mark)


def _touched(effects: Mapping[tuple[str, str], tuple[float, bool]], reader: str) -> bool:
    return any(keep < 1 for (who, _), (keep, _) in effects.items() if who == reader)


def _cell(
    reader: str, key: str, effects: Mapping[tuple[str, str], tuple[float, bool]], sequence: Sequence[str]
) -> Cell:
    keep, partial = effects[reader, key]
    if sequence.index(reader) < sequence.index("question" if key == CONTROL_KEY else key):
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
