"""How far the generating is: one live line on a terminal, a few plain lines anywhere else."""

import time
from collections.abc import Callable

from ctlab import formatting
from ctlab.lab.log import Log

_LIVE_S = 0.2  # between two states of a live line: five a second read as movement and cost nothing
_SPARSE_S = 2.0  # between two lines of a file or a pipe at first: longer, and a person asks whether it hangs
_SPARSE = 1 / 20  # of the time so far, later: an hour leaves some 110 lines, 20 + ln(3600 / 40) / ln(1.05), not 1,800


class Progress:
    """Counts finished answers of one pass; ``verb`` (without its ending) says what is done to them.

    One that is ``patient`` says nothing of a pass that is over before anybody asks.
    """

    def __init__(
        self,
        total: int,
        what: str,
        log: Log,
        clock: Callable[[], float] = time.monotonic,
        *,
        verb: str = "generat",
        patient: bool = False,
    ) -> None:
        self._total, self._what, self._log, self._clock = total, what, log, clock
        self._done = 0
        self._verb = verb
        self._began = self._last = clock()
        self._waits = patient
        if not patient:
            log.say(f"{verb}ing {what}")

    @property
    def seconds(self) -> float:
        """Time since the start."""
        return self._clock() - self._began

    def advance(self, answers: int) -> None:
        """Count finished answers, and say so now and then."""
        self._done += answers
        now = self._clock()
        if self._waits:
            if now - self._began < _SPARSE_S:
                return
            self._log.say(f"{self._verb}ing {self._what}")
            self._waits = False
        if now - self._last < (_LIVE_S if self._log.live else max(_SPARSE_S, _SPARSE * (now - self._began))):
            return
        if self._done >= self._total and not self._log.live:
            return  # the next line says that it is done
        show = self._log.rewrite if self._log.live else self._log.say
        show(self._line(now))
        self._last = now

    def finish(self) -> None:
        """Say what it took, where anything was said."""
        if self._waits:
            return
        past = self._verb if self._verb == "read" else f"{self._verb}ed"
        text = f"{past} {self._done:,} answers in {duration(self.seconds)}"
        if self._log.live:
            self._log.rewrite(text + "\n")
        else:
            self._log.say(text)

    def _line(self, now: float) -> str:
        left = (now - self._began) / self._done * (self._total - self._done)
        return (
            f"{self._done:,} of {self._total:,} answers ({self._done / self._total:.0%}), about {duration(left)} left"
        )


def condition_times_problem(conditions: int, problems: int) -> str:
    """The size of a pass, such as ``3 conditions × 120 problems``."""
    return f"{formatting.counted(conditions, 'condition')} × {formatting.counted(problems, 'problem')}"


def duration(seconds: float) -> str:
    """Seconds as a person would say them."""
    if 0 < seconds < 1:
        return f"{seconds:.1g} s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
