"""Nulls of means: heavy tails, tails towards the claim and against it, mostly zeros with a few large."""

import math
from collections.abc import Callable
from functools import cache, partial

import numpy as np
from scipy.special import stdtr
from scipy.stats import skew

from benchmarks.calibration_nulls import Drawn, Null
from benchmarks.calibration_question import asking
from ctlab.claims import Direction, Kind
from ctlab.statistics import measured_mean, measured_trend
from ctlab.statistics.means.skewness import without_skewness

Values = Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]
"""Values with a mean of 0."""


def t_three(generator: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Heavy tails on both sides: Student's t on 3 degrees of freedom."""
    return generator.standard_t(3, shape)


def long_tail(generator: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Skewness 2: exponential."""
    return generator.exponential(size=shape) - 1.0


def lognormal(spread: float) -> Values:
    """Skewness 6.2 for a log-spread of 1, 33 for 1.5."""
    return lambda generator, shape: np.exp(spread * generator.normal(size=shape)) - math.exp(spread**2 / 2.0)


def pareto(index: float) -> Values:
    """No third moment up to an index of 3."""
    return lambda generator, shape: generator.pareto(index, shape) - 1.0 / (index - 1.0)


def mostly_zero(share: float) -> Values:
    """Zeros, and a few large values."""

    def draw(generator: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
        return (generator.random(shape) < share) * (1.0 + generator.exponential(size=shape)) - 2.0 * share

    return draw


def unseen(generator: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """A normal measurement, and one problem in 200 that lies 20 standard deviations out."""
    return generator.normal(size=shape) + 20.0 * ((generator.random(shape) < 0.005) - 0.005)


VALUES: dict[str, Values] = {
    "heavy on both sides (t, 3)": t_three,
    "skewness 2 (exponential)": long_tail,
    "skewness 6 (lognormal)": lognormal(1.0),
    "skewness 33 (lognormal, 1.5)": lognormal(1.5),
    "Pareto, index 3": pareto(3.0),
    "Pareto, index 2.2": pareto(2.2),
    "2 % large, else 0": mostly_zero(0.02),
    "10 % large, else 0": mostly_zero(0.1),
    "1 in 200 far out": unseen,
}


@cache
def _spread(name: str) -> float:
    return float(VALUES[name](np.random.default_rng(9), (1_000_000,)).std())


def _values(name: str, tail: str, generator: np.random.Generator, n: int, beyond: float) -> np.ndarray:
    sign = 1.0 if tail == "towards the claim" else -1.0
    return sign * VALUES[name](generator, (n,)) + beyond * _spread(name) / math.sqrt(n)


def _mean(name: str, tail: str, generator: np.random.Generator, n: int, beyond: float) -> Drawn:
    question = asking(Kind.MEAN, Direction.INCREASE)
    return question, measured_mean(_values(name, tail, generator, n, beyond), question)


def _before_mean(name: str, tail: str, generator: np.random.Generator, n: int, beyond: float) -> float:
    """Hall's test, and no verdict on fewer than 25 g² problems."""
    values = _values(name, tail, generator, n, beyond)
    error, skewness = values.std(ddof=1) / math.sqrt(n), float(skew(values)) if np.ptp(values) else 0.0
    if error < 1e-9 or n < 25.0 * skewness**2:
        return 1.0
    return float(stdtr(n - 1, -without_skewness(values.mean() / error, skewness, n)))


def _line(generator: np.random.Generator, n: int, beyond: float) -> Drawn:
    """Six positions of a problem that depend on each other and are lognormal; they rise by `beyond` standard errors."""
    steps = lognormal(1.0)(generator, (n, 6)) + lognormal(1.0)(generator, (n, 1))
    question = asking(Kind.LINE, Direction.INCREASE)
    return question, measured_trend(-steps + np.linspace(0.0, beyond * 2.16 * 1.6 / math.sqrt(n), 6), question)


KNOWN_TO_ERR = ("Pareto, index 2.2", "1 in 200 far out")
"""Against the claim only: docs/calibration.md says why."""
RUNS = 2000


def _nulls_of_means() -> list[Null]:
    found = []
    for name in VALUES:
        for tail in ("towards the claim", "against the claim"):
            if name.startswith("heavy") and tail == "against the claim":
                continue  # it has both
            for n in (200, 1319):
                holds = name not in KNOWN_TO_ERR or tail == "towards the claim"
                said = name if name.startswith("heavy") else f"{name}, {tail}"
                drawn, before = partial(_mean, name, tail), partial(_before_mean, name, tail)
                found.append(Null("mean", said, n, drawn, 2.5, before, RUNS, holds))
    lines = [Null("line", "six skewed positions, against the claim", n, _line, 2.5, runs=RUNS) for n in (200, 1319)]
    return [*found, *lines]


MEANS = _nulls_of_means()
