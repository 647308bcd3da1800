"""The loss of a cell in points and in log-odds: estimating functions that leave the baseline alone."""

from abc import ABC, abstractmethod
from typing import Any, NamedTuple

import numpy as np


class Score(NamedTuple):
    """A cell's estimating function at a supposed loss; (R, K) each."""

    total: Any
    """The function itself: it expects 0 at the true loss, and grows with the supposed one."""
    weight: Any
    """Its derivative: how much the cell tells."""


class Moments(NamedTuple):
    """How much the estimating function varies, supposing a loss; (R, K) each."""

    variance: Any
    """Its variance."""
    third: Any
    """Its third moment."""


class LossScale(ABC):
    """How the loss of a cell is measured; counts are those of `Cells.counts`: wrong twice, gained, lost, right."""

    name: str
    """As a claim's scale spells it."""
    most_skewed: float
    """Skewness of the slope's test statistic beyond which its tail on the longer side is no longer a normal one."""

    variances: int
    """How many estimates its variance is the mean of."""

    @abstractmethod
    def offsets(self, counts: Any, slope: Any, strata: Any) -> Any:
        """Return the loss of each stratum, (R, Z), that fits best when the feature adds `slope`, (R, K), to it.

        `strata` is (Z, K): which cells are in which stratum. A stratum that tells nothing has no finite one.
        """

    @abstractmethod
    def score(self, counts: Any, loss: Any) -> Score:
        """Return the estimating function of each cell, supposing that its loss is `loss`, (R, K)."""

    @abstractmethod
    def moments(self, counts: Any, loss: Any) -> Moments:
        """Return how much that function varies."""

    def pooled_third(self, third: Any, size: Any) -> Any:
        """Return the third moments, (R, K), that a slope's skewness is corrected by; `size` is each cell's problems."""
        return third


class Points(LossScale):
    """Share of problems that lost the outcome, less the share that gained it."""

    name = "points"
    variances = 1
    most_skewed = 0.2  # that of a mean which ctlab.statistics.means decides: 25 g² problems of skewness g

    def offsets(self, counts: Any, slope: Any, strata: Any) -> Any:
        """Return the mean of what the slope leaves."""
        n = counts.sum(-1)
        with np.errstate(invalid="ignore"):
            return ((counts[..., 2] - counts[..., 1] - n * slope) @ strata.T) / (n @ strata.T)

    def score(self, counts: Any, loss: Any) -> Score:
        """Return the sum over the problems of a cell of supposed less actual loss."""
        n = counts.sum(-1)
        return Score(n * loss + counts[..., 1] - counts[..., 2], n)

    def moments(self, counts: Any, loss: Any) -> Moments:
        """Return sums of the powers of what is summed."""
        parts = loss[..., None] - np.array([0.0, -1.0, 1.0, 0.0])
        return Moments((counts * parts**2).sum(-1), (counts * parts**3).sum(-1))

    def pooled_third(self, third: Any, size: Any) -> Any:
        """Return every cell's share of the third moment of all: a cell's own follows by chance what it is to correct.

        The few problems that carry a slope either changed, and their cell looks skewed, or not, and it does not.
        """
        return size * third.sum(-1, keepdims=True) / size.sum(-1, keepdims=True)


class LogOdds(LossScale):
    r"""Logarithm of odds before by odds after, by Mantel and Haenszel's estimating function.

    For two different problems i and j of a cell, right before with probability p and after with q,
    E[after_i (1 − before_j)] e^(θ/2) = E[before_i (1 − after_j)] e^(−θ/2) where θ = logit p − logit q. That holds
    whatever p is and however before and after of *one* problem depend on each other: nothing of the baseline is
    estimated, and a cell may be as small as two problems.

    The variance is the mean of two that agree in large samples. The empirical one of the function's projection is too
    small where a rare outcome (one wrong answer of a hundred) did not turn up; that from the marginal probabilities
    which the supposed loss implies is too small on the other side, where it did. Their errors, of first order in the
    skewness and of opposite sign, all but cancel (docs/calibration.md).
    """

    name = "log-odds"
    variances = 2
    most_skewed = float("inf")  # the mean of both variances answers for it

    def offsets(self, counts: Any, slope: Any, strata: Any) -> Any:
        """Return the closed form: a stratum's function is zero at the logarithm of the ratio of two sums."""
        gains, losses = _pairs(counts)
        half = np.exp(slope / 2.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log((losses / half) @ strata.T) - np.log((gains * half) @ strata.T)

    def score(self, counts: Any, loss: Any) -> Score:
        """Return the difference of both sums over pairs, each weighted by the square root of the odds ratio."""
        gains, losses = _pairs(counts)
        up = np.exp(loss / 2.0)
        return Score(gains * up - losses / up, (gains * up + losses / up) / 2.0)

    def moments(self, counts: Any, loss: Any) -> Moments:
        """Return the mean of the empirical variance and of the one that the loss implies."""
        n, total = np.maximum(counts.sum(-1), 2.0), self.score(counts, loss).total
        parts = _projections(counts, np.exp(loss / 2.0)) - (2.0 * total / n)[..., None]
        # A projection is averaged over n − 1 partners that are themselves drawn: without it 16 problems have 0.85.
        empirical = (counts * parts**2).sum(-1) * (n / (n - 1.0)) ** 2
        return Moments((empirical + _implied_variance(counts, loss)) / 2.0, (counts * parts**3).sum(-1))


def _pairs(counts: Any) -> tuple[Any, Any]:
    """Return pairs of problems, right after and wrong before, and right before and wrong after, by problems less 1."""
    n, had, has = counts.sum(-1), counts[..., 2] + counts[..., 3], counts[..., 1] + counts[..., 3]
    others = np.maximum(n - 1.0, 1.0)
    return (has * (n - had) - counts[..., 1]) / others, (had * (n - has) - counts[..., 2]) / others


def _projections(counts: Any, up: Any) -> Any:
    """Return each kind of problem's part of the function, averaged over its partners, (R, K, 4); they sum to twice it.

    Hoeffding's projection of a sum over pairs.
    """
    n, had, has = counts.sum(-1), counts[..., 2] + counts[..., 3], counts[..., 1] + counts[..., 3]
    parts = np.empty(counts.shape)
    for kind, (before, after) in enumerate(((0, 0), (0, 1), (1, 0), (1, 1))):
        gained = after * (n - had - (1 - before)) + (1 - before) * (has - after)
        lost = before * (n - has - (1 - after)) + (1 - after) * (had - before)
        parts[..., kind] = (gained * up - lost / up) / np.maximum(n - 1.0, 1.0)
    return parts


def _implied_variance(counts: Any, loss: Any) -> Any:
    """Return n (p (1 − p) + q (1 − q) − 2 cov), the projection's variance at p and q that fit the loss and had + has.

    p is the root of p + q = (had + has) / n with odds q = e^(−loss) odds p, a quadratic in the odds of p; the
    covariance is the cell's own around p and q.
    """
    n = counts.sum(-1)
    both = (counts[..., 1] + counts[..., 2] + 2.0 * counts[..., 3]) / np.maximum(n, 1.0)
    tells = (both > 0.0) & (both < 2.0)
    both = np.where(tells, both, 1.0)
    factor = np.exp(-loss)
    square, linear = factor * (2.0 - both), (1.0 + factor) * (1.0 - both)
    root = np.sqrt(linear**2 + 4.0 * square * both)
    with np.errstate(divide="ignore"):
        # Of the two forms of the root, the one that subtracts no nearly equal numbers.
        odds = np.where(linear > 0.0, 2.0 * both / (linear + root), (root - linear) / (2.0 * square))
    p, q = odds / (1.0 + odds), factor * odds / (1.0 + factor * odds)
    neither, gained, lost, twice = (counts[..., kind] for kind in range(4))
    shared = neither * p * q - gained * p * (1 - q) - lost * (1 - p) * q + twice * (1 - p) * (1 - q)
    variance = n * (p * (1 - p) + q * (1 - q)) - 2.0 * shared
    return np.where(tells, np.maximum(variance, 0.0) * n / np.maximum(n - 1.0, 1.0), 0.0)
