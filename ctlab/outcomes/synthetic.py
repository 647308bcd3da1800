"""Wrong answers with a known label, made from worked solutions: what the classifier is measured on.

Everything is calculated here a second time, on fractions and without the classifier's code, so that a mistake in the
one is not a mistake in the other.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ctlab.outcomes.outcome import Outcome
from ctlab.problems import Graph, Number, Problem, find_numbers

SYNTHETIC = (
    Outcome.SIGN_ERROR,
    Outcome.PARTIAL_ANSWER,
    Outcome.OPERATION_REVERSAL,
    Outcome.OFF_BY_FACTOR,
    Outcome.CALC_ERROR,
    Outcome.LOGIC_ERROR,
)
"""Labels that can be made as a final number."""
# The classifier's list, written a second time: a factor that is forgotten there is missed by what is made here.
_FACTORS = (2, 3, 4, 5, 10, 100, 1000)
# From four draws on, as many problems of GSM8K's test split get a wrong plan (90 %) as with forty.
_LOGIC_DRAWS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticError:
    """One wrong answer whose label is known."""

    problem: Problem
    """The problem."""
    label: Outcome
    """How the answer was made."""
    value: Fraction
    """The wrong number."""
    also: tuple[Outcome, ...]
    """Other labels under which the same number could have been made; LOGIC_ERROR, which is the weakest and comes last,
    does not count. An answer is unambiguous when this is empty."""

    @property
    def text(self) -> str:
        """The answer as the published models write it."""
        return f"The answer is: {written(self.value)}"


def synthetic_errors(problems: Sequence[Problem], *, seed: int = 0) -> list[SyntheticError]:
    """Make one wrong answer of each label for each problem that allows it; problems without a graph are left out."""
    rng = random.Random(f"planted {seed}")  # another word would draw other answers than those that are published
    errors = []
    for problem in problems:
        if problem.graph is None:
            continue
        pools = {label: set(values) for label, values in _pools(problem, problem.graph, rng).items()}
        for label in SYNTHETIC:
            choices = sorted(value for value in pools[label] if value != problem.gold_number.value and _writable(value))
            if choices:
                value = rng.choice(choices)
                others = (other for other in SYNTHETIC[:-1] if other is not label)
                also = tuple(other for other in others if any(_same(value, x) for x in pools[other]))
                errors.append(SyntheticError(problem=problem, label=label, value=value, also=also))
    return errors


def written(value: Fraction) -> str:
    """Write a number as an answer: whole, or with up to four decimals."""
    if value.denominator == 1:
        return str(value.numerator)
    scaled = round(value * 10**4)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{abs(scaled) // 10**4}.{abs(scaled) % 10**4:04d}".rstrip("0")


def _same(a: Fraction, b: Fraction) -> bool:
    return a == b or written(a) == written(b)


def _writable(value: Fraction) -> bool:
    # What the classifier reads digit by digit (12 digits), and what does not become 0 with the four decimals written.
    return abs(value) < 10**12 and round(value * 10**4) != 0


def _pools(problem: Problem, graph: Graph, rng: random.Random) -> Mapping[Outcome, Sequence[Fraction]]:
    gold = problem.gold_number.value
    return {
        Outcome.SIGN_ERROR: [-gold],
        Outcome.PARTIAL_ANSWER: [Fraction(step.result.value) for step in graph.steps[:-1] if step.root >= 0],
        Outcome.OPERATION_REVERSAL: list(_reversed(graph)),
        Outcome.OFF_BY_FACTOR: [value for factor in _FACTORS for value in (gold * factor, gold / factor)],
        Outcome.CALC_ERROR: list(_slipped(graph)),
        Outcome.LOGIC_ERROR: list(_two_operations(problem, rng)),
    }


def _again(graph: Graph, changed: Mapping[int, Fraction], ops: Mapping[int, str], swap: int | None) -> Fraction | None:
    """Evaluate the whole graph; unchanged operations that read nothing changed keep their written value."""
    values: list[Fraction] = []
    touched: set[int] = set()
    for index, operation in enumerate(graph.operations):
        left = values[operation.left_from] if operation.left_from >= 0 else Fraction(operation.left)
        right = values[operation.right_from] if operation.right_from >= 0 else Fraction(operation.right)
        if swap == index:
            left, right = right, left
        if index in changed:
            values.append(changed[index])
            touched.add(index)
        elif index in ops or swap == index or {operation.left_from, operation.right_from} & touched:
            op = ops.get(index, operation.op)
            if op == "/" and right == 0:
                return None
            values.append({"+": left + right, "-": left - right, "*": left * right}.get(op, left / (right or 1)))
            touched.add(index)
        else:
            values.append(Fraction(operation.value))
    return values[graph.root] if graph.root in touched else None


def _reversed(graph: Graph) -> Iterator[Fraction]:
    inverse = {"+": "-", "-": "+", "*": "/", "/": "*"}
    for index, operation in enumerate(graph.operations):
        answers = [_again(graph, {}, {index: inverse[operation.op]}, None)]
        if operation.op in "-/":
            answers.append(_again(graph, {}, {}, index))
        yield from (answer for answer in answers if answer is not None)


def _slipped(graph: Graph) -> Iterator[Fraction]:
    """One step's result off by one in one digit, by a carry, or by a times-table neighbour, carried through."""
    for step in graph.steps:
        if step.root < 0:
            continue
        result, operation = Fraction(step.result.value), graph.operations[step.root]
        slips = [result + sign * unit for unit in _digit_units(result) for sign in (1, -1)]
        # A carry or borrow that was forgotten or made once too often.
        if operation.op in "+-" and result >= 10:
            slips += [result + 10, result - 10]
        if operation.op == "*":
            first, second = Fraction(operation.left), Fraction(operation.right)
            for sign in (1, -1):
                slips += [(first + sign) * second] if first.denominator == 1 else []
                slips += [first * (second + sign)] if second.denominator == 1 else []
        for slip in slips:
            answer = _again(graph, {step.root: slip}, {}, None)
            if answer is not None:
                yield answer


def _digit_units(value: Fraction) -> list[Fraction]:
    text = written(value).lstrip("-")
    whole, _, decimals = text.partition(".")
    return [Fraction(10) ** place for place in range(-len(decimals), len(whole))]


def _two_operations(problem: Problem, rng: random.Random) -> Iterator[Fraction]:
    """Correct arithmetic on a random plan: one or two operations on numbers of the question."""
    numbers = [found.number.value for found in find_numbers(problem.question)]
    if len(numbers) < 2:
        return
    for _ in range(_LOGIC_DRAWS):
        value, *others = rng.sample(numbers, min(len(numbers), rng.choice((2, 3))))
        for other in others:
            op = rng.choice("+-*/")
            if op == "/" and other == 0:
                break
            value = {"+": value + other, "-": value - other, "*": value * other}.get(op, value / (other or 1))
        if value > 0:
            yield value


def as_number(error: SyntheticError) -> Number:
    """The wrong number as the extractor would read it."""
    return Number.parse(written(error.value))
