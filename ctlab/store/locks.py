"""One process at a time: a lock file in each folder, and a word to the person who has to wait."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ctlab.files import check_writable

_PATIENCE_S = 1.0  # before waiting is said: a lock that is free is had at once, and one that is not is held for a pass


@contextmanager
def locked(folders: Sequence[Path], name: str, doing: str, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock ``name`` of every folder; ``doing`` says what another process that holds it is doing."""
    from filelock import FileLock, Timeout

    with ExitStack() as stack:
        for folder in folders:
            check_writable(folder)
            lock = FileLock(folder / name)
            try:
                lock.acquire(timeout=_PATIENCE_S)
            except Timeout:
                say(f"another process is {doing} into {folder}; waiting for it")
                lock.acquire()
            stack.callback(lock.release)
        yield
