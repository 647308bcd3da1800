"""Nulls of means of which more is known: the bounds of the measurement, or strata that are held fixed."""

import math
from functools import cache, partial

import numpy as np

from benchmarks.calibration_many_means import p_above_zero
from benchmarks.calibration_nulls import Drawn, Judged, Null
from benchmarks.calibration_nulls_measured import Values
from benchmarks.calibration_question import asking
from ctlab.claims import Direction, Kind
from ctlab.statistics import measured_mean
from ctlab.statistics.means.bounded import BoundedSide
from ctlab.statistics.means.sides import Bounds
from ctlab.statistics.means.stratified import within_strata


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


def _bounded_values(
    name: str, generator: np.random.Generator, shape: tuple[int, ...], beyond: float
) -> tuple[np.ndarray, Bounds]:
    """Runs and their bounds, moved together."""
    draw, (low, high) = BOUNDED[name]
    shift = beyond * _bounded_spread(name) / math.sqrt(shape[-1])
    return draw(generator, shape) + shift, (low + shift, high + shift)


def _bounded(name: str, generator: np.random.Generator, n: int, beyond: float) -> Drawn:
    values, bounds = _bounded_values(name, generator, (n,), beyond)
    question = asking(Kind.MEAN, Direction.INCREASE)
    return question, measured_mean(values, question, bounds=bounds)


def _all_bounded(name: str, generator: np.random.Generator, shape: tuple[int, int], beyond: float) -> Judged:
    values, (low, _) = _bounded_values(name, generator, shape, beyond)
    p = [BoundedSide(values=-row, bound=-low).p_value(0.0) for row in values]
    return np.array(p), np.zeros(len(p), dtype=bool), p_above_zero(values)[0]


GROUPS = (0.25, 0.0, -0.1, -0.05, -0.1)
"""Means of five strata of equal shares; the shares are fixed, as a stratified mean takes them to be."""
SPREADS = (0.02, 0.3, 0.3, 0.6, 0.1)
"""Their spreads: the stratum that carries the mean hardly has one."""


def _strata(
    uneven: bool, generator: np.random.Generator, shape: tuple[int, ...], beyond: float
) -> tuple[np.ndarray, np.ndarray]:
    """Heavy-tailed values, whose strata differ; unevenly: one has a twentieth of the problems and the widest spread."""
    n = shape[-1]
    shares = np.array([0.2, 0.35, 0.2, 0.05, 0.2] if uneven else [0.2] * 5)
    stratum = np.repeat(np.arange(5), np.diff(np.round(np.cumsum([0.0, *shares]) * n).astype(int)))
    mean = np.array(GROUPS)
    mean = mean - (np.bincount(stratum) / n) @ mean
    spread = np.array(SPREADS)[stratum] * (np.where(stratum == 3, 3.0, 1.0) if uneven else 1.0)
    values = mean[stratum] + spread * generator.standard_t(3, shape)
    return values + beyond * math.sqrt(3.0 * float((spread**2).mean()) / n), stratum


def _stratified(uneven: bool, generator: np.random.Generator, n: int, beyond: float) -> Drawn:
    values, stratum = _strata(uneven, generator, (n,), beyond)
    question = asking(Kind.MEAN, Direction.INCREASE)
    return question, measured_mean(values, question, strata={"n_operations": stratum.tolist()})


def _all_stratified(uneven: bool, generator: np.random.Generator, shape: tuple[int, int], beyond: float) -> Judged:
    values, stratum = _strata(uneven, generator, shape, beyond)
    rows = {str(k): np.flatnonzero(stratum == k).tolist() for k in range(5)}
    moved, freedom = zip(*(within_strata(row, rows) for row in values), strict=True)
    return *p_above_zero(np.array(moved), np.array(freedom)), p_above_zero(values)[0]


def _nulls() -> list[Null]:
    found = []
    for n in (200, 1319):
        for name in BOUNDED:
            one, many = partial(_bounded, name), partial(_all_bounded, name)
            runs = 10_000 if n == 200 else 2000  # 10 ms a run of 1,319 different numbers
            found.append(Null("bounds known", name, n, one, 2.5, many=many, runs=runs))
        for uneven, said in ((False, "five strata that differ"), (True, "strata of unequal size and spread")):
            one, many = partial(_stratified, uneven), partial(_all_stratified, uneven)
            found.append(Null("within strata", said, n, one, 2.5, many=many))
    return found


KNOWN_MORE = _nulls()
"""Means whose bounds or strata are declared; "before" is the test without them."""
