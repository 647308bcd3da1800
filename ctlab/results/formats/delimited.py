"""CSV and TSV: the first line names the columns."""

from collections.abc import Mapping

from ctlab import formatting
from ctlab.delimited_text import DelimitedText, delimiter_of, read_delimited
from ctlab.errors import RecordedError
from ctlab.inputs import shown
from ctlab.problems.text.numbers import parse_number
from ctlab.records.result_row import Results
from ctlab.results.columns import NAMES
from ctlab.results.result_file import ResultFile
from ctlab.results.result_format import ALL_ROLES, ReadOptions, ResultFormat
from ctlab.results.table_rows import table_results

_PARTED = {";": "semicolons", "\t": "tabs"}
"""What stands between cells where a comma may be the decimal mark."""
_SUFFIXES = (".csv", ".tsv")
_SENTENCE = 4  # blanks that no column's name has
_KNOWN = frozenset(name for names in NAMES.values() for name in names) | {"answer"}


class Delimited(ResultFormat):
    """Cells between commas, tabs, semicolons or bars; a cell in quotes may hold any of them and line breaks."""

    def recognises(self, file: ResultFile) -> bool:
        """By its suffix, or by a first line of several cells of which one is a column's usual name."""
        if file.is_lines or file.is_document or not file.text:
            return False
        if file.path.suffix.lower() in _SUFFIXES:
            return True
        line = file.text.lstrip("\n").partition("\n")[0].strip()
        cells = [cell.strip().strip('"').casefold() for cell in line.split(delimiter_of(line))]
        return len(cells) > 1 and not _KNOWN.isdisjoint(cells)

    def read(self, file: ResultFile, options: ReadOptions) -> Results:
        """Read every row."""
        table = read_delimited(file.text)
        rows = _rows(table, file.name)
        if rows and not options.columns and _reads_like_data(names := list(rows[0][1])):
            raise RecordedError(
                f"{file.name}: its first line names no columns ({', '.join(map(shown, names[:4]))}); write one above "
                "it, such as id,question,answer,gold,correct"
            )
        return table_results(file, rows, options, format=self.name, notes=_notes(table))


DELIMITED = Delimited(name="csv", described="a CSV or TSV file whose first line names the columns", maps=ALL_ROLES)


def _reads_like_data(names: list[str]) -> bool:
    """Whether a first line is a row and no header: no usual name in it, and a number or a sentence."""
    cells = [name.strip().casefold() for name in names]
    return _KNOWN.isdisjoint(cells) and any(parse_number(cell) or cell.count(" ") >= _SENTENCE for cell in cells)


def _rows(table: DelimitedText, file: str) -> list[tuple[str, Mapping[str, str]]]:
    """Return every row by its line; RecordedError names the first that is none."""
    if twice := table.twice:
        raise RecordedError(f"{file}: the column {shown(twice)} stands twice in its first line; rename one")
    for row in table.rows:
        if row.fault:
            raise RecordedError(f"{file}, line {row.line}: {row.fault}")
    return [(f"line {row.line}", row.cells) for row in table.rows]


def _notes(table: DelimitedText) -> tuple[str, ...]:
    """Say which lines are no rows, and which commas were read as decimal marks."""
    notes = []
    if table.headers:
        lines = f"line{'s' if len(table.headers) > 1 else ''} {formatting.listed(list(map(str, table.headers)))}"
        notes.append(f"left out: {lines}, the header again (two files joined?)")
    if table.decimal_commas:
        columns = formatting.listed(table.decimal_commas)
        notes.append(f"cells are parted by {_PARTED[table.delimiter]}, and commas are decimal marks: {columns}")
    return tuple(notes)
