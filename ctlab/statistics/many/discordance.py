"""Lost and gained problems of many cells at once, as so many independent ones as they are worth."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctlab.errors import StatisticsError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Bools = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

FEW = 20
"""Changed clusters below which their own spread is not trusted: then all problems of a cluster count as one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Discordance:
    """What changed between a condition and each cell of a sweep."""

    lost: "Ints"
    """(cells,) problems that had the outcome before only."""
    gained: "Ints"
    """(cells,) problems that have it after only."""
    n: int
    """Paired problems."""
    design_effect: "Floats"
    """(cells,) how many problems are worth one independent one, at least 1; 1 where problems are no clusters."""

    @property
    def estimate(self) -> "Floats":
        """(cells,) difference of the rates, after − before, a proportion."""
        found: Floats = (self.gained - self.lost) / self.n
        return found

    @property
    def effective(self) -> "tuple[Floats, Floats, Floats]":
        """Lost, gained and n as independent problems, (cells,) each: counts over the design effect (Rao and Scott)."""
        return (self.lost / self.design_effect, self.gained / self.design_effect, self.n / self.design_effect)


def discordance(before: "Bools", after: "Bools", clusters: "Ints | None" = None) -> Discordance:
    """Count what changed in every cell.

    Parameters
    ----------
    before : numpy.ndarray of bool, (problems,) or (cells, problems)
        Whether each problem has the outcome under what is compared with.
    after : numpy.ndarray of bool, (cells, problems)
        The same under each cell.
    clusters : numpy.ndarray of int, (problems,), optional
        Each problem's cluster (`cluster_numbers`); each is one of its own where not given.

    Notes
    -----
    The design effect of a cell is the variance of its difference with clusters, over that without (Cochran 1977,
    section 9A, as `clustered_difference` has it), at least 1. Where fewer than 20 clusters changed it is at least that
    of clusters whose problems answer alike, Σ s² / n for sizes s: of few, nothing else can be told. Counts over their
    design effect go through tests of independent problems (Rao and Scott 1992).

    References
    ----------
    Rao JNK, Scott AJ (1992). A simple method for the analysis of clustered binary data. Biometrics 48(2), 577-585.
    """
    import numpy as np

    lost, gained = (before & ~after).sum(axis=1), (~before & after).sum(axis=1)
    n = after.shape[1]
    effect = np.ones(len(after))
    if clusters is not None and (sizes := np.bincount(clusters)).max() > 1:
        differences = after.astype(np.int8) - before.astype(np.int8)
        sums = in_clusters(differences, clusters) - ((gained - lost) / n)[:, None] * sizes
        alone = (lost + gained - (gained - lost) ** 2 / n) / (n - 1)
        together = (sums**2).sum(axis=1) / max(len(sizes) - 1, 1) * len(sizes) / n
        effect = np.maximum(1.0, np.divide(together, alone, out=np.ones(len(after)), where=alone > 0))
        few = (in_clusters(np.abs(differences), clusters) > 0).sum(axis=1) < FEW
        effect[few] = np.maximum(effect[few], (sizes**2).sum() / n)
    return Discordance(lost=lost, gained=gained, n=n, design_effect=effect)


def in_clusters(values: "np.ndarray", clusters: "Ints") -> "Floats":
    """Sum (cells, problems) over each cluster's problems: (cells, clusters)."""
    import numpy as np

    order = np.argsort(clusters, kind="stable")
    starts = np.searchsorted(clusters[order], np.arange(int(clusters.max()) + 1))
    found: Floats = np.add.reduceat(values[:, order], starts, axis=1, dtype=np.float64)
    return found


def cluster_numbers(clusters: "Sequence[Hashable] | None", n: int) -> "Ints | None":
    """Return clusters as numbers from 0 without a gap; None where there are none.

    Raises
    ------
    StatisticsError
        Where they are not one a problem, or all problems are one.
    """
    import numpy as np

    if clusters is None:
        return None
    if len(clusters) != n:
        raise StatisticsError(f"clusters needs one value a problem, got {len(clusters)} for {n}; name each one's.")
    numbers: dict[Hashable, int] = {}
    found = np.array([numbers.setdefault(each, len(numbers)) for each in clusters], dtype=np.int64)
    if len(numbers) < 2:
        raise StatisticsError("All problems are in one cluster, and nothing says how much another would differ.")
    return found


def check_right(right: "np.ndarray") -> "Bools":
    """Return the outcomes of a sweep as they are worked with, or raise; row 0 is the baseline's."""
    import numpy as np

    found = np.asarray(right)
    if found.dtype != np.bool_ or found.ndim != 2 or found.shape[0] < 2 or found.shape[1] < 2:
        raise StatisticsError(
            "a sweep's outcomes are a table of True and False, the baseline's row first, then one a cell, with two "
            f"problems at least; got {found.dtype} of shape {found.shape}"
        )
    return found
