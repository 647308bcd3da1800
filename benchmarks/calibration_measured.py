"""Error rates of means of measurements: skewed to either side, tied, all but constant; always at the null's end."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.calibration_question import asking
from ctlab.claims import Direction, Kind
from ctlab.records import Effect
from ctlab.statistics import every_measured_mean, measured_mean, measured_trend

MARGIN = 0.1


def normal_with_ties(generator: np.random.Generator, n: int) -> np.ndarray:
    return np.round(generator.normal(size=n))


def long_right(generator: np.random.Generator, n: int) -> np.ndarray:
    return generator.exponential(size=n) - 1.0


def long_left(generator: np.random.Generator, n: int) -> np.ndarray:
    return 1.0 - generator.exponential(size=n)


def longer_left(generator: np.random.Generator, n: int) -> np.ndarray:
    """Skewness −6.2: far beyond what a share or a relative distance has."""
    return np.exp(0.5) - generator.lognormal(size=n)


def shares_of_six(generator: np.random.Generator, n: int) -> np.ndarray:
    """How many of six thoughts match, few: seven values, most of them 0."""
    return generator.binomial(6, 0.05, n) / 6 - 0.05


def nearly_all(generator: np.random.Generator, n: int) -> np.ndarray:
    """One number for 95 % of the problems, and a far lower one for the others."""
    return (generator.random(n) < 0.95) - 0.95


SAMPLES = {
    "ties": normal_with_ties,
    "long right tail": long_right,
    "long left tail": long_left,
    "very long left tail": longer_left,
    "shares of six, most 0": shares_of_six,
    "one value for 95 %": nearly_all,
}


def mean_at_margin(draw: Callable[..., np.ndarray], generator: np.random.Generator, n: int) -> tuple[Any, Effect]:
    question = asking(Kind.MEAN, Direction.INCREASE, MARGIN)
    return question, measured_mean(draw(generator, n) + MARGIN, question)


def one_mean_at_margin(generator: np.random.Generator, n: int) -> tuple[Any, Effect]:
    """Three of four means far beyond the margin, the fourth at it, all of the same problems."""
    question = asking(Kind.EVERY_MEAN, Direction.INCREASE, MARGIN)
    shared = long_left(generator, n)
    parts = {str(k): shared + generator.normal(size=n) + MARGIN + (3.0 if k else 0.0) for k in range(4)}
    return question, every_measured_mean(parts, question)


def no_rise(generator: np.random.Generator, n: int) -> tuple[Any, Effect]:
    """Positions of one problem that follow each other closely, and neither rise nor fall on average."""
    question = asking(Kind.LINE, Direction.INCREASE)
    return question, measured_trend(np.cumsum(generator.exponential(size=(n, 4)) - 1.0, axis=1), question)


MEASURED: dict[str, tuple[Callable[[np.random.Generator, int], tuple[Any, Effect]], int]] = {
    **{
        f"mean at its margin, {name}, n = {n}": (partial(mean_at_margin, draw), n)
        for name, draw in SAMPLES.items()
        for n in (50, 200)
    },
    "every mean, one at its margin, n = 200": (one_mean_at_margin, 200),
    "line without a rise, n = 200": (no_rise, 200),
}
