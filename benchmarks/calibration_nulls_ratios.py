"""Nulls of ratios: one loss k times another for k of 2, 4 and 8, problems that are gained too, a floor, a ceiling."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.special import ndtr

from benchmarks.calibration_nulls import Found
from benchmarks.calibration_nulls_paired import together
from benchmarks.calibration_question import ALPHA, STRICT
from ctlab.statistics.contrasts.ratio import Losses

Right = tuple[np.ndarray, ...]
"""Who is right before and under both conditions, (n,) each."""
Draw = Callable[[np.random.Generator, int, float], Right]
"""n problems of which the first condition loses so much more than k times the second."""

SECOND = {2: 0.06, 4: 0.03, 8: 0.015}
"""Loss under the second condition by k: the first one loses .12 of the problems in all."""
GAINED = 0.02
"""Share of problems that either condition alone gains, and as many more that it loses."""
BEYOND = {50: 0.2, 200: 0.12, 1319: 0.05}
"""What the first condition loses more, where power is measured."""


def rates(start: float, step: float, generator: np.random.Generator, n: int, beyond: float) -> Right:
    """One loss twice the other, near a floor or a ceiling."""
    runs = together(generator, n, [start, start - 2.0 * step - beyond, start - step])
    return tuple(run.labels == "CORRECT" for run in runs)


def times(k: int, gains: bool, generator: np.random.Generator, n: int, beyond: float) -> Right:
    """One loss k times the other, of problems of which nine of ten are right before.

    What the second loses the first loses too, and nothing else; or, where problems are gained, a part of it only.
    """
    more = GAINED if gains else 0.0
    both = SECOND[k] - more / 2.0 if gains else SECOND[k]
    first, second = k * SECOND[k] + beyond - both + more, SECOND[k] - both + more
    kind = np.searchsorted(np.cumsum([both, first, second, more, more]), generator.random(n), side="right")
    before = (kind < 3) | ((kind == 5) & (generator.random(n) < 0.9))
    # Kinds: 0 lost twice, 1 by the first, 2 by the second, 3 gained by the first, 4 by the second, 5 the same thrice.
    return before, before & (kind > 1) | (kind == 3), before & (kind != 0) & (kind != 2) | (kind == 4)


def losses(right: Right) -> Losses:
    """Return what each problem loses under both conditions."""
    before, first, second = (each * 1.0 for each in right)
    return Losses(before - first, before - second)


@dataclass(frozen=True)
class Multiple:
    """One loss k times another, at the end of the null of a ratio of at least k.

    Only p and the denominator are computed, which is what `ratio` decides by (a test compares both).
    """

    k: int
    name: str
    n: int
    draw: Draw
    beyond: float
    """What the first condition loses more, where power is measured."""
    runs: int = 10_000

    @property
    def kind(self) -> str:
        """What is claimed."""
        return f"at least {self.k} times"

    def measure(self, runs: int | None = None, seed: int = 0) -> Found:
        """Error rates, with a fifth of the runs for the power, beside those of Fieller's test."""
        runs = runs or self.runs
        null = [self.judged(losses(self.draw(np.random.default_rng([seed, run]), self.n, 0.0))) for run in range(runs)]
        powered = range(max(1, runs // 5))
        true = [
            self.judged(losses(self.draw(np.random.default_rng([seed + 1, run]), self.n, self.beyond)))
            for run in powered
        ]
        supported, strict, undecided, old, old_strict = np.mean(null, axis=0).tolist()
        power, _, _, old_power, _ = np.mean(true, axis=0).tolist()
        return Found(supported, strict, undecided, power, (old, old_strict, old_power))

    def judged(self, each: Losses) -> tuple[bool, bool, bool, bool, bool]:
        """Supported at .05 and .05 / 6, undecided at .05, and supported by Fieller's test."""
        if not each.differ():
            return False, False, True, False, False
        p, old = each.p_value(self.k, above=True), fieller(self.k, each)
        decided = [each.bounded(alpha) for alpha in (ALPHA, STRICT)]
        return decided[0] and p <= ALPHA, decided[1] and p <= STRICT, not decided[0], old <= ALPHA, old <= STRICT


def fieller(k: float, each: Losses) -> float:
    """P of Fieller's test, with its rule that the denominator's 90 % interval lies above 0."""
    contrast, root = each.first - k * each.second, math.sqrt(len(each.first))
    if not contrast.std() or each.second.mean() <= 1.6449 * each.second.std(ddof=1) / root:
        return 1.0
    return float(ndtr(-contrast.mean() / contrast.std(ddof=1) * root))


def _nulls() -> list[Multiple]:
    found = []
    for n, beyond in BEYOND.items():
        for k in SECOND:
            for gains, said in ((False, "none gained"), (True, "problems gained too")):
                found.append(Multiple(k, said, n, partial(times, k, gains), beyond))
        if n > 50:
            found.append(Multiple(2, "floor", n, partial(rates, 0.08, 0.03), 0.01))
            found.append(Multiple(2, "ceiling", n, partial(rates, 0.99, 0.03), beyond))
    return found


RATIOS = _nulls()
