"""How often an interaction errs where its model does not know the baseline: nulls with steps, curves, ceilings, tails.

A scenario is a set of problems with a feature, a baseline and what else goes on; its null has the same loss at every
value of the feature, in log-odds or in points. Runs are drawn by the thousand and judged by the same `Slopes` that
`ctlab.statistics.interaction` uses; tests/statistics/test_calibration_interaction.py holds both together.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from benchmarks.calibration_question import ALPHA, STRICT
from benchmarks.straight_line import straight_line_z
from ctlab.statistics.moderators.feature_cells import Cells, sort_into_cells
from ctlab.statistics.moderators.loss_scale import LogOdds, Points
from ctlab.statistics.moderators.score import Slopes

DESIGNS = 20
"""Sets of problems that the runs are spread over."""
LOSS = {"log-odds": 1.0, "points": 0.1}
"""Loss at every value of the feature under the null."""
EFFECTS = {("log-odds", 200): 0.5, ("log-odds", 1319): 0.2, ("points", 200): 0.09, ("points", 1319): 0.035}
"""True growth of the loss per standard deviation of the feature, where power is measured."""
Draw = Callable[[np.random.Generator, int], tuple[Any, ...]]


def expit(logit: Any) -> Any:
    """Probability of log-odds."""
    return 1.0 / (1.0 + np.exp(-logit))


@dataclass(frozen=True)
class Null:
    """Problems whose feature does not change the loss."""

    feature: Draw
    """Values of the feature, and of the one that is adjusted for, if any."""
    baseline: Callable[[Any], Any]
    """Probability of being right under the baseline, from the rank of the feature, between 0 and 1, or its value."""
    same: Callable[[Any], Any] = lambda rank: np.full(rank.shape, 0.6)
    """Share of problems whose luck is the same under both conditions, from that rank."""
    other: float = 0.0
    """What a standard deviation of the adjusted feature adds to the loss, as a multiple of it."""
    straight: bool = False
    """Whether the straight line that the test once assumed is true here; a baseline is then of the standardised value
    and not of the rank."""


def _five(generator: np.random.Generator, n: int) -> tuple[Any, ...]:
    return (generator.integers(1, 6, n).astype(float),)


def _yes(generator: np.random.Generator, n: int) -> tuple[Any, ...]:
    return ((np.arange(n) < 0.3 * n).astype(float),)


def _heavy(generator: np.random.Generator, n: int) -> tuple[Any, ...]:
    return (np.exp(1.5 * generator.normal(size=n)),)


def _tokens(generator: np.random.Generator, n: int) -> tuple[Any, ...]:
    return (np.round(np.exp(generator.normal(3.8, 0.35, n))),)


def _tokens_of_operations(generator: np.random.Generator, n: int) -> tuple[Any, ...]:
    operations = generator.integers(1, 6, n).astype(float)
    return np.round(np.exp(3.2 + 0.15 * operations + 0.25 * generator.normal(size=n))), operations


def _division_of_operations(generator: np.random.Generator, n: int) -> tuple[Any, ...]:
    operations = generator.integers(1, 6, n).astype(float)
    return (generator.random(n) < 0.1 + 0.12 * operations).astype(float), operations


def _line(rank: Any) -> Any:
    return expit(2.0 - 2.0 * rank)


def _value_line(value: Any) -> Any:
    return expit(1.0 - 0.6 * value)


def _step(rank: Any) -> Any:
    return np.where(rank < 0.2, 0.97, 0.6)


def _curve(rank: Any) -> Any:
    return 0.6 + 0.35 * np.cos(2.0 * np.pi * rank)


def _ceiling(rank: Any) -> Any:
    return np.where(rank < 0.4, 0.995, 0.85)


def _floor(rank: Any) -> Any:
    return np.where(rank < 0.5, 0.13, 0.5)


def _more_luck(rank: Any) -> Any:
    return np.where(rank < 0.5, 0.95, 0.1)


NULLS = {
    "five values, straight baseline": Null(_five, _value_line, straight=True),
    "five values, stepped baseline": Null(_five, _step),
    "five values, curved baseline": Null(_five, _curve),
    "five values, ceiling at the low ones": Null(_five, _ceiling),
    "five values, floor at the low ones": Null(_five, _floor),
    "five values, unequal spread": Null(_five, _value_line, same=_more_luck, straight=True),
    "yes or no, straight baseline": Null(_yes, _value_line, straight=True),
    "yes or no, ceiling": Null(_yes, lambda value: np.where(value < 0.0, 0.97, 0.85), straight=True),
    "length, straight baseline": Null(_tokens, _value_line, straight=True),
    "length, curved baseline": Null(_tokens, _curve),
    "heavy-tailed feature, straight in its rank": Null(_heavy, _line),
    "heavy-tailed feature, stepped baseline": Null(_heavy, _step),
    "yes or no, adjusted for what modifies": Null(_division_of_operations, _step, other=0.8),
    "length, adjusted for what modifies": Null(_tokens_of_operations, _curve, other=0.8),
}
"""What the nulls are called in docs/calibration.md. The adjusted ones have a baseline by the adjusted feature."""


@dataclass(frozen=True)
class Judged:
    """Shares of runs."""

    increase: tuple[float, float]
    """SUPPORTED as larger with more of the feature, at α = .05 and .05 / 6."""
    decrease: tuple[float, float]
    """SUPPORTED as smaller."""
    undecided: float
    """INCONCLUSIVE because nothing can be decided."""


def samples(
    null: Null, scale: str, n: int, effect: float, runs: int, seed: int
) -> Iterator[tuple[Cells, Any, Any, Any]]:
    """Draw problems and runs of them: cells, the feature, and who is right before and after, (runs, n) each."""
    for design in range(DESIGNS):
        generator = np.random.default_rng([seed, design, n])
        feature, *others = null.feature(generator, n)
        lead = others[0] if others else feature
        # Equal values have one rank, so that a level has one baseline.
        rank = np.searchsorted(np.sort(lead), lead, side="left") / n
        before = null.baseline((lead - lead.mean()) / lead.std() if null.straight else rank)
        standard = (feature - feature.mean()) / feature.std()
        loss = LOSS[scale] + effect * standard
        if others:
            loss = loss + LOSS[scale] * null.other * (lead - lead.mean()) / lead.std()
        if scale == "log-odds":
            after = expit(np.log(before / (1.0 - before)) - loss)
        else:
            after = np.clip(before - loss, 0.0, 1.0)
        luck = generator.random((runs // DESIGNS, n))
        again = np.where(generator.random(luck.shape) < null.same(rank), luck, generator.random(luck.shape))
        yield sort_into_cells(feature, others), feature, luck < before, again < after


def judged(null: Null, scale: str, n: int, effect: float = 0.0, runs: int = 10_000, seed: int = 0) -> Judged:
    """Judge that many runs by the score test."""
    drawn = samples(null, scale, n, effect, runs, seed)
    return judged_cells(((cells, before, after) for cells, _, before, after in drawn), scale)


def judged_cells(drawn: Iterable[tuple[Cells, Any, Any]], scale: str) -> Judged:
    """Judge runs of problems in cells, who is right before and after being (runs, n) each."""
    found, undecided, runs = np.zeros((2, 2)), 0, 0
    for cells, before, after in drawn:
        slopes = Slopes.of({"log-odds": LogOdds, "points": Points}[scale](), cells, cells.counts(before, after))
        nothing = np.zeros(len(before))
        if not slopes.tells() or cells.concentrated or cells.confounded:
            out = np.ones(len(before), dtype=bool)
        else:
            out = ~slopes.bounded() | slopes.skewed(nothing)
            found += _rejected(np.where(out, 0.0, slopes.z(nothing)))
        undecided, runs = undecided + int(out.sum()), runs + len(before)
    shares = found / runs
    return Judged(tuple(shares[0].tolist()), tuple(shares[1].tolist()), undecided / runs)  # type: ignore[arg-type]


def judged_by_a_straight_line(null: Null, n: int, effect: float, runs: int, seed: int = 0) -> Judged:
    """Judge the same runs by the test that assumed a straight baseline, in log-odds."""
    found = np.zeros((2, 2))
    for _, feature, before, after in samples(null, "log-odds", n, effect, runs, seed):
        found += _rejected(straight_line_z(feature, before, after))
    shares = found / runs
    return Judged(tuple(shares[0].tolist()), tuple(shares[1].tolist()), 0.0)  # type: ignore[arg-type]


def interaction_rows(runs: int, power_runs: int) -> Iterator[list[str]]:
    """Rows of the table: errors on both sides, what is undecided, and power beside that of the straight line."""
    for name, null in NULLS.items():
        for scale in LOSS:
            for n in (200, 1319):
                error, effect = judged(null, scale, n, runs=runs), EFFECTS[scale, n]
                power = judged(null, scale, n, effect, power_runs)
                once = "–"
                if null.straight and scale == "log-odds":
                    before = judged_by_a_straight_line(null, n, effect, power_runs)
                    once = " / ".join(f"{100 * share:.1f} %" for share in before.increase)
                yield [
                    name,
                    scale,
                    f"{n:,}",
                    *(f"{error.increase[k]:.4f} / {error.decrease[k]:.4f}" for k in (0, 1)),
                    f"{100 * error.undecided:.1f} %",
                    f"{effect:g}",
                    " / ".join(f"{100 * share:.1f} %" for share in power.increase),
                    once,
                ]


def _rejected(z: Any) -> Any:
    """Count rejections: above and below, at both levels."""
    critical = -ndtri(np.array([ALPHA, STRICT]))
    return np.array([(z[:, None] > critical).sum(0), (z[:, None] < -critical).sum(0)])
