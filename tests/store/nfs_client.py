"""What a client of NFS does to a process, as far as a store meets it: no NFS was at hand.

``flock`` becomes a lock of the whole file's bytes, by open file description (flock(2), "NFS details"): the kernel then
refuses an exclusive one of a file that is open for reading only, as NFS does. A folder is shown as this process saw it
first, names that are there and names that are not, for as long as the process changes nothing in it: the longest that
attributes may be remembered (nfs(5), "Directory entry caching"), without end. ``O_TMPFILE`` is refused.
"""

import errno
import fcntl
import os
import struct
import sys
from pathlib import Path

_KINDS = {fcntl.LOCK_SH: fcntl.F_RDLCK, fcntl.LOCK_EX: fcntl.F_WRLCK, fcntl.LOCK_UN: fcntl.F_UNLCK}
_CHANGES = {"os.rename": 2, "os.remove": 1, "os.mkdir": 1, "os.rmdir": 1}
"""Events that change a folder, with how many of their first arguments are paths."""


def flock(file: int, operation: int) -> None:
    """``flock`` as a client of NFS does it; BlockingIOError where another holds the bytes."""
    kind = _KINDS[operation & ~fcntl.LOCK_NB]
    number = file if isinstance(file, int) else file.fileno()
    form = struct.pack("@hhqqi0q", kind, os.SEEK_SET, 0, 0, 0)
    command = fcntl.F_OFD_SETLK if operation & fcntl.LOCK_NB else fcntl.F_OFD_SETLKW
    fcntl.fcntl(number, command, form)


class Client:
    """The folders below a root as this process saw them."""

    def __init__(self, root: Path) -> None:
        self._root = os.fspath(root)
        self._list = os.listdir
        self._seen: dict[str, list[str]] = {}

    def install(self) -> None:
        """From now on, and for the rest of this process."""
        os.listdir = self.listdir
        fcntl.flock = flock
        sys.addaudithook(self._audit)

    def listdir(self, folder="."):
        """``os.listdir`` of what was seen first."""
        place = os.fspath(folder)
        if not self._here(place):
            return self._list(folder)
        if place not in self._seen:
            self._seen[place] = self._list(folder)
        return list(self._seen[place])

    def _here(self, place) -> bool:
        return isinstance(place, str) and (place == self._root or place.startswith(self._root + os.sep))

    def _audit(self, event: str, arguments: tuple) -> None:
        if event == "open" and self._here(arguments[0]):
            self._open(arguments[0], arguments[2])
        for place in arguments[: _CHANGES.get(event, 0)]:
            self._changed(os.fspath(place))

    def _open(self, place: str, flags: int) -> None:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))
        folder, name = os.path.split(place)
        known = self._seen.get(folder)
        if flags & os.O_CREAT:
            if known is None or name not in known:
                self._changed(place)
        elif known is not None and name not in known:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), place)

    def _changed(self, place: str) -> None:
        self._seen.pop(str(Path(place).parent), None)
