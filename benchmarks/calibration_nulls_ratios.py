"""Nulls of ratios: one loss k times another for k of 2, 4 and 8, problems that are gained too, a floor, a ceiling."""

import math
from functools import partial

import numpy as np
from scipy.special import ndtr

from benchmarks.calibration_nulls import Drawn, Null
from benchmarks.calibration_nulls_paired import together
from benchmarks.calibration_question import Answers, answers, asking
from ctlab.claims import Direction, Kind
from ctlab.statistics import ratio

SECOND = {2: 0.06, 4: 0.03, 8: 0.015}
"""Loss under the second condition by k: the first one loses .12 of the problems in all."""
GAINED = 0.02
"""Share of problems that either condition alone gains, and as many more that it loses."""
BEYOND = {50: 0.2, 200: 0.12, 1319: 0.05}
"""What the first condition loses more, where power is measured."""


def rates(start: float, step: float, generator: np.random.Generator, n: int, beyond: float) -> list[Answers]:
    """One loss twice the other, near a floor or a ceiling."""
    return together(generator, n, [start, start - 2.0 * step - beyond, start - step])


def times(k: int, gains: bool, generator: np.random.Generator, n: int, beyond: float) -> list[Answers]:
    """One loss k times the other, of problems of which nine of ten are right before.

    What the second loses the first loses too, and nothing else; or, where problems are gained, a part of it only.
    """
    more = GAINED if gains else 0.0
    both = SECOND[k] - more / 2.0 if gains else SECOND[k]
    first, second = k * SECOND[k] + beyond - both + more, SECOND[k] - both + more
    kind = np.searchsorted(np.cumsum([both, first, second, more, more]), generator.random(n), side="right")
    lost = np.isin(kind, (0, 1, 2))
    before = lost | ((kind == 5) & (generator.random(n) < 0.9))
    return [
        answers("0", before),
        answers("1", (before & ~np.isin(kind, (0, 1))) | (kind == 3)),
        answers("2", (before & ~np.isin(kind, (0, 2))) | (kind == 4)),
    ]


def judged(k: float, draw: partial[list[Answers]], generator: np.random.Generator, n: int, beyond: float) -> Drawn:
    """At least k times."""
    question = asking(Kind.RATIO, Direction.INCREASE, k)
    return question, ratio(*draw(generator, n, beyond), question)


def fieller(k: float, draw: partial[list[Answers]], generator: np.random.Generator, n: int, beyond: float) -> float:
    """Fieller's test, with its rule that the denominator's 90 % interval lies above 0."""
    before, first, second = (run.labels == "CORRECT" for run in draw(generator, n, beyond))
    one, other = before * 1.0 - first, before * 1.0 - second
    contrast = one - k * other
    if not contrast.std() or other.mean() <= 1.6449 * other.std(ddof=1) / math.sqrt(n):
        return 1.0
    return float(ndtr(-contrast.mean() / contrast.std(ddof=1) * math.sqrt(n)))


def _nulls() -> list[Null]:
    found = []
    for n, beyond in BEYOND.items():
        for k in SECOND:
            for gains, said in ((False, "none gained"), (True, "problems gained too")):
                draw = partial(times, k, gains)
                judge, before = partial(judged, k, draw), partial(fieller, k, draw)
                found.append(Null(f"at least {k} times", said, n, judge, beyond, before))
        for where, start, step in (("floor", 0.08, 0.03), ("ceiling", 0.99, 0.03)) if n > 50 else ():
            draw = partial(rates, start, step)
            beyond_floor = 0.01 if where == "floor" else beyond
            found.append(
                Null("at least 2 times", where, n, partial(judged, 2, draw), beyond_floor, partial(fieller, 2, draw))
            )
    return found


RATIOS = _nulls()
