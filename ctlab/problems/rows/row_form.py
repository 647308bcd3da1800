"""What a form of problem rows is: the columns that it is recognised by, and the problem that they make."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ctlab.errors import ProblemSetError
from ctlab.inputs import is_text, shown
from ctlab.problems.problem import Problem

Row = Mapping[str, Any]
"""One row of a file or data set, by column; floats of JSON files come as they are written, as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowForm(ABC):
    """One way in which data sets write a problem."""

    columns: str
    """The columns that it needs, in words, for errors."""

    @abstractmethod
    def recognises(self, row: Row) -> bool:
        """Whether a row is in this form, by the names of its columns."""

    @abstractmethod
    def problem(self, row: Row) -> Problem:
        """Make the problem of a row that was recognised; ProblemSetError names the value that cannot be used."""


def problem_of(question: Any, gold: Any, solution: Any = "") -> Problem:
    """Make a problem of a row's values, refusing what is no question or no number."""
    if not isinstance(question, str) or not question.strip():
        raise ProblemSetError('a row needs a "question" that is a text')
    if not is_text(question):
        raise ProblemSetError('"question" holds half a surrogate pair, which no tokenizer reads; save it as UTF-8 text')
    if isinstance(gold, bool) or not isinstance(gold, str | int):
        raise ProblemSetError(f'"gold" is a number or its text, not {shown(gold)}')
    if isinstance(gold, str):
        gold = gold.removesuffix(".0")  # a JSON float that is whole; its .0 is no written precision
    return Problem(question=question, solution=solution or "", gold=gold)


def number_text(value: Any) -> str:
    """Write a value of a number column as text; a float that is whole loses its ``.0``."""
    text = repr(value) if isinstance(value, float) else str(value).strip()
    return text.removesuffix(".0")
