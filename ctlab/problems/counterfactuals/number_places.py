"""Numbers of a question that exactly one operation of the worked solution reads, so that they can be changed alone.

Such a number stands in the question once, in digits, and the solution brings its value in once. One that the solution
knows from elsewhere, seven days of a week, and that stands in the question for something else would be mistaken.
"""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from ctlab.problems.problem import Problem
from ctlab.problems.text.exact import Exact
from ctlab.problems.text.expressions import GIVEN, Operation
from ctlab.problems.text.number_words import find_factor_words, find_number_words
from ctlab.problems.text.numbers import find_numbers
from ctlab.problems.text.spelling import spelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A number of the question that one operation reads."""

    start: int
    """First character in the question."""
    end: int
    """One past the last."""
    operation: int
    """Which operation reads it."""
    side: str
    """``left`` or ``right``."""
    step: int
    """Step of that operation, from 1."""
    value: int
    """The number."""


def places(problem: Problem) -> tuple[Place, ...]:
    """Return the numbers of a question that one operation alone reads, in the order of the text."""
    graph, question = problem.graph, problem.question
    if graph is None or spelled(question) != question:
        return ()
    given = Counter(value for operation in graph.operations for _, value, at in sides(operation) if at == GIVEN)
    written = find_numbers(question)
    told = Counter(number.number.value for number in written)
    # "Twice" is a 2 too, and a 2 elsewhere in the question need not be the one that is meant.
    told.update(map(Fraction, (*find_number_words(question), *find_factor_words(question), *_shares(question))))
    at = {number.number.value: number for number in written if question[number.start : number.end].isdecimal()}
    found = []
    for index, operation in enumerate(graph.operations):
        for side, value, source in sides(operation):
            if source != GIVEN or not isinstance(value, int) or value < 2 or value not in at:
                continue
            if given[value] == told[Fraction(value)] == 1:
                number = at[Fraction(value)]
                found.append(
                    Place(
                        start=number.start,
                        end=number.end,
                        operation=index,
                        side=side,
                        step=graph.step_of(index),
                        value=value,
                    )
                )
    return tuple(sorted(found, key=lambda place: place.start))


def sides(operation: Operation) -> tuple[tuple[str, Exact, int], ...]:
    """Return both operands: which it is, its value, and which operation gives it."""
    left = ("left", operation.left, operation.left_from)
    return left, ("right", operation.right, operation.right_from)


def _shares(question: str) -> list[int]:
    """Numbers that stand below a stroke, or are said as a part: half is a 2."""
    words = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5}
    text = question.lower()
    lowered = "".join(letter if letter.isalpha() else " " for letter in text)
    spoken = [words[word] for word in lowered.split() if word in words]
    below = [part.split("/")[1] for part in text.split() if part.count("/") == 1]
    return spoken + [int(digits) for part in below if (digits := part.strip(".,;:?!")).isdecimal()]
