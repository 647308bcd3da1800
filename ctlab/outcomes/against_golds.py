"""An answer held against the reference answers that its own file brings, any of which is right."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ctlab.errors import ProblemSetError
from ctlab.outcomes.extraction import extract
from ctlab.outcomes.outcome import Outcome
from ctlab.outcomes.taxonomy import classify
from ctlab.problems import Problem, same_number
from ctlab.results.row_values import final_part


class Rightness(NamedTuple):
    """What an answer is worth."""

    right: bool
    """Whether it is right."""
    ambiguous: bool
    """Whether a careful person would hesitate how to read it."""


def is_right(problem: Problem, text: str) -> Rightness | None:
    """Say whether an answer is right as `classify` does, without asking what a wrong number came from.

    That takes most of a classification. None where reading failed.
    """
    if problem.kind != "number":
        found = classify(problem, text)
        return None if found.failure else Rightness(found.outcome is Outcome.CORRECT, found.extraction.ambiguous)
    try:
        read = extract(text)
        right = read.prediction is not None and same_number(read.prediction, problem.gold_number)
    except Exception:  # as in `classify`: a mistake of ours in reading costs this answer alone
        return None
    return Rightness(right, read.ambiguous)


@lru_cache(maxsize=16384)
def problems_of(golds: tuple[str, ...], kind: str, question: str, options: tuple[str, ...] = ()) -> tuple[Problem, ...]:
    """Make a problem of each reference answer; those that are none of their kind are left out.

    A worked solution counts by what stands behind its last marker.
    """
    problems = []
    for gold in golds:
        try:
            problems.append(Problem(question=question, gold=final_part(gold), kind=kind, options=options))
        except ProblemSetError:
            continue
    return tuple(problems)


# Repeats and conditions mostly give each other's answers.
@lru_cache(maxsize=65536)
def right_by_any(problems: tuple[Problem, ...], text: str) -> Rightness | None:
    """Say whether an answer is right at one of several problems; None without any at which it can be read."""
    read = [found for found in (is_right(problem, text) for problem in problems) if found is not None]
    if not read:
        return None
    return Rightness(any(found.right for found in read), any(found.ambiguous for found in read))


def outcome_by_any(problems: Sequence[Problem], text: str) -> Outcome | None:
    """Return the outcome at the problem that makes an answer right, else at the first; None where it cannot be read."""
    labels = [label for label in (classify(problem, text) for problem in problems) if not label.failure]
    if not labels:
        return None
    return Outcome.CORRECT if any(label.outcome is Outcome.CORRECT for label in labels) else labels[0].outcome
