"""Says that a run is still at it where nothing was said for a while: one line below the tests, or sparse plain ones.

It writes past pytest's capture, to a copy of standard error as it was before, and leaves the cursor where it was: dots
go on where they stopped.
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from shutil import get_terminal_size

from ctlab.lab.progress import duration
from ctlab.untrusted_text import visible

_SILENT_S = 2.0
"""After so long a person asks whether it hangs; between two plain lines too, at first."""
_SPARSE = 0.1
"""Of the time so far, between two plain lines later: an hour leaves some 60."""
_LOOK_S = 0.25
_LIVE_S = 1.0
"""Between two states of a live line: it counts seconds."""


class StillWorking:
    """Watches one run, from a thread of its own while something is done."""

    def __init__(self, column: Callable[[], int], *, live: bool) -> None:
        self.live = live
        self.lock = threading.RLock()
        self._column = column
        self._out = _copy_of_stderr()
        self._within = self._doing = ""
        self._since = self._said = 0.0
        self._shown: int | None = None  # column beside or above a live line, None where there is none

    def heard(self, text: str = "") -> None:
        """Take note of a line that was said: of ``generating …`` that this is done from now on, of others its end.

        A count of it (``658 of 1,319 answers``) neither begins nor ends anything.
        """
        self._said = time.monotonic()
        if text and not text[0].isdigit():
            doing = text.partition(" ")[0].endswith("ing")
            self._doing, self._since = text if doing else self._within, self._said

    def clear(self) -> None:
        """Take a live line away, before anything else is written."""
        if self._shown is not None:
            self._write(_beside(self._shown, ""))
            self._shown = None

    @contextmanager
    def at(self, what: str) -> Iterator[None]:
        """Watch while the block runs, which does ``what`` until it says otherwise."""
        if self._out is None:
            yield
            return
        self._within = what
        self.heard(what)
        done = threading.Event()
        thread = threading.Thread(target=self._watch, args=(done,), name="ctlab-still-working", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
            with self.lock:
                self.clear()

    def close(self) -> None:
        """Close the copy of standard error."""
        if self._out is not None:
            os.close(self._out)
            self._out = None

    def _watch(self, done: threading.Event) -> None:
        while not done.wait(_LOOK_S):
            with self.lock:
                now = time.monotonic()
                so_far = now - self._since
                wait = _LIVE_S if self._shown is not None else max(_SILENT_S, 0 if self.live else _SPARSE * so_far)
                if now - self._said >= wait:
                    self._say(f"ctlab: {visible(self._doing)}: {duration(so_far)} so far")
                    self._said = now

    def _say(self, text: str) -> None:
        if not self.live:
            self._write(f"{os.linesep if self._column() else ''}{text}{os.linesep}")
            return
        if self._shown is None:
            self._shown = self._column()
        width = get_terminal_size().columns
        self._write(_beside(self._shown, text if len(text) < width else f"{text[: width - 2]}…"))

    def _write(self, text: str) -> None:
        if self._out is not None:
            os.write(self._out, text.encode(errors="replace"))


def _beside(column: int, text: str) -> str:
    """Write a text at a line's start, or below a line that has begun, and go back to where the cursor was."""
    # ANSI: 2K clears the line, 1A goes up, C goes right. A line feed scrolls where the terminal ends, as going down
    # would not.
    return f"\n\r\x1b[2K{text}\r\x1b[1A\x1b[{column}C" if column else f"\r\x1b[2K{text}\r"


def _copy_of_stderr() -> int | None:
    try:
        return os.dup(sys.stderr.fileno())
    except (AttributeError, OSError, ValueError):  # replaced by what is no file: nobody watches it
        return None
