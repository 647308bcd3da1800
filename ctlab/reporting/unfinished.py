"""Folders of reports that are still being written: hidden, marked by their name, and swept when their process is gone.

A process holds a lock on the folder that it fills, which its death releases: a folder that can be locked is nobody's.
The lock is on the folder itself, so that it goes along when the folder is renamed and leaves no file behind.
"""

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ctlab.files import TEMPORARY

_FORGOTTEN_S = 86_400.0
"""Where the file system has no locks, a folder that nobody has touched for a day is nobody's: no report takes that."""
_AT_ONCE_S = 60.0
"""A link is made and renamed within milliseconds."""


@contextmanager
def unfinished(root: Path, name: str) -> Iterator[Path]:
    """Yield a new hidden folder under ``root``; where the block has not renamed it by its end, it is deleted."""
    folder, lock = _new(root, name)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def sweep(root: Path) -> None:
    """Delete what killed runs left under ``root``: folders of reports, and links that were to become ``latest``."""
    for path in root.glob(f"*{TEMPORARY}"):
        if path.is_symlink():
            # Made and renamed at once, and not locked in between: one that is a minute old stayed behind.
            if path.name.startswith("latest.") and _age(path) > _AT_ONCE_S:
                path.unlink(missing_ok=True)
        elif path.name.startswith(".") and path.is_dir():
            _delete_where_nobodys(path)


def _new(root: Path, name: str) -> tuple[Path, int]:
    """Make and lock a folder; another one where a sweep came between the two."""
    while True:
        folder = root / f".{name}.{secrets.token_hex(8)}{TEMPORARY}"
        folder.mkdir(parents=True)
        lock = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            continue
        except OSError:
            return folder, lock  # no locks on this file system: the sweep goes by age
        if folder.exists():
            return folder, lock
        os.close(lock)


def _delete_where_nobodys(folder: Path) -> None:
    try:
        lock = os.open(folder, os.O_RDONLY)
    except OSError:
        return  # gone meanwhile, or another person's
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        return  # a run is writing into it
    except OSError:
        if _age(folder) > _FORGOTTEN_S:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)


def _age(path: Path) -> float:
    try:
        return time.time() - path.lstat().st_mtime
    except OSError:
        return 0.0
