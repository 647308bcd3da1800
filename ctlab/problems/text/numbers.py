"""Exact numbers as people write them: ``1,234.50``, ``$18.00``, ``1/3``, ``2 1/2``, ``-4``, ``1e3``, ``5%``.

Values are fractions, never floats. A number remembers how many decimals it was written with, because that is the
precision at which it can be compared: 18.67 is 56/3.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from ctlab.errors import ProblemSetError
from ctlab.problems.text.exact import Exact, slim
from ctlab.problems.text.spelling import spelled
from ctlab.problems.text.written_numbers import MOST_DIGITS, Written, scan, scan_last

# A longer number is stored with an exponent, so that 1e999 does not take a thousand characters in every report.
_PLAIN_PLACES = 30
# Recorded answers end after at most 5 decimals, or are a float's 10 to 18: nine tell the two apart.
_NOISE_FREE_PLACES = 9
# Where an answer's last number stands: 99.9 % within 18 characters of the end, all but 4 of 11,276 within 300.
_END_OF_TEXT = 300
# A digit in a circle that follows a number is the mark of a note: 18① is 18.
_NOTE_MARKS = re.compile(r"(?<=\d)[\u2460-\u2473\u24f5-\u24fe\u2776-\u2793]++$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """An exact number and how it was written."""

    value: Fraction
    """Exact value; the unit is not multiplied in (``5%`` is 5, ``3 dozen`` is 3)."""
    places: int | None = None
    """Decimals as written; None when the number is exact (an integer, a fraction, a computed value)."""
    unit: str = ""
    """``%``, ``dozen`` or nothing."""

    @classmethod
    def parse(cls, text: str) -> "Number":
        """Read a text that is one number, apart from currency signs, blanks and a final full stop."""
        return _parsed(text)

    @classmethod
    def of(cls, value: "int | Fraction") -> "Number":
        """Wrap an exact value."""
        return cls(value=Fraction(value))

    def __eq__(self, other: object) -> bool:
        """Compare two numbers as written, a number and an int or fraction by value; ``same_number`` judges answers."""
        if isinstance(other, Number):
            return (self.value, self.places, self.unit) == (other.value, other.places, other.unit)
        return self.value == other if isinstance(other, int | Fraction) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.value)

    def __float__(self) -> float:
        return float(self.value)

    def __str__(self) -> str:
        """Write the number so that ``Number.parse`` reads it back unchanged."""
        suffix = " dozen" if self.unit == "dozen" else self.unit
        if self.places:
            scaled = int(self.value * 10**self.places)
            if self.places > _PLAIN_PLACES or abs(scaled) >= 10**_PLAIN_PLACES:
                return f"{scaled}e-{self.places}{suffix}"
            digits = str(abs(scaled)).rjust(self.places + 1, "0")
            sign = "-" if scaled < 0 else ""
            return f"{sign}{digits[: -self.places]}.{digits[-self.places :]}{suffix}"
        if self.value.denominator != 1:
            return f"{self.value.numerator}/{self.value.denominator}{suffix}"
        digits = str(self.value.numerator)
        bare = digits.rstrip("0")
        # One of more digits than are read as a number has an exponent in any case.
        if len(digits) > _PLAIN_PLACES and (len(digits) - len(bare) > 2 or len(digits) > MOST_DIGITS):
            return f"{bare}e{len(digits) - len(bare)}{suffix}"
        return digits + suffix


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNumber:
    """A number in a text."""

    number: Number
    """The number."""
    start: int
    """First character, counted in ``spelled(text)``."""
    end: int
    """One past the last character."""


def find_numbers(text: str) -> tuple[FoundNumber, ...]:
    """Read every number of a text, in order; runs of more than ``MOST_DIGITS`` digits and divisions by 0 are none."""
    return tuple(numbers_from(spelled(text), 0))


def numbers_from(spelling: str, start: int) -> Iterator[FoundNumber]:
    """Read the numbers of a spelled text from character ``start`` on, one at a time."""
    return map(_number, scan(spelling, start))


def _number(each: Written) -> FoundNumber:
    number = Number(value=each.value, places=each.places, unit=each.unit)
    return FoundNumber(number=number, start=each.start, end=each.end)


def first_number(spelling: str, start: int) -> Number | None:
    """Read the first number of a spelled text from character ``start`` on."""
    return next((found.number for found in numbers_from(spelling, start)), None)


def last_number(spelling: str) -> Number | None:
    """Read the last number of a spelled text, looking through its end first."""
    return None if (found := last_found(spelling)) is None else found.number


def last_found(spelling: str) -> FoundNumber | None:
    """Find the last number of a spelled text, looking through its end first."""
    start = spelling.find(" ", max(0, len(spelling) - _END_OF_TEXT))
    for begin in (start, 0) if start > 0 else (0,):
        if (found := scan_last(spelling, begin)) is not None:
            return _number(found)
    return None


@lru_cache(maxsize=4096)
def numbers_in(question: str) -> tuple[Exact, ...]:
    """Values of all numbers of a question, remembered."""
    return tuple(slim(stated.number.value) for stated in find_numbers(question))


def parse_number(text: str) -> Number | None:
    """Read a text that is one number, None when it is not."""
    try:
        return Number.parse(text)
    except ProblemSetError:
        return None


def same_number(a: Number, b: Number) -> bool:
    """Whether two numbers agree at the coarser precision that was written; 36 and ``3 dozen`` agree too."""
    if _agree(a.value, b.value, a.places, b.places):
        return True
    if (a.unit == "dozen") == (b.unit == "dozen"):
        return False
    in_ones, other = (a, b) if a.unit == "dozen" else (b, a)
    return _agree(in_ones.value * 12, other.value, in_ones.places, other.places)


def tolerance(places: int | None) -> Exact:
    """Half a unit of the last written place, 0 for an exact number.

    Places after the ninth are rounding noise of a calculator (0.6000000000000001), not precision.
    """
    return Fraction(1, 2 * 10 ** min(places, _NOISE_FREE_PLACES)) if places else 0


def _agree(a: Fraction, b: Fraction, places_a: int | None, places_b: int | None) -> bool:
    if a == b:
        return True
    written = [places for places in (places_a, places_b) if places]
    return bool(written) and abs(a - b) <= tolerance(min(written))


@lru_cache(maxsize=65536)
def _parsed(text: str) -> Number:
    # Stored classifications repeat a few thousand numbers tens of thousands of times.
    spelling = _NOTE_MARKS.sub("", spelled(text).rstrip())
    numbers = list(numbers_from(spelling, 0))
    rest = text
    if len(numbers) == 1:
        rest = spelling[: numbers[0].start] + spelling[numbers[0].end :]
    if len(numbers) != 1 or rest.strip(" \t\r\n$€£.+"):
        raise ProblemSetError(f"a number such as 18, -4, 1,234.50, 1/3 or 5% is needed here, not {_shown(text)}")
    return numbers[0].number


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
