"""A label's chance-corrected rate as one value a problem: what a paired test of two conditions needs.

A wrong answer carries some labels by accident, and the more wrong answers there are, the more accidents. What is left
without them is `ChanceRate.corrected`: (rate − chance) / (1 − chance) of the wrong answers that what was read labels:
their number, or the answer of another kind.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctlab.outcomes.classification import Classification
from ctlab.outcomes.held_answers import HeldAnswer, held_answer
from ctlab.outcomes.outcome import BY_ANSWER, OUTCOMES_OF, Outcome
from ctlab.problems import Problem
from ctlab.records.generation import Generation

if TYPE_CHECKING:
    import numpy as np

_AT_ONCE = 2**22
"""Problems × numbers that are calculated with at once, 32 MiB an array; tables of all of them take a byte each."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CorrectedRate:
    """An outcome's chance-corrected rate under one condition, (rate − chance) / (1 − chance)."""

    values: "np.ndarray"
    """One value a problem, shape (n,); their mean is the corrected rate."""
    rate: float
    """Share of the wrong answers that their number labels, with the outcome."""
    chance: float
    """Expected share of them by chance."""
    wrong: int
    """How many such answers there are."""


def beyond_chance(
    outcome: Outcome,
    problems: Sequence[Problem],
    generations: Sequence[Generation],
    classifications: Sequence[Classification],
) -> CorrectedRate | None:
    """Return an outcome's chance-corrected rate; None where chance gives the outcome to no answer.

    All values are 0 where fewer than two answers have a wrong number, and
    where chance alone gives the outcome to each of them: nothing is beyond it then.

    Chance is exact, where `chance_rates` shuffles: problem i's chance r(i) is the share of the other problems' wrong
    numbers that would give it the outcome, of those that are wrong for it too. With W the share of problems that have
    a wrong number, h(i) 1 where such a problem has the outcome, s and q the means of h and r over them, and
    R = (s − q) / (1 − q), the value of problem i is R for a problem without a wrong number and otherwise

        R + (h(i) − s − (1 − R) D(i)) / (W (1 − q)),    D(i) = r(i) − q + c(i),

    where c(i) is what problem i's number adds to the chance of the others. That is R and its derivative to problem i's
    weight (infinitesimal jackknife; Efron 1982, The Jackknife, the Bootstrap and Other Resampling Plans, chapter 6):
    the spread of the values has the sampling error of rate, chance rate and number of wrong answers in it.
    """
    import numpy as np

    if outcome not in BY_ANSWER or outcome not in OUTCOMES_OF[problems[0].kind]:
        return None
    said = zip(problems, generations, classifications, strict=True)
    answers = {
        row: answer
        for row, (problem, generation, labelled) in enumerate(said)
        if (answer := held_answer(problem, labelled, generation.text)) is not None
    }
    rows = list(answers)
    has = np.array([classifications[row].outcome is outcome for row in rows], dtype=float)
    chance, added = np.zeros(len(rows)), np.zeros(len(rows))
    held = [place for place, row in enumerate(rows) if answers[row].by_accident(outcome)]
    if len(held) > 1:
        chance[held], added[held] = exact_chance(
            *_table([problems[rows[place]] for place in held], [answers[rows[place]] for place in held], outcome)
        )
    return corrected_rate(np.array(rows, dtype=int), has, chance, added, len(problems))


def corrected_rate(
    rows: "np.ndarray", has: "np.ndarray", chance: "np.ndarray", added: "np.ndarray", n: int
) -> CorrectedRate:
    """Return the rate over n problems, of which those in `rows` (m) have a wrong number; `beyond_chance` says how."""
    import numpy as np

    rate, by_chance = (float(each.mean()) if len(rows) else 0.0 for each in (has, chance))
    if len(rows) < 2 or by_chance >= 1.0:
        return CorrectedRate(values=np.zeros(n), rate=rate, chance=by_chance, wrong=len(rows))
    share = len(rows) / n
    corrected = (rate - by_chance) / (1.0 - by_chance)
    values = np.full(n, corrected)
    moved = (1.0 - corrected) * (chance - by_chance + added)
    values[rows] += (has - rate - moved) / (share * (1.0 - by_chance))
    return CorrectedRate(values=values, rate=rate, chance=by_chance, wrong=len(rows))


def exact_chance(has: "np.ndarray", wrong: "np.ndarray", own: "np.ndarray") -> "tuple[np.ndarray, np.ndarray]":
    """Return each problem's chance of an outcome, and what its own answer adds to the others' chance, shape (m,) each.

    `has` and `wrong`, booleans of shape (m, d): whether each problem would have the outcome with each of d distinct
    numbers, and whether that number is wrong for it; `own`, shape (m,): which of them it was answered by.
    """
    import numpy as np

    counts = np.bincount(own, minlength=has.shape[1]).astype(float)
    chance, itself, total = np.empty(len(own)), np.empty(len(own)), None
    rows = max(1, _AT_ONCE // has.shape[1])
    for first in range(0, len(own), rows):
        some = slice(first, first + rows)
        place = (np.arange(len(own[some])), own[some])
        would, is_wrong = has[some].astype(float), wrong[some].astype(float)
        # How many others are wrong, too; where none is, none has the outcome either.
        wrong_too = np.maximum(is_wrong @ counts - 1.0, 1.0)
        chance[some] = (would @ counts - would[place]) / wrong_too
        table = (would - chance[some, None] * is_wrong) / wrong_too[:, None]
        itself[some] = table[place]
        # Row after row, as one sum over all of them goes: the last bit does not depend on the size of a part.
        total = table.sum(axis=0) if total is None else np.vstack([total, table]).sum(axis=0)
    return chance, (np.zeros(has.shape[1]) if total is None else total)[own] - itself


def _table(
    problems: Sequence[Problem], answers: Sequence[HeldAnswer], outcome: Outcome
) -> "tuple[np.ndarray, np.ndarray, np.ndarray]":
    """Hold every answer against every problem, equal ones once; as `exact_chance` takes it."""
    import numpy as np

    places: dict[Hashable, int] = {}
    own = np.array([places.setdefault(answer, len(places)) for answer in answers])
    distinct = list(dict.fromkeys(answers))
    has, wrong = (np.empty((len(problems), len(distinct)), dtype=bool) for _ in range(2))
    for row, problem in enumerate(problems):
        has[row] = [answer.carries(problem, outcome) for answer in distinct]
        wrong[row] = [answer.is_wrong_for(problem) for answer in distinct]
    return has, wrong, own
