"""One process at a time, or several beside each other: a lock file in each folder, and a word to who has to wait.

A lock is the operating system's (``flock``): it ends with the process that holds it, however that ends, and the file
says who holds it. What can go wrong is a closed table; whatever is not in it is a sentence too, and nothing waits for
ever. On NFS a lock orders what machines do, and not what they see of a folder: who has taken one looks anew
(docs/decisions/0011-locks-on-nfs.md).
"""

import errno
import fcntl
import os
import random
import socket
import stat
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ctlab import formatting
from ctlab.errors import StoreError
from ctlab.files import check_writable, look_anew

_PATIENCE_S = 1.0  # before waiting is said: a lock that is free is had at once, and one that is not is held for a pass
_POLL_S = 0.05  # two processes that take turns lose less than a batch takes
_SLOWEST_POLL_S = 1.0  # of a long wait: a try is some four requests to a file server, and many may wait
_SAY_S = 60.0  # between two lines about the same wait
_LONGEST_S = 24 * 3600.0  # whoever waits for a day wants to know it: what holds a lock so long has mostly stopped
_LONGEST_NAME = 200  # bytes of a lock file that are read

_LOST = frozenset({errno.EIO, errno.ESTALE})
"""What a file server that forgot the lock says of the next write (nfs.recover_lost_locks, off unless set)."""
_HELD = frozenset({errno.EWOULDBLOCK, errno.EAGAIN})
"""Another process holds the lock: the only answer that is waited for."""
_LOCAL = "choose a folder on a local disk (--ctlab-store)"
_OTHER = "choose another folder (--ctlab-store)"
_FOREIGN = f"the lock file belongs to another user; let that user make it writable, or {_OTHER}"
_REFUSALS = {
    errno.ENOSYS: f"its file system has no locks; {_LOCAL}",
    errno.EOPNOTSUPP: f"its file system has no locks; {_LOCAL}",
    errno.ENOLCK: f"its file system gives no locks (on NFS: no lock service is running); {_LOCAL}",
    errno.ESTALE: f"the network file system lost the file; mount it again, or {_LOCAL}",
    errno.EIO: f"reading or writing failed; look at the disk, or {_LOCAL}",
    errno.EACCES: _FOREIGN,
    errno.EPERM: _FOREIGN,
    errno.EBADF: _FOREIGN,  # of NFS, for a file that could be opened for reading only
    errno.EROFS: f"its file system is read-only; {_OTHER}",
    errno.ENOSPC: f"the disk is full; make room, or {_OTHER}",
    errno.EDQUOT: f"your quota is used up; make room, or {_OTHER}",
    errno.EMFILE: "this process has too many files open; allow it more (ulimit -n)",
    errno.ENFILE: "the machine has too many files open; end what holds them",
    errno.ELOOP: "the lock file is a link; remove it",
    errno.EISDIR: "the lock file is a folder; remove it",
    errno.ENXIO: "the lock file is a pipe or a device; remove it",
}
"""What each answer of the operating system means for a lock, and the next step; whatever else it says is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Locks that this process holds."""

    moments: Mapping[Path, float]
    """When each folder was locked: seconds since 1970 by the clock of its file system, as times of change there are."""
    files: Mapping[Path, int]
    """The open lock files."""

    def check(self) -> None:
        """Refuse to go on where a file server has lost a lock, and another process may have taken it."""
        for path, file in self.files.items():
            try:
                # What every signature begins with; only a write that was made durable meets what the server knows.
                os.pwrite(file, b"p", 0)
                os.fsync(file)
            except OSError as error:
                if error.errno in _LOST:
                    raise StoreError(
                        f"the lock {path} was lost while it was held ({errno.errorcode[error.errno]}: the file server "
                        f"was restarted, or out of reach for too long); what was finished is kept: run again"
                    ) from error


@contextmanager
def locked(
    folders: Sequence[Path], name: str, doing: str, say: Callable[[str], None], *, shared: bool = False
) -> Iterator[Held]:
    """Hold the lock ``name`` of every folder; ``doing`` says what another process that holds it is doing.

    Shared locks are held beside each other, by processes that only add whole files under names of their content; none
    is held beside one that is not shared. What was seen of a folder before it was locked may be out of date: look again
    inside. StoreError, one sentence, where a folder cannot be locked or is held for more than a day.
    """
    with ExitStack() as stack:
        files: dict[Path, int] = {}
        for folder in folders:
            check_writable(folder)
            path = folder / name
            stack.callback(_release, file := _acquired(path, doing, say, shared=shared))
            files[path] = file
        yield Held(moments={folder: look_anew(folder) for folder in folders}, files=files)


@contextmanager
def free(folder: Path, names: Sequence[str]) -> Iterator[bool]:
    """Hold the locks of a folder inside the block, which is told whether they were free; never waits."""
    with ExitStack() as stack:
        files = [file for name in names if (file := _taken(folder / name)) is not None]
        for file in files:
            stack.callback(_release, file)
        if ours := len(files) == len(names):
            look_anew(folder)
        yield ours


def check_lockable(folder: Path, name: str) -> None:
    """Refuse a folder that cannot be locked, before any work is spent on it; that another process holds it is fine."""
    file = _taken(folder / name)
    if file is not None:
        _release(file)


def _acquired(path: Path, doing: str, say: Callable[[str], None], *, shared: bool) -> int:
    """Wait until the lock is ours and return its open file."""
    began = time.monotonic()
    silent_until, wait = began + _PATIENCE_S, _POLL_S
    while (file := _taken(path, shared=shared)) is None:
        now = time.monotonic()
        if now - began > _LONGEST_S:
            raise StoreError(
                f"{path} has been held for more than {_LONGEST_S / 3600:.0f} hours by {_holder(path)}; end that "
                f"process if it has stopped, or {_OTHER}"
            )
        if now >= silent_until:
            waited = f", {formatting.counted(round((now - began) / 60), 'minute')} so far" if now - began > 59 else ""
            say(f"{_holder(path)} is {doing} into {path.parent}; waiting for it{waited}")
            silent_until = now + _SAY_S
        time.sleep(wait * random.uniform(0.5, 1.0))  # so that those who wait do not all ask at once
        wait = min(1.1 * wait, _SLOWEST_POLL_S)
    return file


def _taken(path: Path, *, shared: bool = False) -> int | None:
    """Take the lock and return its open file; None where another process holds it."""
    try:
        file = _opened(path)
    except OSError as error:
        raise _refused(path, error) from error
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError(errno.ENXIO, os.strerror(errno.ENXIO))
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        # Whoever deletes the file while another process waits would leave two locks of one name.
        if os.fstat(file).st_ino == path.stat().st_ino:
            _sign(file, shared=shared)
            return file
    except FileNotFoundError:
        pass
    except OSError as error:
        if error.errno not in _HELD:
            os.close(file)
            raise _refused(path, error) from error
    except BaseException:  # interrupted in between
        os.close(file)
        raise
    os.close(file)
    return None


def _opened(path: Path) -> int:
    """Open the lock file, making it where there is none; one that may only be read can be locked all the same.

    Neither links are followed nor a pipe waited for.
    """
    flags = os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        # First without O_CREAT: in a folder that everybody may write to, Linux refuses it for another user's file.
        return os.open(path, flags | os.O_RDWR)
    except FileNotFoundError:
        return os.open(path, flags | os.O_RDWR | os.O_CREAT, 0o666)
    except PermissionError:
        return os.open(path, flags | os.O_RDONLY)


def _release(file: int) -> None:
    with suppress(OSError):  # of a file system that is gone; the lock goes with the file
        fcntl.flock(file, fcntl.LOCK_UN)
    os.close(file)


def _sign(file: int, *, shared: bool) -> None:
    """Write who holds the lock, for those who wait; only a courtesy, so that a full disk does not forbid the lock."""
    moment = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    beside = " and perhaps others" if shared else ""  # of those who share it, the last to come has signed
    with suppress(OSError):
        os.ftruncate(file, 0)
        os.pwrite(file, f"{this_process()} (since {moment}){beside}".encode(), 0)


def this_process() -> str:
    """Name this process among those of many machines."""
    return f"process {os.getpid()} on {socket.gethostname()}"


def _holder(path: Path) -> str:
    """Name who holds a lock, as far as its file says."""
    try:
        with path.open("rb") as file:
            name = file.read(_LONGEST_NAME).decode("utf-8", "replace")
    except OSError:
        name = ""
    return name if name.startswith("process ") and name.isprintable() else "another process"


def _refused(path: Path, error: OSError) -> StoreError:
    why = _REFUSALS.get(error.errno or 0, f"{error.strerror or error}; {_LOCAL}")
    code = errno.errorcode.get(error.errno or 0, "no code")
    return StoreError(f"cannot lock {path.parent} with {path.name} ({code}): {why}")
