"""What a reproduction came to: the accuracy here beside the published one, a verdict, and the diagnosis if any."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ctlab import formatting
from ctlab.reproduction.diagnosis import Diagnosis
from ctlab.statistics.wilson import wilson

ROUNDING = 0.0005
"""Accuracies are published in percent with one decimal: half a tenth of a point either way."""
WITHIN = 0.05
"""A shortfall that must be ruled out before a number counts as reproduced; as large as the least gain that accuses."""


class Comparison(StrEnum):
    """What can be said of the published number."""

    REPRODUCES = "reproduces"
    SHORT = "falls short"
    UNKNOWN = "cannot be told"
    NOTHING = "nothing to compare with"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A model's accuracy held against a published one, or its answers against expected ones."""

    model: str
    """What the model is called."""
    digest: str
    """Its digest."""
    problems: str
    """What the problems are called."""
    how: str
    """How it answered: type, padding, token limit."""
    n: int
    """Problems."""
    right: int
    """Right answers, or those that are as expected."""
    published: float | None
    """Accuracy to reach; None where expected answers, or nothing, are there to compare with."""
    source: str
    """Where that stands; of expected answers the name of their file."""
    source_digest: str = ""
    """Digest of the file of expected answers; empty where there is none."""
    expected: bool
    """Whether answers are held against expected ones."""
    form: tuple[str, int]
    """The most frequent form of the answers, and how many have it."""
    ended: int
    """Answers that end by themselves."""
    uncertified: str = ""
    """Why the answers are not certified; empty where they are."""
    diagnosis: Diagnosis | None = None
    """The diagnosis, where there was one."""

    @property
    def accuracy(self) -> float:
        """Share of right answers."""
        return self.right / self.n

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % score interval (Wilson)."""
        return wilson(self.right, self.n)

    @property
    def verdict(self) -> Comparison:
        """What can be said of the published number, or of the expected answers."""
        if self.uncertified:
            return Comparison.UNKNOWN
        if self.expected:
            return Comparison.REPRODUCES if self.right == self.n else Comparison.SHORT
        if self.published is None:
            return Comparison.NOTHING
        low, high = self.interval
        if high + ROUNDING < self.published:
            return Comparison.SHORT
        return Comparison.REPRODUCES if low >= self.published - WITHIN else Comparison.UNKNOWN

    @property
    def gap(self) -> float | None:
        """What is missing to the published accuracy, a proportion; None where nothing is published or missing."""
        if self.expected:
            return None
        return None if self.published is None or self.published <= self.accuracy else self.published - self.accuracy

    @property
    def needed(self) -> int:
        """Problems whose interval would rule out the shortfall if the accuracy stayed what was published."""
        rate, n = self.published or 0.5, self.n + 1
        while wilson(round(rate * n), n)[0] < rate - WITHIN:
            n += 1
        return n

    @property
    def sentence(self) -> str:
        """The verdict in a sentence."""
        if self.uncertified:
            return f"cannot be told, because no answer is certified: {self.uncertified}"
        if self.expected:
            missing = self.n - self.right
            if not missing:
                return f"reproduces: all {formatting.counted(self.n, 'expected answer')} are there"
            return f"falls short by {formatting.share_of(missing, self.n)} expected answers"
        if self.published is None:
            return "nothing is published to compare with (--published 0.556, or --expected FILE)"
        known = formatting.percent(self.published)
        if self.verdict == Comparison.SHORT:
            return f"falls short by {formatting.points(self.published - self.accuracy).lstrip('+')} of {known}"
        if self.verdict == Comparison.REPRODUCES:
            return f"reproduces {known}: a shortfall of {formatting.boundary(WITHIN).lstrip('+')} is ruled out"
        return (
            f"cannot be told with {formatting.counted(self.n, 'problem')}: {known} is possible, and so is a shortfall "
            f"of {formatting.boundary(WITHIN).lstrip('+')}; about {formatting.count(self.needed)} problems would tell"
        )
