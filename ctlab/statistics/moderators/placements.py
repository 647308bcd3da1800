"""Placements: for each problem the share of the other group that it exceeds, and the area under the curve they make."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctlab.statistics.means.skewness import with_skewness, without_skewness

if TYPE_CHECKING:
    import numpy as np

_ONE_PROBLEM = 0.25
"""Variance of a share of which nothing is known: the largest that a number between 0 and 1 can have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """An area under the curve with the moments of its error."""

    area: float
    """Share of pairs, one problem of each group, whose positive problem has the larger value; ties count one half."""
    variance: float
    """Variance of the area."""
    third: float
    """Third central moment of the area."""
    uncertainty: float
    """Squared variances of what the variance is the sum of, each over its degrees of freedom."""
    pairs: int = 0
    """Pairs that were compared."""

    def p_values(self, boundary: float) -> tuple[float, float]:
        """Return the p-values of the area lying above and below a boundary."""
        from scipy.special import stdtr

        score = without_skewness((self.area - boundary) / self._error, self._slant, 1)
        return float(stdtr(self._freedom, -score)), float(stdtr(self._freedom, score))

    def interval(self, tail: float) -> tuple[float, float]:
        """Return the interval that leaves out `tail` on either side; it holds what `p_values` do not reject."""
        from scipy.special import stdtrit

        reach = float(stdtrit(self._freedom, 1.0 - tail))
        low, high = (self.area - self._error * with_skewness(score, self._slant, 1) for score in (reach, -reach))
        return max(0.0, min(low, self.area)), min(1.0, max(high, self.area))

    @property
    def _error(self) -> float:
        return math.sqrt(self.variance)

    @property
    def _slant(self) -> float:
        return float(self.third / self.variance**1.5)

    @property
    def _freedom(self) -> float:
        """Satterthwaite's degrees of freedom."""
        return max(1.0, self.variance**2 / self.uncertainty)


def area_under_curve(positive: "np.ndarray", negative: "np.ndarray") -> Area:
    """Return the area of two groups of values, neither empty.

    Notes
    -----
    DeLong's variance is the sum of the variances of two means of placements. Here each group holds one problem more,
    with the variance of a share of which nothing is known: else a group whose placements happen to be alike would count
    as known exactly (`docs/calibration.md`).
    """
    import numpy as np
    from scipy.stats import rankdata

    m, k = len(positive), len(negative)
    everywhere = rankdata(np.concatenate([positive, negative]))
    above = (everywhere[:m] - rankdata(positive)) / k
    below = 1.0 - (everywhere[m:] - rankdata(negative)) / m
    area = float(above.mean())
    variance = third = uncertainty = 0.0
    for placements in (above, below):
        size, deviations = len(placements), placements - area
        part = float((deviations**2).sum() + _ONE_PROBLEM) / size**2
        variance += part
        third += float((deviations**3).sum()) / size**3
        uncertainty += part**2 / max(1, size - 1)
    return Area(area=area, variance=variance, third=third, uncertainty=uncertainty, pairs=m * k)


def together(areas: Sequence[Area]) -> Area:
    """Return the area over all pairs within strata: each stratum's, weighted with its pairs."""
    pairs = sum(each.pairs for each in areas)
    shares = [each.pairs / pairs for each in areas]
    return Area(
        area=math.fsum(share * each.area for share, each in zip(shares, areas, strict=True)),
        variance=math.fsum(share**2 * each.variance for share, each in zip(shares, areas, strict=True)),
        third=math.fsum(share**3 * each.third for share, each in zip(shares, areas, strict=True)),
        uncertainty=math.fsum(share**4 * each.uncertainty for share, each in zip(shares, areas, strict=True)),
        pairs=pairs,
    )
