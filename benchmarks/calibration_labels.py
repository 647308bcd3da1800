"""How often a label is wrongly found to rise beyond chance.

Wrong answers are drawn for the embedded problems: random ones are other
problems' gold answers, real ones numbers that have the label. Under every null the share of real ones among the wrong
answers stays what it was while the number of wrong answers changes, so that the label's rate moves and its
chance-corrected rate does not. Which problems are wrong is half the problem's own difficulty under both conditions.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ctlab.outcomes import Outcome
from ctlab.outcomes.beyond_chance import CorrectedRate, corrected_rate, exact_chance
from ctlab.outcomes.taxonomy import carries
from ctlab.problems import load_problems, same_number
from ctlab.statistics.paired.chance_corrected import corrected_difference

ALPHAS = (0.05, 0.05 / 6)
LABELS = (Outcome.CALC_ERROR, Outcome.OPERATION_REVERSAL)
NULLS = (
    ("random numbers, twice as many", 1319, 0.23, 0.45, 0.0, 0.0),
    ("a tenth real, twice as many", 1319, 0.23, 0.45, 0.1, 0.1),
    ("a tenth real, half as many", 1319, 0.45, 0.23, 0.1, 0.1),
    ("a tenth real, from few to nearly all", 1319, 0.05, 0.9, 0.1, 0.1),
    ("a tenth real, 200 problems", 200, 0.3, 0.6, 0.1, 0.1),
)
TRUE = (("from a tenth real to a fourth, twice as many", 1319, 0.23, 0.45, 0.1, 0.25),)


class Answers:
    """Draws wrong answers of one label to the embedded problems."""

    def __init__(self, label: Outcome) -> None:
        problems = load_problems("tiny").problems
        golds = [problem.gold_number for problem in problems]
        numbers = list(dict.fromkeys(golds))
        often = np.array([golds.count(number) for number in numbers], dtype=float)
        self.has = np.array([[carries(problem, x, (), label) for x in numbers] for problem in problems], dtype=float)
        self.wrong = np.array(
            [[not same_number(x, problem.gold_number) for x in numbers] for problem in problems], dtype=float
        )
        self._random = self._cumulated(self.wrong * often)
        self._real = self._cumulated(self.has * often)
        self._can = self.has.any(axis=1)

    def draw(self, rows: Any, problems: Any, real: float, rng: np.random.Generator) -> CorrectedRate:
        """Answer the problems at `rows` wrongly, a share of them with a number that has the label."""
        at, n = problems[rows], len(problems)
        own = (rng.random(len(rows))[:, None] > self._random[at]).sum(axis=1)
        really = (rng.random(len(rows)) < real) & self._can[at]
        own[really] = (rng.random(int(really.sum()))[:, None] > self._real[at[really]]).sum(axis=1)
        has = self.has[at]
        return corrected_rate(rows, has[np.arange(len(rows)), own], *exact_chance(has, self.wrong[at], own), n)

    @staticmethod
    def _cumulated(weights: Any) -> Any:
        sums = weights.sum(axis=1, keepdims=True)
        # The last place is 1 whatever rounding says, so that every draw has a place.
        cumulated = (weights / np.where(sums > 0, sums, 1.0)).cumsum(axis=1)
        cumulated[cumulated > 1.0 - 1e-9] = 1.0
        return cumulated


def supported(
    answers: Answers, n: int, before: float, after: float, real: tuple[float, float], runs: int, seed: int
) -> list[float]:
    """Return the share of runs in which the label is found to rise beyond chance, at each level."""
    rng, counts = np.random.default_rng(seed), np.zeros(len(ALPHAS))
    for _ in range(runs):
        problems = rng.choice(len(answers.has), n, replace=False)
        difficulty, rates = rng.random(n), []
        for share, really in zip((before, after), real, strict=True):
            luck = (difficulty + rng.random(n)) / 2.0
            rates.append(answers.draw(np.flatnonzero(luck > np.quantile(luck, 1.0 - share)), problems, really, rng))
        for place, alpha in enumerate(ALPHAS):
            effect = corrected_difference(*rates, 0.0, "greater", alpha)
            counts[place] += effect.p_value <= alpha and effect.low > 0.0 and not effect.undecided
    return [float(count) / runs for count in counts]


def label_rows(runs: int) -> Iterator[list[str]]:
    """Rows of the table: shares of runs in which the label is found to rise, the last of each label being true."""
    for label in LABELS:
        answers = Answers(label)
        for seed, (name, n, before, after, *real) in enumerate((*NULLS, *TRUE)):
            found = supported(answers, n, before, after, (real[0], real[1]), runs, seed)
            yield [str(label), name, *(f"{share:.4f}" for share in found)]
