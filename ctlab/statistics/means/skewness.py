"""Hall's transformation: a studentised estimate without the skewness of its sample, and back."""

import math


def without_skewness(score: float, skewness: float, n: float) -> float:
    """Return Hall's h of a studentised mean of `n` numbers whose sample has this skewness; it rises everywhere."""
    slant = skewness / math.sqrt(n)
    return score + slant * (score * score / 3.0 + 1.0 / 6.0) + slant * slant * score**3 / 27.0


def with_skewness(score: float, skewness: float, n: float) -> float:
    """Return the studentised mean of which `without_skewness` makes `score`."""
    slant = skewness / math.sqrt(n)
    if abs(slant) < 1e-6:  # the limit; the closed form below would divide rounding errors by it
        return score - slant * (score * score / 3.0 + 1.0 / 6.0)
    return 3.0 / slant * (math.cbrt(1.0 + slant * (score - slant / 6.0)) - 1.0)
