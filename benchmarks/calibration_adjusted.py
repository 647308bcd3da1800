"""How often an interaction errs that is adjusted for a continuous feature, which moves the loss as it likes.

The feature changes no loss once the other one is known. "Chosen on": the nulls by which the adjustment was chosen, here
with another seed. "Fresh": nulls that were written down once the choice was made, and changed nothing of it.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from benchmarks.calibration_interaction import EFFECTS, Judged, expit, judged_cells
from ctlab.statistics.moderators.feature_cells import Cells, quantile_bins, sort_into_cells

SEED = 77
"""None of those that the adjustment was chosen with (1 and 2)."""
DESIGNS = 200
"""Sets of problems that the runs are spread over: more than elsewhere, because what goes wrong is in the features."""
POINTS = 0.12
"""A loss of so many points for a loss of one log-odds."""


@dataclass(frozen=True)
class Problems:
    """One set of problems; (n,) each."""

    feature: Any
    """What is claimed to modify the loss, and does not."""
    others: tuple[Any, ...]
    """What is adjusted for."""
    before: Any
    """Probability of being right under the baseline."""
    loss: Any
    """Loss in log-odds, which only the others change."""


Draw = Callable[[np.random.Generator, int], Problems]


def _tokens(scores: Any, spread: float = 0.4) -> Any:
    return np.round(np.exp(3.8 + spread * scores))


def _jump_at(end: float, low: float, high: float) -> Draw:
    """The loss jumps where the length does not even reach the next tenth."""

    def draw(generator: np.random.Generator, n: int) -> Problems:
        u = generator.normal(size=n)
        before = np.where(u < 0.0, 0.7, np.where(u < 1.0, 0.5, 0.9))
        feature = 0.8 * u + 0.6 * generator.normal(size=n)
        return Problems(feature, (_tokens(u),), before, np.where(u < end, low, high))

    return draw


def _heavy(generator: np.random.Generator, n: int) -> Problems:
    u = generator.normal(size=n)
    feature = np.exp(0.5 * u) + 0.5 * generator.normal(size=n)
    return Problems(feature, (np.exp(1.2 * u),), expit(1.0 + 0.5 * u), 0.5 + 0.6 * u)


def _yes(generator: np.random.Generator, n: int) -> Problems:
    u = generator.normal(size=n)
    feature = (generator.random(n) < expit(-1.0 + 1.5 * u)) * 1.0
    return Problems(feature, (_tokens(u, 0.35),), np.where(u < -0.5, 0.6, 0.85), np.where(u < 1.28, 0.4, 2.5))


def _two(generator: np.random.Generator, n: int) -> Problems:
    operations = generator.integers(1, 6, n).astype(float)
    u = 0.6 * (operations - 3.0) / 1.41 + 0.8 * generator.normal(size=n)
    loss = 0.3 + 0.3 * (operations == 2) + 1.5 * (u > 1.2)
    feature = 0.6 * u + 0.8 * generator.normal(size=n)
    return Problems(feature, (operations, _tokens(u, 0.3)), np.where(operations == 1, 0.95, 0.65), loss)


def _square(generator: np.random.Generator, n: int) -> Problems:
    u = generator.normal(size=n)
    feature = u**2 + generator.normal(size=n)
    return Problems(feature, (_tokens(u, 0.5),), expit(1.5 - 0.4 * u), np.where(np.abs(u) < 1.7, 0.2, 2.0))


def _counts(generator: np.random.Generator, n: int) -> Problems:
    length = np.round(generator.gamma(3.0, 15.0, n)) + 5.0
    feature = np.minimum(generator.poisson(length / 25.0), 8.0)
    return Problems(feature, (length,), np.where(length < 40.0, 0.9, 0.6), 0.1 + 0.012 * length)


def _steps(generator: np.random.Generator, n: int) -> Problems:
    u = generator.normal(size=n)
    feature = np.digitize(0.7 * u + 0.7 * generator.normal(size=n), (-1.2, -0.4, 0.3, 0.9, 1.6)) * 1.0
    return Problems(
        feature, (np.exp(1.5 * u),), expit(0.9 + 0.5 * np.sin(2.0 * u)), 0.2 + 0.9 * np.maximum(u - 0.3, 0.0)
    )


def _ratio_of_both(generator: np.random.Generator, n: int) -> Problems:
    one, other = generator.gamma(2.0, 1.0, (2, n))
    feature = np.log1p(one) - 0.5 * np.log1p(other) + 0.4 * generator.normal(size=n)
    loss = 0.3 + 1.8 * (one > 4.5) + 0.2 * other
    return Problems(feature, (one, other), expit(1.2 - 0.3 * one + 0.2 * other), loss)


def _wave(generator: np.random.Generator, n: int) -> Problems:
    u = generator.normal(size=n)
    feature = np.sin(4.0 * u) + 0.4 * generator.normal(size=n)
    return Problems(feature, (np.exp(u),), 0.5 + 0.3 * np.sin(u), 0.4 + 0.4 * np.sin(4.0 * u))


def _threshold(generator: np.random.Generator, n: int) -> Problems:
    length = _tokens(generator.normal(size=n))
    feature = (length >= 50.0) * 1.0
    return Problems(feature, (length,), expit((length - 45.0) / 30.0), 0.3 + 0.02 * np.abs(length - 45.0))


ADJUSTED: dict[str, Draw] = {
    "chosen on: length, the loss jumps in its top 3 %": _jump_at(1.881, 0.3, 2.8),
    "chosen on: length, the loss jumps at its middle": _jump_at(0.0, 0.3, 1.2),
    "chosen on: a heavy-tailed feature, a loss that rises with it": _heavy,
    "chosen on: yes or no, the loss jumps in the top tenth": _yes,
    "chosen on: operations and length, the loss jumps with both": _two,
    "fresh: goes with the square, the loss jumps at both ends": _square,
    "chosen on: a count of eight values, a skewed length, a straight loss": _counts,
    "fresh: six steps of what goes with a heavy tail, a loss that bends": _steps,
    "fresh: two continuous features, the loss jumps in one": _ratio_of_both,
    "a wave that no spline follows": _wave,
    "a threshold of the length itself": _threshold,
}


def samples(
    draw: Draw, scale: str, n: int, effect: float, runs: int, tenths: bool = False
) -> Iterator[tuple[Cells, Any, Any]]:
    """Draw problems and runs of them; `tenths`: adjusted for tenths of the other features alone, as once."""
    for design in range(DESIGNS):
        generator = np.random.default_rng([SEED, design, n])
        problems = draw(generator, n)
        standard = (problems.feature - problems.feature.mean()) / problems.feature.std()
        if scale == "log-odds":
            after = expit(np.log(problems.before / (1.0 - problems.before)) - problems.loss - effect * standard)
        else:
            after = np.clip(problems.before - POINTS * problems.loss - effect * standard, 0.001, 0.999)
        luck = generator.normal(size=(runs // DESIGNS, n))
        again = 0.5 * luck + math.sqrt(0.75) * generator.normal(size=luck.shape)
        others = problems.others
        if tenths:
            others = tuple(other if len(np.unique(other)) < 10 else quantile_bins(other, 10) for other in others)
        yield sort_into_cells(problems.feature, others), luck < ndtri(problems.before), again < ndtri(after)


def adjusted_rows(runs: int, power_runs: int) -> Iterator[list[str]]:
    """Rows of the table: errors on both sides, what is undecided, power, and errors of tenths alone."""
    for name, draw in ADJUSTED.items():
        for scale in ("log-odds", "points"):
            for n in (200, 1319):
                error = judged_cells(samples(draw, scale, n, 0.0, runs), scale)
                once = judged_cells(samples(draw, scale, n, 0.0, power_runs, tenths=True), scale)
                effect = 1.6 * EFFECTS[scale, n]
                found = [
                    judged_cells(samples(draw, scale, n, effect, power_runs, tenths), scale) for tenths in (False, True)
                ]
                yield [
                    name,
                    scale,
                    f"{n:,}",
                    *_errors(error),
                    f"{100 * error.undecided:.1f} %",
                    f"{effect:g}",
                    " / ".join(f"{100 * share:.1f} %" for share in found[0].increase),
                    *_errors(once),
                    " / ".join(f"{100 * share:.1f} %" for share in found[1].increase),
                ]


def _errors(found: Judged) -> list[str]:
    return [f"{found.increase[k]:.4f} / {found.decrease[k]:.4f}" for k in (0, 1)]
