"""What a form of problem rows is: the columns that it is recognised by, and the problem that they make."""

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from ctlab.errors import ProblemSetError
from ctlab.inputs import WrittenNumber, is_text, shown
from ctlab.problems.problem import Problem

Row = Mapping[str, Any]
"""One row of a file or data set, by column; floats of JSON files come as they are written, as text."""

_FLOAT_DIGITS = 15  # decimal digits that every double keeps (C's DBL_DIG); what stands behind them can be noise
_LONG_DECIMAL = re.compile(r"-?(?=[\d.]{17,60}+$)\d++\.\d++")  # more than those 15
_NOISE = 3  # digits that must vanish with the noise: a third, 0.3333333333333333, loses one and stays as it is


@dataclass(frozen=True, slots=True)
class BadRow:
    """What stands where a row should, as it is no row: an audit lists all of them, and a run stops at the first."""

    why: str
    """What is wrong with it, and the next step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowForm(ABC):
    """One way in which data sets write a problem."""

    name: str
    """What people call it."""
    needs: tuple[str, ...]
    """The columns that it needs."""
    takes: frozenset[str] = frozenset()
    """Further columns that it makes the problem of; all that are left become `Problem.fields`."""

    def recognises(self, row: Row) -> bool:
        """Whether a row is in this form, by its columns."""
        return all(column in row for column in self.needs)

    @abstractmethod
    def problem(self, row: Row) -> Problem:
        """Make the problem of a row that was recognised; ProblemSetError names the value that cannot be used."""

    def others(self, row: Row) -> dict[str, Any]:
        """The columns that the problem is not made of, as JSON values."""
        return {str(name): json_value(row[name]) for name in row if name not in self.takes and name not in self.needs}


def problem_of(question: Any, gold: Any, solution: Any = "", **more: Any) -> Problem:
    """Make a problem of a row's values, refusing what is no question or no number."""
    if not isinstance(question, str) or not question.strip():
        raise ProblemSetError('a row needs a "question" that is a text')
    if not is_text(question):
        raise ProblemSetError('"question" holds half a surrogate pair, which no tokenizer reads; save it as UTF-8 text')
    if isinstance(gold, bool) or not isinstance(gold, str | int):
        raise ProblemSetError(f'"gold" is a number or its text, not {shown(gold)}')
    if isinstance(gold, str):
        gold = str(gold).removesuffix(".0")  # a JSON float that is whole; its .0 is no written precision
    absent = not solution or (isinstance(solution, float) and math.isnan(solution))  # pandas' empty cell
    return Problem(question=question, solution="" if absent else solution, gold=gold, **more)


def number_text(value: Any) -> str:
    """Write a value of a number column as text.

    A float that is whole loses its ``.0``, and one with the noise of binary arithmetic is what it stands for:
    3244047.0999999996 is 3244047.1.
    """
    text = repr(value) if isinstance(value, float) else str(value).strip()
    return _without_noise(text).removesuffix(".0")


def _without_noise(text: str) -> str:
    if not _LONG_DECIMAL.fullmatch(text):
        return text
    try:
        number = Decimal(text)
        places = _FLOAT_DIGITS - 1 - number.adjusted()
        rounded = number.quantize(Decimal(1).scaleb(-places)).normalize()
    except InvalidOperation:
        return text
    return f"{rounded:f}" if len(f"{rounded:f}") <= len(text) - _NOISE else text


def equation_solution(equation: Any, gold: str) -> str:
    """Write a set's own equation, such as ``( 290.0 / 2.0 )`` or ``X=(7.0*6.0)``, as GSM8K's annotation.

    It calculates with 290 and 2: the zeros are the file's, not the problem's.
    """
    text = re.sub(r"(?<=\d)\.0+(?!\d)|\s", "", str(equation or "")).removeprefix("X=").removeprefix("x=")
    if text.startswith("(") and _closes(text) == len(text) - 1:
        text = text[1:-1]
    return f"<<{text}={gold}>>{gold}\n#### {gold}" if text else ""


def _closes(text: str) -> int:
    """Where the parenthesis that a text begins with is closed."""
    depth = 0
    for at, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0:
            return at
    return -1


def steps_solution(steps: Any, gold: Any) -> str:
    """Write calculated steps as GSM8K's worked solution; empty where nothing is calculated (``Step 1``)."""
    texts = [steps] if isinstance(steps, str) else steps
    if not isinstance(texts, list | tuple) or not all(isinstance(step, str) for step in texts):
        raise ProblemSetError(f'"steps" are a list of texts, not {shown(steps)}')
    written = [step.strip() for step in texts if step.strip()]
    return "\n".join([*written, f"#### {gold}"]) if any("=" in step for step in written) else ""


def json_value(value: Any) -> Any:
    """Write a value as JSON has it: a number with decimals is a float again, a date or bytes their text."""
    if isinstance(value, WrittenNumber | float):
        number = float(value)
        return number if math.isfinite(number) else str(value)
    if isinstance(value, Mapping):
        return {str(name): json_value(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(part) for part in value]
    return value if value is None or isinstance(value, str | int) else str(value)
