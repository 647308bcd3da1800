"""A report's files: bytes, text, JSON and rows; each appears whole or not at all, and JSON is read back."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ctlab import inputs
from ctlab.errors import InputError
from ctlab.files import replacing


def write_bytes(path: Path, content: bytes) -> Path:
    """Write a file as a whole."""
    try:
        with replacing(path) as file:
            file.write(content)
    except OSError as error:
        raise _refused(path, error) from error
    return path


def _refused(path: Path, error: OSError) -> InputError:
    return InputError(f"The report cannot be written to {path.parent}: {error.strerror}; choose another folder.")


def write_text(path: Path, text: str) -> Path:
    """Write text as UTF-8; what a model wrote may hold half a surrogate pair, which becomes a question mark."""
    return write_bytes(path, text.encode("utf-8", "replace"))


def write_json(path: Path, value: Any, indent: int | None = 2) -> Path:
    """Write one object, indented unless told otherwise."""
    return write_bytes(path, encoded(value, indent=indent) + b"\n")


def write_rows(path: Path, rows: Sequence[Any]) -> Path:
    """Write a list, one element a line, so that thousands of rows stay readable and comparable."""
    try:
        with replacing(path) as file:
            file.write(b"[\n")
            for number, row in enumerate(rows):
                file.write((b",\n" if number else b"") + encoded(row))
            file.write(b"\n]\n")
    except OSError as error:
        raise _refused(path, error) from error
    return path


def encoded(value: Any, indent: int | None = None) -> bytes:
    """Write one value as UTF-8 JSON: finite numbers only; half a surrogate pair as its escape."""
    try:
        text = json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        raise InputError(f"A report holds finite numbers only: {error}.") from error
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, indent=indent, allow_nan=False).encode()


def read_json(path: Path) -> object:
    """Read a JSON file of a report, naming the file in every error."""
    advice = "give the folder of a report, such as reports/latest; where it was edited, run the claims again"
    content: object = inputs.read_json(path, error=InputError, advice=advice)
    return content
