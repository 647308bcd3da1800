"""Chance of an outcome of a suite's own that a number decides: the rule of `beyond_chance`, asked of its function."""

from collections.abc import Sequence

from ctlab.outcomes.beyond_chance import CorrectedRate, corrected_rate, exact_chance
from ctlab.outcomes.classification import Classification
from ctlab.problems import Number, Problem, same_number
from ctlab.records.own_functions import OwnOutcome


def own_beyond_chance(
    own: OwnOutcome, problems: Sequence[Problem], classifications: Sequence[Classification]
) -> CorrectedRate | None:
    """Return the chance-corrected rate of an own outcome; None where the text decides on it.

    As `beyond_chance`: every wrong number is held against every problem whose number is wrong too, and what the others'
    numbers would have by accident is taken off.
    """
    import numpy as np

    if not own.by_number:
        return None
    numbers = {row: each.wrong_number for row, each in enumerate(classifications) if each.wrong_number is not None}
    rows, answered = list(numbers), list(numbers.values())
    has = np.array([own.of_number(problems[row], number) for row, number in numbers.items()], dtype=float)
    chance, added = np.zeros(len(rows)), np.zeros(len(rows))
    if len(rows) > 1:
        asked, distinct = [problems[row] for row in rows], list(dict.fromkeys(answered))
        wrong, given = (np.empty((len(asked), len(distinct)), dtype=bool) for _ in range(2))
        for row, each in enumerate(asked):
            wrong[row] = [not same_number(number, each.gold_number) for number in distinct]
            given[row] = _given(own, each, distinct, wrong[row].tolist())
        place = {number: index for index, number in enumerate(distinct)}
        itself = np.array([place[number] for number in answered])
        chance, added = exact_chance(given, wrong, itself)
    return corrected_rate(np.array(rows, dtype=int), has, chance, added, len(problems))


def _given(own: OwnOutcome, problem: Problem, numbers: Sequence[Number], wrong: Sequence[bool]) -> list[bool]:
    """Which numbers would have the outcome as an answer to a problem: only wrong ones are asked about."""
    return [bool(is_wrong) and own.of_number(problem, number) for number, is_wrong in zip(numbers, wrong, strict=True)]
