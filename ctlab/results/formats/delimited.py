"""CSV and TSV: the first line names the columns."""

import csv
import io
from collections.abc import Mapping

from ctlab.errors import RecordedError
from ctlab.inputs import MOST_BYTES, shortened, shown
from ctlab.problems.text.numbers import parse_number
from ctlab.records.result_row import Results
from ctlab.results.columns import NAMES
from ctlab.results.result_file import ResultFile
from ctlab.results.result_format import ALL_ROLES, ReadOptions, ResultFormat
from ctlab.results.table_rows import table_results

_SUFFIXES = (".csv", ".tsv")
_DELIMITERS = ("\t", ",", ";", "|")
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
        cells = [cell.strip().strip('"').casefold() for cell in line.split(_delimiter(line))]
        return len(cells) > 1 and not _KNOWN.isdisjoint(cells)

    def read(self, file: ResultFile, options: ReadOptions) -> Results:
        """Read every row."""
        rows = _rows(file)
        if rows and not options.columns and _reads_like_data(names := list(rows[0][1])):
            raise RecordedError(
                f"{file.name}: its first line names no columns ({', '.join(map(shown, names[:4]))}); write one above "
                "it, such as id,question,answer,gold,correct"
            )
        return table_results(file, rows, options, format=self.name)


DELIMITED = Delimited(name="csv", described="a CSV or TSV file whose first line names the columns", maps=ALL_ROLES)


def _delimiter(line: str) -> str:
    """What most often stands between the cells of the first line."""
    return max(_DELIMITERS, key=line.count)


def _reads_like_data(names: list[str]) -> bool:
    """Whether a first line is a row and no header: no usual name in it, and a number or a sentence."""
    cells = [name.strip().casefold() for name in names]
    return _KNOWN.isdisjoint(cells) and any(parse_number(cell) or cell.count(" ") >= _SENTENCE for cell in cells)


def _rows(file: ResultFile) -> list[tuple[str, Mapping[str, str]]]:
    text = file.text
    before = csv.field_size_limit(MOST_BYTES)  # an answer may be longer than what csv reads by default
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text.partition("\n")[0]), strict=True)
        names = next(reader, [])
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise RecordedError(f"{file.name}: the column {shown(twice)} stands twice in its first line; rename one")
        rows: list[tuple[str, Mapping[str, str]]] = []
        line = reader.line_num + 1
        for cells in reader:
            if cells and len(cells) != len(names):
                raise RecordedError(
                    f"{file.name}, line {line}: it has {len(cells)} cells, and the first line names {len(names)} "
                    f"columns; quote cells that hold the delimiter"
                )
            if cells:
                rows.append((f"line {line}", dict(zip(names, cells, strict=True))))
            line = reader.line_num + 1
    except csv.Error as error:
        raise RecordedError(
            f"{file.name}, line {reader.line_num}: it is no CSV ({shortened(str(error))}); write it again"
        ) from None
    finally:
        csv.field_size_limit(before)
    return rows
