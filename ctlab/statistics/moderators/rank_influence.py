"""Spearman's rho with an error that needs no model: how much each problem moves it, the ranks of others included."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctlab.statistics.means.skewness import with_skewness, without_skewness

if TYPE_CHECKING:
    import numpy as np

_ONE_PROBLEM = 1.0
"""Squared influence on artanh rho of one problem that was not seen: its mean where nothing goes with anything. Without
it problems in perfect order would count as known exactly."""
_NORMAL_KURTOSIS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RankCorrelation:
    """A rank correlation with the moments of its error on Fisher's scale, artanh rho."""

    rho: float
    """Spearman's rho: Pearson's r of the ranks, ties sharing their mean rank."""
    z: float
    """artanh rho; of a perfect order that of the order with the smallest disorder, because artanh 1 is infinite."""
    error: float
    """Standard error of `z`."""
    slant: float
    """Skewness of `z`."""
    freedom: float
    """Degrees of freedom of `error`."""

    def p_values(self, boundary: float) -> tuple[float, float]:
        """Return the p-values of rho lying above and below a boundary."""
        from scipy.special import stdtr

        score = without_skewness((self.z - math.atanh(boundary)) / self.error, self.slant, 1)
        return float(stdtr(self.freedom, -score)), float(stdtr(self.freedom, score))

    def interval(self, tail: float) -> tuple[float, float]:
        """Return the interval that leaves out `tail` on either side; it holds what `p_values` do not reject."""
        from scipy.special import stdtrit

        reach = float(stdtrit(self.freedom, 1.0 - tail))
        low, high = (math.tanh(self.z - self.error * with_skewness(score, self.slant, 1)) for score in (reach, -reach))
        return min(low, self.rho), max(high, self.rho)


def rank_correlation_of(x: "np.ndarray", y: "np.ndarray") -> RankCorrelation:
    """Return Spearman's rho of two measurements of the same problems (n,), neither of them constant.

    Notes
    -----
    With u and v the ranks of a problem, scaled to lie between −½ and ½, rho = mean(u v) / √(mean(u²) mean(v²)). One
    more problem moves rho by its own u and v, and because it moves the ranks of all others; the sum of both is its
    influence ψ (Croux and Dehon). The variance of rho is mean(ψ²) / n whatever the spread of y does along x, where the
    usual 1 / (n − 1) holds for independent measurements only (DiCiccio and Romano). Degrees of freedom are those of a
    variance of numbers with the kurtosis of ψ (O'Neill), at most n − 2.

    References
    ----------
    DiCiccio CJ, Romano JP (2017). Robust permutation tests for correlation and regression coefficients. Journal of the
    American Statistical Association 112, 1211-1220. Croux C, Dehon C (2010). Influence functions of the Spearman and
    Kendall correlation measures. Statistical Methods and Applications 19, 497-515. O'Neill B (2014). Some useful moment
    results in sampling problems. The American Statistician 68, 282-296.
    """
    n = len(x)
    u, v = _scaled_ranks(x), _scaled_ranks(y)
    across, along_u, along_v = float((u * v).mean()), float((u * u).mean()), float((v * v).mean())
    size = math.sqrt(along_u * along_v)
    rho = max(-1.0, min(1.0, across / size))
    on_across = u * v + _on_other_ranks(x, v) + _on_other_ranks(y, u) - 3.0 * across
    on_u = u * u + 2.0 * _on_other_ranks(x, u) - 3.0 * along_u
    on_v = v * v + 2.0 * _on_other_ranks(y, v) - 3.0 * along_v
    influence = on_across / size - rho / 2.0 * (on_u / along_u + on_v / along_v)
    # The smallest disorder of n problems, two neighbours exchanged, takes 12 / (n (n² − 1)) off; half of it is kept.
    most = 1.0 - 6.0 / (n * (n * n - 1.0))
    nearly = max(-most, min(most, rho))
    influence = influence / (1.0 - nearly * nearly)
    variance = (float((influence**2).sum()) + _ONE_PROBLEM) / (n * (n - 1.0))
    return RankCorrelation(
        rho=rho,
        z=math.atanh(nearly),
        error=math.sqrt(variance),
        slant=float((influence**3).sum()) / n**3 / variance**1.5,
        freedom=_freedom(influence),
    )


def _scaled_ranks(values: "np.ndarray") -> "np.ndarray":
    """Return mid-ranks (n,) between −½ and ½, with a mean of 0."""
    from scipy.stats import rankdata

    ranks: np.ndarray = (rankdata(values) - 0.5) / len(values) - 0.5
    return ranks


def _on_other_ranks(values: "np.ndarray", weights: "np.ndarray") -> "np.ndarray":
    """Return for each problem the mean weight of problems whose values exceed its own, ties by half; shape (n,)."""
    import numpy as np

    order = np.argsort(values, kind="stable")
    ordered, sums = values[order], np.concatenate([[0.0], np.cumsum(weights[order])])
    up_to, with_ties = np.searchsorted(ordered, values, "left"), np.searchsorted(ordered, values, "right")
    above: np.ndarray = (sums[-1] - 0.5 * (sums[up_to] + sums[with_ties])) / len(values)
    return above


def _freedom(influence: "np.ndarray") -> float:
    """Return the degrees of freedom of a mean square of numbers with this kurtosis, between 1 and n − 2."""
    n, squares = len(influence), float((influence**2).sum())
    kurtosis = n * float((influence**4).sum()) / squares**2 if squares > 0.0 else _NORMAL_KURTOSIS
    beyond = kurtosis - (n - 3.0) / (n - 1.0)
    return max(1.0, min(n - 2.0, 2.0 * n / beyond)) if beyond > 0.0 else n - 2.0
