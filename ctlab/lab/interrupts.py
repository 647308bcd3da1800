"""Runs that end otherwise than by their last test: Ctrl-C while the verdicts are shown, a controller that is gone."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_LOOK_S = 0.25
"""How often a worker looks for its controller: a question to the kernel, without a file and without waiting."""


@contextmanager
def interrupts_held() -> Iterator[list[int]]:
    """Let no Ctrl-C break the block, which is short and must come out whole; those that came are in the list."""
    held: list[int] = []
    before = signal.getsignal(signal.SIGINT)
    # Only the main thread is interrupted, and may say how; whoever handles Ctrl-C otherwise, or not at all, still does.
    if threading.current_thread() is not threading.main_thread() or before is not signal.default_int_handler:
        yield held
        return

    def note(number: int, frame: FrameType | None) -> None:
        held.append(number)

    signal.signal(signal.SIGINT, note)
    try:
        yield held
    finally:
        signal.signal(signal.SIGINT, before)


def leave_with_parent() -> None:
    """End this process within a second of its parent's death, whatever it is doing: nobody would take its results.

    pytest-xdist's workers notice it only when they next read a message, seconds or a whole generation later, and
    meanwhile hold the store's lock and a GPU. What they published is kept; the rest is as after a kill.
    """
    threading.Thread(target=_watch, args=(os.getppid(),), name="ctlab-leave-with-parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os._exit(1)
