"""CSV and TSV files: a line of column names, then a row each."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ctlab import formatting
from ctlab.delimited_text import DelimitedText, read_delimited
from ctlab.errors import ProblemSetError
from ctlab.inputs import parse_json, read_text, shown
from ctlab.problems.rows.row_form import BadRow, Row
from ctlab.problems.sources.source import Source, Table, set_name

_SUFFIXES = (".csv", ".tsv")
_AGAIN = "the first line stands here again, as where two files were joined; remove it, and see that no id stands twice"


class CsvFile(Source):
    """A table as spreadsheets and pandas write it."""

    def recognises(self, name: str) -> bool:
        """By its suffix: any text could be a table of one column."""
        path = Path(name).expanduser()
        return path.suffix.lower() in _SUFFIXES and path.is_file()

    def table(self, name: str, split: str) -> Table:
        """Read every row; rows are numbered by the line that they begin on."""
        path = Path(name).expanduser()
        text = read_text(path, error=ProblemSetError)
        table = read_delimited(text, delimiter="\t" if path.suffix.lower() == ".tsv" else None)
        if twice := table.twice:
            raise ProblemSetError(
                f"{path.name}: two columns are called {shown(twice)}, and one of the two would be lost; rename one"
            )
        # Spreadsheets write rows of nothing but delimiters below a table, which are as empty as an empty line.
        kept = tuple(row for row in table.rows if row.fault or any(map(str.strip, row.cells.values())))
        notes = _notes(table, len(table.rows) - len(kept))
        rows = _rows(replace(table, rows=kept), path.name)
        return Table(name=set_name(path), origin=path.name, rows=rows, notes=notes)


CSV_FILE = CsvFile(described="a CSV or TSV file")


def _notes(table: DelimitedText, empty: int) -> tuple[str, ...]:
    """What a reader should know of how a table was read."""
    said = []
    if table.decimal_commas:
        said.append(f"commas are decimal marks: {formatting.listed(table.decimal_commas)}")
    if table.decimal_points:
        said.append(
            f"points are decimal marks: {formatting.listed(table.decimal_points)}; where they group digits write none"
        )
    if empty:
        said.append(f"{formatting.counted(empty, 'empty row')} left out")
    return tuple(said)


def _rows(table: DelimitedText, name: str) -> Iterator[tuple[int, Row | BadRow]]:
    again = [(line, BadRow(_AGAIN)) for line in table.headers]
    rows = [(row.line, BadRow(row.fault) if row.fault else _values(row.cells, name, row.line)) for row in table.rows]
    yield from sorted([*rows, *again], key=lambda each: each[0])


def _values(cells: Row, name: str, line: int) -> Row:
    return {column: _value(cell, name, line) for column, cell in cells.items()}


def _value(cell: str, name: str, line: int) -> Any:
    """Read a cell: lists and objects stand in it as JSON, everything else is its text."""
    if cell.startswith(("[", "{")) and cell.endswith(("]", "}")):
        try:
            return parse_json(cell, f"{name}, line {line}", error=ProblemSetError, as_written=True)
        except ProblemSetError:
            return cell  # a question may well begin with a bracket
    return cell
