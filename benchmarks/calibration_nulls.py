"""Error rates under nulls that no test assumes: unequal spread, ties, heavy tails, dependence, floors and ceilings."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.calibration_many_means import CHUNK
from benchmarks.calibration_question import ALPHA, STRICT
from ctlab.claims.judge import decide
from ctlab.records import Effect, Verdict

Drawn = tuple[Any, Effect]
Draw = Callable[[np.random.Generator, int, float], Drawn]
"""One run of n problems whose truth lies so far beyond the end of the null: question and effect."""
Rival = Callable[[np.random.Generator, int, float], float]
"""The p-value that another test gives the very same run; 1 where it decides nothing."""

Judged = tuple[np.ndarray, np.ndarray, np.ndarray]
"""P-values of many runs, which of them are undecided, and p-values of the test that was used before, NaN if none."""
Many = Callable[[np.random.Generator, tuple[int, int], float], Judged]
"""The same of a population that is drawn (runs, n) at a time."""


@dataclass(frozen=True)
class Null:
    """A population at the end of a null hypothesis, and how it errs there."""

    kind: str
    name: str
    n: int
    draw: Draw
    beyond: float
    """True effect, beyond the end of the null, at which power is measured."""
    rival: Rival | None = None
    """The test that was used before."""
    runs: int = 10_000
    many: Many | None = None
    """The same population by the hundred, and what decides of it; a test compares it with the statistic."""
    holds: bool = True
    """False where it is known not to hold; docs/calibration.md says why, and how a user can know."""


@dataclass(frozen=True)
class Found:
    """Shares of runs."""

    supported: float
    strict: float
    undecided: float
    power: float
    before: tuple[float, float, float] | None
    """What was used before: p up to .05, p up to .05 / 6, power at .05."""


def measure(null: Null, runs: int | None = None, seed: int = 0) -> Found:
    """Measure a null, with a fifth of its runs for the power."""
    runs = runs or null.runs
    if null.many is not None:
        return _measure_many(null, null.many, runs, seed)
    supported, strict, undecided = _counted(null, runs, seed, 0.0)
    power = _counted(null, max(1, runs // 5), seed + 1, null.beyond)[0]
    return Found(supported, strict, undecided, power, _before(null, runs, seed))


def _measure_many(null: Null, many: Many, runs: int, seed: int) -> Found:
    def shares(runs: int, seed: int, beyond: float) -> list[float]:
        starts = range(0, runs, CHUNK)
        chunks = [many(np.random.default_rng([seed, at]), (min(CHUNK, runs - at), null.n), beyond) for at in starts]
        p, undecided, old = (np.concatenate(parts) for parts in zip(*chunks, strict=True))
        p = np.where(undecided, 1.0, p)
        return [float(each.mean()) for each in (p <= ALPHA, p <= STRICT, undecided, old <= ALPHA, old <= STRICT)]

    supported, strict, undecided, *before = shares(runs, seed, 0.0)
    power, _, _, old_power, _ = shares(max(1, runs // 5), seed + 1, null.beyond)
    no_before = np.isnan(many(np.random.default_rng(seed), (2, null.n), 0.0)[2]).any()
    old = None if no_before else (before[0], before[1], old_power)
    return Found(supported, strict, undecided, power, old)


def _counted(null: Null, runs: int, seed: int, beyond: float) -> tuple[float, float, float]:
    seen = np.zeros(3)
    for run in range(runs):
        question, effect = null.draw(np.random.default_rng([seed, run]), null.n, beyond)
        supported = decide(question.judged, effect, ALPHA) == Verdict.SUPPORTED
        seen += [supported, effect.p_value <= STRICT and not effect.undecided, bool(effect.undecided)]
    return float(seen[0] / runs), float(seen[1] / runs), float(seen[2] / runs)


def _before(null: Null, runs: int, seed: int) -> tuple[float, float, float] | None:
    if null.rival is None:
        return None
    p = np.array([null.rival(np.random.default_rng([seed, run]), null.n, 0.0) for run in range(runs)])
    powered = range(max(1, runs // 5))
    found = [null.rival(np.random.default_rng([seed + 1, run]), null.n, null.beyond) for run in powered]
    return float((p <= ALPHA).mean()), float((p <= STRICT).mean()), float((np.array(found) <= ALPHA).mean())
