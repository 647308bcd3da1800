"""JSON files: a list of rows, or an object of rows by name."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ctlab.errors import ProblemSetError
from ctlab.inputs import read_json, shown
from ctlab.mistaken_files import told_by_keys
from ctlab.problems.rows.row_form import BadRow, Row
from ctlab.problems.sources.source import Source, Table, file_begins, set_name


class JsonFile(Source):
    """A file that is one JSON value: Coconut's lists, SVAMP, StrategyQA, the generator of ProntoQA."""

    def recognises(self, name: str) -> bool:
        """By its suffix, or by its beginning with a list of objects."""
        path = Path(name).expanduser()
        if not path.is_file():
            return False
        return path.suffix == ".json" or file_begins(path).replace(b" ", b"").replace(b"\n", b"").startswith(b"[{")

    def table(self, name: str, split: str) -> Table:
        """Read the file as a whole; numbers with decimals stay as they are written."""
        path = Path(name).expanduser()
        content = read_json(path, error=ProblemSetError, as_written=True)
        return Table(name=set_name(path), origin=path.name, rows=_rows(content, path.name), unit="row")


JSON_FILE = JsonFile(described="a JSON file (a list of rows, or rows by name)")


def _rows(content: Any, name: str) -> Iterator[tuple[int, Row | BadRow]]:
    if isinstance(content, dict):
        if told := told_by_keys(content):
            raise ProblemSetError(f"{name} is {told}")
        lists = [part for part in content.values() if isinstance(part, list) and _objects(part)]
        if content and _objects([*content.values()]):
            # {"example1": {…}, "example2": {…}}: the name is the row's id.
            content = [{"id": key, **row} for key, row in content.items()]
        elif len(lists) == 1:
            content = lists[0]  # {"version": …, "examples": [{…}, {…}]}
        else:
            content = [content]  # one row
    if not isinstance(content, list):
        raise ProblemSetError(
            f"{name}: a JSON file of problems is a list of rows, or an object of rows by name, not {shown(content)}"
        )
    for number, row in enumerate(content, start=1):
        yield number, row if isinstance(row, dict) else BadRow(f"a row is a JSON object, not {shown(row)}")


def _objects(parts: list[Any]) -> bool:
    return bool(parts) and all(isinstance(part, dict) for part in parts)
