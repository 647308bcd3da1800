"""JSONL files: one JSON object a line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ctlab.errors import CtlabError, ProblemSetError
from ctlab.inputs import read_json_lines, shown
from ctlab.problems.sources.source import Source, Table, file_begins, set_name

_SUFFIXES = (".jsonl", ".ndjson")
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
        return Table(name=set_name(path), origin=path.name, rows=read_jsonl(path))


JSONL = JsonLines(described="a JSONL file")


def read_jsonl(path: Path, error: type[CtlabError] = ProblemSetError) -> Iterator[tuple[int, dict[str, Any]]]:
    """Read a JSONL file as (line number from 1, object); blank lines are passed over."""
    for number, row in read_json_lines(path, error=error):
        if not isinstance(row, dict):
            raise error(f"{path.name}, line {number}: a row is a JSON object, not {shown(row)}; write one a line")
        yield number, row


def _begins_with_object(path: Path) -> bool:
    begins = file_begins(path, _LOOK)
    if path.suffix == ".json":  # an object a line, as `datasets` and pandas call it, and not one object over many
        first, _, rest = begins.partition(b"\n")
        return first.startswith(b"{") and first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")
    return begins.startswith(b"{")
