"""One side of a mean of numbers that cannot lie above a known bound: nothing unseen can surprise it."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

_NODES, _STEP = 80, 0.1
"""Points of the integral, and their distance on the sinh scale: Clopper and Pearson's limits come out to 1e-8."""
_NEAR, _NOTHING = 32, -60.0
"""Points that are enough where the integrand has fallen by e^-60 behind them, times cosh 8 = 1,490 at most."""
_LEAST, _EPSILON = 1e-300, 2.0**-53  # where a probability ends in double precision


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BoundedSide:
    r"""Gaffke's test that a mean lies below a boundary, and the upper end of its interval.

    Notes
    -----
    With the numbers :math:`z_1, …, z_n`, one more at the bound, and weights that are uniform on the simplex
    (independent exponentials E divided by their sum), :math:`p = P(\sum_i E_i (z_i - b) \ge 0)`. Of numbers that are 0
    or 1 it is Clopper and Pearson's exact limit; of none but equal ones the rule of three. It asks for no shape and no
    moment.
    That it holds its level is proven for two values and a conjecture for others, to which no exception is known
    (Learned-Miller and Thomas 2019); docs/calibration.md has what was measured here.

    p is the tail of a sum of exponentials with weights :math:`a_i = z_i - b` of either sign, which is

    .. math:: \frac{1}{2 \pi i} \int_{s_0 - i \infty}^{s_0 + i \infty} \frac{1}{s} \prod_i (1 - a_i s)^{-1} ds

    at any :math:`0 < s_0 < 1 / \max a_i`, taken through the saddle point.

    References
    ----------
    Gaffke N (2005). Three test statistics for a nonparametric one-sided hypothesis on the mean of a nonnegative
    variable. Mathematical Methods of Statistics 14, 451-467. Learned-Miller E, Thomas PS (2019). A new confidence
    interval for the mean of a bounded random variable. arXiv:1905.06208. Clopper CJ, Pearson ES (1934). The use of
    confidence or fiducial limits illustrated in the case of the binomial. Biometrika 26, 404-413.
    """

    values: "np.ndarray"
    """(n,) the numbers."""
    bound: float
    """What none of them can exceed."""

    def p_value(self, boundary: float) -> float:
        """Return the p-value of the mean lying below `boundary`."""
        import numpy as np

        if boundary >= self.bound:  # no mean lies there
            return 0.0
        distinct, counts = np.unique(np.append(self.values, self.bound) - boundary, return_counts=True)
        return 1.0 if distinct[0] >= 0.0 else _above_zero(distinct, counts)

    def end(self, tail: float) -> float:
        """Return the upper end that leaves out `tail`."""
        import numpy as np

        return _end(np.asarray(self.values, dtype=np.float64).tobytes(), self.bound, tail)


# Remembered: a claim about every part asks for the same ends at its own level and at its strict one.
@lru_cache(maxsize=64)
def _end(content: bytes, bound: float, tail: float) -> float:
    """Return `BoundedSide.end` of float64 numbers, given as their bytes."""
    import numpy as np
    from scipy.optimize import brentq
    from scipy.special import ndtri

    side = BoundedSide(values=np.frombuffer(content), bound=bound)
    start = float(side.values.min())
    if bound <= start:
        return bound

    # p falls from 1 to 0 on the way; as a normal quantile it is nearly a line, so that few points are tried.
    def beyond(at: float) -> float:
        return float(ndtri(min(max(side.p_value(at), _LEAST), 1.0 - _EPSILON)) - ndtri(tail))

    return float(brentq(beyond, start, bound, xtol=1e-12, rtol=1e-10))


def _above_zero(weights: "np.ndarray", counts: "np.ndarray") -> float:
    """Return the probability that a weighted sum of independent exponentials lies above 0; some weight lies there."""
    import numpy as np
    from scipy.optimize import brentq

    weights = weights / weights.max()  # the sign of the sum is all that counts; s then lies between 0 and 1

    def slope(s: float) -> float:
        return float((counts * weights / (1.0 - weights * s)).sum()) - 1.0 / s

    saddle = brentq(slope, 1e-300, 1.0 - 1e-16) if slope(1.0 - 1e-16) > 0.0 else 1.0 - 1e-16
    width = 1.0 / math.sqrt(float((counts * (weights / (1.0 - weights * saddle)) ** 2).sum()) + 1.0 / saddle**2)
    total, real = 0.0, 1.0 - weights * saddle
    for nodes in np.split(np.arange(_NODES), [_NEAR]):
        place = (nodes + 0.5) * _STEP
        height = width * np.sinh(place)
        slant = np.multiply.outer(height, weights / real)
        size = -(counts * (np.log(real) + 0.5 * np.log1p(slant**2))).sum(-1) - 0.5 * np.log(saddle**2 + height**2)
        angle = (counts * np.arctan(slant)).sum(-1) - np.arctan2(height, saddle)
        total += float((np.exp(size) * np.cos(angle) * np.cosh(place)).sum())
        # Every factor only falls along the path: of many numbers nothing is left far out.
        if size[-1] - size[0] < _NOTHING:
            break
    return min(1.0, max(0.0, total * _STEP * width / math.pi))
