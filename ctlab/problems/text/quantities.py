"""Numbers of an answer with what belongs to them: ``1 / 2``, ``2 and 1/2``, ``2 thirds``, ``minus 5``, amounts.

What `find_numbers` reads as two numbers in a question, because it is two there as often as one, is one number where
somebody says how much it is. A reference answer is read by the same rules (`read_quantity`).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from ctlab.problems.text.numbers import FoundNumber, Number, numbers_from, parse_number
from ctlab.problems.text.spelling import spelled
from ctlab.problems.text.spoken_numbers import PARTS, spoken_numbers

# A sign that stands apart: not after a number or word that something is taken from.
_SIGN = re.compile(r"(?:^|[\s:=(\[*$])(?:-[ ]?\(?|(?i:minus|negative)[ ])[$€£¥]?$")
_SUBTRACTED = re.compile(r"[\w)\]%.]\s*$")
_STATED = re.compile(r"(?:^|(?i:\b(?:is|was|be|equals|of|to|answer|about|approximately))|[:=(\[*$])\s*$")
_DIVIDED = re.compile(r"[ ]?/[ ]?")
_AND = re.compile(r"\s+(?:and|&)\s+")
_GROUPED_BY_BLANKS = re.compile(r"\d{1,3}+((?:[ ]\d{3}(?![\d/])){1,6}+)(?![ ]?\d|[.,]\d|[-/])")
_DOLLARS_AND = re.compile(r"\s?(?:dollars?|bucks?|euros?|pounds?)(?:,|\s+and)?\s+")
_CENTS = re.compile(r"\s?(?:cents?|pence|¢)(?!\w)")
_AND_PART = re.compile(r"\s+and\s+((?:a|an|one|two|three)\s[a-z]{4,9})\b")
# 2 thirds; "1 fifth" ends there, because "1 fifth grader" is a child.
_PARTS_OF = re.compile(r"[ -]([a-z]{4,10}s|[a-z]{4,10}(?! [a-z]))\b")
# " apples", " km/h", " dollars per day", "°C": letters, and what joins them.
_OF_WHAT = re.compile(r"[ ]?°?[^\W\d_]++\.?(?:[ /-][^\W\d_]++\.?){0,3}+")
_MAKES_ANOTHER = re.compile(
    r"(?i)\b(?:or|and|to|than|more|less|fewer|least|most|about|between|not|no|minus|plus|times|if|half|halves|thirds?|"
    r"st|nd|rd|th)\b"
)
_BLANK = " \t\r\n$€£¥₹₩₽.+"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what belongs to it."""

    number: Number
    """The number."""
    start: int
    """First character, counted in the spelled text."""
    end: int
    """One past the last character."""
    how: str = ""
    """How it was put together, in words; empty where it is one number as written."""


def quantities(spelling: str, start: int = 0) -> Iterator[Quantity]:
    """Read the quantities of a spelled text from character ``start`` on, in order, one at a time."""
    return _joined(spelling, start, numbers_from(spelling, start))


def is_bullet(text: str, at: int) -> bool:
    """Whether a hyphen begins a line and stands apart from what follows: a sign seldom does."""
    return text[at : at + 2] == "- " and (at == 0 or text[at - 1] == "\n")


def read_quantity(text: str) -> Number | None:
    """Read a text that is one quantity and nothing else, in digits or in words; None when it is not."""
    if (number := parse_number(text)) is not None:
        return number
    spelling = spelled(text).strip(_BLANK)
    found = [(each.number, each.start, each.end) for each in quantities(spelling)]
    if not found:
        words = [each for each in spoken_numbers(spelling) if not each.ordinal]
        found = [(Number(value=each.value, places=each.places), each.start, each.end) for each in words]
    if len(found) == 1 and found[0][1:] == (0, len(spelling)):
        return found[0][0]
    return None


def number_with_words(text: str) -> Number | None:
    """Read a text that says how much and of what, ``42 apples`` or ``$18 per day``; None where more than that is said.

    Up to four words may follow the one quantity, none of which makes it another (``5 or 6``, ``3 more than``).
    """
    spelling = spelled(text).strip(_BLANK)
    found = list(quantities(spelling))
    if len(found) != 1 or found[0].start:
        return None
    rest = spelling[found[0].end :]
    if not _OF_WHAT.fullmatch(rest) or spoken_numbers(rest):
        return None
    return None if _MAKES_ANOTHER.search(rest) else found[0].number


def _joined(text: str, begin: int, numbers: Iterable[FoundNumber]) -> Iterator[Quantity]:
    waiting = iter(numbers)
    each = next(waiting, None)
    while each is not None:
        following = next(waiting, None)
        if (grouped := _grouped(text, each)) is not None:
            while following is not None and following.start < grouped.end:
                following = next(waiting, None)
            joined: Quantity = grouped
        else:
            pair = None if following is None else _pair(text, each, following)
            if pair is None:
                alone = Quantity(each.number, each.start, each.end)
                yield _signed(text, begin, _and_a_part(text, each) or _parts(text, each) or alone)
                each = following
                continue
            joined, following = pair, next(waiting, None)
        yield _signed(text, begin, joined)
        each = following


def _grouped(text: str, each: FoundNumber) -> Quantity | None:
    """``12 500`` and ``1 000 000``; not ``5 100-dollar bills``."""
    digits = text[each.start : each.end].lstrip("-$€£¥ ")
    match = _GROUPED_BY_BLANKS.match(text, each.end - len(digits)) if digits.isdigit() else None
    if match is None or digits.startswith("0"):
        return None
    value = Fraction(int(match[0].replace(" ", ""))) * (-1 if each.number.value < 0 else 1)
    return Quantity(Number(value=value), each.start, match.end(), "blanks group its digits")


def _pair(text: str, one: FoundNumber, two: FoundNumber) -> Quantity | None:
    a, b, link = one.number, two.number, text[one.end : two.start]
    if a.unit or len(link) > 20:
        return None
    plain_second = text[two.start : two.start + 1].isdigit()
    if _DIVIDED.fullmatch(link) and b.value and plain_second and not _goes_on(text, one, two):
        number = _exact(a.value / b.value, b.unit)
        return None if number is None else Quantity(number, one.start, two.end, "a fraction")
    whole = a.value.denominator == 1
    if _AND.fullmatch(link) and whole and 0 < b.value < 1 and b.places is None and not b.unit:
        number = _exact(a.value + b.value * (-1 if a.value < 0 else 1))
        return None if number is None else Quantity(number, one.start, two.end, "a mixed number")
    amount = _DOLLARS_AND.fullmatch(link) or (_AND.fullmatch(link) and text[one.start - 1 : one.start] in tuple("$€£"))
    if amount and whole and 0 <= b.value < 100 and (cents := _CENTS.match(text, two.end)):
        hundredths = b.value / 100
        value = a.value + (-hundredths if a.value < 0 else hundredths)
        places = 2 if value.denominator != 1 else None
        return Quantity(Number(value=value, places=places), one.start, cents.end(), "an amount and its cents")
    return None


def _and_a_part(text: str, each: FoundNumber) -> Quantity | None:
    """``2 and a half``."""
    match = _AND_PART.match(text, each.end)
    if match is None or each.number.unit or each.number.value.denominator != 1:
        return None
    part = next(iter(spoken_numbers(match[1])), None)
    if part is None or not 0 < part.value < 1:
        return None
    number = _exact(each.number.value + part.value * (-1 if each.number.value < 0 else 1))
    return None if number is None else Quantity(number, each.start, match.start(1) + part.end, "a mixed number")


def _parts(text: str, each: FoundNumber) -> Quantity | None:
    """``2 thirds`` and ``1 fifth``; not ``12 quarters``, which are coins, nor ``3 fifth graders``."""
    match = _PARTS_OF.match(text, each.end)
    if match is None or (under := PARTS.get(match[1])) is None:
        return None
    over = abs(each.number.value)
    if each.number.unit or over.denominator != 1:
        return None
    if (over == 1) == (match[1].endswith("s")) or (match[1] == "quarters" and over >= under):
        return None
    number = _exact(each.number.value / under)
    return None if number is None else Quantity(number, each.start, match.end(), "parts in words")


def _exact(value: Fraction, unit: str = "") -> Number | None:
    """A calculated number; None where it could not be read back as it is stored."""
    number = Number(value=value, unit=unit)
    return number if parse_number(str(number)) == number else None


def _goes_on(text: str, one: FoundNumber, two: FoundNumber) -> bool:
    """Whether ``a / b`` is part of a longer expression."""
    before, after = text[: one.start].rstrip()[-1:], text[two.end :].lstrip()[:1]
    return before in tuple("+-*/^") or after in tuple("+-*/^")


def _signed(text: str, begin: int, each: Quantity) -> Quantity:
    """Add a sign that stands apart, ``- 5`` and ``minus 5``, where nothing is taken from something."""
    before = text[max(begin, each.start - 12) : each.start]
    if each.number.value <= 0 or (sign := _SIGN.search(before)) is None:
        return each
    start = each.start - len(before) + sign.start()
    lead = text[max(begin, start - 24) : start + 1] if sign.start() or start > begin else ""
    lead = lead.rstrip("-")
    if is_bullet(text, start + sign[0].find("-")):
        return each
    if lead.strip() and _SUBTRACTED.search(lead) and not _STATED.search(lead):
        return each
    shift = len(sign[0]) - len(sign[0].lstrip(" \t\r\n:=([*"))
    number = Number(value=-each.number.value, places=each.number.places, unit=each.number.unit)
    return Quantity(number, start + shift, each.end, "a sign that stands apart")
