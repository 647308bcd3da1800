"""Writing so that a reader sees the whole file or none, also after a power cut."""

import hashlib
import os
import tempfile
from pathlib import Path

from ctlab.errors import StoreError

TEMPORARY = ".part"
"""Suffix of files that were still being written when their process ended; whoever holds the lock may delete them."""


def sha256(content: bytes) -> str:
    """Checksum of a file's content, 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def publish(path: Path, content: bytes) -> None:
    """Write a file beside its place, flush it to the disk, and only then give it its name."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{os.getpid()}{TEMPORARY}")
        try:
            with unfinished.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _flush_folder(path.parent)
    except OSError as error:
        raise StoreError(
            f"cannot write {path}: {error.strerror or error}; everything finished before is kept: make room or "
            f"choose another folder (--ctlab-store), then run again"
        ) from error


def check_writable(folder: Path) -> None:
    """Refuse a folder that nothing can be written to, before any work is spent on it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise StoreError(f"cannot write to the folder {folder}: {error.strerror or error}") from error


def _flush_folder(folder: Path) -> None:
    # A rename lasts through a power cut only when the folder itself has been flushed.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
