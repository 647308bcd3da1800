"""One file of results that nobody knows yet: what it begins with and what it holds, each read once at most."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from ctlab.errors import RecordedError
from ctlab.inputs import parse_json, read_json_lines, read_start, read_text, shown
from ctlab.mistaken_files import LOOKED_AT, told_by_start

_ZIP, _PARQUET = b"PK\x03\x04", b"PAR1"
ADVICE = "give a whole result file (docs/results.md)"


class ResultFile:
    """A file, or a folder, and what can be said of it without knowing its format; RecordedError where it is unfit."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """What a sentence calls it."""
        return self.path.name

    @cached_property
    def is_folder(self) -> bool:
        """Whether it is a folder, as some tools write one a run."""
        return self.path.is_dir()

    @cached_property
    def start(self) -> bytes:
        """Its first bytes; none of a folder."""
        return b"" if self.is_folder else read_start(self.path, LOOKED_AT, error=RecordedError)

    @property
    def is_zip(self) -> bool:
        """Whether it is a zip archive, by its first bytes."""
        return self.start.startswith(_ZIP)

    @property
    def is_parquet(self) -> bool:
        """Whether it is a parquet file, by its first bytes."""
        return self.start.startswith(_PARQUET)

    @cached_property
    def text(self) -> str:
        """All of it as text; empty for what holds none, such as a folder or an archive."""
        if self.is_folder or self.is_zip or self.is_parquet:
            return ""
        self._refuse_what_is_no_text()
        return read_text(self.path, error=RecordedError, advice=ADVICE)

    @cached_property
    def is_lines(self) -> bool:
        """Whether it is JSON lines: several, each an object, or whatever is called ``.jsonl``."""
        if self.path.suffix.lower() in (".jsonl", ".ndjson"):
            return not (self.is_folder or self.is_zip or self.is_parquet)
        lines = (line.strip() for line in self.text.split("\n"))
        first = next(filter(None, lines), "")
        more = next(filter(None, lines), "")
        return first.startswith("{") and first.endswith("}") and more.startswith("{")

    @cached_property
    def is_document(self) -> bool:
        """Whether it is one JSON value, by how it begins."""
        return not self.is_lines and self.text.lstrip()[:1] in ("{", "[")

    @cached_property
    def rows(self) -> list[tuple[int, Mapping[str, Any]]]:
        """Objects of JSON lines with their numbers from 1; none of what is no JSON lines."""
        if not self.is_lines:
            return []
        self._refuse_what_is_no_text()
        rows: list[tuple[int, Mapping[str, Any]]] = []
        for number, row in read_json_lines(self.path, error=RecordedError, advice=ADVICE):
            if not isinstance(row, dict):
                raise RecordedError(
                    f"{self.name}, line {number}: a row is a JSON object, not {shown(row)}; write one a line"
                )
            rows.append((number, row))
        return rows

    @cached_property
    def document(self) -> Any:
        """The JSON value, numbers with decimals as they are written; None of what is no document."""
        if not self.is_document:
            return None
        return parse_json(self.text, str(self.path), error=RecordedError, advice=ADVICE, as_written=True)

    @cached_property
    def first(self) -> Mapping[str, Any]:
        """The first object: of JSON lines a row, of a document itself or its first element; empty where none is."""
        if self.is_lines:
            return self.rows[0][1] if self.rows else {}
        value = self.document
        if isinstance(value, list) and value:
            value = value[0]
        return value if isinstance(value, dict) else {}

    def _refuse_what_is_no_text(self) -> None:
        """Say what a file is that no format is looked for in."""
        start = self.start
        if told := told_by_start(start):
            raise RecordedError(f"{self.name} is {told}")
        if not start.removeprefix(b"\xef\xbb\xbf").strip() and len(start) < LOOKED_AT:
            raise RecordedError(f"{self.name} is empty: it holds no answers; {ADVICE}")
        # Text in UTF-16 holds zero bytes, too, and is named by whoever decodes it.
        if b"\x00" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
            raise RecordedError(f"{self.name} is binary and in no format that is known here; {ADVICE}")
