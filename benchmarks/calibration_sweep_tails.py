"""How often intervals of paired differences miss far out in the tails, where a sweep's cells share α; enumerated."""

from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
from scipy.special import gammaln, xlogy

from ctlab.statistics.many.exact_interval import exact_interval
from ctlab.statistics.paired.tango import tango_interval

CASES = tuple(
    (n, 0.025 / cells) for n, cells in ((50, 1), (50, 72), (200, 1), (200, 72), (1319, 1), (1319, 72), (1319, 3072))
)
"""Problems, and the tail of each end: 1, 72 and 3,072 cells at α = .05."""
EXPECTED = (1, 3, 10, 30, 100)
"""Problems expected to change; at most 60 % of all."""
ON_BALANCE = (0.5, 0.6, 0.8, 0.95, 1.0)
"""Share of them that is gained: from no difference to all on one side."""
_LEFT_OUT = 1e-7
"""Tables less likely than this part of the tail are left out: fewer than 10,000 tables, a thousandth of it together."""

Ends = Callable[[np.ndarray, np.ndarray, int, float], tuple[np.ndarray, np.ndarray]]


def tango_ends(lost: np.ndarray, gained: np.ndarray, n: int, tail: float) -> tuple[np.ndarray, np.ndarray]:
    """Return Tango's intervals as `exact_interval` returns its own."""
    ends = [_tango(int(one), int(other), n, 1.0 - 2.0 * tail) for one, other in zip(lost, gained, strict=True)]
    low, high = np.array(ends).T
    return low, high


@cache
def _tango(lost: int, gained: int, n: int, level: float) -> tuple[float, float]:
    return tango_interval(lost, gained, n, level)


def worst(n: int, tail: float, ends: Ends) -> tuple[float, str]:
    """Return the largest rate at which an end misses the truth, in tails, and where that is."""
    found = (0.0, "")
    for expected in EXPECTED:
        if expected > 0.6 * n:
            continue
        for balance in ON_BALANCE:
            gain, lose = expected * balance / n, expected * (1.0 - balance) / n
            lost, gained, chance = tables(n, lose, gain, tail)
            low, high = ends(lost, gained, n, tail)
            true = gain - lose
            missed = max(chance[low > true].sum(), chance[high < true].sum()) / tail
            found = max(found, (float(missed), f"{expected}, {balance:.0%}".replace("%", " %")))
    return found


def tables(n: int, lose: float, gain: float, tail: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return every table of lost and gained problems that matters, with its probability."""
    expected = n * (lose + gain)
    most = min(n, int(expected + 9 * np.sqrt(expected) + 15))
    lost, gained = (each.ravel() for each in np.mgrid[: most + 1, : most + 1])
    possible = lost + gained <= n
    lost, gained = lost[possible], gained[possible]
    same = n - lost - gained
    log = gammaln(n + 1) - gammaln(lost + 1) - gammaln(gained + 1) - gammaln(same + 1)
    chance = np.exp(log + xlogy(lost, lose) + xlogy(gained, gain) + xlogy(same, 1.0 - lose - gain))
    likely = chance > tail * _LEFT_OUT
    return lost[likely], gained[likely], chance[likely]


def tail_rows() -> Iterator[list[str]]:
    """Rows of the table: n, the tail, and what either interval misses at worst."""
    for n, tail in CASES:
        tango, there = worst(n, tail, tango_ends)
        used, where = worst(n, tail, exact_interval)
        yield [f"{n:,}", f".025 / {round(0.025 / tail):,}", f"{tango:.2f}", there, f"{used:.2f}", where]
