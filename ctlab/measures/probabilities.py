"""How probable an answer is, one number a problem: change between conditions, margin, confidence and calibration."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ctlab.errors import InputError, PairingError
from ctlab.measures.kept import kept_value

if TYPE_CHECKING:
    import numpy as np

    from ctlab.outcomes import Run
    from ctlab.problems import Problem
    from ctlab.records.scores import Scores

OVERCONFIDENCE = (-1.0, 1.0)
"""Between which numbers a probability minus right or wrong lies."""
BRIER = (0.0, 2.0)
"""Between which numbers the Brier score over a problem's answers lies."""


def own_answers(run: "Run") -> "Callable[[Problem], Sequence[str]]":
    """Return the answers that score a run by what it said itself: each problem's own text, none where it is empty."""
    said = {generation.problem_id: generation.text for generation in run.generations}
    return lambda problem: (said[problem.id],) if said[problem.id].strip() else ()


@kept_value
def gold_log_probability(scores: "Scores", *, end: bool = True) -> "np.ndarray":
    """Return the log-probability (n,) of each problem's reference answer, in nats, its end token included unless not.

    Raises
    ------
    InputError
        Where a problem's reference answer is not among those that were scored.
    """
    import numpy as np

    return np.array([scores.of(row, end=end)[_gold(scores, row)] for row in range(len(scores.problem_ids))])


@kept_value
def log_probability_change(before: "Scores", after: "Scores") -> "np.ndarray":
    """Return by how many nats (n,) another condition makes the reference answer more probable, a problem.

    Raises
    ------
    InputError
        Where a problem's reference answer is not among those that were scored.
    PairingError
        When the scores are of other problems.
    """
    if before.problem_ids != after.problem_ids:
        raise PairingError(f"Scores of {after.condition!r} are of other problems than those of {before.condition!r}.")
    import numpy as np

    return np.asarray(gold_log_probability(after) - gold_log_probability(before), dtype=float)


@kept_value
def gold_margin(scores: "Scores") -> "np.ndarray":
    """Return by how many nats (n,) the reference answer is more probable than the most probable other one.

    Raises
    ------
    InputError
        Where a reference answer is not among those that were scored, or stands alone.
    """
    import numpy as np

    found = []
    for row, problem in enumerate(scores.problem_ids):
        own, gold = scores.of(row), _gold(scores, row)
        others = np.delete(own, gold)
        if not len(others):
            raise InputError(f"problem {problem} was given no answer beside its reference; a margin needs another one")
        found.append(own[gold] - others.max())
    return np.array(found)


@kept_value
def brier(scores: "Scores") -> "np.ndarray":
    """Return the Brier score (n,) of the probabilities that given answers have among each other, 0 (sure) … 2.

    The sum over a problem's answers of (probability − 1 for the reference answer and 0 for others) squared.

    Raises
    ------
    InputError
        Where a problem's reference answer is not among those that were scored.

    References
    ----------
    Brier G W (1950). Verification of forecasts expressed in terms of probability. Monthly Weather Review 78, 1-3.
    """
    import numpy as np

    found = []
    for row in range(len(scores.problem_ids)):
        share, right = _shares(scores.of(row)), np.arange(len(scores.texts[row])) == _gold(scores, row)
        found.append(float(((share - right) ** 2).sum()))
    return np.array(found)


@kept_value
def own_probability(scores: "Scores", run: "Run") -> tuple["np.ndarray", tuple[bool, ...]]:
    """Return the probability of each answer that a run gave (`own_answers`), and whether it is right.

    Problems without an answer are left out of both.

    Raises
    ------
    PairingError
        When the scores are of other problems or another condition than the run.
    """
    import numpy as np

    if scores.problem_ids != run.ids or scores.condition != run.condition.name:
        raise PairingError(
            f"Scores of {scores.condition!r} are not of the run {run.condition.name!r} and its problems; score its own "
            f"answers, answers=own_answers(run)."
        )
    there = [row for row, texts in enumerate(scores.texts) if texts]
    correct = run.correct()
    odds = np.array([float(np.exp(scores.of(row)[0])) for row in there])
    return odds, tuple(bool(correct[row]) for row in there)


@kept_value
def overconfidence(scores: "Scores", run: "Run") -> "np.ndarray":
    """Return how much more probable each answer of a run is than it is right: its probability minus 1 or 0.

    A model whose probabilities mean what they say has the mean 0. Errors are those of `own_probability`.
    """
    import numpy as np

    odds, right = own_probability(scores, run)
    return np.asarray(odds - np.array(right, dtype=float), dtype=float)


def _gold(scores: "Scores", row: int) -> int:
    gold = scores.gold[row]
    if gold is None:
        raise InputError(
            f"the reference answer of problem {scores.problem_ids[row]} is not among those that were scored, in the "
            f"form in which they are written; score it too"
        )
    return gold


def _shares(log_probabilities: "np.ndarray") -> "np.ndarray":
    """Probabilities of some answers among each other."""
    import numpy as np

    odds = np.exp(log_probabilities - log_probabilities.max())
    return np.asarray(odds / odds.sum())
