"""Score tests of how a loss changes with a feature, for many samples with the same problems at once.

The loss of a cell is δ of its stratum + β · value. Nothing is assumed of what the baseline does in a cell.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ctlab.statistics.moderators.feature_cells import Cells
from ctlab.statistics.moderators.loss_scale import LossScale, Score

FURTHEST = 12.0
"""Log-odds per standard deviation of the feature beyond which β has run away: odds of 160,000 to 1, which would take
more problems than there are to see once. In points no β is as large as 2."""
_HALVINGS = 48
"""Bisections of an interval of 24: to 1e-13 standard deviations, far below one problem."""
_NONE = 1e-12
"""What rounding leaves of a variance that is none."""
_SINGULAR = 1e-9
"""Share of a covariance that rounding leaves of a direction in which it has none."""


@dataclass(frozen=True, slots=True)
class Slopes:
    """β in each of R samples, in log-odds or as a proportion per standard deviation of the feature."""

    scale: LossScale
    """How a loss is measured."""
    counts: Any
    """(R, K, 4) as `Cells.counts` has them."""
    value: Any
    """(K,) standardised value of the feature."""
    strata: Any
    """(Z, K) 1 where a cell is in a stratum."""
    spread: float
    """Standard deviation of the feature over the cells; 0 where it is constant."""

    @classmethod
    def of(cls, scale: LossScale, cells: Cells, counts: Any) -> "Slopes":
        """Standardise the feature over the problems of all cells."""
        mean = float(np.average(cells.value, weights=cells.sizes))
        spread = float(np.sqrt(np.average((cells.value - mean) ** 2, weights=cells.sizes)))
        strata = (cells.stratum == np.arange(int(cells.stratum.max()) + 1)[:, None]).astype(float)
        return cls(
            scale=scale, counts=counts, value=(cells.value - mean) / (spread or 1.0), strata=strata, spread=spread
        )

    def estimate(self) -> Any:
        """Return β, (R,); NaN where nothing bounds it, because levels are all right or all wrong, or there is one."""
        ends = np.full(len(self.counts), FURTHEST)
        return np.where(self.bounded(), _root(self._slope, -ends, ends), np.nan)

    def bounded(self) -> Any:
        """Return whether there is such a β, (R,)."""
        ends = np.full(len(self.counts), FURTHEST)
        bounded: Any = (self._slope(-ends) < 0.0) & (self._slope(ends) > 0.0)
        return bounded

    def z(self, beta: Any) -> Any:
        """Return by how many standard errors the samples' slopes exceed `beta`, (R,); 0 where nothing can tell."""
        return self._z_and_skewness(beta)[0]

    def skewed(self, beta: Any) -> Any:
        """Return whether z at `beta` lies on the longer side of a distribution that is too skewed for it, (R,)."""
        z, skewness = self._z_and_skewness(beta)
        return (np.abs(skewness) > self.scale.most_skewed) & (z * skewness < 0.0)

    def ends(self, estimate: Any, critical: Any, side: Any) -> Any:
        """Return the furthest β that is not rejected, (R,): below the estimate where side is −1, above where it is 1.

        z is held against `critical`, (R,). An end lies beyond 0 exactly where β = 0 is rejected on that side, so that
        p and interval agree; it is ±FURTHEST where not even that is rejected.
        """

        # Mirrored so that the end always lies above: below 0 at the estimate, and growing outwards.
        def beyond(beta: Any) -> Any:
            return -side * self.z(side * beta) - critical

        centre, nothing = side * estimate, np.zeros(len(self.counts))
        excludes = (centre < 0.0) & (beyond(nothing) >= 0.0)
        includes = (centre < 0.0) & ~excludes
        start = np.where(includes, nothing, centre)
        stop = np.where(excludes, nothing, FURTHEST)
        return side * np.where(beyond(stop) < 0.0, stop, _root(beyond, start, stop))

    def repeated(self, times: int) -> "Slopes":
        """Return the same samples several times over, for several ends of each."""
        return replace(self, counts=np.tile(self.counts, (times, 1, 1)))

    def lack_of_fit(self, estimate: Any, bands: Any) -> tuple[float, int]:
        """Return χ² and its degrees of freedom of a loss that is another one in each band, in the first sample.

        `bands` is (B, K): the share of each cell's problems that is in each band. A score test: of the bands'
        indicators is left what strata and slope do not say, and its moments are held against their covariance.
        """
        score, loss, _ = self._at(estimate)
        total, weight, variance = score.total[0], score.weight[0], self.scale.moments(self.counts, loss).variance[0]
        root = np.sqrt(weight)[:, None]
        design = np.vstack([self.strata, self.value]).T
        left = bands.T - design @ np.linalg.lstsq(root * design, root * bands.T, rcond=None)[0]
        left[weight <= 0.0] = 0.0
        values, vectors = np.linalg.eigh((left * variance[:, None]).T @ left)
        # What strata and slope explain wholly leaves rounding only: measured against the bands before.
        some = values > _SINGULAR * max(float((bands**2 @ variance).sum()), _NONE)
        moment = vectors.T @ (left.T @ total)
        return float((moment[some] ** 2 / values[some]).sum()), int(some.sum())

    def is_idle(self) -> bool:
        """Return whether no problem of the first sample tells anything of β: its score has no variance."""
        _, loss, centred = self._at(np.zeros(len(self.counts)))
        return float((centred[0] ** 2 * self.scale.moments(self.counts, loss).variance[0]).sum()) <= _NONE

    def tells(self) -> bool:
        """Return whether a stratum has problems with different values of the feature, so that there is a slope."""
        inside = (self.counts.sum((0, -1)) > 0.0) & (self.strata > 0.0)
        return any(np.ptp(self.value[row]) > _NONE for row in inside if row.any())

    def _at(self, beta: Any) -> tuple[Score, Any, Any]:
        """Return the score of every cell, its supposed loss, and its value less the mean of its stratum.

        A cell counts in that mean by what it tells; a stratum that tells nothing has a score of 0.
        """
        slope = beta[:, None] * self.value
        offsets = self.scale.offsets(self.counts, slope, self.strata)
        known = np.isfinite(offsets)
        loss = np.where(known, offsets, 0.0) @ self.strata + slope
        told = known @ self.strata
        score = Score(*(told * each for each in self.scale.score(self.counts, loss)))
        total = score.weight @ self.strata.T
        centre = np.divide(
            (score.weight * self.value) @ self.strata.T, total, out=np.zeros_like(total), where=total > 0.0
        )
        # Where nothing is told the centred value is 0 too, so that variances need not be told apart.
        return score, loss, told * (self.value - centre @ self.strata)

    def _slope(self, beta: Any) -> Any:
        """Return the estimating function of β, δ being the best for it: the derivative of a convex function."""
        score, _, centred = self._at(beta)
        return (centred * score.total).sum(-1)

    def _z_and_skewness(self, beta: Any) -> tuple[Any, Any]:
        """Return z, and the skewness of the sum that it standardises, with the same sign.

        The variance is a sum over cells, few of which may carry it: Student's t with Satterthwaite's degrees of
        freedom (twice as many for the mean of two estimates), turned into the normal z of the same probability. In a
        stratum of N problems, whose own loss is fitted, it counts N / (N − 1) times. Where the sum's skewness brings t
        nearer to 0 (Hall's transformation), it counts; it never takes t further out, so that no sample is judged more
        boldly for its skewness, which it may have by accident.
        """
        from scipy.special import ndtri, stdtr

        score, loss, centred = self._at(beta)
        moments, size = self.scale.moments(self.counts, loss), self.counts.sum(-1)
        total = size @ self.strata.T
        each = centred**2 * moments.variance * ((total / np.maximum(total - 1.0, 1.0)) @ self.strata)
        variance = each.sum(-1)
        root = np.sqrt(np.maximum(variance, _NONE))
        some = variance > _NONE
        t = np.where(some, -(centred * score.total).sum(-1) / root, 0.0)
        pooled = self.scale.pooled_third(moments.third, size)
        t = _nearer(t, np.where(some, -(centred**3 * pooled).sum(-1) / root**3, 0.0))
        spare = (each**2 / np.maximum(size - 1.0, 1.0)).sum(-1)
        freedom = self.scale.variances * np.divide(variance**2, spare, out=np.ones_like(variance), where=spare > 0.0)
        z = np.sign(t) * -ndtri(stdtr(freedom, -np.abs(t)))
        return z, np.where(some, -(centred**3 * moments.third).sum(-1) / root**3, 0.0)


def _nearer(t: Any, skewness: Any) -> Any:
    """Return t without this skewness of a sum where that is nearer to 0, and t itself elsewhere."""
    changed = t + skewness * (t**2 / 3.0 + 1.0 / 6.0) + skewness**2 * t**3 / 27.0
    return np.sign(t) * np.clip(np.sign(t) * changed, 0.0, np.abs(t))


def _root(function: Any, low: Any, high: Any) -> Any:
    """Return where a function changes from below 0 to 0 or above."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        above = function(middle) >= 0.0
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return (low + high) / 2.0
