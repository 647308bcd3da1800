"""The calculation graph: a worked solution as operations whose operands are given numbers or earlier results."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ctlab.problems.text.equations import Equation, annotations, find_equations
from ctlab.problems.text.exact import Exact, calculate, slim
from ctlab.problems.text.expressions import GIVEN, Operation
from ctlab.problems.text.numbers import Number, numbers_in, same_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One equation of the worked solution."""

    first: int
    """Index of its first operation."""
    root: int
    """Index of the operation that gives its result; ``GIVEN`` for a step without one, such as ``<<5=5>>``."""
    result: Number
    """Result as written."""


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Operations in evaluation order; operands that an operation gives point back to it."""

    operations: tuple[Operation, ...]
    """All operations of all steps."""
    steps: tuple[Step, ...]
    """Steps in the order in which the solution writes them."""
    root: int
    """Index of the operation that gives the gold answer; ``GIVEN`` when the last step calculates nothing."""
    gold: Exact
    """Value at the root."""

    @property
    def givens(self) -> tuple[Exact, ...]:
        """Numbers that the solution brings in, from the question or from general knowledge, each once."""
        values = [
            value
            for operation in self.operations
            for value, source in ((operation.left, operation.left_from), (operation.right, operation.right_from))
            if source == GIVEN
        ]
        return tuple(dict.fromkeys(values))

    @property
    def shape(self) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
        """Which operand is whose result, and where each step begins and ends: all but operations and numbers."""
        wiring = tuple((operation.left_from, operation.right_from) for operation in self.operations)
        return wiring, tuple((step.first, step.root) for step in self.steps)

    @cached_property
    def results(self) -> tuple[Exact, ...]:
        """Result of each step, in order; the last one is the gold answer."""
        return tuple(slim(step.result.value) for step in self.steps)

    def results_with(self, step: int, value: Exact) -> tuple[Exact, ...] | None:
        """Return every step's result when step ``step``, from 1, gives ``value``; None where that divides by 0.

        The last one is what the answer would be. What does not depend on the step keeps what was written.
        """
        root = self.steps[step - 1].root
        changed: dict[int, Exact] = {} if root == GIVEN else {root: value}
        for index, operation in enumerate(self.operations):
            if index not in changed and not changed.keys().isdisjoint((operation.left_from, operation.right_from)):
                result = calculate(
                    operation.op,
                    changed.get(operation.left_from, operation.left),
                    changed.get(operation.right_from, operation.right),
                )
                if result is None:
                    return None
                changed[index] = result
        return tuple(changed.get(each.root, own) for each, own in zip(self.steps, self.results, strict=True))

    def step_of(self, index: int) -> int:
        """Number of the step, from 1, that an operation belongs to."""
        return sum(step.first <= index for step in self.steps)

    def leading(self) -> tuple[int, ...]:
        """Indices of the operations that the gold answer depends on, in evaluation order."""
        leads = {self.root} - {GIVEN}
        for index in range(self.root, -1, -1):
            if index in leads:
                leads |= {self.operations[index].left_from, self.operations[index].right_from} - {GIVEN}
        return tuple(sorted(leads))


def read_graph(question: str, solution: str, gold: Number) -> Graph | None:
    """Read a worked solution; None unless every annotation parses, holds, and the last result is the gold answer.

    Where the annotations alone do not lead to the gold answer, plain sentences that hold are read too.
    """
    equations = find_equations(solution)
    readings = [equations]
    if equations and equations[0].annotated:
        if len(equations) != len(annotations(solution)):
            return None
        if not same_number(equations[-1].right, gold):
            everywhere = find_equations(solution, everywhere=True)
            readings = [tuple(step for step in everywhere if step.annotated or step.holds)]
    for reading in readings:
        if reading and all(equation.holds for equation in reading) and same_number(reading[-1].right, gold):
            return _link(reading, set(numbers_in(question)))
    return None


def _link(equations: Sequence[Equation], stated: set[Exact]) -> Graph:
    """Join the steps: an operand equal to an earlier result is that result.

    The latest result that nothing has used yet comes first; a number of the question is a result again only when such
    a result waits to be used.
    """
    operations: list[Operation] = []
    steps: list[Step] = []
    unused: set[int] = set()

    def source(value: Exact, inside: int, offset: int) -> int:
        if inside != GIVEN:
            return inside + offset
        roots = [step.root for step in reversed(steps) if step.root != GIVEN and step.result.value == value]
        # A result is calculated to be used: among equal numbers the one that nobody has used yet is meant.
        waiting = [root for root in roots if root in unused]
        if waiting:
            unused.discard(waiting[0])
            return waiting[0]
        return roots[0] if roots and value not in stated else GIVEN

    for equation in equations:
        offset = len(operations)
        linked = [
            Operation(
                operation.op,
                operation.left,
                source(operation.left, operation.left_from, offset),
                operation.right,
                source(operation.right, operation.right_from, offset),
                operation.value,
            )
            for operation in equation.left.operations
        ]
        root = offset + len(linked) - 1 if linked else source(equation.left.value, GIVEN, offset)
        if linked:
            # Later steps go on with what was written, rounding included.
            linked[-1] = replace(linked[-1], value=slim(equation.right.value))
            unused.add(root)
        operations += linked
        steps.append(Step(first=offset, root=root, result=equation.right))
    return Graph(
        operations=tuple(operations), steps=tuple(steps), root=steps[-1].root, gold=slim(steps[-1].result.value)
    )
