"""The worked solution evaluated again with one operation's result changed."""

from ctlab.problems import Graph
from ctlab.problems.text.exact import Exact, calculate


class ChangedPlan:
    """A calculation graph, prepared for many changes of single results."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.leading = graph.leading()
        after: dict[int, set[int]] = {index: set() for index in self.leading}
        # From the answer back, so that what comes after an operation is known when its operands are looked at.
        for index in reversed(self.leading):
            operation = graph.operations[index]
            for source in (operation.left_from, operation.right_from):
                if source in after:
                    after[source] |= {index, *after[index]}
        self._after = {index: sorted(later) for index, later in after.items()}

    def answer(self, changed: int, value: Exact) -> Exact | None:
        """Carry one operation's changed result to the answer; None where that divides by 0.

        What does not depend on it keeps its written value, rounding included.
        """
        values = {changed: value}
        for index in self._after[changed]:
            operation = self.graph.operations[index]
            result = calculate(
                operation.op,
                values.get(operation.left_from, operation.left),
                values.get(operation.right_from, operation.right),
            )
            if result is None:
                return None
            values[index] = result
        return values[self.graph.root]
