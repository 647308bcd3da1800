"""What follows an answer's marker: the first quantity of the statement, or the side of its equation that is the answer.

Each reading comes with the reason why a careful person would hesitate over it (`neighbourhood`).
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from ctlab.outcomes.reading.equation_sides import EQUALS, has_number, is_expression, only_number, value_of
from ctlab.outcomes.reading.last import read_last
from ctlab.outcomes.reading.neighbourhood import corrected, explained, hesitation_at
from ctlab.outcomes.reading.result import LONGEST_STATEMENT, Reading, statement_end, told
from ctlab.outcomes.reading.worded import cardinals, number_of, read_words
from ctlab.problems.text.numbers import Number, first_number, numbers_from, same_number
from ctlab.problems.text.quantities import Quantity, quantities

# An answer as it is nearly always written, read without looking any further.
_ALONE = re.compile(
    r"[\s*_`\"']*+\$?+(-?+\d{1,15}+|-?+\d{1,3}+(?:,\d{3})++|-?+\d{1,15}+\.\d{1,15}+)"
    r"[\s*_`\"')\]}]*+\.?+[\s*_`\"')\]}$]*+"
)
_BULLET = re.compile(r"[ \t*_:]*\n[ \t\n]*(?:[-*•+] +|\d{1,2}[.)] +(?=[-$€£*_`]*\d))")
_NEXT_ITEM = re.compile(r"\n\s*+(?:[-*•+] +|\d{1,2}[.)] +)[^\n]*\d")
_BECAUSE = re.compile(r"\s(?:because|since|as|given|check(?:ing)?|verify)\b|(?<=[\w%.)]) \((?!\s*=)")
_ANOTHER = re.compile(r"(?:\.\s+|\n\s*)([-$€£]*\d[\d.,]*)\W*")
_BESIDE = re.compile(r"\s?\|{1,2}\s?([-$€£]{0,2}\d[\d.,]*)")
_SEVERAL = re.compile(r",\s|\b(?:and|or)\b")
_OR = re.compile(r"\((?:or|and|maybe|perhaps|possibly)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<!approx)(?<!Rs)(?<!No)(?<!ca)[.!?](?:\s|$)")
# What a person writes between "The answer is" and the number has a few words; what comes later is another sentence.
_MOST_WORDS_BEFORE = 16


def read_statement(text: str) -> Reading:
    """Read what follows a marker, up to the end of what it announces."""
    if alone := _ALONE.fullmatch(text):
        return Reading(next(numbers_from(alone[0], 0)).number, "the number", alone=True)
    begin = bullet.end() if (bullet := _BULLET.match(text[:80])) else 0
    text = " " + text[begin:]  # a hyphen after a marker begins no line
    first = next(quantities(text), None)
    if first is None:
        return read_words(text)
    end = statement_end(text, first.end)
    statement = text[:end]
    reading = _equation(statement, text[end:]) if _equates(statement, first.end) else _quantity(statement)
    beside = text[end : end + 40]
    another = _ANOTHER.fullmatch(beside) or _BESIDE.match(beside)
    if (
        not reading.hesitation
        and another
        and (number := first_number(another[1], 0))
        and not _same(reading.number, number)
    ):
        return replace(reading, hesitation="several numbers")
    if bullet and not reading.hesitation and _NEXT_ITEM.match(text, end):
        return replace(reading, hesitation="a list of several")
    later = text[end : end + LONGEST_STATEMENT]
    if reading.hesitation or not corrected(later):
        return reading
    others = any(not _same(reading.number, each.number) for each in numbers_from(later, 0))
    return replace(reading, hesitation="it is taken back afterwards") if others else reading


def _same(read: Number | None, other: Number) -> bool:
    return read is not None and same_number(read, other)


def _equates(statement: str, first: int) -> bool:
    """Whether a statement is an equation, and not only its explanation: ``18 because 9 + 9 = 18``."""
    equals = EQUALS.search(statement)
    why = _BECAUSE.search(statement, first) if equals else None
    return equals is not None and (why is None or why.start() + 1 > equals.start())


def read_solution(text: str) -> Reading:
    """Read what follows ``Answer:``: the answer, or a whole solution that ends in it."""
    reading = read_statement(text)
    if reading.alone or reading.number is None:
        return reading
    first = next(quantities(text), None)
    end = len(text) if first is None else statement_end(text, first.end)
    if first is None or next(numbers_from(text, end), None) is None:
        return reading
    lead = text[: first.start].split()
    if len(lead) < 2 and not EQUALS.search(text[:end]):
        return reading
    last = read_last(text)
    if last.number is None or (reading.number is not None and same_number(last.number, reading.number)):
        return reading
    return replace(last, how="the last number", hesitation=last.hesitation or "a whole solution follows the marker")


def _quantity(statement: str) -> Reading:
    """The first quantity of a statement without an equation."""
    found = list(quantities(statement))
    first = found[0]
    words = [
        Quantity(number_of(each), each.start, each.end)
        for each in cardinals(statement)
        if each.start >= first.end and each.value != 1
    ]
    others = sorted([*found[1:], *words], key=lambda each: each.start)
    return Reading(first.number, told("the number", first), _hesitation(statement, first, others))


def _hesitation(statement: str, first: Quantity, others: Sequence[Quantity]) -> str:
    if reason := hesitation_at(statement, first.start, first.end):
        return reason
    lead = statement[: first.start]
    if lead.strip() and (_SENTENCE.search(lead) or len(lead.split()) > _MOST_WORDS_BEFORE):
        return "a sentence stands between marker and number"
    if any(each.value not in (first.number.value, 1) for each in cardinals(lead)):
        return "number words stand before it"
    end = first.end
    for each in others:
        link = statement[end : each.start]
        if not _repeats(link, first.number, each.number):
            if _in_parentheses(statement, first.end, each):
                return "another number in parentheses" if _lone(statement, each) or _OR.search(link) else ""
            if explained(link):
                return ""
            return "several numbers"
        end = each.end
    return ""


def _repeats(link: str, one: Number, other: Number) -> bool:
    """Whether a second number is the first once more: ``8/10 or 4/5``, and not ``4 red and 4 blue``."""
    return same_number(one, other) and not re.search(r"\band\b|&", link)


def _in_parentheses(statement: str, start: int, each: Quantity) -> bool:
    between = statement[start : each.start]
    return between.count("(") > between.count(")")


def _lone(statement: str, each: Quantity) -> bool:
    """Whether parentheses hold this number, a word perhaps, and nothing else."""
    return statement[: each.start].rstrip(" $€£¥").endswith("(") and bool(
        re.match(r"%?\s?[A-Za-z]{0,12}\)", statement[each.end : each.end + 16])
    )


def _equation(statement: str, rest: str) -> Reading:
    """A side of an equation: the last one that is a number, or the first where the last is how it was calculated."""
    sides = EQUALS.split(statement)
    first, last = only_number(sides[0]), only_number(sides[-1])
    if last is not None:
        several = any(_SEVERAL.search(side) for side in sides[1:-1]) or (
            all(only_number(side) for side in sides) and first is not None and not same_number(first, last)
        )
        if first is not None and "≈" in statement and same_number(first, last):
            return Reading(first, "left side of the equation")  # what is exact, and not what it is about
        if several:
            return Reading(last, "right side of the last equation", "several equations, or two units")
        return _from_side(sides[-1], "right side of the equation")
    if is_expression(sides[-1]):
        if first is not None:
            holds = (value := value_of(sides[-1])) is not None and same_number(first, Number.of(value))
            return Reading(first, "left side of the equation", "" if holds else "the right side is another number")
        lines = rest.split("\n", 40)
        follow = [line for line in lines[1:] if line.strip()]
        if rest.startswith("\n") and follow and EQUALS.search(follow[0]):
            solved = [line for line in follow if EQUALS.search(line)][-1]
            return read_statement(solved)
        number = next((each.number for each in quantities(sides[-1])), None)
        return Reading(number, "right side of the equation", "something is still to be calculated")
    if not has_number(sides[-1]):
        number = next(each.number for each in quantities(statement))
        return Reading(number, "the number", "an equation without a number on its right side")
    return _from_side(sides[-1], "right side of the equation")


def _from_side(side: str, how: str) -> Reading:
    reading = _quantity(side)
    return replace(reading, how=reading.how.replace("the number", how, 1))
