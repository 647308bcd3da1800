"""The calculation graph: a worked solution as operations whose operands are given numbers or earlier results."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ctlab.problems.equations import Equation, annotations, find_equations
from ctlab.problems.expressions import Expression, Operand, Operation, apply
from ctlab.problems.numbers import Number, find_numbers, same_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One equation of the worked solution."""

    root: Operand
    """Operation whose value the step states; a bare number for a step such as ``<<5=5>>``."""
    result: Number
    """Result as written."""
    first: int
    """Index of the step's first operation; its operations end at ``root``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Operations in evaluation order; every ``int`` operand points back."""

    operations: tuple[Operation, ...]
    """All operations of all steps."""
    steps: tuple[Step, ...]
    """Steps in the order in which the solution writes them."""
    root: Operand
    """Where the gold answer comes from."""

    @property
    def gold(self) -> Fraction:
        """Value at the root."""
        return self.value_of(self.root)

    def value_of(self, operand: Operand) -> Fraction:
        """Value of an operand."""
        return self.operations[operand].value if isinstance(operand, int) else operand

    @property
    def givens(self) -> tuple[Fraction, ...]:
        """Numbers that the solution brings in, from the question or from general knowledge, each once."""
        operands = [side for operation in self.operations for side in (operation.left, operation.right)]
        return tuple(dict.fromkeys(side for side in operands if not isinstance(side, int)))

    def gold_given(self, changed: Mapping[int, Fraction]) -> Fraction | None:
        """Carry changed results of operations to the root; None where that divides by 0.

        What does not depend on them keeps its written value, rounding included.
        """
        if not isinstance(self.root, int):
            return self.root
        values = dict(changed)
        for index in range(min(changed), self.root + 1):
            operation = self.operations[index]
            left, right = operation.left, operation.right
            if index in changed or not (left in values or right in values):
                continue
            value = apply(
                operation.op,
                values[left] if isinstance(left, int) and left in values else self.value_of(left),
                values[right] if isinstance(right, int) and right in values else self.value_of(right),
            )
            if value is None:
                return None
            values[index] = value
        return values.get(self.root, self.gold)


def read_graph(question: str, solution: str, gold: Number) -> Graph | None:
    """Read a worked solution; None unless every annotation parses, holds, and the last result is the gold answer.

    Where the annotations alone do not lead to the gold answer, plain sentences that hold are read too.
    """
    readings = [find_equations(solution)]
    if readings[0] and readings[0][0].annotated:
        if len(readings[0]) != len(annotations(solution)):
            return None
        readings.append(
            tuple(each for each in find_equations(solution, everywhere=True) if each.annotated or each.holds)
        )
    given = {found.number.value for found in find_numbers(question)}
    for equations in readings:
        if equations and all(equation.holds for equation in equations):
            graph = _link(equations, given)
            if same_number(Number.of(graph.gold), gold):
                return graph
    return None


def _link(equations: tuple[Equation, ...], given: set[Fraction]) -> Graph:
    """Join the steps: an operand equal to an earlier result is that result.

    The latest result that nothing has used yet comes first; a number of the question is only a result again when no
    result is waiting to be used.
    """
    operations: list[Operation] = []
    steps: list[Step] = []
    unused: set[int] = set()

    def resolve(value: Fraction) -> Operand:
        roots = [step.root for step in reversed(steps) if isinstance(step.root, int) and step.result.value == value]
        waiting = [root for root in roots if root in unused]
        if waiting:
            return waiting[0]
        return roots[0] if roots and value not in given else value

    for equation in equations:
        offset = len(operations)
        expression = _shifted(equation.left, offset)
        used: list[Operand] = []
        for operation in expression.operations:
            left, right = (
                side if isinstance(side, int) else resolve(side) for side in (operation.left, operation.right)
            )
            used += [left, right]
            operations.append(Operation(operation.op, left, right, operation.value))
        unused.difference_update(side for side in used if isinstance(side, int))
        root = expression.root if isinstance(expression.root, int) else resolve(expression.root)
        if isinstance(root, int) and root >= offset:
            last = operations[root]
            operations[root] = Operation(last.op, last.left, last.right, equation.right.value)
            unused.add(root)
        steps.append(Step(root=root, result=equation.right, first=offset))
    return Graph(operations=tuple(operations), steps=tuple(steps), root=steps[-1].root)


def _shifted(expression: Expression, offset: int) -> Expression:
    """Shift the indices of an expression's operations by ``offset``."""

    def shift(side: Operand) -> Operand:
        return side + offset if isinstance(side, int) else side

    operations = tuple(
        Operation(operation.op, shift(operation.left), shift(operation.right), operation.value)
        for operation in expression.operations
    )
    return Expression(operations=operations, root=shift(expression.root))
