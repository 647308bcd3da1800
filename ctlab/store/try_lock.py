"""Taking the locks of a folder of runs where they are free, and leaving the folder alone where they are not."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ctlab.errors import StoreError

LOCKS = ("lock", "measuring.lock")
"""Files that whoever generates into a folder, and whoever measures into it, holds."""


@contextmanager
def free(folder: Path) -> Iterator[bool]:
    """Hold every lock of a folder inside the block, which is told whether they were free; never waits.

    The locks are the system's (``flock``), the same that runs take: they end with the process that holds them.
    StoreError where the folder cannot be locked at all.
    """
    with ExitStack() as stack:
        yield all(_taken(folder / name, stack) for name in LOCKS)


def _taken(path: Path, stack: ExitStack) -> bool:
    try:
        # Neither is a link followed nor a pipe waited for. The file is never deleted: whoever waits has it open.
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666)
    except OSError as error:
        raise StoreError(f"cannot lock {path.parent}: {error.strerror or error}; check its permissions") from error
    stack.callback(os.close, file)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise StoreError(f"cannot lock {path.parent}: {error.strerror or error}; use a local disk") from error
    return True
