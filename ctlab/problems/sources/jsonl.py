"""JSONL files: one JSON object a line."""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ctlab.errors import CtlabError, ProblemSetError
from ctlab.inputs import read_json_lines, shown
from ctlab.problems.problem import ProblemSet
from ctlab.problems.rows.read_rows import problems_of_rows
from ctlab.problems.sources.source import Source, set_name

_LOOK = 1024  # bytes in which the first object must begin


class JsonLines(Source):
    """A file with one problem a line."""

    def recognises(self, name: str) -> bool:
        """By its suffix, or by its beginning with an object."""
        path = Path(name).expanduser()
        return path.is_file() and (path.suffix == ".jsonl" or _begins_with_object(path))

    def read(self, name: str, split: str) -> ProblemSet:
        """Read every line."""
        path = Path(name).expanduser()
        return ProblemSet(set_name(path), problems_of_rows(read_jsonl(path), path.name))


JSONL = JsonLines(described="a JSONL file")


def read_jsonl(path: Path, error: type[CtlabError] = ProblemSetError) -> Iterator[tuple[int, dict[str, Any]]]:
    """Read a JSONL file as (line number from 1, object); blank lines are passed over."""
    for number, row in read_json_lines(path, error=error):
        if not isinstance(row, dict):
            raise error(f"{path.name}, line {number}: a row is a JSON object, not {shown(row)}; write one a line")
        yield number, row


def _begins_with_object(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(_LOOK).removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{")
    except OSError as error:
        raise ProblemSetError(f"{path.name} cannot be read: {error.strerror}") from None
