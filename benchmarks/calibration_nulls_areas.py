"""Nulls of areas under the curve: unequal spread, skewed groups, ties, unequal sizes; many runs in one array."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import stdtr
from scipy.stats import mannwhitneyu, norm, rankdata

from benchmarks.calibration_nulls import Drawn, Found, Null
from benchmarks.calibration_question import ALPHA, STRICT, asking
from ctlab.claims import Direction, Kind
from ctlab.statistics import auc

Shape = tuple[int, int, int]
"""Runs, and problems of each group."""
Pair = tuple[np.ndarray, np.ndarray]
Groups = Callable[[np.random.Generator, Shape, float], Pair]
"""Values of two groups, (runs, m) and (runs, k), of which the first exceeds the second with this probability."""


def normal(one: float, other: float) -> Groups:
    """Normal groups with these spreads."""

    def draw(generator: np.random.Generator, shape: Shape, area: float) -> Pair:
        shift = norm.ppf(area) * math.hypot(one, other)
        runs, m, k = shape
        return generator.normal(shift, one, (runs, m)), generator.normal(0.0, other, (runs, k))

    return draw


def exponential(generator: np.random.Generator, shape: Shape, area: float) -> Pair:
    """Both skewed alike."""
    runs, m, k = shape
    return generator.exponential(area / (1.0 - area), (runs, m)), generator.exponential(1.0, (runs, k))


@cache
def _median(area: float) -> float:
    """The value that a lognormal less a normal exceeds with this probability."""
    generator = np.random.default_rng(5)
    difference = np.exp(2.0 * generator.normal(size=4_000_000)) - generator.normal(size=4_000_000)
    return float(np.quantile(difference, 1.0 - area))


def one_skewed(generator: np.random.Generator, shape: Shape, area: float) -> Pair:
    """A lognormal group (log-spread 2) against a normal one."""
    runs, m, k = shape
    return np.exp(2.0 * generator.normal(size=(runs, m))) - _median(area), generator.normal(size=(runs, k))


def two_values(generator: np.random.Generator, shape: Shape, area: float) -> Pair:
    """Nearly all problems tied: a tenth of them has another value."""
    runs, m, k = shape
    ones, zeros = generator.random((runs, m)), generator.random((runs, k))
    return (ones < 0.1 + 2.0 * (area - 0.5)) * 1.0, (zeros < 0.1) * 1.0


GROUPS: dict[str, Groups] = {
    "alike": normal(1.0, 1.0),
    "the first spread 4 times as wide": normal(4.0, 1.0),
    "the second spread 4 times as wide": normal(1.0, 4.0),
    "both skewed": exponential,
    "the first very skewed": one_skewed,
    "nine tenths tied": two_values,
}
STRATA = ((0.9, 0.5), (0.5, 0.1), (0.1, 0.5), (0.5, 0.5))
"""Share of problems of the first group, by stratum, and the stratum's own level, which must not matter."""


@dataclass(frozen=True)
class Comparison:
    """Two groups whose area lies at the end of the null, or beyond it."""

    name: str
    groups: Groups
    sizes: tuple[int, int]
    margin: float = 0.0
    down: bool = False
    """Whether the claim is that the area lies below one half."""
    runs: int = 10_000

    @property
    def title(self) -> str:
        """What is compared and claimed."""
        side = "below" if self.down else "above"
        return f"{self.name}, {self.sizes[0]} against {self.sizes[1]}, {side} {0.5 + self.margin:g}"

    def chunks(self, runs: int, beyond: float, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Both groups of up to 500 runs at a time."""
        for start in range(0, runs, 500):
            area = 0.5 - beyond if self.down else 0.5 + self.margin + beyond
            shape = (min(500, runs - start), *self.sizes)
            yield self.groups(np.random.default_rng([seed, start]), shape, area)

    def measure(self, runs: int | None = None, seed: int = 0) -> Found:
        """Error rates, and power a tenth above the end of the null (a twentieth where that is .9)."""
        runs, beyond = runs or self.runs, 0.05 if self.margin == 0.4 else 0.1
        null = np.concatenate([self._p_values(*each) for each in self.chunks(runs, 0.0, seed)], axis=1)
        power = np.concatenate([self._p_values(*each) for each in self.chunks(runs // 5, beyond, seed + 1)], axis=1)
        now, before, undecided = null
        levels = [float((before <= alpha).mean()) for alpha in (ALPHA, STRICT)]
        return Found(
            supported=float((now <= ALPHA).mean()),
            strict=float((now <= STRICT).mean()),
            undecided=float(undecided.mean()),
            power=float((power[0] <= ALPHA).mean()),
            before=(levels[0], levels[1], float((power[1] <= ALPHA).mean())),
        )

    def _p_values(self, ones: np.ndarray, zeros: np.ndarray) -> np.ndarray:
        """P now (1 where undecided) and before, and whether it is undecided, each of shape (runs,)."""
        if self.down:
            ones, zeros = -ones, -zeros
        boundary = 0.5 + self.margin
        p, above, below = p_of_area(ones, zeros, boundary)
        if self.margin:  # Wald's test of the area itself
            error = np.sqrt(above.var(1, ddof=1) / above.shape[1] + below.var(1, ddof=1) / below.shape[1])
            before = norm.sf((above.mean(1) - boundary) / np.maximum(error, 1e-6))
        else:
            before = mannwhitneyu(ones, zeros, alternative="greater", axis=1).pvalue
        tied = np.zeros(len(p), dtype=bool)
        if self.groups is two_values:
            others = np.concatenate([ones, zeros], axis=1) != 0
            tied = min(self.sizes) * np.minimum(others.mean(1), 1.0 - others.mean(1)) < 5.0
        return np.array([np.where(tied, 1.0, p), before, tied])


def p_of_area(ones: np.ndarray, zeros: np.ndarray, boundary: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """P of the area above a boundary, row by row, as `auc` has it (a test compares both), and both placements."""
    m, k = ones.shape[1], zeros.shape[1]
    everywhere = rankdata(np.concatenate([ones, zeros], axis=1), axis=1)
    above = (everywhere[:, :m] - rankdata(ones, axis=1)) / k
    below = 1.0 - (everywhere[:, m:] - rankdata(zeros, axis=1)) / m
    area = above.mean(1)
    parts, third = [], 0.0
    for placements in (above, below):
        size, deviations = placements.shape[1], placements - area[:, None]
        parts.append(((deviations**2).sum(1) + 0.25) / size**2)
        third = third + (deviations**3).sum(1) / size**3
    variance = parts[0] + parts[1]
    freedom = variance**2 / (parts[0] ** 2 / (m - 1) + parts[1] ** 2 / (k - 1))
    score, slant = (area - boundary) / np.sqrt(variance), third / variance**1.5
    score = score + slant * (score**2 / 3.0 + 1.0 / 6.0) + slant**2 * score**3 / 27.0
    return stdtr(freedom, -score), above, below


def stratified(generator: np.random.Generator, n: int, beyond: float) -> Drawn:
    """No stratum differs by group; where one group is common values are larger, and the spreads are unequal."""
    stratum = generator.integers(len(STRATA), size=n)
    positive = generator.random(n) < np.array([share for share, _ in STRATA])[stratum]
    level = 4.0 * np.array([share for share, _ in STRATA])[stratum]
    spread = np.where(positive, 3.0, 1.0)
    values = level + spread * generator.normal(size=n) + positive * norm.ppf(0.5 + beyond) * math.sqrt(10.0)
    question = asking(Kind.AUC, Direction.INCREASE)
    return question, auc(values.tolist(), positive.tolist(), question, strata={"n_operations": stratum.tolist()})


SIZES: tuple[tuple[int, int], ...] = ((50, 500), (500, 50), (330, 989))
ENDS: tuple[tuple[float, bool], ...] = ((0.0, False), (0.0, True), (0.1, False), (0.4, False))
AREAS = [
    Comparison(name, groups, sizes, margin, down)
    for name, groups in GROUPS.items()
    for sizes in SIZES
    for margin, down in ENDS
    if not (groups is two_values and margin)  # nine tenths of the problems are tied: the area cannot be .6
]
STRATIFIED = [Null("AUC", "four strata, spread 3 times as wide", n, stratified, 0.1) for n in (200, 1319)]
