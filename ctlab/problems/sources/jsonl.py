"""JSONL files: one JSON object a line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ctlab.errors import CtlabError, ProblemSetError
from ctlab.inputs import parse_json, read_json_lines, read_text, shown
from ctlab.problems.rows.row_form import BadRow, Row
from ctlab.problems.sources.source import Source, Table, file_begins, set_name

_SUFFIXES = (".jsonl", ".ndjson")
_HERE = "row"
_LOOK = 1 << 20  # bytes in which the second row must begin: rows of ProsQA have up to 2,600


class JsonLines(Source):
    """A file with one problem a line."""

    def recognises(self, name: str) -> bool:
        """By its suffix, or by its beginning with an object that ends on its line."""
        path = Path(name).expanduser()
        return path.is_file() and (path.suffix in _SUFFIXES or _begins_with_object(path))

    def table(self, name: str, split: str) -> Table:
        """Read every line."""
        path = Path(name).expanduser()
        return Table(name=set_name(path), origin=path.name, rows=_rows(path))


JSONL = JsonLines(described="a JSONL file")


def read_jsonl(path: Path, error: type[CtlabError] = ProblemSetError) -> Iterator[tuple[int, dict[str, Any]]]:
    """Read a JSONL file as (line number from 1, object); blank lines are passed over."""
    for number, row in read_json_lines(path, error=error):
        if not isinstance(row, dict):
            raise error(f"{path.name}, line {number}: a row is a JSON object, not {shown(row)}; write one a line")
        yield number, row


def _rows(path: Path) -> Iterator[tuple[int, Row | BadRow]]:
    """Read every line, whatever is wrong with others."""
    for number, line in enumerate(read_text(path, error=ProblemSetError).split("\n"), start=1):
        if line.strip():
            yield number, _row(line)


def _row(line: str) -> Row | BadRow:
    try:
        row = parse_json(line, _HERE, error=ProblemSetError, as_written=True)
    except ProblemSetError as error:
        return BadRow(str(error).partition(": ")[2])  # behind the name and its one line
    return row if isinstance(row, dict) else BadRow(f"a row is a JSON object, not {shown(row)}; write one a line")


def _begins_with_object(path: Path) -> bool:
    begins = file_begins(path, _LOOK)
    if path.suffix == ".json":  # an object a line, as `datasets` and pandas call it, and not one object over many
        first, _, rest = begins.partition(b"\n")
        return first.startswith(b"{") and first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")
    return begins.startswith(b"{")
