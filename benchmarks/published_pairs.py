"""Two models on the same problems, counted as a published study counts them (`published.py`)."""

import math
from dataclasses import dataclass

from ctlab.claims import Claim, Direction, judge
from ctlab.statistics import paired_difference
from ctlab.statistics.paired.mcnemar import mcnemar_p

COMPARISONS = 5
"""Tests that the study's Bonferroni correction divides α among."""
ALPHA = 0.05 / COMPARISONS
Z_95 = 1.959963984540054
"""97.5 % quantile of the normal distribution, for the study's Wald interval."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two models on the same problems."""

    both: int
    """Right by both."""
    first: int
    """Right by the first alone."""
    second: int
    """Right by the second alone."""
    neither: int
    """Right by none."""

    @property
    def table(self) -> list[float]:
        """All four, as the study writes them."""
        return [self.both, self.first, self.second, self.neither]

    @property
    def n(self) -> int:
        """Number of problems."""
        return self.both + self.first + self.second + self.neither

    @property
    def p(self) -> float:
        """Exact two-sided McNemar test."""
        return mcnemar_p(self.first, self.second, "two-sided")

    @property
    def chi2(self) -> float:
        """McNemar's χ² with Edwards's correction, (|b − c| − 1)² / (b + c)."""
        return (abs(self.first - self.second) - 1) ** 2 / (self.first + self.second)

    @property
    def p_chi2(self) -> float:
        """Its upper tail with one degree of freedom: that of the square of a normal variable."""
        return math.erfc(math.sqrt(self.chi2 / 2.0))

    @property
    def wald_95(self) -> list[float]:
        """The study's interval of second − first, in points: normal, from the sample's own variance."""
        difference = (self.second - self.first) / self.n
        error = math.sqrt((self.first + self.second) / self.n - difference**2) / math.sqrt(self.n)
        return [100.0 * (difference - Z_95 * error), 100.0 * (difference + Z_95 * error)]

    def verdict(self) -> str:
        """Judge the claim that the two differ, at the study's corrected level."""
        claim = Claim(
            id="two-models-differ", family="published", statement="The models differ.", direction=Direction.CHANGE
        )
        effect = paired_difference(self.second, self.first, self.n, alpha=ALPHA)
        return str(judge(claim, effect, alpha=ALPHA).verdict)
