"""One side of a mean: how far up it may lie, given a tail that the sample shows and one that it may not have seen."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctlab.statistics.means.skewness import with_skewness, without_skewness

if TYPE_CHECKING:
    import numpy as np

_PROBLEMS_BY_SKEWNESS = 25.0
"""Problems that a mean needs, as a multiple of its squared skewness (Cochran 1977, section 2.15)."""
_BEYOND = 1.5
"""How far beyond the furthest value an unseen one is taken to lie, and how fast it gains weight: set by simulation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpperSide:
    """A test that a mean lies below a boundary, and the upper end of its interval; both always say the same."""

    centre: float
    """The mean that is tested, that of the sample or a more cautious one."""
    error: float
    """Its standard error."""
    skewness: float
    """Skewness that is removed."""
    n: float
    """Numbers that it is the mean of; not whole where an unseen one has a weight."""
    freedom: float
    """Degrees of freedom of its standard error."""

    def p_value(self, boundary: float) -> float:
        """Return the p-value of the mean lying below `boundary`."""
        from scipy.special import stdtr

        score = without_skewness((self.centre - boundary) / self.error, self.skewness, self.n)
        return float(stdtr(self.freedom, score))

    def end(self, tail: float) -> float:
        """Return the upper end that leaves out `tail`."""
        from scipy.special import stdtrit

        score = with_skewness(float(stdtrit(self.freedom, tail)), self.skewness, self.n)
        return self.centre - self.error * score


def upper_sides(values: "np.ndarray", freedom: float | None = None) -> tuple[UpperSide, ...]:
    r"""Return the tests of a mean lying below a boundary that must all reject; the end is the furthest of theirs.

    Parameters
    ----------
    values : array of float, (n,)
        Not all the same.
    freedom : float, optional
        Degrees of freedom of their spread; n − 1 when left out.

    Notes
    -----
    With the sample's skewness g and its n numbers, of which not all are the same:

    - *g ≤ 0.* The tail lies where the claim holds, and Student's test would reject too rarely. Hall's transformation
      removes as much of g as is certain, :math:`g (1 - v / g^2)_+^2` with the variance v that g has in a symmetric
      population (Gupta 1967): of heavy tails on both sides g is an accident, and none of it is removed.
    - *g > 0.* The tail lies against the claim, and what makes Student's test reject too often is the part of it that
      the sample has not seen. An unseen number is added, 1.5 times as far out as the furthest one, with the weight
      :math:`1.5 \cdot 25 g^2 / n \cdot r` of a number, at most 1, where r is the share of the furthest one in the sum
      of cubes above the mean: none of it for a light tail, all of it where n is below Cochran's 25 g² and one number
      makes most of the skewness. Hall's transformation removes the skewness of that sample; Student's test of the
      sample as it is must reject too.

    References
    ----------
    Hall P (1992). On the removal of skewness by transformation. Journal of the Royal Statistical Society B 54, 221-228.
    Gupta MK (1967). An asymptotically nonparametric test of symmetry. Annals of Mathematical Statistics 38, 849-866.
    Cochran WG (1977). Sampling Techniques, 3rd edition. Wiley, section 2.15.
    """
    n, centre = len(values), float(values.mean())
    freedom = n - 1.0 if freedom is None else freedom
    deviations = values - centre
    squares, cubes = deviations**2, deviations**3
    variance = float(squares.mean())
    skewness = float(cubes.mean()) / variance**1.5
    error = math.sqrt(variance / (n - 1))
    if skewness <= 0.0:
        certain = skewness * _certain(skewness, squares / variance)
        return (UpperSide(centre=centre, error=error, skewness=certain, n=n, freedom=freedom),)
    student = UpperSide(centre=centre, error=error, skewness=0.0, n=n, freedom=freedom)
    furthest = float(deviations.max())
    alone = furthest**3 / float(cubes[cubes > 0.0].sum())
    weight = min(1.0, _BEYOND * alone * _PROBLEMS_BY_SKEWNESS * skewness**2 / n)
    return student, _with_unseen(centre, squares, cubes, _BEYOND * furthest, weight, freedom)


def _certain(skewness: float, squares: "np.ndarray") -> float:
    """Return the share of a sample's skewness that is no accident, from its standardised squares."""
    variance = float((squares**3).mean() - 6.0 * (squares**2).mean() + 9.0) / len(squares)
    if variance <= 0.0 or skewness == 0.0:
        return 1.0
    return max(0.0, 1.0 - variance / skewness**2) ** 2


def _with_unseen(
    centre: float, squares: "np.ndarray", cubes: "np.ndarray", out: float, weight: float, freedom: float
) -> UpperSide:
    """Return Hall's test of the sample with one more number, `out` above its mean, that has a weight up to 1."""
    n = len(squares) + weight
    shift = weight * out / n
    second = float(squares.sum()) + weight * out**2
    third = float(cubes.sum()) + weight * out**3 - 3.0 * shift * second + 2.0 * n * shift**3
    second -= n * shift**2
    return UpperSide(
        centre=centre + shift,
        error=math.sqrt(second / (n - 1.0) / n),
        skewness=third / n / (second / n) ** 1.5,
        n=n,
        freedom=freedom + weight,
    )
