"""Chance rates: how often an outcome is given to answers that have nothing to do with the problem."""

import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ctlab.outcomes.held_answers import HeldAnswer, NumberAnswer, TextAnswer, held_answer
from ctlab.outcomes.outcome import BY_ANSWER, ERRORS, Outcome
from ctlab.outcomes.run import Run
from ctlab.problems import Problem

DERANGEMENTS = 20
"""Shuffles in which no wrong answer stays with its problem. Over 921 wrong answers chance rates then vary with the
seed by 0.3 points (standard deviation) and by 1.6 with the sample; each shuffle classifies every wrong answer again."""
RESAMPLES = 1000
"""Bootstrap resamples of the problems; with four times as many the interval's ends still vary with the seed by 0.6
points, because the derangements do."""
LEVEL = 0.95
"""Level of the interval of a chance-corrected rate: it is for reading, no claim is decided by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChanceRate:
    """One outcome's rate among wrong answers that what was read labels, beside its chance rate."""

    rate: float
    """Share of these answers with the outcome, a proportion."""
    chance: float
    """Expected share when each answer is replaced by another problem's wrong answer of the same condition."""
    corrected: float | None
    """(rate - chance) / (1 - chance); None when chance alone gives the outcome to every answer."""
    low: float | None
    """Lower end of the corrected rate's 95 % bootstrap interval over problems."""
    high: float | None
    """Upper end of that interval."""
    n: int
    """Wrong answers that their number, or what else was read, labels; what the text decides (NONSENSE, FORM_BROKEN) is
    not among them."""

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        return asdict(self)

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> "ChanceRate":
        """Read the JSON form."""
        return cls(**form)


def chance_rates(run: Run, *, seed: int = 0, final_number_only: bool = False) -> Mapping[Outcome, ChanceRate]:
    """Measure each outcome's rate among wrong answers that what was read labels, and its rate when these are shuffled.

    An answer's written steps are true or false whatever the problem, so where steps decide, CALC_ERROR and LOGIC_ERROR
    have a chance rate near their rate; ``final_number_only`` labels every answer by its number instead. Empty when
    there are fewer than two such answers: there is nothing to shuffle.

    Where answers are no numbers, few of them can be told apart (two, of a boolean), so that CORRECT has a chance rate,
    too: the share of right ones among all answers that could be read, and what is left of it when these are shuffled.
    """
    return {**_right(run, seed), **_wrong(run, seed, final_number_only)}


def _right(run: Run, seed: int) -> dict[Outcome, ChanceRate]:
    """Compare the share of right answers with that of answers to other problems; nothing of numbers."""
    if run.problems[0].kind == "number":
        return {}
    pairs = zip(run.problems, run.classifications, strict=True)
    read: list[tuple[Problem, HeldAnswer]] = [
        (problem, TextAnswer(problem.kind, labelled.extraction.answer))
        for problem, labelled in pairs
        if labelled.extraction.answer is not None and labelled.outcome in (Outcome.CORRECT, *BY_ANSWER)
    ]
    return _rates((Outcome.CORRECT,), read, seed, among=(Outcome.CORRECT, *BY_ANSWER, Outcome.HEDGED))


def _wrong(run: Run, seed: int, final_number_only: bool) -> dict[Outcome, ChanceRate]:
    """Compare each label's share of the wrong answers with that at other problems where these are wrong, too."""
    wrong: list[tuple[Problem, HeldAnswer]] = []
    for problem, generation, labelled in zip(run.problems, run.generations, run.classifications, strict=True):
        if final_number_only and labelled.prediction is not None:
            if labelled.outcome is not Outcome.CORRECT:
                wrong.append((problem, NumberAnswer(labelled.prediction, ())))
        elif (answer := held_answer(problem, labelled, generation.text)) is not None:
            wrong.append((problem, answer))
    scored = tuple(outcome for outcome in run.outcomes if outcome in BY_ANSWER)
    return _rates(scored, wrong, seed, among=ERRORS)


def _derangement(n: int, rng: random.Random) -> list[int]:
    """Draw a cyclic permutation (Sattolo's algorithm): no element stays in place."""
    order = list(range(n))
    for i in range(n - 1, 0, -1):
        j = rng.randrange(i)
        order[i], order[j] = order[j], order[i]
    return order


def _rates(
    scored: Sequence[Outcome], answers: Sequence[tuple[Problem, HeldAnswer]], seed: int, *, among: Collection[Outcome]
) -> dict[Outcome, ChanceRate]:
    """Shuffle answers and count outcomes, of those ``among`` which each problem's share is taken; empty below two."""
    import numpy as np

    n = len(answers)
    if n < 2:
        return {}
    own = [answer.outcome_for(problem) for problem, answer in answers]
    rng = random.Random(f"chance {seed}")
    shuffled: list[Counter[Outcome]] = [Counter() for _ in answers]
    for _ in range(DERANGEMENTS):
        for at, other in enumerate(_derangement(n, rng)):
            outcome = answers[other][1].outcome_for(answers[at][0])
            if outcome in among:
                shuffled[at][outcome] += 1
    has = np.array([[outcome is each for each in scored] for outcome in own], dtype=float)
    given = np.array([[counts[each] for each in scored] for counts in shuffled], dtype=float)
    kept = np.array([counts.total() for counts in shuffled], dtype=float)
    # How often each problem is drawn in each resample, (RESAMPLES, n); the first row is the sample itself.
    drawn = np.random.default_rng([seed, n]).multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    drawn = np.vstack([np.ones(n), drawn])
    rate, chance = drawn @ has / n, drawn @ given / np.maximum(drawn @ kept, 1)[:, None]
    certain = chance >= 1
    corrected = np.where(certain, np.nan, (rate - chance) / np.where(certain, 1, 1 - chance))
    rates: dict[Outcome, ChanceRate] = {}
    for column, outcome in enumerate(scored):
        known = not certain[0, column]
        resampled = corrected[1:, column][~certain[1:, column]]
        low, high = np.quantile(resampled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]) if known and resampled.size else (0, 0)
        rates[outcome] = ChanceRate(
            rate=float(rate[0, column]),
            chance=float(chance[0, column]),
            corrected=float(corrected[0, column]) if known else None,
            low=float(low) if known else None,
            high=float(high) if known else None,
            n=n,
        )
    return rates
