"""What a user writes for a problem set: a name or path, and behind a question mark what else to know of it.

``openai/gsm8k:main?split=train``, ``mine.csv?question=prompt&gold=label``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import parse_qsl

from ctlab.errors import ProblemSetError
from ctlab.problems.rows.row_form import Row
from ctlab.problems.sources.source import Table

COLUMNS = ("question", "gold", "solution", "options")
"""What a column of another name can be taken for."""
_KEYS = ("split", *COLUMNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Locator:
    """A place with its remarks."""

    place: str
    """Name or path."""
    split: str | None = None
    """Split to read; None for the usual one."""
    columns: dict[str, str] = field(default_factory=dict)
    """Ours to the file's name of a column."""

    @classmethod
    def parse(cls, text: str) -> "Locator":
        """Read what was written; a file whose very name has a question mark is that file."""
        place, mark, query = text.rpartition("?")
        if not mark or not place or Path(text).expanduser().exists():
            return cls(place=text)
        pairs = parse_qsl(query, keep_blank_values=True)
        asked = dict(pairs)
        unknown = [name for name in asked if name not in _KEYS]
        if unknown or not asked or len(asked) < len(pairs) or not all(asked.values()):
            raise ProblemSetError(
                f"behind the question mark of {text!r} stand {', '.join(_KEYS)} with a value each, as in "
                f"{place}?question=COLUMN&gold=COLUMN"
            )
        columns = {ours: asked[ours] for ours in COLUMNS if ours in asked}
        return cls(place=place, split=asked.get("split"), columns=columns)

    def named(self, table: Table) -> Table:
        """Give the columns of a table our names for them."""
        return replace(table, rows=self._renamed(table)) if self.columns else table

    def _renamed(self, table: Table) -> Iterator[tuple[int, Row]]:
        for number, row in table.rows:
            for theirs in self.columns.values():
                if theirs not in row:
                    found = ", ".join(f'"{name}"' for name in row)
                    raise ProblemSetError(
                        f'{table.origin}, {table.unit} {number}: there is no column "{theirs}", it has {found}'
                    )
            taken = {*self.columns.values(), *self.columns}
            rest = {name: value for name, value in row.items() if name not in taken}
            yield number, {**{ours: row[theirs] for ours, theirs in self.columns.items()}, **rest}
