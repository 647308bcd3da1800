"""Which number a text gives as its answer, how it was found, and whether a careful person would hesitate over it.

After a marker the first quantity of the statement counts, or a side of its equation; without a marker the last one of
the text. Both come with the reason for a hesitation (`neighbourhood`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ctlab.outcomes.neighbourhood import corrected, explained, hesitation_at, is_name, is_reference, listed
from ctlab.problems.text.expressions import parse, tokens_of
from ctlab.problems.text.numbers import Number, last_found, numbers_from, same_number
from ctlab.problems.text.quantities import Quantity, is_bullet, quantities
from ctlab.problems.text.spoken_numbers import Spoken, spoken_numbers

# An answer as it is nearly always written, read without looking any further.
_ALONE = re.compile(r"[\s*_`\"']*+\$?+(-?+\d{1,15}+|-?+\d{1,3}+(?:,\d{3})++|-?+\d{1,15}+\.\d{1,15}+)[\s*_`\"')\]}]*+\.?+[\s*_`\"')\]}$]*+")
_BULLET = re.compile(r"[\s*_:]*\n\s*(?:[-*•+] +|\d{1,2}[.)] +(?=[-$€£*_`]*\d))")
_NEXT_ITEM = re.compile(r"\n\s*(?:[-*•+] +|\d{1,2}[.)] +)[^\n]*\d")
_END = re.compile(r"[.!?。](?=[\"'*_`)\]}$]*(?:\s|$))|\n|;|<[/|a-zA-Z]|,\s*\"|\}|\|")
_EQUALS = re.compile(r"(?<![<>!=])=(?!=)|≈|\b(?:equals|is equal to)\b")
_SEVERAL = re.compile(r",\s|\b(?:and|or)\b")
_SENTENCE = re.compile(r"(?<!approx)(?<!Rs)(?<!No)(?<!ca)[.!?](?:\s|$)")
# What a person writes between "The answer is" and the number has a few words; what comes later is another sentence.
_MOST_WORDS_BEFORE = 16
# An answer statement is a sentence; hostile text has no end.
_LONGEST_STATEMENT = 600
_CIRCLED = re.compile(r"[\u2460-\u2473\u24ea\u24f5-\u24fe\u2776-\u2793]")


@dataclass(frozen=True, slots=True)
class Reading:
    """A number that was read, and how."""

    number: Number | None
    """The number; None where there is none."""
    how: str = ""
    """How it was read, in words."""
    hesitation: str = ""
    """Why a careful person would hesitate; empty where nobody would."""


def read_statement(text: str) -> Reading:
    """Read what follows a marker, up to the end of what it announces."""
    if alone := _ALONE.fullmatch(text):
        return Reading(next(numbers_from(alone[0], 0)).number, "the number")
    begin = bullet.end() if (bullet := _BULLET.match(text)) else 0
    text = " " + text[begin:]  # a hyphen after a marker begins no line
    first = next(quantities(text), None)
    if first is None:
        return _in_words(text)
    end = _end(text, first.end)
    statement = text[:end]
    if _EQUALS.search(statement):
        reading = _equation(statement, text[end:])
    else:
        reading = _quantity(statement)
    if bullet and not reading.hesitation and _NEXT_ITEM.match(text, end):
        return replace(reading, hesitation="a list of several")
    if not reading.hesitation and (later := text[end : end + _LONGEST_STATEMENT]) and corrected(later):
        other = [each.number for each in numbers_from(later, 0)]
        if any(reading.number is None or not same_number(reading.number, number) for number in other):
            return replace(reading, hesitation="it is taken back afterwards")
    return reading


def read_last(text: str) -> Reading:
    """Read the last number of a text that announces no answer."""
    last = last_found(text)
    spoken = _worth_reading(spoken_numbers(text[-_LONGEST_STATEMENT:])) if last is None or last.end < len(text) else []
    if last is None:
        return _spoken_reading(spoken, "") if spoken else _circled(text)
    begin = _sentence_start(text, last.start)
    found = [each for each in quantities(text, begin) if not is_reference(text, each.start)]
    if not found:
        return _earlier(text, begin)
    chosen, reading = found[-1], "the last number of the text"
    statement = text[begin : _end(text, chosen.end)]
    sides = _EQUALS.split(statement)
    if len(sides) == 2 and (left := _only_number(sides[0])) and _is_expression(sides[1]):
        return Reading(left, "left side of the last equation")
    hesitation = hesitation_at(text, chosen.start, chosen.end)
    previous = found[-2] if len(found) > 1 else None
    if not hesitation and previous and listed(text[previous.end : chosen.start]):
        hesitation = "several numbers side by side"
    if not hesitation and is_bullet(text, chosen.start - 2):
        hesitation = "a dash that may be a sign"
    if not hesitation and is_name(text, chosen.start):
        hesitation = "it may be part of a name"
    if not hesitation and _differs(text, chosen, spoken):
        hesitation = "number words follow"
    return Reading(chosen.number, _with(reading, chosen), hesitation)


def _with(reading: str, chosen: Quantity) -> str:
    return f"{reading}: {chosen.how}" if chosen.how else reading


def _end(text: str, start: int) -> int:
    """Where the statement ends that holds a number which ends at ``start``."""
    end = _END.search(text, start, start + _LONGEST_STATEMENT)
    return min(len(text), start + _LONGEST_STATEMENT) if end is None else end.start()


def _sentence_start(text: str, at: int) -> int:
    begin = max(0, at - _LONGEST_STATEMENT)
    ends = [match.end() for match in _END.finditer(text, begin, at)]
    return ends[-1] if ends else begin


def _earlier(text: str, stop: int) -> Reading:
    """The last number before ``stop`` that numbers no step and no thing."""
    found = [each for each in quantities(text[:stop]) if not is_reference(text, each.start)]
    if not found:
        return Reading(None)
    return Reading(found[-1].number, "the last number of the text", hesitation_at(text, found[-1].start, found[-1].end))


def _quantity(statement: str) -> Reading:
    """The first quantity of a statement without an equation."""
    found = list(quantities(statement))
    first, others = found[0], found[1:]
    how = _with("the number", first)
    return Reading(first.number, how, _hesitation(statement, first, others))


def _hesitation(statement: str, first: Quantity, others: Sequence[Quantity]) -> str:
    if reason := hesitation_at(statement, first.start, first.end):
        return reason
    lead = statement[: first.start]
    if lead.strip() and (_SENTENCE.search(lead) or len(lead.split()) > _MOST_WORDS_BEFORE):
        return "a sentence stands between marker and number"
    if any(each.value not in (first.number.value, 1) for each in _worth_reading(spoken_numbers(lead))):
        return "number words stand before it"
    end = first.end
    for each in others:
        link = statement[end : each.start]
        if not _repeats(link, first.number, each.number):
            if _in_parentheses(statement, first.end, each):
                return "" if not _lone(statement, each) else "another number in parentheses"
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
    sides = _EQUALS.split(statement)
    first, last = _only_number(sides[0]), _only_number(sides[-1])
    if last is not None:
        several = any(_SEVERAL.search(side) for side in sides[1:-1]) or (
            all(_only_number(side) for side in sides) and first is not None and not same_number(first, last)
        )
        if several:
            return Reading(last, "right side of the last equation", "several equations, or two units")
        return _from_side(sides[-1], "right side of the equation")
    if _is_expression(sides[-1]):
        if first is not None:
            holds = (value := _value(sides[-1])) is not None and same_number(first, Number.of(value))
            return Reading(first, "left side of the equation", "" if holds else "the right side is another number")
        lines = rest.split("\n", 40)
        follow = [line for line in lines[1:] if line.strip()]
        if rest.startswith("\n") and follow and _EQUALS.search(follow[0]):
            solved = [line for line in follow if _EQUALS.search(line)][-1]
            return read_statement(solved)
        number = next((each.number for each in quantities(sides[-1])), None)
        return Reading(number, "right side of the equation", "something is still to be calculated")
    if not _has_number(sides[-1]):
        number = next(each.number for each in quantities(statement))
        return Reading(number, "the number", "an equation without a number on its right side")
    return _from_side(sides[-1], "right side of the equation")


def _from_side(side: str, how: str) -> Reading:
    reading = _quantity(side)
    return replace(reading, how=reading.how.replace("the number", how, 1))


def _has_number(side: str) -> bool:
    return next(numbers_from(side, 0), None) is not None


def _only_number(side: str) -> Number | None:
    """The number of a side that has one, with words around it and no operator; None otherwise."""
    found = list(quantities(side))
    if len(found) != 1 or hesitation_at(side, found[0].start, found[0].end) or _operates(side, found[0]):
        return None
    return found[0].number


def _operates(side: str, each: Quantity) -> bool:
    return bool(re.search(r"[+*/^x-]\s*[$(]*$|[)]\s*$", side[: each.start])) or bool(
        re.match(r"\s*[+*/^]|\s*-\s*\w|\s*\(\s*[\d-]", side[each.end : each.end + 8])
    )


def _is_expression(side: str) -> bool:
    return bool(re.search(r"[\w)%]\s*[-+*/^x(]\s*[$(]*[\d(.]", side)) and _only_number(side) is None


def _value(side: str) -> Fraction | int | None:
    tokens = tokens_of(side.strip(" $.*_`"))
    expression = parse(tokens) if tokens else None
    return None if expression is None else expression.value


def _worth_reading(spoken: list[Spoken]) -> list[Spoken]:
    return [each for each in spoken if not each.ordinal]


def _differs(text: str, chosen: Quantity, spoken: list[Spoken]) -> bool:
    """Whether number words follow the last number in digits and say something else."""
    offset = max(0, len(text) - _LONGEST_STATEMENT)
    after = [each.value for each in spoken if each.start + offset >= chosen.end and each.value > 1]
    return bool(after) and any(value != chosen.number.value for value in after)


def _in_words(text: str) -> Reading:
    """A statement without digits: ``eighteen``, ``a dozen eggs``, ``the third day``."""
    statement = text[:_LONGEST_STATEMENT]
    spoken = spoken_numbers(statement)
    cardinal = _worth_reading(spoken)
    if cardinal:
        end = _end(statement, cardinal[0].end)
        return _spoken_reading([each for each in cardinal if each.start < end], statement)
    if spoken:
        return Reading(_number(spoken[0]), "number words", "an ordinal")
    return _circled(text)


def _spoken_reading(spoken: list[Spoken], statement: str) -> Reading:
    chosen = spoken[0] if statement else spoken[-1]
    several = len({each.value for each in spoken}) > 1
    reason = "several numbers in words" if several else ""
    if statement and not reason:
        reason = hesitation_at(statement, chosen.start, chosen.end)
    return Reading(_number(chosen), "number words", reason)


def _number(spoken: Spoken) -> Number:
    return Number(value=spoken.value, places=spoken.places)


def _circled(text: str) -> Reading:
    """A digit in a circle where there is no other number."""
    import unicodedata

    marks = _CIRCLED.findall(text[-_LONGEST_STATEMENT:])
    if not marks:
        return Reading(None)
    return Reading(Number.of(int(unicodedata.numeric(marks[-1]))), "a digit in a circle", "it may number a line")
