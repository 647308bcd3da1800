"""Power of the error mix: how often all of its tests reject together, were the labels distributed as they were seen."""

from collections.abc import Callable
from typing import Any

from ctlab.statistics.error_kinds.composition import compare_joint, wald_p
from ctlab.statistics.error_kinds.stuart_maxwell import stuart_maxwell
from ctlab.statistics.power.paired_power import POWER

TABLES = 200
"""Tables that are drawn; a share of 80 % is then known to within 3 points (standard error)."""
_RESAMPLES = 999  # p is a count + 1 of 1,000: the usual number for α = .05 (Davison and Hinkley 1997, chapter 4)
_MOST_TIMES = 64
"""Times as many problems as were seen that are tried at most: six doublings, of which each is a simulation."""
_NEAR = 4.0
"""Times α, or its part, within which a p-value from χ² is not trusted to decide."""
_FEW = 30
"""Problems that changed their label, below which it is never trusted: the usual number for a sum to be about normal.

Both only save time: a test holds the power that is found so against that of resampling every table.
"""


Part = Callable[[Any, float, float, int], bool]
"""Whether one part of a claim is supported by a table, at a level, beyond a margin, with a seed."""


def together_power(
    joint: Any, alpha: float, margin: float, *, parts: tuple[Part, ...] | None = None, times: float = 1.0, seed: int = 0
) -> float:
    """Return the probability that a claim about kinds of errors is SUPPORTED in a sample like this one.

    Parameters
    ----------
    joint : array of shape (labels + 1, labels + 1)
        Counts as `joint_counts` makes them: label under the baseline, label under the treated condition, last: correct.
    alpha, margin : float
        As the claim's.
    parts : tuple of Part
        What must be supported: `labels_shift`, `composition_shifts`, or both (the default).
    times : float
        How many times as many problems as were seen.
    seed : int
        Seed of everything that is drawn.

    Returns
    -------
    float
        Share of 200 tables, drawn from the one seen, in which every part rejects (and the interval lies above a
        margin), computed as for the verdict, with 999 permutations and resamples where χ² comes near α.
    """
    import numpy as np

    n = round(float(joint.sum()) * times)
    drawn = np.random.default_rng(seed).multinomial(n, joint.ravel() / joint.sum(), size=TABLES)
    tables = (table.reshape(joint.shape) for table in drawn)
    reached = (all(part(table, alpha, margin, seed) for part in parts or BOTH) for table in tables)
    return sum(reached) / TABLES


def problems_for_power(
    joint: Any, alpha: float, margin: float, power: float, *, parts: tuple[Part, ...] | None = None, seed: int = 0
) -> int | None:
    """Return about how many problems reach 80 % power, were the labels distributed as seen.

    None when it takes over 64 times as many. `power` is the one that the sample itself has. Found by doubling and
    one step back, so good to about a quarter.
    """
    n, times = int(joint.sum()), 1.0
    if power >= POWER:
        return n
    while times < _MOST_TIMES:
        times *= 2.0
        if together_power(joint, alpha, margin, parts=parts, times=times, seed=seed) >= POWER:
            nearer = 0.75 * times
            enough = together_power(joint, alpha, margin, parts=parts, times=nearer, seed=seed) >= POWER
            return round(n * (nearer if enough else times))
    return None


def labels_shift(table: Any, alpha: float, margin: float, seed: int) -> bool:
    """Return whether the labels of problems wrong under both shift; permuted only where χ² comes near α.

    A margin is not looked at: it is one on the composition.
    """
    wrong = table[:-1, :-1]
    if not wrong.sum():
        return False
    labels = stuart_maxwell(wrong, permutations=0)
    if labels.p_value > alpha:
        return False
    near = labels.p_value > alpha / _NEAR or labels.changed < _FEW
    return not near or stuart_maxwell(wrong, seed=seed, permutations=_RESAMPLES).permutation_p <= alpha


def composition_shifts(table: Any, alpha: float, margin: float, seed: int) -> bool:
    """Return whether the composition of errors shifts; resampled only where χ² comes near α, or for a margin."""
    names = tuple(map(str, range(len(table) - 1)))
    about = wald_p(names, table)
    if not margin and not alpha / _NEAR <= about <= alpha * _NEAR:
        return about <= alpha
    found = compare_joint(names, table, alpha=alpha, seed=seed, resamples=_RESAMPLES)
    return found.p_value <= alpha and (not margin or found.low > margin)


BOTH: tuple[Part, ...] = (labels_shift, composition_shifts)
"""Both parts of an error mix; the cheap one first."""
