"""Does a claim reach the power that the plan promises? Data with exactly the promised effect, judged by the verdict.

The promise comes from `ctlab.claims.plan`, the verdict from `decide`; nothing here knows how either is computed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import NormalDist
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks.calibration_question import LABELS, SHARES, Answers, answers
from ctlab.claims import EVERY_OUTCOME, Claim, Direction, Family, Kind, Prospect, plan
from ctlab.claims.judge import decide
from ctlab.records import Effect, Verdict
from ctlab.statistics import (
    additivity,
    auc,
    cochran_q,
    every_outcome_equivalent,
    interaction,
    main_effect,
    measured_mean,
    ordered_trend,
)

DISCORDANCE = 0.1
START = 0.8
"""Accuracy under the baseline, where it matters."""
DESIGNS = ((200, 0.05), (1319, 0.05 / 6))
"""Problems, and level of the claim."""

Draw = Callable[[np.random.Generator, int, float, Any], Effect]


@dataclass(frozen=True)
class Scenario:
    """A kind of claim, and problems on which its promised effect is exactly so."""

    claim: Claim
    draw: Draw
    spread: float | None = None
    """Standard deviation that a pilot would have shown, for means."""

    def prospect(self, n: int, alpha: float) -> Prospect:
        """What the plan promises."""
        family = Family(name="f", claims=(self.claim,), alpha=alpha)
        spread = None if self.spread is None else {self.claim.id: self.spread}
        return plan([family], n, discordance=DISCORDANCE, spread=spread)[0]

    def power(self, n: int, alpha: float, runs: int, seed: int = 0) -> float:
        """Share of runs that are SUPPORTED."""
        prospect, judged = self.prospect(n, alpha), self.claim
        promised = prospect.provable if judged.direction == Direction.EQUIVALENT else prospect.detectable
        if promised is None:
            raise ValueError(f"The plan promises nothing for {judged.kind}: {prospect.note}.")
        if judged.direction == Direction.EQUIVALENT:
            judged, promised = replace(judged, margin=promised), 0.0
        question = SimpleNamespace(direction=judged.direction, margin=judged.margin, alpha=alpha)
        found = 0
        for run in range(runs):
            effect = self.draw(np.random.default_rng([seed, run]), n, promised, question)
            found += decide(judged, effect, alpha) == Verdict.SUPPORTED
        return found / runs


def claim(kind: Kind, direction: Direction, **fields: Any) -> Claim:
    """A claim of a kind."""
    return Claim(id="c", family="f", statement="s", kind=kind, direction=direction, **fields)


def changed(
    generator: np.random.Generator, before: np.ndarray, loss: float | np.ndarray, rate: float = START
) -> np.ndarray:
    """The same problems under a condition that changes a tenth of them, and loses `loss` of them on balance.

    `rate` is the probability of having the outcome before.
    """
    share = np.maximum(DISCORDANCE, np.abs(loss))
    broken, fixed = (share + loss) / 2 / rate, (share - loss) / 2 / (1 - rate)
    luck = generator.random(len(before))
    return np.where(before, luck >= broken, luck < fixed)


def start(generator: np.random.Generator, n: int) -> np.ndarray:
    """Outcomes under the baseline."""
    return generator.random(n) < START


def halves(generator: np.random.Generator, n: int, effect: float, question: Any) -> Effect:
    """One half of the problems loses `effect`, the other nothing on balance."""
    has = np.arange(n) % 2 == 0
    before = start(generator, n)
    after = changed(generator, before, np.where(has, effect, 0.0))
    features = tuple(SimpleNamespace(has_division=bool(each)) for each in has)
    return interaction("has_division", answers("0", before, features), answers("1", after, features), question)


def contrast(generator: np.random.Generator, n: int, effect: float, question: Any) -> Effect:
    """The two comparisons of the contrast change problems that have nothing to do with each other."""
    none, second = start(generator, n), start(generator, n)
    first, both = changed(generator, none, effect / 2), changed(generator, second, -effect / 2)
    return additivity(*(answers(str(k), each) for k, each in enumerate((none, first, second, both))), question)


def factor(generator: np.random.Generator, n: int, effect: float, question: Any) -> Effect:
    """A factor that raises the rate alike with and without the other, in problems that have nothing to do with it."""
    none, second = start(generator, n), start(generator, n)
    first, both = (changed(generator, before, -effect) for before in (none, second))
    return main_effect(*(answers(str(k), each) for k, each in enumerate((none, first, second, both))), question)


def groups(generator: np.random.Generator, n: int, effect: float, question: Any) -> Effect:
    """A normal measurement, a quarter of the problems shifted."""
    positive = np.arange(n) % 4 == 0
    shift = NormalDist().inv_cdf(0.5 + effect) * 2**0.5
    return auc((generator.normal(size=n) + shift * positive).tolist(), positive.tolist(), question)


def steps(generator: np.random.Generator, n: int, effect: float, question: Any) -> Effect:
    """Four steps that each lose `effect`."""
    runs = [start(generator, n)]
    for step in range(4):
        runs.append(changed(generator, runs[-1], effect, START - step * effect))
    return ordered_trend([answers(str(k), each) for k, each in enumerate(runs)], question)


def six(generator: np.random.Generator, n: int, effect: float, question: Any) -> Effect:
    """A fifth of the problems is answered by luck, so that any two conditions differ on a tenth; two lie apart."""
    lucky = generator.random((n, 1)) < 2 * DISCORDANCE
    rates = 0.5 + effect / (2 * DISCORDANCE) * np.array([0.5, -0.5, 0.0, 0.0, 0.0, 0.0])
    correct = np.where(lucky, generator.random((n, 6)) < rates, generator.random((n, 1)) < START)
    return cochran_q([answers(str(k), correct[:, k]) for k in range(6)], question)


def alike(generator: np.random.Generator, n: int, effect: float, question: Any) -> Effect:
    """As many problems break as are mended, and half of those wrong under both change their label."""
    before = start(generator, n)
    after = changed(generator, before, effect)
    first = generator.choice(len(LABELS), n, p=SHARES)
    second = np.where(generator.random(n) < 0.5, first, generator.choice(len(LABELS), n, p=SHARES))
    names = np.array(LABELS)
    runs = [
        Answers(str(k), np.where(right, "CORRECT", names[label]))
        for k, (right, label) in enumerate(((before, first), (after, second)))
    ]
    return every_outcome_equivalent(*runs, question)


def normal(generator: np.random.Generator, n: int, effect: float, question: Any) -> Effect:
    """A normal measurement, beyond the margin by the promised effect."""
    return measured_mean(generator.normal(size=n) + question.margin + effect, question)


CONDITIONS = ("baseline", *(f"ct{k}" for k in range(6)))
SIMULATED = {
    "interaction, halves": Scenario(
        claim(
            Kind.INTERACTION, Direction.INCREASE, feature="has_division", scale="log-odds", conditions=CONDITIONS[:2]
        ),
        halves,
    ),
    "additivity": Scenario(claim(Kind.ADDITIVITY, Direction.INCREASE, conditions=CONDITIONS[:4]), contrast),
    "main effect": Scenario(claim(Kind.MAIN_EFFECT, Direction.INCREASE, conditions=CONDITIONS[:4]), factor),
    "AUC": Scenario(claim(Kind.AUC, Direction.INCREASE, conditions=CONDITIONS[:2]), groups),
    "ordered trend, four steps": Scenario(claim(Kind.TREND, Direction.DECREASE, conditions=CONDITIONS[:5]), steps),
    "not all equal, six conditions": Scenario(claim(Kind.NOT_ALL_EQUAL, Direction.CHANGE, conditions=CONDITIONS), six),
    "mean": Scenario(claim(Kind.MEAN, Direction.INCREASE, margin=0.1), normal, spread=1.0),
}
UNPROMISED = {
    "equivalence of every outcome": Scenario(
        claim(Kind.EQUIVALENCE, Direction.EQUIVALENT, outcome=EVERY_OUTCOME, margin=0.02, conditions=CONDITIONS[:2]),
        alike,
    ),
}
"""What the plan says of one outcome only: all of them together are proven a little less often."""
