"""Coverage of the two-sided 95 % interval between the designs too: from half a changed problem expected up to sixty."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from benchmarks.calibration_exact import Design, coverage
from ctlab.statistics.paired.interval import paired_interval

BANDS = ((0.5, 3.0), (3.0, 10.0), (10.0, 20.0), (20.0, 40.0), (40.0, 60.0))
"""Expected discordant problems, from and up to."""
MOST_DISCORDANT = 0.3
"""Share of discordant problems up to which designs are looked at, as in the grid."""
SHARES = (*(step / 40 for step in range(40)), 0.985, 0.995, 1.0)
"""True differences, as shares of the discordance; finer where all but few problems lie on one side."""


@dataclass(frozen=True)
class Covered:
    """Smallest and largest coverage over designs and true differences."""

    least: float
    least_at: tuple[float, float]
    """Expected discordant problems and share of them on balance on one side, where it is smallest."""
    most: float


def covered(
    n: int,
    expected: Sequence[float],
    shares: Sequence[float] = SHARES,
    interval: Callable[[int, int, int, float], tuple[float, float]] = paired_interval,
) -> Covered:
    """Enumerate every table for each number of expected discordant problems."""
    ends = lru_cache(maxsize=None)(interval)  # designs of one n share their tables
    found = [
        (cover, (each, share))
        for each in expected
        for share, cover in zip(shares, coverage(Design(n, each / n), shares, ends), strict=True)
    ]
    least, least_at = min(found)
    return Covered(least, least_at, max(found)[0])


def beyond(n: int) -> list[float]:
    """Expected discordant problems from 30 to 95 % of n."""
    return [step / 2 for step in range(round(2 * MOST_DISCORDANT * n), round(2 * 0.95 * n) + 1)]


def band(n: int, low: float, high: float, step: float = 0.25) -> list[float]:
    """Expected discordant problems from `low` up to `high` that are at most 30 % of n; empty when there are none."""
    count = round((min(high, MOST_DISCORDANT * n) - low) / step)
    return [low + k * step for k in range(count + 1)]
