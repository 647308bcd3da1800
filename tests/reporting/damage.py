"""Single-field changes of a report's JSON: what a careless editor, a foreign tool or a newer version may leave."""

import copy
import random
from collections.abc import Iterator
from functools import cache
from typing import Any

from ctlab.reporting.model.json_schema import json_schema

Path = tuple[str | int, ...]
_GONE = object()
CHANGES: dict[str, Any] = {
    "deleted": _GONE,
    "null": None,
    "text": "x",
    "empty text": "",
    "negative": -7,
    "huge": 1e300,
    "not a number": float("nan"),
    "empty list": [],
    "empty object": {},
    "nested": {"x": [{"y": 1}]},
}
"""What a field becomes."""


def fields(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every field of a JSON value, containers before what they hold."""
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield from fields(inner, (*path, name))


@cache
def known_names() -> set[str]:
    """Names that a record has for its fields."""
    return {name for form in json_schema()["$defs"].values() for name in form.get("properties", ())}


def changes(report: dict[str, Any], *, places: int | None = None, seed: int = 0) -> list[tuple[Path, str]]:
    """Every change of every form of field, or ``places`` of them.

    Fields that differ in a place of a list, or in a free name such as a condition's, have one form: one is tried.
    """
    source, names = random.Random(seed), known_names()
    forms: dict[Path, list[Path]] = {}
    for path in fields(report):
        forms.setdefault(tuple(name if name in names else "*" for name in path), []).append(path)
    every = [(source.choice(paths), change) for paths in forms.values() for change in CHANGES]
    return every if places is None else source.sample(every, min(places, len(every)))


def damaged(report: dict[str, Any], path: Path, change: str) -> dict[str, Any]:
    """A copy of the report with one field changed."""
    changed = copy.deepcopy(report)
    holder: Any = changed
    for name in path[:-1]:
        holder = holder[name]
    if CHANGES[change] is _GONE:
        del holder[path[-1]]
    else:
        holder[path[-1]] = CHANGES[change]
    return changed
