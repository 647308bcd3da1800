"""Other processes on the machine: how much of it they take, and waiting until they take little. Linux only."""

import os
import time
from pathlib import Path

_LITTLE = 0.1  # of one core
_LOOK = 0.5  # seconds
_STAT = Path("/proc/stat")


class Others:
    """Cores that other processes used since this was made; None where the machine does not tell."""

    def __init__(self) -> None:
        self._began = self._now()

    @staticmethod
    def _now() -> tuple[float, float] | None:
        if not _STAT.exists():
            return None
        # user, nice, system, then idle and iowait, then irq, softirq, steal
        ticks = [int(each) for each in _STAT.read_text().splitlines()[0].split()[1:9]]
        own = os.times()
        mine = own.user + own.system + own.children_user + own.children_system
        return time.perf_counter(), (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK") - mine

    def cores(self) -> float | None:
        """Mean number of cores that others kept busy."""
        now = self._now()
        if now is None or self._began is None:
            return None
        return max(0.0, (now[1] - self._began[1]) / max(now[0] - self._began[0], 1e-9))


def wait_for_calm(most: float) -> None:
    """Wait until others use less than a tenth of a core, at most so many seconds."""
    until = time.perf_counter() + most
    while time.perf_counter() < until:
        others = Others()
        time.sleep(_LOOK)
        if (others.cores() or 0.0) < _LITTLE:
            return
