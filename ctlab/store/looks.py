"""The looks of a store: a line of JSON for every verdict that was seen, appended and never rewritten."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from ctlab.errors import StoreError
from ctlab.files import append, check_writable
from ctlab.records.look import Look

LOOKS = "looks.jsonl"
"""Their file in the store."""


def read_looks(root: Path, say: Callable[[str], None]) -> tuple[Look, ...]:
    """Return all looks, oldest first; a line that cannot be read is said and passed over."""
    path = root / LOOKS
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"cannot read {path}: {error}; check the store's permissions") from error
    looks = []
    for number, line in enumerate(lines, start=1):
        try:
            looks.append(Look.from_json(json.loads(line)))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            say(f"{path}, line {number} is damaged; what was seen then is not counted")
    return tuple(looks)


def append_looks(root: Path, looks: Iterable[Look]) -> None:
    """Append looks in one write, so that two runs that end together do not mix their lines."""
    text = "".join(json.dumps(look.to_json(), ensure_ascii=False) + "\n" for look in looks)
    if not text:
        return
    check_writable(root)
    path = root / LOOKS
    try:
        append(path, text.encode())
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror or error}; looks are counted there") from error
