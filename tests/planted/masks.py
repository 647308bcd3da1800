"""What a condition hides from whom, and what it feeds, in a program whose thoughts are values.

A thought is fed as an embedding that is made at the position before it. So the next thought is made at the hidden
thought's own position, from which ``later`` hides nothing (docs/conditions.md): under ``later`` it is hidden from the
thought after the next on, and from the answer. A reader that is named (``["CT1"]``) does without it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ctlab.errors import ConditionError
from ctlab.interventions import Condition, Intervention, Patch

ANSWER = -1
"""The reader that answers."""
_CONTROL = -2
"""The key of a question's token; it stands before all thoughts."""
_FED = ("matched", "matched-same", "self")


@dataclass(frozen=True)
class Mask:
    """A condition in a program of so many thoughts."""

    hidden: frozenset[tuple[int, int]]
    """Pairs of a reader and the thought that is hidden from it."""
    control: frozenset[int]
    """Readers from whom one harmless token of the question is hidden: the program asks for none, and cannot notice."""
    fed: Mapping[int, str]
    """Thoughts that are replaced, and by what."""

    @classmethod
    def of(cls, condition: Condition, thoughts: int) -> "Mask":
        """Read a condition; ConditionError where it does what such a program has no place for."""
        if condition.last_thought is not None and condition.last_thought >= thoughts:
            raise ConditionError(f"{condition.name} is about CT{condition.last_thought}; there are {thoughts} thoughts")
        pairs = {pair for edges in condition.on_edges for pair in _hidden(condition.name, edges, thoughts)}
        hidden = frozenset(pair for pair in pairs if pair[1] != _CONTROL)
        control = frozenset(reader for reader, key in pairs if key == _CONTROL)
        return cls(hidden, control, dict(_fed(condition, thoughts)))


def _hidden(name: str, edges: Intervention, thoughts: int) -> Iterator[tuple[int, int]]:
    if edges.keep == 1.0:
        return
    if edges.keep or edges.self_ or edges.layers is not None or edges.heads is not None:
        raise ConditionError(f"{name} weakens attention in part; a planted thought is read or it is not")
    for key in _keys(name, edges.keys, thoughts):
        for reader in _readers(name, edges.readers, key, thoughts):
            yield reader, key


def _keys(name: str, keys: tuple[str, ...] | str, thoughts: int) -> list[int]:
    if keys == "question-control":
        return [_CONTROL]
    return list(range(thoughts)) if keys == "thoughts" else _numbers(name, keys)


def _readers(name: str, readers: tuple[str, ...] | str, key: int, thoughts: int) -> list[int]:
    after_next = list(range(max(key + 2, 0), thoughts))
    known = {"later": [*after_next, ANSWER], "thoughts": after_next, "answer": [ANSWER]}
    if isinstance(readers, str):
        return known[readers]
    return [reader for reader in _numbers(name, readers) if reader > key]


def _numbers(name: str, positions: tuple[str, ...] | str) -> list[int]:
    listed = (positions,) if isinstance(positions, str) else positions
    if other := [each for each in listed if not each.startswith("CT")]:
        raise ConditionError(f"{name} is about {other[0]}; a planted model has thoughts and an answer")
    return [int(each.removeprefix("CT")) for each in listed]


def _fed(condition: Condition, thoughts: int) -> Iterator[tuple[int, str]]:
    for patch in condition.patches:
        if patch.by not in _FED:
            raise ConditionError(f"{condition.name} feeds by {patch.by!r}; a planted model is fed by {', '.join(_FED)}")
        for k in _patched(patch, thoughts):
            yield k, patch.by


def _patched(patch: Patch, thoughts: int) -> list[int]:
    return [k for k in range(thoughts) if patch.replaces(k)]
