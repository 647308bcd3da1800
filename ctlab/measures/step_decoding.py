"""Which step's result a thought decodes to: one cell for each thought and step, beyond shuffled problems."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from ctlab.errors import PairingError
from ctlab.measures.decoded_numbers import check_numbers, decoded_numbers
from ctlab.measures.kept import kept_value
from ctlab.measures.shuffled import beyond_shuffled
from ctlab.problems import Problem
from ctlab.problems.text.exact import Exact, slim
from ctlab.problems.text.numbers import numbers_in
from ctlab.statistics.cells.cell import FEWEST, Measured, Place

if TYPE_CHECKING:
    from ctlab.records.measurement import Measurement

CARRIES = "carries"
"""The question that these cells answer."""
CARRIED = ("carried", "not carried")
"""What a cell shows: the thought decodes to the step's result beyond the margin, or it does not."""


@kept_value
def decoded_steps(measured: "Measurement", problems: Sequence[Problem]) -> list[Measured]:
    """Return, for every thought and step, how much more often it says the step's result than another problem's.

    Parameters
    ----------
    measured : Measurement
        Decoded thoughts.
    problems : sequence of Problem
        The problems that were measured, in the same order.

    Returns
    -------
    list of Measured
        One cell for each thought and step. Its problems have that step, as one before the last: else a thought that
        holds the answer would seem to hold every step. Where fewer than 50 problems go on after a step, its cells are
        of all problems that have it, and say so (`last`). Left out are results that the question states, which a
        thought could copy. Shuffled are problems of as many steps (`beyond_shuffled`).

    Raises
    ------
    AnswerKindError
        When the problems are not answered by numbers.
    PairingError
        When the problems are not those that were measured.
    """
    check_numbers(problems, "numbers that thoughts decode to")
    if tuple(problem.id for problem in problems) != tuple(measured.problem_ids):
        raise PairingError("The problems are not those that were measured, in the same order; measure them together.")
    said = decoded_numbers(measured)
    steps = [results_of_steps(problem) for problem in problems]
    cells = []
    for step in range(1, max(map(len, steps), default=0) + 1):
        rows, last = _rows(steps, step)
        results = [frozenset(results[step - 1 : step]) if results else frozenset() for results in steps]
        results = [found - {None} for found in results]
        groups: dict[Hashable, list[int]] = defaultdict(list)
        for row in rows:
            if results[row]:
                groups[len(steps[row])].append(row)
        for thought in range(measured.thoughts):
            place = Place(thought=f"CT{thought}", place=f"step {step}", value=float(step))
            cells.append(beyond_shuffled(place, [row[thought] for row in said], results, groups, last=last))
    return cells


def results_of_steps(problem: Problem) -> tuple[Exact | None, ...]:
    """Return the result of each step, None for one that the question states; empty without a readable solution."""
    graph = problem.graph
    if graph is None:
        return ()
    stated = set(numbers_in(problem.question))
    values = (slim(step.result.value) for step in graph.steps)
    return tuple(None if value in stated else value for value in values)


def _rows(steps: Sequence[Sequence[Exact | None]], step: int) -> tuple[list[int], bool]:
    """Return the problems that go on after a step, and False; all that have it, and True, where these are too few."""
    before_last = [row for row, results in enumerate(steps) if len(results) > step]
    if len(before_last) >= FEWEST:
        return before_last, False
    return [row for row, results in enumerate(steps) if len(results) >= step], True
