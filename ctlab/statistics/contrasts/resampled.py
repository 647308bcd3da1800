"""Means of one small whole number a problem, resampled over problems: what contrasts of four runs rest on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

BOOTSTRAPS = 20_000  # a p of .0083 (α of a family of six) is then known to ± .0006, its standard error
_TIE = 1e-12
"""Resampled means are multiples of 1 / n: two that are closer than this are the same but for rounding."""
VALUES = (-2, -1, 0, 1, 2)
_FEW = 5
"""Problems on one side of 0 below which that side is not known from the sample: where three of 200 are expected, one
sample in twenty has none. One problem more, at the worst that it can be, then stands for those that were not seen."""


@dataclass(frozen=True)
class Resampled:
    """A contrast of four runs, problem by problem, and its mean resampled over problems."""

    contrasts: Sequence[int]
    """One number a problem, each of `VALUES`."""
    seed: int = 0
    """Seed of the bootstrap."""
    step: float = 1.0
    """What one of these numbers is worth, a proportion: half a step for a mean of two differences."""

    @cached_property
    def counts(self) -> list[int]:
        """How many problems have each of `VALUES`."""
        return [list(self.contrasts).count(value) for value in VALUES]

    @property
    def estimate(self) -> float:
        """The mean over problems."""
        return self.step * sum(self.contrasts) / len(self.contrasts)

    @cached_property
    def _ends(self) -> tuple[Any, Any]:
        """Resampled means for the lower and the upper end, shape (B,) each; one and the same where both are known."""
        below, above = self._seen(-2), self._seen(2)
        means = self._means(below)
        return means, means if above == below else self._means(above)

    def _seen(self, worst: int) -> list[int]:
        """Return the counts, with an unseen problem where few lie on the side of the worst value."""
        seen = list(self.counts)
        if sum(count for value, count in zip(VALUES, seen, strict=True) if value * worst > 0) < _FEW:
            seen[VALUES.index(worst)] += 1
        return seen

    def _means(self, seen: Sequence[int]) -> Any:
        import numpy as np

        n, shares = sum(seen), np.array(seen) / sum(seen)
        drawn = np.random.default_rng(self.seed).multinomial(n, shares, size=BOOTSTRAPS)
        return self.step * (drawn @ np.array(VALUES)) / n

    def interval(self, tail: float) -> tuple[float, float]:
        """Return the percentile interval that leaves ``tail`` out on each side."""
        import numpy as np

        below, above = self._ends
        return float(np.quantile(below, tail)), float(np.quantile(above, 1.0 - tail))

    def p_value(self, alternative: str, boundary: float) -> float:
        """Return the share of resampled means on the wrong side of the boundary."""
        from_below, from_above = self._ends
        below = (int((from_below <= boundary + _TIE).sum()) + 1) / (BOOTSTRAPS + 1)
        above = (int((from_above >= boundary - _TIE).sum()) + 1) / (BOOTSTRAPS + 1)
        return {"greater": below, "less": above, "two-sided": min(1.0, 2.0 * min(below, above))}[alternative]
