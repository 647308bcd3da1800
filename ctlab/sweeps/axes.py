"""What somebody asked to sweep over, as a grid: words spelled out, and what the model does not have refused."""

import math
import os
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ctlab import formatting
from ctlab.errors import InputError
from ctlab.inputs import shown
from ctlab.interventions.edges import KEY_WORDS, READER_WORDS, thought_index
from ctlab.records.own_functions import nearest
from ctlab.sweeps.cells import Grid

Named = str | Iterable[str] | None
"""Positions or readers: a name, several, ``all``, or None where they are not swept."""
Numbered = int | str | Iterable[int] | None
"""Layers or heads: an index, several, ``all``, or None where they are not swept."""
_MOST_CELLS = 1_000_000
"""A cell is a condition, and a condition an object of some kilobytes."""
_BYTES = 5
"""Of a label and the length of its answer, at most."""
_SHARE = 0.5
"""Of the machine's memory that labels and lengths may take."""


def read_grid(
    card: Mapping[str, Any],
    positions: Named = None,
    layers: Numbered = None,
    heads: Numbered = None,
    readers: Named = None,
) -> Grid:
    """Return the grid that four axes span in a model with a card.

    Raises
    ------
    InputError
        For a position, layer, head or reader that the model does not have, an empty axis, one that names a value twice,
        and more cells than a machine can hold.
    """
    thoughts = card.get("num_thoughts")
    hidden = _names("positions", positions, KEY_WORDS, thoughts)
    places = _indices("layers", layers, card.get("num_layers")), _indices("heads", heads, card.get("num_heads"))
    who = _names("readers", readers, READER_WORDS, thoughts)
    cells = math.prod(len(axis) or 1 for axis in (hidden, *places, who))
    if cells > _MOST_CELLS:
        raise InputError(
            f"a sweep has at most {formatting.count(_MOST_CELLS)} cells, and these axes span "
            f"{formatting.count(cells)}; sweep fewer values, or one axis after the other"
        )
    pairs = [(key, reader) for key in hidden or ("thoughts",) for reader in who or ("later",)]
    edgeless = frozenset(pair for pair in pairs if not _joined(*pair, thoughts))
    return Grid(positions=hidden, layers=places[0], heads=places[1], readers=who, edgeless=edgeless)


def whole_axes(card: Mapping[str, Any], grid: Grid) -> tuple[str, ...]:
    """Return the axes along which a grid has every thought, layer or head of a model with a card."""
    thoughts = tuple(f"CT{k}" for k in range(card.get("num_thoughts") or 0))
    every: dict[str, tuple[Any, ...]] = {"position": thoughts, "reader": thoughts}
    for axis in ("layer", "head"):
        every[axis] = tuple(range(card.get(f"num_{axis}s") or 0))
    return tuple(axis for axis, values in grid.axes.items() if values == every[axis])


def refuse_too_large(cells: int, problems: int) -> None:
    """Raise InputError where labels and lengths alone would fill the machine's memory."""
    needed, there = (1 + cells) * problems * _BYTES, _memory()
    if there and needed > _SHARE * there:
        raise InputError(
            f"labels and lengths of {formatting.count(cells)} cells × {formatting.count(problems)} problems take "
            f"{needed / 2**30:.1f} GiB, and this machine has {there / 2**30:.1f} GiB; sweep fewer cells at a time, or "
            f"fewer problems (limit)"
        )


def _memory() -> int:
    """Bytes of this machine's memory; 0 where the system does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 0


def _names(field: str, given: Named, words: tuple[str, ...], thoughts: int | None) -> tuple[str, ...]:
    if given is None:
        return ()
    if isinstance(given, str) and given == "all":  # an array compares value by value
        if not thoughts:
            raise InputError(f"{field}='all' is every thought, and this model has none; name them")
        return tuple(f"CT{k}" for k in range(thoughts))
    example = f"{field}='all', or a list such as ['CT0', {words[-1]!r}]"
    listed = (given,) if isinstance(given, str) else _listed(field, given, example)
    known = (*words, "begin", "end")
    for name in listed:
        index = thought_index(name) if isinstance(name, str) else None
        if name not in known and index is None:
            near = nearest(name, (*known, *(f"CT{k}" for k in range(thoughts or 0)))) if isinstance(name, str) else ""
            raise InputError(f"{field} are CT0, CT1 …, {', '.join(known)}; not {shown(name)}{near or f': {example}'}")
        if index is not None and thoughts is not None and index >= thoughts:
            thinks = f"CT0 … CT{thoughts - 1}" if thoughts else "no thoughts"
            raise InputError(f"{field}: {name} does not exist, this model has {thinks}")
    return listed


def _indices(field: str, given: Numbered, size: int | None) -> tuple[int, ...]:
    if given is None:
        return ()
    if isinstance(given, str) and given == "all":
        if size is None:
            raise InputError(
                f"{field}='all': nobody knows how many {field} this model has; list them, as in {field}=[0, 1]"
            )
        return tuple(range(size))
    example = f"{field}='all', or a list such as [0, 1]"
    if isinstance(given, str):
        raise InputError(f"{field} are numbers from 0, not {shown(given)}: {example}")
    listed = (given,) if isinstance(given, int) else _listed(field, given, example)
    for index in listed:
        if isinstance(index, bool) or not isinstance(index, int) or index < 0:
            raise InputError(f"{field} are numbers from 0, not {shown(index)}: {example}")
        if size is not None and index >= size:
            raise InputError(f"{field}: {index} does not exist, this model has {field} 0 … {size - 1}")
    return listed


def _listed(field: str, given: Any, example: str) -> tuple[Any, ...]:
    if isinstance(given, np.ndarray):
        given = given.tolist()  # numbers of Python's own, which have a JSON form
    if not isinstance(given, Iterable) or isinstance(given, Mapping | bytes):
        raise InputError(f"{field}: write {example}; not {shown(given)}")
    listed = tuple(given)
    if not listed:
        raise InputError(f"{field} is empty, so that there would be no cell; leave it out where it is not swept")
    for place, value in enumerate(listed):
        if value in listed[:place]:
            raise InputError(f"{field} names {shown(value)} twice; each cell is answered once")
    return listed


def _joined(key: str, reader: str, thoughts: int | None) -> bool:
    """Whether an edge leads from a reader to a key: whether a reader comes after it."""
    if reader in ("later", "answer"):
        return True
    last = "CT999999" if thoughts is None else f"CT{thoughts - 1}"
    return _order(last if reader == "thoughts" else reader) > _order("CT0" if key == "thoughts" else key)


def _order(name: str) -> float:
    index = thought_index(name)
    if index is not None:
        return index
    return {"question": -2, "question-control": -2, "begin": -1, "end": float("inf")}.get(name, -3)
