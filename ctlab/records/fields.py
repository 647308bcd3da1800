"""A row's own columns: a mapping that can be hashed, because what is worked out of it is remembered by it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any


class Fields(Mapping[str, Any]):
    """Columns of a row by name, in the file's order, as JSON values; equal where they hold the same, in any order."""

    __slots__ = ("_canonical", "_columns")

    def __init__(self, columns: Mapping[str, Any] | None = None) -> None:
        self._columns = dict(columns or {})
        self._canonical: str | None = None

    @property
    def canonical(self) -> str:
        """One text for equal columns: JSON with sorted keys; what JSON cannot hold is written as its ``repr``."""
        if self._canonical is None:
            self._canonical = json.dumps(self._columns, sort_keys=True, ensure_ascii=True, default=repr)
        return self._canonical

    def __getitem__(self, name: str) -> Any:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __eq__(self, other: object) -> bool:
        return self.canonical == other.canonical if isinstance(other, Fields) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.canonical)

    def __repr__(self) -> str:
        return f"Fields({self._columns!r})"


NO_FIELDS = Fields()
"""Of a row that has no columns of its own."""
