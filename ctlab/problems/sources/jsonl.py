"""JSONL files: one JSON object a line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ctlab.errors import ProblemSetError
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


def read_jsonl(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Read a JSONL file as (line number from 1, object); blank lines are passed over."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ProblemSetError(f"{path.name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ProblemSetError(f"{path.name} is not UTF-8 text") from None
    # Not splitlines(): a JSON string may hold U+2028, which that would split at.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, parse_float=str)  # numbers as written: 18.50 is not 18.5
        except (json.JSONDecodeError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
            raise ProblemSetError(f"{path.name}, line {number}: not a JSON object ({reason})") from None
        if not isinstance(row, dict):
            raise ProblemSetError(f"{path.name}, line {number}: a row is a JSON object, not {type(row).__name__}")
        yield number, row


def _begins_with_object(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(_LOOK).lstrip().startswith(b"{")
    except OSError as error:
        raise ProblemSetError(f"{path.name} cannot be read: {error.strerror}") from None
