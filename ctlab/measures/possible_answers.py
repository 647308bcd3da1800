"""What a problem's answer could have become: the results of donors that fit, and the answers that these lead to."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ctlab.errors import StatisticsError
from ctlab.problems import Problem
from ctlab.problems.text.exact import Exact


@dataclass(frozen=True, kw_only=True, eq=False)
class PossibleAnswers:
    """Results that one step of a problem could have been exchanged for, counted.

    All exchanges of a problem at a step by the same rule share one: each result is put into the own solution once.
    """

    problem: Problem
    """What was asked."""
    step: int
    """Step of the worked solution, from 1, whose result is exchanged."""
    results: Mapping[Exact, int]
    """How many donors could have been chosen, the chosen one included, by their result of the step."""

    @cached_property
    def answers(self) -> Mapping[Exact, int]:
        """How many donors lead to each answer."""
        led: Counter[Exact] = Counter()
        for result, count in self.results.items():
            led[answer_with(self.problem, self.step, result)] += count
        return led


def answer_with(problem: Problem, step: int, result: Exact) -> Exact:
    """Return the answer of a problem's own graph with this result of a step, from 1; StatisticsError without one."""
    own = results_of(problem)
    if result == own[step - 1]:
        return own[-1]  # as it was written, rounding included
    results = None if problem.graph is None else problem.graph.results_with(step, result)
    if results is None:
        raise StatisticsError(f"Problem {problem.id} has no answer with the result {result} of {step}.")
    return results[-1]


def results_of(problem: Problem) -> tuple[Exact, ...]:
    """Return the result of each step of a problem's worked solution; StatisticsError where none can be read."""
    if problem.graph is None:
        raise StatisticsError(f"Problem {problem.id} has no readable solution, and so no results.")
    return problem.graph.results
