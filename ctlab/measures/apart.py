"""Exchanges that share no problem, so that what becomes of one says nothing of what becomes of another."""

from collections import Counter
from collections.abc import Sequence, Set
from itertools import chain


def apart(names: Sequence[Set[str]]) -> list[int]:
    """Return the places of as many groups as go without one name in two of them, ascending.

    A problem whose thoughts are good, or bad, decides where it is asked and where it lends its thought. Judged as if
    they were independent, exchanges of the embedded set that follow where both are good err at up to three times
    the level (docs/calibration.md). Which groups stay depends on names alone.

    Notes
    -----
    Greedy, those first whose names are wanted least: no largest choice, but near one; on the embedded set 580, where
    an order that is made anew after each choice finds 586.
    """
    wanted = Counter(chain.from_iterable(names))
    used: set[str] = set()
    kept = []
    for row in sorted(range(len(names)), key=lambda row: sum(wanted[name] for name in names[row])):
        if used.isdisjoint(names[row]):
            used |= names[row]
            kept.append(row)
    return sorted(kept)
