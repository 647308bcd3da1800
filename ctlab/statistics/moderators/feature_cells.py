"""Problems sorted into cells: what they share is a value of the feature and, where a claim adjusts, of other ones."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ctlab.statistics.moderators.smooth_part import left_over, still_goes_with

MOST_VALUES = 10
"""Values of a feature up to which each is a level of its own: n_operations of GSM8K takes eight."""
WIDEST_BIN = 20
"""Most problems in a bin of a feature with more values, √n where that is less. A cell of m problems keeps (m − 1) / m
of their information, so bins of 20 cost a twentieth of it; wider ones would let the baseline change inside them."""
SMALL_BIN = 8
"""Problems in a bin of one level: with four, as √n makes them, log-odds of 200 problems have 29 % power instead of 66,
and with 20 the adjusted feature moves the loss inside one (docs/calibration.md, a count of eight values)."""
BANDS = 5
"""Fifths: few enough to be told apart in words, and of 1,319 problems each still has over 260."""
FEWEST = 50
"""Problems that a level must have to hold over two thirds of the feature's variance: as many as any compared group."""


@dataclass(frozen=True, slots=True)
class Cells:
    """K cells; each of n problems is in exactly one."""

    value: Any
    """(K,) mean value of the feature; where a continuous feature is adjusted for, of what it leaves of the feature."""
    stratum: Any
    """(K,) index of the values of the features that are adjusted for; all 0 without any."""
    of_problem: Any
    """(n,) index of each problem's cell."""
    level: Any
    """(K,) index of each cell's level within its stratum; several cells share one where `smooth` cuts it into bins."""
    binned: bool
    """Whether the feature takes too many values, so that cells are bins of neighbouring ones."""
    smooth: bool
    """Whether a continuous feature is adjusted for, so that cells are bins of what it leaves of the feature."""
    two_groups: bool
    """Whether the feature takes two values at most."""
    confounded: bool
    """Whether what is left of the feature still goes with a continuous feature that is adjusted for."""

    def counts(self, before: Any, after: Any) -> Any:
        """Return how many problems of each cell are wrong under both, gained, lost, and right under both.

        Parameters
        ----------
        before, after : array of bool, (R, n)
            Who has the outcome under the baseline and under the treated condition, in R samples.

        Returns
        -------
        array of float, (R, K, 4)
        """
        import numpy as np

        before, after = np.asarray(before, dtype=int), np.asarray(after, dtype=int)
        samples, size = len(before), 4 * len(self.value)
        place = self.of_problem * 4 + 2 * before + after + size * np.arange(samples)[:, None]
        counted = np.bincount(place.ravel(), minlength=size * samples)
        return counted.reshape(samples, len(self.value), 4).astype(float)

    @property
    def concentrated(self) -> bool:
        """Whether over two thirds of the feature's variance within strata lie in one level of fewer than 50 problems.

        The slope would then be theirs alone, and too skewed for a test of so few. Outcomes have no part in this rule,
        so that it selects nothing. A yes or no has two groups, whose sizes are judged as such.
        """
        import numpy as np

        if self.two_groups:
            return False
        weight = np.bincount(self.stratum, weights=self.sizes)
        mean = np.bincount(self.stratum, weights=self.sizes * self.value) / weight
        share = np.bincount(self.level, weights=self.sizes * (self.value - mean[self.stratum]) ** 2)
        heaviest = int(share.argmax())
        size = np.bincount(self.level, weights=self.sizes)[heaviest]
        return bool(share[heaviest] > share.sum() * 2.0 / 3.0 and size < FEWEST)

    @property
    def sizes(self) -> Any:
        """(K,) number of problems in each cell."""
        import numpy as np

        return np.bincount(self.of_problem, minlength=len(self.value))


def sort_into_cells(values: Any, adjusted: Sequence[Any] = ()) -> Cells:
    """Return the cells of problems.

    Parameters
    ----------
    values : array of float, (n,)
        The feature.
    adjusted : sequence of arrays, (n,) each
        Features that are adjusted for: problems of one cell share the value of each, or, where it takes more than ten,
        its tenth; inside the tenths what goes smoothly with it is taken off the feature (`left_over`).
    """
    import numpy as np

    values = np.asarray(values, dtype=float)
    stratum = np.zeros(len(values), dtype=int)
    for other in adjusted:
        stratum = _together(stratum, _levels(np.asarray(other, dtype=float)))
    distinct, level = np.unique(values, return_inverse=True)
    binned = len(distinct) > MOST_VALUES
    if smooth := [np.asarray(other, dtype=float) for other in adjusted if continuous(np.asarray(other).tolist())]:
        values = left_over(values, stratum, smooth)
    level = _together(stratum, np.zeros_like(level) if binned else level)
    of_problem = level
    if binned or smooth:
        # Bins are cut within levels of strata: cut across them, they would leave cells of two or three problems.
        of_problem = _together(level, _bins(values, level, binned))
    sizes = np.bincount(of_problem)
    first = np.unique(of_problem, return_index=True)[1]
    return Cells(
        value=np.bincount(of_problem, weights=values) / sizes,
        stratum=stratum[first],
        of_problem=of_problem,
        level=np.arange(len(sizes)) if binned else level[first],
        binned=binned,
        smooth=bool(smooth),
        two_groups=len(distinct) <= 2,
        confounded=any(still_goes_with(values, other) for other in smooth),
    )


def _bins(values: Any, group: Any, binned: bool) -> Any:
    """Return the index of each value's bin within its group, of about 20 problems at most.

    A level of a feature with few values is cut into bins of 8: its problems differ in what is left of it only.
    """
    import numpy as np

    bins = np.zeros(len(values), dtype=int)
    for index in range(int(group.max()) + 1):
        inside = np.flatnonzero(group == index)
        size = min(WIDEST_BIN, round(math.sqrt(len(inside)))) if binned else SMALL_BIN
        bins[inside] = quantile_bins(values[inside], max(2 if binned else 1, round(len(inside) / size)))
    return bins


def continuous(values: Sequence[Any]) -> bool:
    """Return whether a feature that is adjusted for takes too many values to have a stratum for each."""
    return len(set(values)) > MOST_VALUES


def bands(values: Any) -> Any:
    """Return the index of each value's band: the values themselves where they are few, else fifths of the problems."""
    import numpy as np

    distinct, index = np.unique(values, return_inverse=True)
    return index if len(distinct) <= BANDS + 1 else _together(quantile_bins(np.asarray(values), BANDS))


def quantile_bins(values: Any, count: int) -> Any:
    """Return the index of each value's bin: about as many problems in each, equal values never apart."""
    import numpy as np

    ordered = np.sort(values)
    cuts = np.unique(ordered[[min(len(ordered) - 1, len(ordered) * k // count) for k in range(1, count)]])
    return np.searchsorted(cuts, values, side="right")


def _levels(values: Any) -> Any:
    """Return the index of each value's level: a value of its own where they are few, else its tenth."""
    import numpy as np

    distinct, level = np.unique(values, return_inverse=True)
    return level if len(distinct) <= MOST_VALUES else quantile_bins(values, MOST_VALUES)


def _together(*indices: Any) -> Any:
    """Return one index for what several say together, without gaps."""
    import numpy as np

    return np.unique(np.column_stack(indices), axis=0, return_inverse=True)[1].ravel()
