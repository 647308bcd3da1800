"""What a user writes for a problem set: a name or path, and behind a question mark what else to know of it.

``openai/gsm8k:main?split=train``, ``mine.csv?question=prompt&gold=label``.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ctlab.errors import ProblemSetError
from ctlab.file_options import path_and_options
from ctlab.problems.rows.row_form import BadRow, Row
from ctlab.problems.sources.source import Table
from ctlab.records.own_functions import nearest

COLUMNS = ("question", "gold", "solution", "options")
"""What a column of another name can be taken for."""
_KEYS = ("split", "id", *COLUMNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Locator:
    """A place with its remarks."""

    place: str
    """Name or path."""
    split: str | None = None
    """Split to read; None for the usual one."""
    columns: dict[str, str] = field(default_factory=dict)
    """Ours to the file's name of a column."""
    id_column: str | None = None
    """Column that names each row; None where that was not said, empty where none does."""

    @classmethod
    def parse(cls, text: str) -> "Locator":
        """Read what was written; a file whose very name has a question mark is that file."""
        place, asked = path_and_options(text, error=ProblemSetError)
        if not all(name in _KEYS and (value or name == "id") for name, value in asked.items()):
            raise ProblemSetError(
                f"behind the question mark of {text!r} stand {', '.join(_KEYS)} with a value each, as in "
                f"{place}?question=COLUMN&gold=COLUMN"
            )
        columns = {ours: asked[ours] for ours in COLUMNS if ours in asked}
        return cls(place=place, split=asked.get("split"), columns=columns, id_column=asked.get("id"))

    def named(self, table: Table) -> Table:
        """Give the columns of a table our names for them."""
        rows = renamed(table.rows, self.columns) if self.columns else table.rows
        return replace(table, rows=rows, columns=self.columns, id_column=self.id_column)


def renamed(rows: Iterable[tuple[int, Row | BadRow]], columns: Mapping[str, str]) -> Iterator[tuple[int, Row | BadRow]]:
    """Give columns our names; a row that lacks one is none."""
    for number, row in rows:
        yield number, row if isinstance(row, BadRow) else _renamed(row, columns)


def _renamed(row: Row, columns: Mapping[str, str]) -> Row | BadRow:
    for theirs in columns.values():
        if theirs not in row:
            found = ", ".join(f'"{name}"' for name in row)
            return BadRow(f'there is no column "{theirs}", it has {found}{nearest(theirs, map(str, row))}')
    taken = {*columns.values(), *columns}
    rest = {name: value for name, value in row.items() if name not in taken}
    return {**{ours: row[theirs] for ours, theirs in columns.items()}, **rest}
