"""Small files beside the generations: certificates, classifications, timings, measurements.

Everything here is derived, so a broken one is made again. A file is the checksum of its body, a line break, the body.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ctlab.errors import StoreError
from ctlab.files import publish, sha256
from ctlab.records.generation import RunKey

# Names become names of files, on file systems that tell no capitals apart too.
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}\Z")


def read_record(folder: Path, key: RunKey, name: str, version: str, say: Callable[[str], None]) -> Any:
    """Return a stored JSON value, None when there is none or it is damaged (which is said)."""
    body = read_bytes(folder, key, name, version, say)
    if body is None:
        return None
    form = json.loads(body)
    return form["value"] if form["version"] == version else None


def write_record(folder: Path, key: RunKey, name: str, version: str, value: Any) -> None:
    """Store a JSON value, replacing an earlier one of the same name and version."""
    body = json.dumps({"version": version, "value": value}, separators=(",", ":"), allow_nan=False).encode()
    write_bytes(folder, key, name, version, body)


def read_bytes(folder: Path, key: RunKey, name: str, version: str, say: Callable[[str], None]) -> bytes | None:
    """Return a stored body as it was written, None when there is none or it is damaged (which is said)."""
    path = _path(folder, key, name, version)
    try:
        head, _, body = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror or error}; check the store's permissions") from error
    if head.decode("ascii", "replace") != sha256(body):
        say(f"{path} is damaged (its checksum does not match); it is made again")
        return None
    return body


def write_bytes(folder: Path, key: RunKey, name: str, version: str, body: bytes) -> None:
    """Store a body, replacing an earlier one of the same name and version."""
    publish(_path(folder, key, name, version), sha256(body).encode() + b"\n" + body)


def has(folder: Path, key: RunKey, name: str, version: str) -> bool:
    """Whether something is stored under a name; it is not opened."""
    return _path(folder, key, name, version).is_file()


def _path(folder: Path, key: RunKey, name: str, version: str) -> Path:
    if not _NAME.match(name):
        raise StoreError(f"a record's name is small letters, digits, '-' and '_' (at most 100), not {name!r}")
    # The version is part of the name: two versions of ctlab that share a store do not overwrite each other's records.
    return folder / "records" / f"{key.digest}-{name}-{sha256(version.encode())[:12]}"
