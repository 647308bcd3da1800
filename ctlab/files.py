"""Writing so that a reader sees the whole file or none, also after a power cut: the only place that writes.

In a folder that others may write to, nothing that they put in the way is followed: not a link under a name that could
be guessed, and not one at the place itself.
"""

import hashlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ctlab.errors import CtlabError, StoreError, UnreadableError

TEMPORARY = ".part"
"""Suffix of files still being written when their process ended; the holder of a folder's lock may delete them."""

_STORE_ADVICE = "everything finished before is kept: make room or choose another folder (--ctlab-store), then run again"


def sha256(content: bytes) -> str:
    """Checksum of a file's content, 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def read_whole(path: Path) -> bytes:
    """Read a file of the store; FileNotFoundError as it comes, UnreadableError for whatever else the system says.

    A file that cannot be read may be whole: that a mode is wrong or a disk is tired says nothing about its content.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _unreadable(path, error) from error


def listed(folder: Path, suffix: str = "") -> list[Path]:
    """List a folder of the store by name; empty where there is none, UnreadableError where it cannot be read."""
    # Path.glob would take a folder without read permission for an empty one.
    try:
        return sorted(path for path in folder.iterdir() if path.name.endswith(suffix))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unreadable(folder, error) from error


def _unreadable(path: Path, error: OSError) -> UnreadableError:
    return UnreadableError(
        f"{path} cannot be read ({error.strerror or error}); damage is a failed checksum and nothing else, so nothing "
        f"was set aside and nothing is made again: give yourself read permission, or see to the disk, then run again"
    )


@contextmanager
def replacing(path: Path, *, durable: bool = False) -> Iterator[BinaryIO]:
    """Open a new file beside a path; it takes the path's place when the block ends, and is gone when the block fails.

    ``durable`` flushes it to the disk first: slower by some milliseconds, and lasts through a power cut. The file is
    open for writing and has its own ``name``, for libraries that write to a path. An `OSError` comes as it is.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = _beside(path)
    # Created exclusively: where something has that name already, a link above all, opening fails and follows nothing.
    with unfinished.open("xb") as file, _deleted_on_failure(unfinished):
        yield file
        if durable:
            file.flush()
            os.fsync(file.fileno())
        file.close()  # before it is renamed, so that what was buffered and does not fit the disk is known
        unfinished.replace(path)
    if durable:
        _flush_folder(path.parent)


def publish(
    path: Path,
    content: bytes,
    *,
    error: type[CtlabError] = StoreError,
    advice: str = _STORE_ADVICE,
) -> None:
    """Write a file as a whole, durably; what goes wrong is one sentence with advice, as an ``error``."""
    try:
        with replacing(path, durable=True) as file:
            file.write(content)
    except OSError as cause:
        raise error(f"cannot write {path}: {cause.strerror or cause}; {advice}") from cause


def publish_folder(folder: Path, files: Mapping[str, bytes], *, error: type[CtlabError], advice: str) -> None:
    """Make a folder that is not there with all its files, by place within it, or nothing of it.

    What goes wrong is one sentence with advice, as an ``error``. The folder above must exist.
    """
    unfinished = _beside(folder)
    try:
        unfinished.mkdir()
        with _folder_deleted_on_failure(unfinished):
            for place, content in files.items():
                with replacing(unfinished / place) as file:
                    file.write(content)
            unfinished.rename(folder)  # refused where something stands there by now, but for an empty folder
    except OSError as cause:
        raise error(f"cannot write {folder}: {cause.strerror or cause}; {advice}") from cause


def look_anew(folder: Path) -> float:
    """Have what is looked up in a folder next be what is there, not what was seen of it before; return the moment.

    A client of NFS remembers which names a folder has, and which it has not, for up to a minute, locks or not. Making a
    name of its own shows it whether others have changed the folder. The moment is the file system's, seconds since
    1970, comparable with times of change of files there. A folder that cannot be written to is left as it is.
    """
    name = _beside(folder / "look")
    try:
        file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except OSError:
        return time.time()
    try:
        return os.fstat(file).st_mtime
    finally:
        os.close(file)
        name.unlink(missing_ok=True)


def lead_nowhere(descriptor: int) -> None:
    """Make an open descriptor one that takes everything and keeps nothing, such as that of a pipe nobody reads."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def append(path: Path, content: bytes) -> None:
    """Append to a file in one write, so that two processes do not mix what they add; an `OSError` comes as it is."""
    # A link in its place would lead what is appended into somebody else's file.
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o666)
    try:
        os.write(file, content)
    finally:
        os.close(file)


def ends_in_a_line(path: Path) -> bool:
    """Whether what is appended to a file begins a line: it is absent, empty, or its last byte ends one."""
    try:
        with path.open("rb") as file:
            if not file.seek(0, os.SEEK_END):
                return True
            file.seek(-1, os.SEEK_END)
            return file.read() == b"\n"
    except FileNotFoundError:
        return True


def point(link: Path, target: str) -> None:
    """Let a symbolic link point to ``target``, whatever it pointed to before; an `OSError` comes as it is."""
    unfinished = _beside(link)
    unfinished.symlink_to(target)
    with _deleted_on_failure(unfinished):
        unfinished.replace(link)


def remove_folder(folder: Path) -> None:
    """Remove a folder with all that is in it, as far as that can be removed; no link is followed."""
    shutil.rmtree(folder, ignore_errors=True)


def set_aside(path: Path, folder: Path) -> None:
    """Move a file into a folder, under its own name; nothing happens where it is gone already."""
    folder.mkdir(exist_ok=True)
    with suppress(FileNotFoundError):
        path.replace(folder / path.name)


def check_writable(folder: Path) -> None:
    """Refuse a folder that nothing can be written to, before any work is spent on it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        if folder.is_file():
            raise StoreError(f"{folder} is a file, and a folder is needed here{_if_archive(folder)}") from None
        raise StoreError(f"cannot write to the folder {folder}: {error.strerror or error}") from error


def _if_archive(file: Path) -> str:
    """Say how the file that `ctlab store export` makes is taken in, where a file may be one; else nothing."""
    with suppress(OSError), file.open("rb") as content:
        if content.read(2) == b"PK":
            return f"; what was exported is taken into a store by: ctlab store import {file.name}"
    return "; name another"


def _beside(path: Path) -> Path:
    # Not to be guessed: in a folder that others may write to, a known name can be planted before it is used.
    return path.with_name(f"{path.name}.{secrets.token_hex(8)}{TEMPORARY}")


@contextmanager
def _deleted_on_failure(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:  # also when the run is interrupted
        path.unlink(missing_ok=True)
        raise


@contextmanager
def _folder_deleted_on_failure(folder: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _flush_folder(folder: Path) -> None:
    # A rename lasts through a power cut only when the folder itself has been flushed.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
