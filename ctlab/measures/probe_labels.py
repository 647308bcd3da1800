"""What a probe reads of a problem: a label, and the type of problems that must have one label in a control."""

from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from ctlab.errors import StatisticsError
from ctlab.inputs import shown
from ctlab.measures.step_decoding import results_of_steps
from ctlab.problems import Problem
from ctlab.problems.text.exact import Exact
from ctlab.problems.text.expressions import GIVEN


class ProbeLabel(Protocol):
    """A label of a problem; a suite's own has these three."""

    @property
    def words(self) -> str:
        """What it is, in words."""

    def of(self, problem: Problem) -> Hashable | None:
        """Return the problem's label; None for a problem that has none and is left out."""

    def type_of(self, problem: Problem) -> Hashable:
        """Return what problems share that have one label whatever is asked: the value of which it is a property."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """The result of a step of the worked solution, modulo a number; of problems that go on after the step.

    Left out are results that are no whole number, and those that the question states. Of problems that end with the
    step it would be the answer, which a state can hold without any steps.
    """

    step: int
    """Number of the step, from 1."""
    modulo: int = 10
    """What remains of the result is the label: 10 is its last digit, 2 whether it is even."""

    def __post_init__(self) -> None:
        """Refuse numbers that no label comes of."""
        _check_step(self.step)
        if not _is_whole(self.modulo) or self.modulo < 2:
            raise StatisticsError(
                f"A result is read modulo a whole number from 2, got {shown(self.modulo)}; 10 gives its last digit."
            )

    @property
    def words(self) -> str:
        """As ``result of step 2, modulo 10``."""
        return f"result of step {self.step}, modulo {self.modulo}"

    def of(self, problem: Problem) -> int | None:
        """Return the remainder."""
        value = self.type_of(problem)
        return None if value is None else int(value % self.modulo)

    def type_of(self, problem: Problem) -> Exact | None:
        """Return the result itself."""
        results = results_of_steps(problem)
        if len(results) <= self.step:
            return None
        value = results[self.step - 1]
        return value if value is not None and Fraction(value).denominator == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOperation:
    """The operation that gives a step's result: ``+``, ``-``, ``*`` or ``/``."""

    step: int
    """Number of the step, from 1."""

    def __post_init__(self) -> None:
        """Refuse a number that is no step's."""
        _check_step(self.step)

    @property
    def words(self) -> str:
        """As ``operation of step 1``."""
        return f"operation of step {self.step}"

    def of(self, problem: Problem) -> str | None:
        """Return the operation; None where a step only states a number."""
        graph = problem.graph
        if graph is None or len(graph.steps) < self.step or graph.steps[self.step - 1].root == GIVEN:
            return None
        return graph.operations[graph.steps[self.step - 1].root].op

    def type_of(self, problem: Problem) -> str:
        """Return the problem: an operation is a property of nothing else."""
        return problem.id


@dataclass(frozen=True, slots=True, kw_only=True)
class StepNode:
    """The node that a step of a graph problem reaches: the last word of the step, of sets in ProsQA's form."""

    step: int
    """Number of the step, from 1."""

    def __post_init__(self) -> None:
        """Refuse a number that is no step's."""
        _check_step(self.step)

    @property
    def words(self) -> str:
        """As ``node of step 2``."""
        return f"node of step {self.step}"

    def of(self, problem: Problem) -> str | None:
        """Return the node; None for a problem without such steps, and where it is the last, which is the answer."""
        steps = problem.fields.get("steps", ())
        if "idx_to_symbol" not in problem.fields or len(steps) <= self.step:
            return None
        return str(steps[self.step - 1]).rstrip(" .").rpartition(" ")[2]

    def type_of(self, problem: Problem) -> str | None:
        """Return the node itself."""
        return self.of(problem)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _check_step(step: int) -> None:
    if not _is_whole(step) or step < 1:
        raise StatisticsError(f"Steps are counted from 1, in whole numbers, got {shown(step)}.")
