"""A run's labels: outcomes as an array, and the evidence for each, packed where it was not looked at for long.

A claim counts outcomes; why an answer has one is looked at for examples and tables. So outcomes are one byte each, and
what a table reads lies in parts of some hundred labels, of which those that were made or opened last are held as
objects and all others as packed JSON.
"""

import json
import weakref
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, overload

from ctlab.outcomes.classification import Classification
from ctlab.outcomes.outcome import Outcome

if TYPE_CHECKING:
    import numpy as np

_PART = 128
"""Labels of a part: to unpack them takes some milliseconds."""
_FRESH = 2**18 // _PART
"""Parts that are held before any is packed: all of 130 conditions of GSM8K's test split, which are never packed."""
_OPENED = 512
"""Parts held again after they were packed: one for each of some hundred runs that are read side by side."""
_LEVEL = 1  # of zlib: a tenth of the JSON already, at three times the speed of its usual level
_OUTCOMES = tuple(Outcome)
_CODES = {outcome: code for code, outcome in enumerate(_OUTCOMES)}
_FORM_BROKEN, _AMBIGUOUS, _FLAGGED, _NO_MARKER, _FAILED = 1, 2, 4, 8, 16


class LabelWriter:
    """Labels that come one after another."""

    def __init__(self) -> None:
        self._labels = Labels(())
        self._part: list[Classification] = []

    def add(self, label: Classification) -> None:
        """Take the next label."""
        self._part.append(label)
        if len(self._part) == _PART:
            self._labels.append(self._part)
            self._part = []

    def labels(self) -> "Labels":
        """Return all of them; no more can come."""
        self._labels.append(self._part)
        return self._labels


class Labels(Sequence[Classification]):
    """Classifications in order, as a tuple of them is; two bytes each, and the evidence packed."""

    __slots__ = ("__weakref__", "_codes", "_flags", "_held", "_packed")

    def __init__(self, labels: Iterable[Classification]) -> None:
        """Take labels one after another: no more than a part of them needs to be there at once."""
        self._codes, self._flags = bytearray(), bytearray()
        self._held: list[tuple[Classification, ...] | None] = []
        self._packed: list[bytes | None] = []
        each = iter(labels)
        while part := tuple(islice(each, _PART)):
            self.append(part)

    def append(self, part: Sequence[Classification]) -> None:
        """Take the next labels, a whole part of them or the last ones."""
        if part:
            self._codes.extend(_CODES[label.outcome] for label in part)
            self._flags.extend(map(_flags, part))
            self._held.append(tuple(part))
            self._packed.append(None)
            _fresh.note(self, len(self._held) - 1)

    def has(self, outcome: Outcome) -> "np.ndarray":
        """Whether each answer has the outcome, shape (n,)."""
        has: np.ndarray = _array(self._codes) == _CODES[outcome]
        return has

    @property
    def form_broken(self) -> "np.ndarray":
        """Whether each answer has another form than undisturbed ones, shape (n,)."""
        return self._flagged_with(_FORM_BROKEN)

    @property
    def ambiguous(self) -> "np.ndarray":
        """Whether a careful person would hesitate over each answer, shape (n,)."""
        return self._flagged_with(_AMBIGUOUS)

    @property
    def flagged(self) -> "np.ndarray":
        """Whether each answer's number stood after no marker, shape (n,)."""
        return self._flagged_with(_FLAGGED)

    @property
    def without_marker(self) -> "np.ndarray":
        """Whether there is no marker in each answer, shape (n,)."""
        return self._flagged_with(_NO_MARKER)

    def _flagged_with(self, flag: int) -> "np.ndarray":
        flagged: np.ndarray = _array(self._flags) & flag != 0
        return flagged

    @property
    def failures(self) -> tuple[str, ...]:
        """What went wrong with each answer that could not be labelled."""
        return tuple(self[row].failure for row in self._flagged_with(_FAILED).nonzero()[0].tolist())

    @overload
    def __getitem__(self, index: int) -> Classification: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Classification, ...]: ...
    def __getitem__(self, index: int | slice) -> Classification | tuple[Classification, ...]:
        if isinstance(index, slice):
            return tuple(self[place] for place in range(*index.indices(len(self))))
        at = index + len(self) if index < 0 else index
        if not 0 <= at < len(self):
            raise IndexError(f"there are {len(self)} labels, and none in place {index}")
        number, place = divmod(at, _PART)
        return (self._held[number] or self._part(number))[place]

    def __len__(self) -> int:
        return len(self._codes)

    def __iter__(self) -> Iterator[Classification]:
        for part in range(len(self._held)):
            yield from self._part(part)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Labels | tuple):
            return NotImplemented
        return len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))  # as the tuple that it is equal to

    def __repr__(self) -> str:
        return f"<{len(self)} labels>"

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the JSON form of each label, in order; what is packed stays packed."""
        for part, packed in zip(self._held, self._packed, strict=True):
            if part is not None:
                yield from (label.to_json() for label in part)
            else:
                yield from _unpacked(packed)

    def _part(self, number: int) -> tuple[Classification, ...]:
        """Return a part; one that was packed is held again for a while."""
        part = self._held[number]
        if part is None:
            part = self._held[number] = tuple(map(Classification.from_json, _unpacked(self._packed[number])))
        if self._packed[number] is not None:
            _opened.note(self, number)
        return part

    def pack(self, number: int) -> None:
        """Hold a part as packed JSON alone."""
        part = self._held[number]
        if part is not None and self._packed[number] is None:
            rows = json.dumps([label.to_json() for label in part], separators=(",", ":"))
            self._packed[number] = zlib.compress(rows.encode(), _LEVEL)
        self._held[number] = None


class _Recent:
    """Parts in the order in which they were made or opened; of more than ``most`` the first are packed."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._parts: OrderedDict[tuple[int, int], weakref.ref[Labels]] = OrderedDict()

    def note(self, labels: Labels, number: int) -> None:
        """Remember a part that was made or opened."""
        key = (id(labels), number)
        held = self._parts.get(key)
        if held is None or held() is not labels:  # the place in memory of one that is gone may be another's
            self._parts[key] = weakref.ref(labels)
        self._parts.move_to_end(key)
        while len(self._parts) > self._most:
            (_, number), first = self._parts.popitem(last=False)
            if (owner := first()) is not None:
                owner.pack(number)


_fresh, _opened = _Recent(_FRESH), _Recent(_OPENED)


def _flags(label: Classification) -> int:
    read = label.extraction
    return (
        (_FORM_BROKEN if read.form_broken else 0)
        | (_AMBIGUOUS if read.ambiguous else 0)
        | (_FLAGGED if read.flagged else 0)
        | (_NO_MARKER if read.marker is None else 0)
        | (_FAILED if label.failure else 0)
    )


def _unpacked(packed: bytes | None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(zlib.decompress(packed or b""))
    return rows


def _array(content: bytearray) -> "np.ndarray":
    import numpy as np

    return np.frombuffer(bytes(content), dtype=np.uint8)
