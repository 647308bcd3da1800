"""Hall's transformation: a studentised mean without the skewness of its sample, and back."""

import math

from ctlab import formatting

PROBLEMS_BY_SKEWNESS = 25
"""Problems that a mean needs, as a multiple of the squared skewness; `docs/calibration.md` has what it prevents."""


def without_skewness(score: float, skewness: float, n: int) -> float:
    """Return Hall's h of a studentised mean of `n` numbers whose sample has this skewness; it rises everywhere."""
    slant = skewness / math.sqrt(n)
    return score + slant * (score * score / 3.0 + 1.0 / 6.0) + slant * slant * score**3 / 27.0


def with_skewness(score: float, skewness: float, n: int) -> float:
    """Return the studentised mean of which `without_skewness` makes `score`."""
    slant = skewness / math.sqrt(n)
    if abs(slant) < 1e-6:  # the limit; the closed form below would divide rounding errors by it
        return score - slant * (score * score / 3.0 + 1.0 / 6.0)
    return 3.0 / slant * (math.cbrt(1.0 + slant * (score - slant / 6.0)) - 1.0)


def too_skewed(skewness: float, n: int) -> str:
    """Say that `n` numbers are too few for the skewness of their sample; empty when they are enough."""
    needed = math.ceil(PROBLEMS_BY_SKEWNESS * skewness * skewness)
    if n >= needed:
        return ""
    return (
        f"{formatting.counted(n, 'problem')} are too few for numbers with a skewness of "
        f"{formatting.decimal(skewness)}; about {formatting.count(needed)} would do, were it to stay"
    )
