"""What came of reading an answer, and where its statement ends."""

import re
from dataclasses import dataclass

from ctlab.problems.text.numbers import Number
from ctlab.problems.text.quantities import Quantity

# An answer statement is a sentence; hostile text has no end.
LONGEST_STATEMENT = 600
"""Characters of a statement, and of what is looked at beside it."""
_END = re.compile(
    r"[.!?。](?!\s?=)(?=[\"'*_`)\]}$]*(?:\s|$))|\n|;(?!\s?[$€£¥]?\d)|<[/|a-zA-Z]|,\s{0,9}\"|\}|\|(?!\s?=)"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A number that was read, and how."""

    number: Number | None
    """The number; None where there is none."""
    how: str = ""
    """How it was read, in words."""
    hesitation: str = ""
    """Why a careful person would hesitate; empty where nobody would."""
    alone: bool = False
    """Whether nothing else stands there."""


def statement_end(text: str, start: int) -> int:
    """Find where the statement ends that holds a number which ends at ``start``."""
    end = _END.search(text, start, start + LONGEST_STATEMENT)
    return min(len(text), start + LONGEST_STATEMENT) if end is None else end.start()


def statement_start(text: str, at: int) -> int:
    """Find where the statement begins that holds a number which begins at ``at``."""
    begin = max(0, at - LONGEST_STATEMENT)
    ends = [match.end() for match in _END.finditer(text, begin, at + 1) if match.end() <= at]
    return ends[-1] if ends else begin


def told(reading: str, chosen: Quantity) -> str:
    """Say how a quantity was read, and how it was put together where it was."""
    return f"{reading} ({chosen.how})" if chosen.how else reading
