"""What wrong answers to a problem are to be expected, from its own calculation graph; built once a problem."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache

from ctlab.outcomes.changed import ChangedPlan
from ctlab.outcomes.outcome import Outcome
from ctlab.outcomes.reachable import Reach, numbers_of
from ctlab.problems import Number, Operation, Problem, find_equations
from ctlab.problems.text.exact import Exact, calculate, divide, shown, slim
from ctlab.problems.text.numbers import tolerance

FACTORS = (2, 3, 4, 5, 10, 100, 1000)
"""Factors of OFF_BY_FACTOR: a forgotten share or unit, and wrong powers of ten. A longer list would explain more by
accident: these alone fit 4 to 6 % of wrong answers to other problems."""
_INVERSE = {"+": "-", "-": "+", "*": "/", "/": "*"}
# Of 32,168 operations in GSM8K's solutions two have a finite result with more decimals, and none more than 10 digits.
_MOST_PLACES = 3
_MOST_DIGITS = 12

Values = Iterator[tuple[Exact, str]]
"""Expected wrong answers: the value, and how it comes about."""


class Candidates:
    """Expected wrong answers to one problem."""

    def __init__(self, problem: Problem) -> None:
        gold = slim(problem.gold_number.value)
        plan = ChangedPlan(problem.graph) if problem.graph else None
        self.details = {
            Outcome.SIGN_ERROR: {-gold: "the negative of the gold answer"},
            Outcome.PARTIAL_ANSWER: _first(partial_answers(problem)),
            Outcome.OPERATION_REVERSAL: _first(reversals(plan)) if plan else {},
            Outcome.OFF_BY_FACTOR: _first(factors(gold)),
            Outcome.CALC_ERROR: _first(slips(plan)) if plan else {},
        }
        self.wide_slips = _first(wide_slips(plan)) if plan else {}
        self._problem = problem
        self._reach: Reach | None = None

    @property
    def reach(self) -> Reach:
        """What two operations reach; only wrong answers with a number ask for it."""
        if self._reach is None:
            self._reach = Reach(numbers_of(self._problem))
        return self._reach

    def named(self, prediction: Number) -> Outcome | None:
        """Find the first explanation that is not a wrong plan: quick, because nothing is searched."""
        value, slack = slim(prediction.value), tolerance(prediction.places)
        return next((x for x, details in self.details.items() if _detail(details, value, slack) is not None), None)

    def slips_widely(self, prediction: Number) -> bool:
        """Whether a wrong number is two off in one step."""
        return _detail(self.wide_slips, slim(prediction.value), tolerance(prediction.places)) is not None

    def explain(self, prediction: Number) -> Iterator[tuple[Outcome, str]]:
        """Find every explanation of a wrong number, in order of precedence."""
        value, slack = slim(prediction.value), tolerance(prediction.places)
        for outcome, details in self.details.items():
            if (detail := _detail(details, value, slack)) is not None:
                yield outcome, detail
        reached = self.reach.explain(value, slack)
        if reached is not None:
            yield Outcome.LOGIC_ERROR, f"{reached}: a wrong plan"
        # Last: two off is a rarer slip than one, and a neighbour of nearly every result is reached by some plan.
        near = _detail(self.details[Outcome.CALC_ERROR], value, slack)
        if near is None and (detail := _detail(self.wide_slips, value, slack)) is not None:
            yield Outcome.CALC_ERROR, detail


# Three test sets of GSM8K's size: all conditions of a run ask for the same problems' candidates.
@lru_cache(maxsize=4096)
def candidates(problem: Problem) -> Candidates:
    """Expected wrong answers of a problem, remembered."""
    return Candidates(problem)


def partial_answers(problem: Problem) -> Values:
    """Intermediate results of the worked solution: every operation's result but the gold answer's."""
    graph, gold = problem.graph, problem.gold_number.value
    if graph is not None:
        for index, operation in enumerate(graph.operations):
            if operation.value != gold:
                yield operation.value, f"the result of step {graph.step_of(index)}"
        return
    for number, equation in enumerate(find_equations(problem.solution), start=1):
        if equation.left.operations and equation.right.value != gold:
            yield slim(equation.right.value), f"the result of step {number}"


def reversals(plan: ChangedPlan) -> Values:
    """The plan with one operation replaced by its inverse, or with its operands swapped."""
    for index in plan.leading:
        operation = plan.graph.operations[index]
        left, right = operation.left, operation.right
        changes = [(_INVERSE[operation.op], left, right)]
        if operation.op in "-/":
            changes.append((operation.op, right, left))
        for op, first, second in changes:
            value = calculate(op, first, second)
            if value is not None and (answer := plan.answer(index, value)) is not None:
                step = plan.graph.step_of(index)
                instead = f"{shown(left)}{operation.op}{shown(right)}"
                yield answer, f"{shown(first)}{op}{shown(second)} for {instead} in step {step}"


def slips(plan: ChangedPlan) -> Values:
    """The plan with one slip in one result, carried through."""
    for index in plan.leading:
        operation = plan.graph.operations[index]
        for value, reason in slips_of(operation):
            if (answer := plan.answer(index, value)) is not None:
                step = plan.graph.step_of(index)
                yield answer, f"{shown(operation.value)} slipped to {shown(slim(value))} in step {step}: {reason}"


def wide_slips(plan: ChangedPlan) -> Values:
    """The plan with one whole result off by two, carried through."""
    for index in plan.leading:
        value = plan.graph.operations[index].value
        if value.denominator == 1 and len(str(abs(int(value)))) <= _MOST_DIGITS:
            for slip in (value + 2, value - 2):
                if slip * value > 0 and (answer := plan.answer(index, slip)) is not None:
                    step = plan.graph.step_of(index)
                    yield answer, f"{shown(value)} slipped to {shown(slim(slip))} in step {step}: off by two"


def slips_of(operation: Operation) -> Values:
    """Results of one operation that a slip gives: one digit off by one, a borrow, a times-table neighbour.

    The set is narrow on purpose: a wide one explains wrong plans as slips, because small problems reach every number.
    """
    value = operation.value
    places = next((places for places in range(_MOST_PLACES + 1) if (value * 10**places).denominator == 1), None)
    digits = len(str(abs(int(value))))
    if places is None or digits > _MOST_DIGITS:
        return
    for place in range(-places, digits):
        unit: Exact = 10**place if place >= 0 else Fraction(1, 10**-place)
        for slip in (value + unit, value - unit):
            # 140 slips to 40, but 100 does not slip to 0, nor 7 to -3.
            if slip * value > 0 or digits == 1:
                yield slip, "one digit off by one"
    if operation.op == "-" and digits == 1 and value >= 0:
        yield value + 10, "a forgotten borrow"
    if operation.op == "*":
        for changed, other in ((operation.left, operation.right), (operation.right, operation.left)):
            if isinstance(changed, int) and changed >= 2:
                yield value + other, "a times-table neighbour"
                # 2 * 60 slips to 3 * 60, not to 1 * 60: that is a forgotten step.
                if changed > 2:
                    yield value - other, "a times-table neighbour"


def factors(gold: Exact) -> Values:
    """The gold answer times or divided by a round factor."""
    for factor in FACTORS:
        yield gold * factor, f"{factor} times the gold answer"
        yield divide(gold, factor), f"the gold answer divided by {factor}"


def _detail(details: Mapping[Exact, str], value: Exact, slack: Exact) -> str | None:
    """How a value comes about, None when it is not among the expected ones; ``slack`` is for rounding."""
    known = value if not slack else next((x for x in details if -slack <= x - value <= slack), None)
    return None if known is None else details.get(known)


def _first(values: Values) -> dict[Exact, str]:
    """Keep the first way to each value."""
    details: dict[Exact, str] = {}
    for value, detail in values:
        details.setdefault(slim(value), detail)
    return details
