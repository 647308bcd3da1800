"""CSV, TSV and their like: rows by the names of the first line, each row that is none with what is wrong with it.

One reader for problems and for results: what stands between cells, where a row begins, a first line that stands again,
a quotation mark without a partner, and decimal commas.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ctlab.inputs import MOST_BYTES, shortened

DELIMITERS = ",;\t|"
"""What may stand between cells; of equals the first."""
_LOCAL = ";\t"
"""What stands between cells where a comma is the decimal mark: spreadsheets of half the world write these."""
# A comma that cannot group digits: 3,5 and 0,125 and 1.234,50. A point that cannot: 3.5 and 1,234.50. What could be
# either (1,234) says nothing by itself, and what is neither (1,2,3) says that commas part items.
_COMMA = re.compile(r"[-+]?(?:\d++,(?:\d{1,2}|\d{4,})|0,\d++|\d{1,3}(?:\.\d{3})++,\d++)%?")
_POINT = re.compile(r"[-+]?(?:\d*+\.(?:\d{1,2}|\d{4,})|0\.\d++|\d{1,3}(?:,\d{3})++\.\d++|\d{1,3}(?:,\d{3}){2,})%?")
_RULE = re.compile(r"\s*+(?::?-{3,}:?)?\s*+")
_ITEMS = re.compile(r"\d++(?:,\d++){2,}")
_GROUP_OR_POINT = re.compile(r"[-+]?[1-9]\d{0,2}\.\d{3}%?")
_NUMBER = re.compile(r"[-+]?[\d.,]*\d[\d.,]*%?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a table."""

    line: int
    """Line on which it begins, from 1."""
    cells: Mapping[str, str]
    """Cells by column; empty where `fault` says why it is no row."""
    fault: str = ""
    """What is wrong with it, and the next step; empty where nothing is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DelimitedText:
    """A table as it was written."""

    names: tuple[str, ...]
    """Columns, as the first line names them."""
    rows: tuple[Row, ...]
    """Rows in order, faulty ones too."""
    delimiter: str
    """What stands between cells."""
    headers: tuple[int, ...]
    """Lines on which the first line stands again, as it does where two files were joined."""
    decimal_commas: tuple[str, ...] = ()
    """Columns whose commas are decimal marks, written as points, each with an example: ``gold (3,5 is 3.5)``."""
    decimal_points: tuple[str, ...] = ()
    """Columns whose points may as well group digits, where commas may be decimal marks: ``gold (1.200 is 1.2)``."""

    @property
    def twice(self) -> str | None:
        """A name that two columns have; None where each has its own. Columns without a name are nobody's."""
        return next((name for name in self.names if name and self.names.count(name) > 1), None)


def delimiter_of(line: str, among: str = DELIMITERS) -> str:
    """Return what most often stands between the cells of a first line."""
    return max(among, key=line.count)


def read_delimited(text: str, *, delimiter: str | None = None) -> DelimitedText:
    """Read a table; cells in quotes may hold delimiters and line breaks."""
    delimiter = delimiter or delimiter_of(text.lstrip("\n").partition("\n")[0])
    before = csv.field_size_limit(MOST_BYTES)  # an answer may be longer than what csv reads by default
    try:
        names, rows, headers = _parts(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    finally:
        csv.field_size_limit(before)
    table = DelimitedText(names=names, rows=tuple(rows), delimiter=delimiter, headers=tuple(headers))
    return _with_points(table) if delimiter in _LOCAL else table


def _parts(reader: "Iterator[list[str]]") -> tuple[tuple[str, ...], list[Row], list[int]]:
    """Return names, rows, and lines on which the names stand again; a line that is no CSV ends the table."""
    names: tuple[str, ...] | None = None
    rows: list[Row] = []
    headers: list[int] = []
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            rows.append(Row(line=line, cells={}, fault=_no_csv(error)))
            break
        if cells is None:
            break
        if cells and names is None:
            names = tuple(cell.strip() for cell in cells)
        elif not rows and any("---" in cell for cell in cells) and all(map(_RULE.fullmatch, cells)):
            pass  # Markdown draws a line below the names
        elif names is not None and tuple(cell.strip() for cell in cells) == names:
            headers.append(line)
        elif cells and names is not None:
            rows.append(_row(line, names, cells))
        line = reader.line_num + 1  # type: ignore[attr-defined]  # csv.reader's own, which typeshed hides
    return names or (), rows, headers


def _row(line: int, names: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) == len(names):
        return Row(line=line, cells=dict(zip(names, cells, strict=True)))
    title = "if a title stands above the names of the columns, remove it; else " if len(names) == 1 else ""
    named = f"{len(names)} column{'s' if len(names) != 1 else ''}"
    fault = (
        f"it has {len(cells)} cells, and the first line names {named}; {title}put cells that hold the delimiter in "
        "double quotes"
    )
    return Row(line=line, cells={}, fault=fault)


def _no_csv(error: csv.Error) -> str:
    if "unexpected end of data" in str(error):
        return (
            "it is no CSV: a quotation mark that opens in this row is never closed, and takes the rest of the file; "
            'close it, or write it twice ("")'
        )
    return f'it is no CSV ({shortened(str(error))}); write a quotation mark inside of quotes twice ("")'


def _with_points(table: DelimitedText) -> DelimitedText:
    """Write decimal commas as points, in the columns where a comma can be nothing else."""
    said: dict[str, str] = {}
    unsure: list[str] = []
    for name in table.names:
        if example := _decimal_comma(row.cells.get(name, "") for row in table.rows):
            said[name] = f"{name} ({example} is {_pointed(example)})"
        elif example := _group_or_point(row.cells.get(name, "") for row in table.rows):
            unsure.append(f"{name} ({example} is {example.rstrip('0')})")
    table = replace(table, decimal_points=tuple(unsure))
    if not said:
        return table
    rows = tuple(
        replace(row, cells={name: _pointed(cell) if name in said else cell for name, cell in row.cells.items()})
        for row in table.rows
    )
    return replace(table, rows=rows, decimal_commas=tuple(said.values()))


def _decimal_comma(cells: Iterable[str]) -> str:
    """Return a cell that only a decimal comma explains, where no cell of its column says otherwise; else nothing."""
    example = ""
    for cell in (cell.strip() for cell in cells):
        if _POINT.fullmatch(cell) or _ITEMS.fullmatch(cell):
            return ""
        example = example or (cell if _COMMA.fullmatch(cell) else "")
    return example


def _group_or_point(cells: Iterable[str]) -> str:
    """Return a cell whose point may group digits, 1.200, where no cell of its column says; else nothing."""
    example = ""
    for cell in (cell.strip() for cell in cells):
        if _POINT.fullmatch(cell):
            return ""
        example = example or (cell if _GROUP_OR_POINT.fullmatch(cell) else "")
    return example


def _pointed(cell: str) -> str:
    """Write a number with a decimal point and without what groups its digits; any other cell stays as it is."""
    bare = cell.strip()
    return bare.replace(".", "").replace(",", ".") if _NUMBER.fullmatch(bare) else cell


def decimal_comma_meant(text: str) -> str:
    """Return what a number with a decimal comma is with a point, ``3.5`` for ``3,5``; empty where it is none."""
    return _pointed(text) if _COMMA.fullmatch(text.strip()) else ""
