"""One intervention: which attention edges (reader position → key position) are weakened, by how much, and where."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ctlab.errors import ConditionError
from ctlab.field_docs import documented
from ctlab.inputs import shown
from ctlab.records.own_functions import nearest

KEY_WORDS = ("thoughts", "question", "question-control")
READER_WORDS = ("later", "thoughts", "answer")
# No model thinks a million thoughts, and a name with thousands of digits is no number that Python reads.
_THOUGHT = re.compile(r"CT(0|[1-9][0-9]{0,5})\Z")
_ALMOST_THOUGHT = re.compile(r"(?i:ct)[\s_-]*([0-9]{1,6})\Z")
_JSON_NAMES = {
    "keys": "keys",
    "readers": "readers",
    "self": "self_",
    "keep": "keep",
    "layers": "layers",
    "heads": "heads",
    "passes": "passes",
    "steps": "steps",
}


def thought_index(name: str) -> int | None:
    """``k`` of ``CTk``, None for any other name."""
    match = _THOUGHT.match(name)
    return int(match[1]) if match else None


@documented
@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """Weaken the attention of ``readers`` to ``keys``."""

    keys: tuple[str, ...] | str
    """Positions that can no longer be read: CTk, ``begin`` and ``end``; or ``"thoughts"``, ``"question"``, or
    ``"question-control"`` (one question token a problem)."""
    readers: tuple[str, ...] | str
    """Who can no longer read them: ``"later"``, ``"thoughts"``, ``"answer"`` (``end`` and the answer), or a list of
    CTk, ``begin`` and ``end``."""
    self_: bool = False
    """Whether each key's attention to itself is weakened too; JSON name ``self``."""
    keep: float = 0.0
    """Factor on the unnormalised attention weight, 0 (edge removed) … 1 (untouched)."""
    layers: tuple[int, ...] | None = None
    """Layers where it applies, from 0; None means all."""
    heads: tuple[int, ...] | None = None
    """Query heads where it applies, from 0; None means all."""
    passes: str | None = None
    """``"last"``: of several passes over the thoughts thoughts read otherwise in the last alone, the one whose keys
    the answer reads; None means in every pass. Where there is one pass it says nothing."""
    steps: tuple[int, ...] | None = None
    """Steps of a model that loops through a part of its network, from 0: it applies in the loop alone, and ``layers``
    are those of one step. None means in the whole network, whose layers are counted unrolled."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", _names("keys", self.keys, KEY_WORDS, ("begin", "end")))
        object.__setattr__(self, "readers", _names("readers", self.readers, READER_WORDS, ("begin", "end")))
        if not isinstance(self.self_, bool):
            raise ConditionError(f"'self' of an intervention must be true or false, not {shown(self.self_)}")
        number = isinstance(self.keep, int | float) and not isinstance(self.keep, bool)
        if not number or not 0 <= self.keep <= 1:  # NaN lies nowhere
            raise ConditionError(
                f"'keep' of an intervention must be a number from 0 (edge removed) to 1 (untouched), "
                f"not {shown(self.keep)}"
            )
        object.__setattr__(self, "keep", float(self.keep))
        object.__setattr__(self, "layers", _indices("layers", self.layers))
        object.__setattr__(self, "heads", _indices("heads", self.heads))
        object.__setattr__(self, "steps", _indices("steps", self.steps))
        if self.passes not in (None, "last"):
            raise ConditionError(
                f"'passes' of an intervention is \"last\", or is left out for every pass; not {shown(self.passes)}"
            )
        _refuse_readers_before_keys(self.keys, self.readers)

    def to_json(self) -> dict[str, Any]:
        """JSON form; fields at their defaults are left out."""
        form: dict[str, Any] = {"keys": _plain(self.keys), "readers": _plain(self.readers)}
        if self.self_:
            form["self"] = True
        if self.keep:
            form["keep"] = self.keep
        if self.layers is not None:
            form["layers"] = list(self.layers)
        if self.heads is not None:
            form["heads"] = list(self.heads)
        if self.passes is not None:
            form["passes"] = self.passes
        if self.steps is not None:
            form["steps"] = list(self.steps)
        return form

    @property
    def everywhere(self) -> bool:
        """Whether it applies in all layers and heads."""
        return self.layers is None and self.heads is None and self.steps is None

    @classmethod
    def from_json(cls, form: Any) -> "Intervention":
        """Read the JSON form, refusing what it does not know."""
        if not isinstance(form, Mapping):
            raise ConditionError(f'an intervention is an object with "keys" and "readers", not {shown(form)}')
        if unknown := sorted(set(map(str, form)) - set(_JSON_NAMES)):
            raise ConditionError(
                f"unknown field {shown(unknown[0])} in an intervention; known: {', '.join(_JSON_NAMES)}"
            )
        if missing := [name for name in ("keys", "readers") if name not in form]:
            raise ConditionError(
                f"an intervention needs {missing[0]!r}: whoever hides a position says which and from whom; "
                f"got {shown(form)}"
            )
        return cls(**{_JSON_NAMES[name]: value for name, value in form.items()})

    def canonical(self) -> dict[str, Any]:
        """JSON form in which the order of listed names does not matter; what digests are taken of."""
        form = self.to_json()
        return {name: sorted(value) if isinstance(value, list) else value for name, value in form.items()}


def _plain(names: tuple[str, ...] | str) -> list[str] | str:
    return names if isinstance(names, str) else list(names)


def _names(field: str, value: Any, words: tuple[str, ...], positions: tuple[str, ...]) -> tuple[str, ...] | str:
    listed = f"a list of CTk, {', '.join(positions)}"
    if isinstance(value, str):
        if value in words:
            return value
        alone = value in positions or thought_index(value) is not None
        hint = f" (write [{shown(value)}])" if alone else nearest(value, words)
        raise ConditionError(f"{field!r} must be one of {', '.join(words)}, or {listed}; not {shown(value)}{hint}")
    if not isinstance(value, list | tuple) or not value:
        raise ConditionError(f"{field!r} must be one of {', '.join(words)}, or {listed}; not {shown(value)}")
    for name in value:
        if not isinstance(name, str) or (name not in positions and thought_index(name) is None):
            near = "" if not isinstance(name, str) else _as_thought(name) or nearest(name, positions)
            raise ConditionError(f"{field!r} lists CTk (k from 0), {', '.join(positions)}; not {shown(name)}{near}")
    if len(set(value)) != len(value):
        raise ConditionError(f"{field!r} names a position twice: {shown(list(value))}")
    return tuple(value)


def _as_thought(name: str) -> str:
    """Propose CT3 for ct3, CT-3, "CT 3" or CT03; empty where no thought was meant."""
    found = _ALMOST_THOUGHT.match(name)
    return f"; did you mean 'CT{int(found[1])}'?" if found else ""


def _indices(field: str, value: Any) -> tuple[int, ...] | None:
    if value is None:
        return None
    whole = isinstance(value, list | tuple) and all(isinstance(i, int) and not isinstance(i, bool) for i in value)
    if not whole or not value or min(value) < 0 or len(set(value)) != len(value):
        raise ConditionError(
            f"{field!r} must be a list of different indices from 0, or be left out for all {field}; not {shown(value)}"
        )
    return tuple(value)


def _order(name: str) -> float:
    index = thought_index(name)
    return index if index is not None else {"begin": -1, "end": math.inf}[name]


def _refuse_readers_before_keys(keys: tuple[str, ...] | str, readers: tuple[str, ...] | str) -> None:
    if isinstance(keys, str) or isinstance(readers, str):
        return
    for reader in readers:
        for key in keys:
            if _order(reader) < _order(key):
                raise ConditionError(
                    f"reader {reader} comes before key {key} and cannot read it anyway; "
                    f"list only readers after every key"
                )
