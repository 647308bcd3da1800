"""Chance rates: how often an outcome is given to answers that have nothing to do with the problem."""

import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ctlab.outcomes.held_answers import HeldAnswer, NumberAnswer, TextAnswer, held_answer
from ctlab.outcomes.outcome import BY_ANSWER, ERRORS, Outcome
from ctlab.outcomes.run import Run
from ctlab.problems import Problem

if TYPE_CHECKING:
    import numpy as np

DERANGEMENTS = 20
"""Shuffles in which no wrong answer stays with its problem. Over 921 wrong answers chance rates then vary with the
seed by 0.3 points (standard deviation) and by 1.6 with the sample; each shuffle classifies every wrong answer again."""
RESAMPLES = 1000
"""Bootstrap resamples of the problems; with four times as many the interval's ends still vary with the seed by 0.6
points, because the derangements do."""
LEVEL = 0.95
"""Level of the interval of a chance-corrected rate: it is for reading, no claim is decided by it."""
_TOGETHER = 8
"""Runs that are shuffled together: what a problem's wrong answers are is worked out once for all of them. Each needs 80
bytes an answer meanwhile."""
_DRAWN = 2**21
"""Most numbers drawn at once by the bootstrap, 16 MiB; how many are does not change them."""


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
    return next(chance_rates_of([run], seed=seed, final_number_only=final_number_only))


def chance_rates_of(
    runs: Sequence[Run],
    *,
    seed: int = 0,
    final_number_only: bool = False,
    advance: Callable[[int], None] = lambda answers: None,
) -> Iterator[Mapping[Outcome, ChanceRate]]:
    """Yield what `chance_rates` returns of each run; some runs are worked out together.

    ``advance`` is told how many answers are done: of every run as many as it has problems.
    """
    for first in range(0, len(runs), _TOGETHER):
        some, held = runs[first : first + _TOGETHER], dict[HeldAnswer, int]()
        parts = [
            (_right(run, seed, held), _wrong(run, seed, held, final_number_only=final_number_only)) for run in some
        ]
        half = sum(len(run.ids) for run in some) // 2
        _label([part for pair in parts for part in pair if part.n > 1], tuple(held), half, advance)
        for run, (right, wrong) in zip(some, parts, strict=True):
            yield {**right.rates(), **wrong.rates()}
            advance(len(run.ids) - half // len(some))


class _Shuffled:
    """Answers of one run, each held against the problems that shuffles bring it to."""

    def __init__(
        self,
        scored: Sequence[Outcome],
        answers: Sequence[tuple[Problem, HeldAnswer]],
        seed: int,
        held: dict[HeldAnswer, int],
        *,
        among: Collection[Outcome],
    ) -> None:
        """Shuffle answers: outcomes that are ``scored``, of those ``among`` which each problem's share is taken.

        ``held`` numbers the answers of several runs, equal ones once.
        """
        import numpy as np

        n = self.n = len(answers)
        self.problems = [problem for problem, _ in answers]
        self._seed, self._scored = seed, tuple(scored)
        # Places of outcomes in a row of counts: those that are scored, then one for all others that count.
        self._place = {outcome: len(scored) for outcome in among} | {each: at for at, each in enumerate(scored)}
        self._among = np.array([outcome in among for outcome in scored], dtype=bool)
        own = np.array([held.setdefault(answer, len(held)) for _, answer in answers], dtype=np.int32)
        rng = random.Random(f"chance {seed}")
        # Each problem's own answer and those that the shuffles bring to it, by number: (n, 1 + DERANGEMENTS).
        self._held = np.empty((n, 1 + DERANGEMENTS), dtype=np.int32)
        self._held[:, 0] = own
        for each in range(DERANGEMENTS if n > 1 else 0):
            self._held[:, 1 + each] = own[_derangement(n, rng)]
        self._has = np.zeros((n, len(scored) + 1), dtype=np.int8)
        self._given = np.zeros((n, len(scored) + 1), dtype=np.int8)

    def label(self, at: int, answers: Sequence[HeldAnswer], known: dict[int, Outcome]) -> None:
        """Label the answers that come to the problem in a place; ``known`` are their labels there so far, by number."""
        problem, place = self.problems[at], self._place
        counts, has = self._given[at], self._has[at]
        for each, number in enumerate(self._held[at].tolist()):
            outcome = known.get(number)
            if outcome is None:
                outcome = known[number] = answers[number].outcome_for(problem)
            if (column := place.get(outcome)) is not None:
                (counts if each else has)[column] += 1

    def rates(self) -> dict[Outcome, ChanceRate]:
        """Count what the answers were labelled as; empty where there was nothing to shuffle."""
        import numpy as np

        n, scored = self.n, len(self._scored)
        if n < 2:
            return {}
        given = self._given[:, :-1] * self._among
        kept = given.sum(axis=1) + self._given[:, -1]
        counted = np.hstack([self._has[:, :-1], given, kept[:, None]]).astype(float)
        # Sums of whole numbers, which are exact in whatever order; the first row is the sample itself.
        sums = np.vstack([counted.sum(axis=0), *(drawn @ counted for drawn in _resamples(n, self._seed))])
        rate = sums[:, :scored] / n
        chance = sums[:, scored:-1] / np.maximum(sums[:, -1], 1)[:, None]
        certain = chance >= 1
        corrected = np.where(certain, np.nan, (rate - chance) / np.where(certain, 1, 1 - chance))
        rates: dict[Outcome, ChanceRate] = {}
        for column, outcome in enumerate(self._scored):
            known = not certain[0, column]
            resampled = corrected[1:, column][~certain[1:, column]]
            ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
            low, high = np.quantile(resampled, ends) if known and resampled.size else (0, 0)
            rates[outcome] = ChanceRate(
                rate=float(rate[0, column]),
                chance=float(chance[0, column]),
                corrected=float(corrected[0, column]) if known else None,
                low=float(low) if known else None,
                high=float(high) if known else None,
                n=n,
            )
        return rates


def _right(run: Run, seed: int, held: dict[HeldAnswer, int]) -> _Shuffled:
    """Compare the share of right answers with that of answers to other problems; nothing of numbers."""
    read: list[tuple[Problem, HeldAnswer]] = []
    if run.problems[0].kind != "number":
        read = [
            (problem, TextAnswer(problem.kind, labelled.extraction.answer))
            for problem, labelled in zip(run.problems, run.classifications, strict=True)
            if labelled.extraction.answer is not None and labelled.outcome in (Outcome.CORRECT, *BY_ANSWER)
        ]
    return _Shuffled((Outcome.CORRECT,), read, seed, held, among=(Outcome.CORRECT, *BY_ANSWER, Outcome.HEDGED))


def _wrong(run: Run, seed: int, held: dict[HeldAnswer, int], *, final_number_only: bool) -> _Shuffled:
    """Compare each label's share of the wrong answers with that at other problems where these are wrong, too."""
    wrong: list[tuple[Problem, HeldAnswer]] = []
    for problem, generation, labelled in zip(run.problems, run.generations, run.classifications, strict=True):
        if final_number_only and labelled.prediction is not None:
            if labelled.outcome is not Outcome.CORRECT:
                wrong.append((problem, NumberAnswer(labelled.prediction, ())))
        elif (answer := held_answer(problem, labelled, generation.text)) is not None:
            wrong.append((problem, answer))
    scored = tuple(outcome for outcome in run.outcomes if outcome in BY_ANSWER)
    return _Shuffled(scored, wrong, seed, held, among=ERRORS)


def _label(
    parts: Sequence[_Shuffled], answers: Sequence[HeldAnswer], size: int, advance: Callable[[int], None]
) -> None:
    """Label what comes to each problem, under all runs after one another: what is expected of it is found once."""
    places: dict[int, list[tuple[_Shuffled, int]]] = {}
    for part in parts:
        for at, problem in enumerate(part.problems):
            places.setdefault(id(problem), []).append((part, at))
    done = 0
    for number, asked in enumerate(places.values(), start=1):
        known: dict[int, Outcome] = {}
        for part, at in asked:
            part.label(at, answers, known)
        now = size * number // len(places)
        advance(now - done)
        done = now
    advance(size - done)


def _resamples(n: int, seed: int) -> "Iterator[np.ndarray]":
    """Draw how often each of n problems is in each of `RESAMPLES` resamples, some rows at a time, (rows, n)."""
    import numpy as np

    rng, at_once = np.random.default_rng([seed, n]), max(1, _DRAWN // n)
    for first in range(0, RESAMPLES, at_once):
        size = min(at_once, RESAMPLES - first)
        yield rng.multinomial(n, np.full(n, 1 / n), size=size).astype(float)


def _derangement(n: int, rng: random.Random) -> list[int]:
    """Draw a cyclic permutation (Sattolo's algorithm): no element stays in place."""
    order = list(range(n))
    for i in range(n - 1, 0, -1):
        j = rng.randrange(i)
        order[i], order[j] = order[j], order[i]
    return order
