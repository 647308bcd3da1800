"""Answers in words, and in circles: ``eighteen``, ``a dozen eggs``, ``the third day``, ``⑱``."""

import re
import unicodedata
from dataclasses import replace

from ctlab.outcomes.reading.neighbourhood import hesitation_at
from ctlab.outcomes.reading.result import LONGEST_STATEMENT, Reading, statement_end
from ctlab.problems.text.numbers import Number
from ctlab.problems.text.spoken_numbers import Spoken, spoken_numbers

_PERCENT = re.compile(r"\s?(?:%|percent\b|per cent\b|pct\b)")
_GOES_ON = re.compile(r"\s?(?:k|K|M|bn)\b")
_CIRCLED = re.compile(r"[\u2460-\u2473\u24ea\u24f5-\u24fe\u2776-\u2793]")


def read_words(text: str) -> Reading:
    """A statement without digits: ``eighteen``, ``a dozen eggs``, ``the third day``."""
    statement = text[:LONGEST_STATEMENT]
    spoken = spoken_numbers(statement)
    cardinal = [each for each in spoken if not each.ordinal]
    if cardinal:
        end = statement_end(statement, cardinal[0].end)
        return spoken_reading([each for each in cardinal if each.start < end], statement)
    if spoken:
        return Reading(number_of(spoken[0]), "number words", "an ordinal")
    return read_circled(text)


def spoken_reading(spoken: list[Spoken], statement: str, *, which: int = 0) -> Reading:
    """The first number in words of a statement, or with ``which=-1`` the last one."""
    chosen = spoken[which]
    several = len({each.value for each in spoken}) > 1
    reason = "several numbers in words" if several else ""
    if not reason:
        reason = hesitation_at(statement, chosen.start, chosen.end)
        reason = reason or ("the number goes on" if _GOES_ON.match(statement, chosen.end) else "")
        reason = reason or ("a dash that may be a sign" if statement[: chosen.start].endswith("-") else "")
    percent = _PERCENT.match(statement, chosen.end)
    return Reading(replace(number_of(chosen), unit="%" if percent else ""), "number words", reason)


def read_circled(text: str) -> Reading:
    """A digit in a circle where there is no other number."""
    marks = _CIRCLED.findall(text[-LONGEST_STATEMENT:])
    if not marks:
        return Reading(None)
    return Reading(Number.of(int(unicodedata.numeric(marks[-1]))), "a digit in a circle", "it may number a line")


def number_of(spoken: Spoken) -> Number:
    """The number that is spoken."""
    return Number(value=spoken.value, places=spoken.places)


def cardinals(statement: str) -> list[Spoken]:
    """Number words that say how much, and not which one."""
    return [each for each in spoken_numbers(statement) if not each.ordinal]
