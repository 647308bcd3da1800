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
from ctlab.statistics.means.sides import Bounds, Sides
from ctlab.statistics.means.skewness import without_skewness
from ctlab.statistics.means.stratified import within_strata

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


def _quick_mean(name: str, tail: str, generator: np.random.Generator, n: int, beyond: float) -> tuple[float, bool]:
    return _p(Sides.of(_values(name, tail, generator, n, beyond), None))


def _p(sides: Sides | None) -> tuple[float, bool]:
    return (1.0, True) if sides is None else (sides.p_values(0.0)[0], False)


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
RUNS = 10_000


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
                quick = partial(_quick_mean, name, tail)
                found.append(Null("mean", said, n, drawn, 2.5, before, RUNS, quick, holds))
    lines = [Null("line", "six skewed positions, against the claim", n, _line, 2.5, runs=2000) for n in (200, 1319)]
    return [*found, *lines]


def far_out(generator: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Nearly one value, and one problem in 100 five below it: 200 problems hold none in 13 % of samples."""
    return 0.05 + generator.normal(0.0, 0.001, shape) - 5.0 * (generator.random(shape) < 0.01)


def at_the_ends(generator: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Many near either bound: beta with both parameters one half."""
    return generator.beta(0.5, 0.5, shape) - 0.5


def zeros_and_ones(share: float) -> Values:
    """Right or wrong, less the share of right ones."""
    return lambda generator, shape: (generator.random(shape) < share) - share


def narrow(generator: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """A normal measurement with bounds 20 standard deviations away."""
    return np.clip(generator.normal(0.0, 0.05, shape), -1.0, 1.0)


def shares_of_six(generator: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Sixths, most of them 1, less their mean."""
    return generator.binomial(6, 0.97, shape) / 6.0 - 0.97


BOUNDED: dict[str, tuple[Values, Bounds]] = {
    "1 in 100 far out": (far_out, (-5.5, 0.5)),
    "many at both bounds": (at_the_ends, (-0.5, 0.5)),
    "right or wrong, 95 % right": (zeros_and_ones(0.95), (-0.95, 0.05)),
    "right or wrong, 5 % right": (zeros_and_ones(0.05), (-0.05, 0.95)),
    "sixths, most of them 1": (shares_of_six, (-0.97, 0.03)),
    "bounds 20 standard deviations away": (narrow, (-1.0, 1.0)),
}
"""Measurements with a mean of 0 and known bounds."""


@cache
def _bounded_spread(name: str) -> float:
    return float(BOUNDED[name][0](np.random.default_rng(9), (1_000_000,)).std())


def _bounded_values(name: str, generator: np.random.Generator, n: int, beyond: float) -> tuple[np.ndarray, Bounds]:
    """A run and its bounds, moved together."""
    draw, (low, high) = BOUNDED[name]
    shift = beyond * _bounded_spread(name) / math.sqrt(n)
    return draw(generator, (n,)) + shift, (low + shift, high + shift)


def _bounded(name: str, generator: np.random.Generator, n: int, beyond: float) -> Drawn:
    values, bounds = _bounded_values(name, generator, n, beyond)
    question = asking(Kind.MEAN, Direction.INCREASE)
    return question, measured_mean(values, question, bounds=bounds)


def _quick_bounded(name: str, generator: np.random.Generator, n: int, beyond: float) -> tuple[float, bool]:
    values, bounds = _bounded_values(name, generator, n, beyond)
    return _p(Sides.of(values, bounds))


def _without_bounds(name: str, generator: np.random.Generator, n: int, beyond: float) -> float:
    return _p(Sides.of(_bounded_values(name, generator, n, beyond)[0], None))[0]


GROUPS = (0.25, 0.0, -0.1, -0.05, -0.1)
"""Means of five strata of equal shares; the shares are fixed, as a stratified mean takes them to be."""
SPREADS = (0.02, 0.3, 0.3, 0.6, 0.1)
"""Their spreads: the stratum that carries the mean hardly has one."""


def _strata(uneven: bool, generator: np.random.Generator, n: int, beyond: float) -> tuple[np.ndarray, np.ndarray]:
    """Heavy-tailed values, whose strata differ; unevenly: one has a twentieth of the problems and the widest spread."""
    shares = np.array([0.2, 0.35, 0.2, 0.05, 0.2] if uneven else [0.2] * 5)
    stratum = np.repeat(np.arange(5), np.diff(np.round(np.cumsum([0.0, *shares]) * n).astype(int)))
    mean = np.array(GROUPS)
    mean = mean - (np.bincount(stratum) / n) @ mean
    spread = np.array(SPREADS)[stratum] * (np.where(stratum == 3, 3.0, 1.0) if uneven else 1.0)
    values = mean[stratum] + spread * generator.standard_t(3, n)
    return values + beyond * math.sqrt(3.0 * float((spread**2).mean()) / n), stratum


def _stratified(uneven: bool, generator: np.random.Generator, n: int, beyond: float) -> Drawn:
    values, stratum = _strata(uneven, generator, n, beyond)
    question = asking(Kind.MEAN, Direction.INCREASE)
    return question, measured_mean(values, question, strata={"n_operations": stratum.tolist()})


def _quick_stratified(uneven: bool, generator: np.random.Generator, n: int, beyond: float) -> tuple[float, bool]:
    values, stratum = _strata(uneven, generator, n, beyond)
    rows = {str(k): np.flatnonzero(stratum == k).tolist() for k in range(5)}
    return _p(Sides.unbounded(*within_strata(values, rows)))


def _plain(uneven: bool, generator: np.random.Generator, n: int, beyond: float) -> float:
    return _p(Sides.of(_strata(uneven, generator, n, beyond)[0], None))[0]


def _nulls_with_more_known() -> list[Null]:
    found = []
    for n in (200, 1319):
        for name in BOUNDED:
            draw, before, quick = (partial(each, name) for each in (_bounded, _without_bounds, _quick_bounded))
            found.append(Null("mean, bounds known", name, n, draw, 2.5, before, RUNS if n == 200 else 2000, quick))
        for uneven, said in ((False, "five strata that differ"), (True, "strata of unequal size and spread")):
            draw, before, quick = (partial(each, uneven) for each in (_stratified, _plain, _quick_stratified))
            found.append(Null("mean within strata", said, n, draw, 2.5, before, RUNS, quick))
    return found


MEANS = _nulls_of_means()
KNOWN_MORE = _nulls_with_more_known()
"""Means whose bounds or strata are declared; "before" is the test without them."""
