"""How far the generating is: one live line on a terminal, a few plain lines anywhere else."""

import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

_EVERY_S = 0.2
_SPARSE_S = 15.0


class Voice:
    """Says something to the person at the terminal while pytest captures what tests print, on any number of workers."""

    def __init__(self, config: pytest.Config) -> None:
        self._capture = config.pluginmanager.getplugin("capturemanager")
        self._reporter = config.pluginmanager.getplugin("terminalreporter")

    @property
    def live(self) -> bool:
        """Whether a line can be rewritten in place."""
        return sys.__stderr__ is not None and sys.__stderr__.isatty()

    def say(self, text: str) -> None:
        """Write a line."""
        self._write(f"ctlab: {text}\n")

    def rewrite(self, text: str) -> None:
        """Write over the line that was written last."""
        self._write(f"\r\x1b[2Kctlab: {text}")

    def _write(self, text: str) -> None:
        if self._capture is None:
            self._show(text)
            return
        with self._capture.global_and_fixture_disabled():
            self._show(text)

    def _show(self, text: str) -> None:
        if self._reporter is not None:
            self._reporter.ensure_newline()
            self._reporter.flush()  # into a pipe, pytest's own lines would otherwise come out after ours
        # A worker of pytest-xdist has no terminal reporter; its stderr is the controller's.
        sys.stderr.write(text)
        sys.stderr.flush()


class Progress:
    """Counts finished answers of one pass; ``verb`` (without its ending) says what is done to them."""

    def __init__(
        self,
        total: int,
        what: str,
        voice: Voice | Any,
        clock: Callable[[], float] = time.monotonic,
        *,
        verb: str = "generat",
    ) -> None:
        self._total, self._what, self._voice, self._clock = total, what, voice, clock
        self._done = 0
        self._verb = verb
        self._began = self._last = clock()
        voice.say(f"{verb}ing {what}")

    @property
    def seconds(self) -> float:
        """Time since the start."""
        return self._clock() - self._began

    def advance(self, answers: int) -> None:
        """Count finished answers, and say so now and then."""
        self._done += answers
        now = self._clock()
        if self._voice.live and now - self._last >= _EVERY_S:
            self._voice.rewrite(self._line(now))
            self._last = now
        elif not self._voice.live and now - self._last >= _SPARSE_S:
            self._voice.say(self._line(now))
            self._last = now

    def finish(self) -> None:
        """Say what it took."""
        text = f"{self._verb}ed {self._done:,} answers in {duration(self.seconds)}"
        if self._voice.live:
            self._voice.rewrite(text + "\n")
        else:
            self._voice.say(text)

    def _line(self, now: float) -> str:
        left = (now - self._began) / self._done * (self._total - self._done)
        return (
            f"{self._done:,} of {self._total:,} answers ({self._done / self._total:.0%}), about {duration(left)} left"
        )


def duration(seconds: float) -> str:
    """Seconds as a person would say them."""
    if 0 < seconds < 1:
        return f"{seconds:.1g} s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
