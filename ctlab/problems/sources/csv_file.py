"""CSV and TSV files: a line of column names, then a row each."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ctlab.errors import ProblemSetError
from ctlab.inputs import parse_json, read_text, shown
from ctlab.problems.rows.row_form import Row
from ctlab.problems.sources.source import Source, Table, set_name

_SUFFIXES = (".csv", ".tsv")
_SEPARATORS = ",;\t"
# A cell is at most what the csv module reads by default, 131,072 characters; a worked solution of GSM8K has 1,228.


class CsvFile(Source):
    """A table as spreadsheets and pandas write it."""

    def recognises(self, name: str) -> bool:
        """By its suffix: any text could be a table of one column."""
        path = Path(name).expanduser()
        return path.suffix.lower() in _SUFFIXES and path.is_file()

    def table(self, name: str, split: str) -> Table:
        """Read every row; rows are numbered by the line that they begin on."""
        path = Path(name).expanduser()
        return Table(name=set_name(path), origin=path.name, rows=_rows(read_text(path, error=ProblemSetError), path))


CSV_FILE = CsvFile(described="a CSV or TSV file")


def _rows(text: str, path: Path) -> Iterator[tuple[int, Row]]:
    head = text.partition("\n")[0]
    # Spreadsheets write semicolons where a comma is the decimal mark; what the names are separated by, the rows are.
    separator = "\t" if path.suffix.lower() == ".tsv" else max(_SEPARATORS, key=head.count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    columns: list[str] | None = None
    line = 1
    try:
        for cells in table:
            if columns is None:
                columns = _named(cells, path.name)
            elif cells:
                if len(cells) != len(columns):
                    raise ProblemSetError(
                        f"{path.name}, line {line}: the row has {len(cells)} cells and the first line names "
                        f"{len(columns)} columns; put cells that hold a separator in double quotes"
                    )
                yield line, {name: _value(cell, path.name, line) for name, cell in zip(columns, cells, strict=True)}
            line = table.line_num + 1
    except csv.Error as error:
        raise ProblemSetError(f"{path.name}, line {line}: it is no CSV ({error}); write it anew") from None


def _named(cells: list[str], name: str) -> list[str]:
    columns = [cell.strip() for cell in cells]
    if twice := next((column for column in columns if columns.count(column) > 1), None):
        raise ProblemSetError(f"{name}: two columns are called {shown(twice)}, and one of the two would be lost")
    return columns


def _value(cell: str, name: str, line: int) -> Any:
    """Read a cell: lists and objects stand in it as JSON, everything else is its text."""
    if cell.startswith(("[", "{")) and cell.endswith(("]", "}")):
        try:
            return parse_json(cell, f"{name}, line {line}", error=ProblemSetError, as_written=True)
        except ProblemSetError:
            return cell  # a question may well begin with a bracket
    return cell
