"""What kind of problem it is: counts from the calculation graph, and from the question's own words."""

import re
from collections.abc import Callable
from typing import Protocol

from ctlab.problems.graph import Graph
from ctlab.problems.text.equations import find_equations
from ctlab.problems.text.exact import Exact
from ctlab.problems.text.number_words import find_number_words
from ctlab.problems.text.numbers import find_numbers
from ctlab.problems.text.spelling import spelled
from ctlab.records.problem_features import Features

# "the 3rd day" counts days, it is no quantity of the problem.
_ORDINAL = re.compile(r"(?i:st|nd|rd|th)\b")
# "a third of the cake" but not "a third cake", "two fifths" but not "two fifth graders", "a quarter more" but not "a
# quarter past": what follows the word tells a part of a whole from an ordinal, a coin or a time of day.
_PART = r"(?:third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)"
_FRACTION_WORDS = re.compile(
    r"\b(?:half|halves|halved|halving)\b"
    rf"|\b(?:one|two|three|four|five|six|seven|eight|nine)[ -]{_PART}s?\b(?![ -](?:place|grade|floor|day|year|time))"
    r"|\b(?:a|an|each|one|two|three|\d)[ -]quarters?\b(?=[ -](?:of|as|the|more|less|full|empty)\b)|\bthree-quarters\b"
    rf"|\b(?:a|an|each|another|every)[ -]{_PART}\b(?=[ -](?:of|as|the|more|less|that|what|full|empty|off)\b)"
    rf"|\b(?:thirds|fourths|fifths|sixths|eighths|tenths)\b",
    re.IGNORECASE,
)


class Worked(Protocol):
    """What features are measured on: a question and its worked solution. Every problem is one."""

    @property
    def question(self) -> str:
        """Question text."""

    @property
    def solution(self) -> str:
        """Worked solution; empty when there is none."""

    @property
    def graph(self) -> Graph | None:
        """Calculation graph of the worked solution; None when it does not parse completely."""


def features(
    problem: Worked, count_tokens: Callable[[str], int] | None = None, *, counted_by: str = "tokenizer"
) -> Features:
    """Measure a problem; without ``count_tokens`` the question's length is in words."""
    graph = problem.graph
    operators: list[str] | None = None
    if graph is not None:
        operators = [operation.op for operation in graph.operations]
    elif equations := find_equations(problem.solution):
        operators = [operation.op for equation in equations for operation in equation.left.operations]
    question = problem.question
    return Features(
        n_tokens=len(question.split()) if count_tokens is None else count_tokens(question),
        n_operations=None if operators is None else len(operators),
        n_operation_types=None if operators is None else len(set(operators)),
        max_number=max_number(question),
        multi_step=None if operators is None else len(operators) >= 2,
        has_division=None if operators is None else "/" in operators,
        has_multiplication=None if operators is None else "*" in operators,
        has_fractions=has_fractions(question),
        tokens_counted_by="words" if count_tokens is None else counted_by,
    )


def max_number(question: str) -> float | None:
    """Find the largest number that the question states, in digits or words; ordinals are none.

    None without any, and where the largest is beyond a float: nothing can be worked out with it.
    """
    spelling = spelled(question)
    values: list[Exact] = [
        stated.number.value * (12 if stated.number.unit == "dozen" else 1)
        for stated in find_numbers(question)
        if not _ORDINAL.match(spelling, stated.end)
    ]
    values += find_number_words(question)
    try:
        return float(max(values)) if values else None
    except OverflowError:
        return None


def has_fractions(question: str) -> bool:
    """Whether the question names a part of a whole."""
    if _FRACTION_WORDS.search(question):
        return True
    spelling = spelled(question)
    return any("/" in spelling[number.start : number.end] for number in find_numbers(question))
