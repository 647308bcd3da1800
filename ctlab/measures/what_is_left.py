"""What is left without a thought: whose number a broken answer is, one cell for each thought, length and number."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ctlab.measures.decoded_numbers import check_numbers
from ctlab.measures.kept import kept_value
from ctlab.measures.shuffled import beyond_shuffled
from ctlab.problems import Problem
from ctlab.problems.text.exact import Exact, slim
from ctlab.problems.text.numbers import numbers_in
from ctlab.statistics.cells.cell import Measured, Place, thought_of
from ctlab.statistics.pairing import check_runs

if TYPE_CHECKING:
    from ctlab.outcomes import Run

LEFT = "left"
"""The question that these cells answer."""
IS_LEFT = ("left", "not left")
"""What a cell shows: broken answers are that number beyond the margin, or they are not."""


@kept_value
def left_without(baseline: "Run", treated: Sequence["Run"]) -> list[Measured]:
    """Return, among answers that hiding a thought breaks, how much more often they are a number of their own problem.

    Parameters
    ----------
    baseline : Run
        Nothing hidden.
    treated : sequence of Run
        The same problems, with one thought hidden in each.

    Returns
    -------
    list of Measured
        One cell for each thought, each number of steps that a worked solution has, and each of three kinds of number,
        of which an answer is the first that it is: the result of the step before the last, the result of an earlier
        step, a number of the question. Its problems were right before and are wrong now. Shuffled are these problems
        (`beyond_shuffled`): which of them broke is taken as it is, and says nothing of what their answers are.

    Raises
    ------
    AnswerKindError
        When the problems are not answered by numbers.
    PairingError
        When the runs are not the same problems, once each, in the same order.
    """
    check_runs(baseline, *treated)
    check_numbers(baseline.problems, "wrong answers")
    numbers = [_Numbers.of(problem) for problem in baseline.problems]
    lengths = sorted({len(each.steps) for each in numbers if each.steps})
    before, cells = baseline.correct(), []
    for run in treated:
        after, said = run.correct(), [_prediction(labelled.prediction) for labelled in run.classifications]
        for length in lengths:
            rows = [
                row for row, each in enumerate(numbers) if len(each.steps) == length and before[row] and not after[row]
            ]
            for what, of in _KINDS.items():
                if length > _FEWEST_STEPS[what]:
                    where = f"{what}, problems of {length} {'step' if length == 1 else 'steps'}"
                    place = Place(thought=thought_of(run.condition), place=where, value=float(length))
                    found = [of(each) for each in numbers]
                    cells.append(beyond_shuffled(place, said, found, {length: rows}, what=what))
    return cells


class _Numbers:
    """Numbers of a problem: results of its steps in order, and those of its question."""

    def __init__(self, steps: Sequence[Exact], question: frozenset[Exact]) -> None:
        self.steps = tuple(steps)
        self.question = question

    @classmethod
    def of(cls, problem: Problem) -> "_Numbers":
        graph = problem.graph
        steps = () if graph is None else tuple(slim(step.result.value) for step in graph.steps)
        return cls(steps, frozenset(numbers_in(problem.question)))

    def before(self) -> frozenset[Exact]:
        """The result of the step before the last, unless it is the answer."""
        return frozenset(self.steps[-2:-1]) - {self.steps[-1]} if self.steps else frozenset()

    def earlier(self) -> frozenset[Exact]:
        """Results of earlier steps that are neither."""
        return frozenset(self.steps[:-2]) - self.before() - {self.steps[-1]} if self.steps else frozenset()

    def stated(self) -> frozenset[Exact]:
        """Numbers of the question that are no result."""
        return self.question - frozenset(self.steps)


_KINDS: dict[str, Callable[[_Numbers], frozenset[Exact]]] = {
    "the result of the step before": _Numbers.before,
    "the result of an earlier step": _Numbers.earlier,
    "a number of the question": _Numbers.stated,
}
_FEWEST_STEPS = {"the result of the step before": 1, "the result of an earlier step": 2, "a number of the question": 0}
"""Steps that a problem must have more of to have such a number."""


def _prediction(number: "object") -> Exact | None:
    """Return the number that an answer is, None where it is none."""
    value = getattr(number, "value", None)
    return None if value is None else slim(value)
