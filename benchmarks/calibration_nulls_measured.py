"""Nulls of means: heavy tails, tails towards the claim and against it, mostly zeros with a few large."""

import math
from collections.abc import Callable
from functools import cache, partial

import numpy as np
from scipy.special import stdtr
from scipy.stats import skew

from benchmarks.calibration_many_means import p_above_zero
from benchmarks.calibration_nulls import Drawn, Judged, Null
from benchmarks.calibration_question import asking
from ctlab.claims import Direction, Kind
from ctlab.statistics import measured_mean, measured_trend

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


def _values(name: str, tail: str, generator: np.random.Generator, shape: tuple[int, ...], beyond: float) -> np.ndarray:
    sign = 1.0 if tail == "towards the claim" else -1.0
    return sign * VALUES[name](generator, shape) + beyond * _spread(name) / math.sqrt(shape[-1])


def _mean(name: str, tail: str, generator: np.random.Generator, n: int, beyond: float) -> Drawn:
    question = asking(Kind.MEAN, Direction.INCREASE)
    return question, measured_mean(_values(name, tail, generator, (n,), beyond), question)


def _means(name: str, tail: str, generator: np.random.Generator, shape: tuple[int, int], beyond: float) -> Judged:
    values = _values(name, tail, generator, shape, beyond)
    return *p_above_zero(values), _before_means(values)


def _before_means(values: np.ndarray) -> np.ndarray:
    """Hall's test, and no verdict on fewer than 25 g² problems."""
    n, error = values.shape[1], values.std(1, ddof=1) / math.sqrt(values.shape[1])
    skewness = np.array([skew(row) if np.ptp(row) > 1e-9 else 0.0 for row in values])
    score, slant = values.mean(1) / np.maximum(error, 1e-12), skewness / math.sqrt(n)
    score = score + slant * (score**2 / 3.0 + 1.0 / 6.0) + slant**2 * score**3 / 27.0
    return np.where((error < 1e-9) | (n < 25.0 * skewness**2), 1.0, stdtr(n - 1, -score))


def _positions(generator: np.random.Generator, shape: tuple[int, ...], beyond: float) -> np.ndarray:
    """Six positions of a problem that depend on each other and are lognormal; they rise by `beyond` standard errors."""
    steps = lognormal(1.0)(generator, (*shape, 6)) + lognormal(1.0)(generator, (*shape, 1))
    return -steps + np.linspace(0.0, beyond * 2.16 * 1.6 / math.sqrt(shape[-1]), 6)


def _line(generator: np.random.Generator, n: int, beyond: float) -> Drawn:
    question = asking(Kind.LINE, Direction.INCREASE)
    return question, measured_trend(_positions(generator, (n,), beyond), question)


def _lines(generator: np.random.Generator, shape: tuple[int, int], beyond: float) -> Judged:
    place = np.arange(6) - 2.5
    p, same = p_above_zero(_positions(generator, shape, beyond) @ place / (place @ place))
    return p, same, np.full(len(p), np.nan)


KNOWN_TO_ERR = ("Pareto, index 2.2", "1 in 200 far out")
"""Against the claim only: docs/calibration.md says why."""


def _nulls_of_means() -> list[Null]:
    found = []
    for name in VALUES:
        for tail in ("towards the claim", "against the claim"):
            if name.startswith("heavy") and tail == "against the claim":
                continue  # it has both
            for n in (200, 1319):
                holds = name not in KNOWN_TO_ERR or tail == "towards the claim"
                said = name if name.startswith("heavy") else f"{name}, {tail}"
                one, many = partial(_mean, name, tail), partial(_means, name, tail)
                found.append(Null("mean", said, n, one, 2.5, many=many, holds=holds))
    lines = [Null("line", "six skewed positions, against the claim", n, _line, 2.5, many=_lines) for n in (200, 1319)]
    return [*found, *lines]


MEANS = _nulls_of_means()
