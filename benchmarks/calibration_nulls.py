"""Error rates under nulls that no test assumes: unequal spread, ties, heavy tails, dependence, floors and ceilings."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.calibration_question import ALPHA, STRICT
from ctlab.claims.judge import decide
from ctlab.records import Effect, Verdict

Drawn = tuple[Any, Effect]
Draw = Callable[[np.random.Generator, int, float], Drawn]
"""One run of n problems whose truth lies so far beyond the end of the null: question and effect."""
Rival = Callable[[np.random.Generator, int, float], float]
"""The p-value that another test gives the very same run; 1 where it decides nothing."""

Quick = Callable[[np.random.Generator, int, float], tuple[float, bool]]
"""The p-value of one run, and whether it is undecided."""


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
    quick: Quick | None = None
    """What decides of the very same run, without the rest of an effect; a test compares both."""
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
    supported, strict, undecided = _counted(null, runs, seed, 0.0)
    power = _counted(null, max(1, runs // 5), seed + 1, null.beyond)[0]
    return Found(supported, strict, undecided, power, _before(null, runs, seed))


def _counted(null: Null, runs: int, seed: int, beyond: float) -> tuple[float, float, float]:
    seen = np.zeros(3)
    for run in range(runs):
        if null.quick is not None:
            p, undecided = null.quick(np.random.default_rng([seed, run]), null.n, beyond)
            seen += [p <= ALPHA and not undecided, p <= STRICT and not undecided, undecided]
            continue
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
