"""Nulls of ratios: one loss k times another for k of 2, 4 and 8, problems that are gained too, a floor, a ceiling."""

import math
from collections.abc import Callable
from functools import partial

import numpy as np
from scipy.special import ndtr

from benchmarks.calibration_many_means import p_above_zero
from benchmarks.calibration_nulls import Drawn, Null
from benchmarks.calibration_question import ALPHA, answers, asking
from ctlab.claims import Direction, Kind
from ctlab.statistics import ratio

Right = tuple[np.ndarray, ...]
"""Who is right before and under both conditions; of the shape that was asked for."""
Shape = tuple[int, ...]
Draw = Callable[[np.random.Generator, Shape, float], Right]
"""Problems of which the first condition loses so much more than k times the second."""

SECOND = {2: 0.06, 4: 0.03, 8: 0.015}
"""Loss under the second condition by k: the first one loses .12 of the problems in all."""
GAINED = 0.02
"""Share of problems that either condition alone gains, and as many more that it loses."""
BEYOND = {50: 0.2, 200: 0.12, 1319: 0.05}
"""What the first condition loses more, where power is measured."""


def rates(start: float, step: float, generator: np.random.Generator, shape: Shape, beyond: float) -> Right:
    """One loss twice the other, near a floor or a ceiling; seven of ten problems share their luck."""
    shared, same = generator.random(shape), generator.random(shape) < 0.7
    return tuple(
        np.where(same, shared, generator.random(shape)) < rate
        for rate in (start, start - 2.0 * step - beyond, start - step)
    )


def times(k: int, gains: bool, generator: np.random.Generator, shape: Shape, beyond: float) -> Right:
    """One loss k times the other, of problems of which nine of ten are right before.

    What the second loses the first loses too, and nothing else; or, where problems are gained, a part of it only.
    """
    more = GAINED if gains else 0.0
    both = SECOND[k] - more / 2.0 if gains else SECOND[k]
    first, second = k * SECOND[k] + beyond - both + more, SECOND[k] - both + more
    kind = np.searchsorted(np.cumsum([both, first, second, more, more]), generator.random(shape), side="right")
    before = (kind < 3) | ((kind == 5) & (generator.random(shape) < 0.9))
    # Kinds: 0 lost twice, 1 by the first, 2 by the second, 3 gained by the first, 4 by the second, 5 the same thrice.
    return before, before & (kind > 1) | (kind == 3), before & (kind != 0) & (kind != 2) | (kind == 4)


def judged(k: int, draw: Draw, generator: np.random.Generator, n: int, beyond: float) -> Drawn:
    """One run, by the statistic."""
    question = asking(Kind.RATIO, Direction.INCREASE, k)
    runs = [answers(str(place), right) for place, right in enumerate(draw(generator, (n,), beyond))]
    return question, ratio(*runs, question)


def many(
    k: int, draw: Draw, generator: np.random.Generator, shape: tuple[int, int], beyond: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Runs at once: p of what must hold together, which is the claim and a denominator above 0; and Fieller's p."""
    before, first, second = (right * 1.0 for right in draw(generator, shape, beyond))
    one, other = before - first, before - second
    p, _ = p_above_zero(one - k * other)
    above, _ = p_above_zero(other)
    return np.maximum(p, above), above > ALPHA, fieller(one - k * other, other)


def fieller(contrast: np.ndarray, other: np.ndarray) -> np.ndarray:
    """P of Fieller's test, with its rule that the denominator's 90 % interval lies above 0."""
    root = math.sqrt(contrast.shape[1])
    error = np.maximum(contrast.std(1, ddof=1) / root, 1e-12)
    above = other.mean(1) > 1.6449 * other.std(1, ddof=1) / root
    return np.where(above, ndtr(-contrast.mean(1) / error), 1.0)


def _nulls() -> list[Null]:
    found = []
    for n, beyond in BEYOND.items():
        drawn: list[tuple[int, str, Draw, float]] = [
            (k, said, partial(times, k, gains), beyond)
            for k in SECOND
            for gains, said in ((False, "none gained"), (True, "problems gained too"))
        ]
        if n > 50:
            drawn.append((2, "floor", partial(rates, 0.08, 0.03), 0.01))
            drawn.append((2, "ceiling", partial(rates, 0.99, 0.03), beyond))
        for k, said, draw, size in drawn:
            one, several = partial(judged, k, draw), partial(many, k, draw)
            found.append(Null(f"at least {k} times", said, n, one, size, many=several))
    return found


RATIOS = _nulls()
