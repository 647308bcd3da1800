"""Where the lab tells a person how far it is: what it needs of a log, and the log that scripts and notebooks use."""

import sys
from typing import Protocol

from ctlab.untrusted_text import visible


class Log(Protocol):
    """Takes lines for the person at the terminal."""

    @property
    def live(self) -> bool:
        """Whether a line can be rewritten in place."""

    def say(self, text: str) -> None:
        """Write a line."""

    def rewrite(self, text: str) -> None:
        """Write over the line that was written last."""


class ConsoleLog:
    """Writes to standard error, so that what a script prints stays free of it."""

    @property
    def live(self) -> bool:
        """Whether a line can be rewritten in place: on a terminal, and nowhere else."""
        return sys.__stderr__ is not None and sys.__stderr__.isatty()

    def say(self, text: str) -> None:
        """Write a line."""
        self._write(f"ctlab: {visible(text)}\n")

    def rewrite(self, text: str) -> None:
        """Write over the line that was written last."""
        # ANSI: to the start of the line, and clear it, so that nothing of a longer line is left.
        self._write(f"\r\x1b[2Kctlab: {visible(text)}")

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
