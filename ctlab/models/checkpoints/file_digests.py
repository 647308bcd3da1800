"""What files hashed to, remembered: five gigabytes are not read again for every run."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ctlab.errors import CheckpointError
from ctlab.files import replacing, sha256

_NAME = "file-digests.json"
_FORM = 2
_BLOCK = 1 << 22  # bytes read at once: large enough for the disk, small beside a model


class FileDigests:
    """File digests by path, size, inode and times of change, in a file with a checksum of itself.

    The time of modification can be set by anybody, and tools that copy do; that of the inode's change cannot. What is
    remembered is still only a memory: a model that is loaded is held to the bytes that were loaded.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / _NAME
        self._files: dict[str, list[Any]] = _read(self._path) if self._path is not None else {}
        self._changed = False
        self._used: list[str] = []

    @property
    def oldest(self) -> str:
        """When the oldest digest was taken that was remembered and not read now; empty where there is none."""
        return min(self._used, default="")

    def digest(self, path: Path) -> str:
        """Return the sha256 of a file, 64 hex digits."""
        try:
            known = self._files.get(str(path.resolve()))
            if known is not None and known[:4] == _stamp(path):
                self._used.append(str(known[5]))
                return str(known[4])
            stamp, value = _stamp(path), _sha256(path)
        except OSError as error:
            raise CheckpointError(f"{path} cannot be read: {error.strerror or error}") from None
        self._remember(path, stamp, value)
        return value

    def remember(self, path: Path, digest: str) -> None:
        """Take a file's digest on trust, for the file as it is now."""
        self._remember(path, _stamp(path), digest)

    def _remember(self, path: Path, stamp: list[int], digest: str) -> None:
        self._files[str(path.resolve())] = [*stamp, digest, datetime.now(UTC).isoformat(timespec="seconds")]
        self._changed = True

    def forget(self, paths: Iterable[Path]) -> None:
        """Have files read again next time."""
        for path in paths:
            self._changed = self._files.pop(str(path.resolve()), None) is not None or self._changed

    def save(self) -> None:
        """Write what is new."""
        if self._path is None or not self._changed:
            return
        try:
            with replacing(self._path) as file:
                file.write(json.dumps({"form": _FORM, "files": self._files, "check": _check(self._files)}).encode())
        except OSError:
            # Only a shortcut: without it the files are read again next time.
            return


def _stamp(path: Path) -> list[int]:
    state = path.stat()
    return [state.st_size, state.st_ino, state.st_mtime_ns, state.st_ctime_ns]


def _read(path: Path) -> dict[str, list[Any]]:
    """Read the memory; empty where there is none, or any of it is not as it was written."""
    try:
        form = json.loads(path.read_bytes())
        if form["form"] != _FORM or form["check"] != _check(form["files"]):
            return {}
        return dict(form["files"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def is_sound(content: bytes) -> bool:
    """Whether a memory is as it was written; where it is not, nothing of it is used and every file is read again."""
    try:
        form = json.loads(content)
        return bool(form["form"] == _FORM and form["check"] == _check(form["files"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def _check(files: Any) -> str:
    return sha256(json.dumps(files).encode())


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
