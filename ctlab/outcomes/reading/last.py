"""The last number of a text: what is judged where nothing announces an answer."""

import re

from ctlab.outcomes.reading.equation_sides import EQUALS, is_expression, only_number
from ctlab.outcomes.reading.neighbourhood import concluded, hesitation_at, is_name, is_reference, listed
from ctlab.outcomes.reading.result import LONGEST_STATEMENT, Reading, statement_end, statement_start, told
from ctlab.outcomes.reading.worded import cardinals, read_circled, spoken_reading
from ctlab.problems.text.numbers import last_found, same_number
from ctlab.problems.text.quantities import Quantity, is_bullet, quantities
from ctlab.problems.text.spoken_numbers import Spoken

_ASIDE = re.compile(r"[\w%$] ?[(\[](?!or\b|and\b|maybe\b|perhaps\b|possibly\b)[^()\[\]=]*$")


def read_last(text: str) -> Reading:
    """Read the last number of a text that announces no answer."""
    last = last_found(text)
    spoken = cardinals(text[-LONGEST_STATEMENT:]) if last is None or last.end < len(text) else []
    if last is None:
        return spoken_reading(spoken, text[-LONGEST_STATEMENT:], which=-1) if spoken else read_circled(text)
    begin = statement_start(text, last.start)
    found = [each for each in quantities(text, begin) if not is_reference(text, each.start)]
    if not found:
        return _earlier(text, begin)
    # "20% (out of 100)", "8 [1]": what stands in parentheses after a number explains it.
    stated = [each for each in found[1:] if not _ASIDE.search(text[begin : each.start])]
    found = [found[0], *stated]
    chosen, reading = found[-1], "the last number of the text"
    statement = text[begin : statement_end(text, chosen.end)]
    sides = EQUALS.split(statement)
    if len(sides) == 2 and (left := only_number(sides[0])) and is_expression(sides[1]):
        return Reading(left, "left side of the last equation")
    hesitation = hesitation_at(text, chosen.start, chosen.end)
    previous = found[-2] if len(found) > 1 else None
    if not hesitation and previous and not same_number(previous.number, chosen.number):
        link = text[previous.end : chosen.start]
        if listed(link):
            hesitation = "several numbers side by side"
        elif not concluded(link):
            hesitation = "several numbers in a sentence"
    if not hesitation and is_bullet(text, chosen.start - 2):
        hesitation = "a dash that may be a sign"
    if not hesitation and is_name(text, chosen.start):
        hesitation = "it may be part of a name"
    if not hesitation and _differs(text, chosen, spoken):
        hesitation = "number words follow"
    return Reading(chosen.number, told(reading, chosen), hesitation)


def _earlier(text: str, stop: int) -> Reading:
    """The last number before ``stop`` that numbers no step and no thing."""
    found = [each for each in quantities(text[:stop]) if not is_reference(text, each.start)]
    if not found:
        return Reading(None)
    return Reading(found[-1].number, "the last number of the text", hesitation_at(text, found[-1].start, found[-1].end))


def _differs(text: str, chosen: Quantity, spoken: list[Spoken]) -> bool:
    """Whether number words follow the last number in digits and say something else."""
    offset = max(0, len(text) - LONGEST_STATEMENT)
    after = [each.value for each in spoken if each.start + offset >= chosen.end and each.value > 1]
    return bool(after) and any(value != chosen.number.value for value in after)
