"""Sides of an equation that an answer writes: a number with its words, or what is calculated."""

import re
from fractions import Fraction

from ctlab.outcomes.reading.neighbourhood import hesitation_at
from ctlab.problems.text.expressions import parse, tokens_of
from ctlab.problems.text.numbers import Number, numbers_from
from ctlab.problems.text.quantities import Quantity, quantities

EQUALS = re.compile(r"(?<![<>!=])=(?!=)|≈|\b(?:equals|is equal to)\b")
"""What stands between two sides."""
_OPERATOR_BEFORE = re.compile(r"[+*/^x-]\s*[$(]*$|[)]\s*$")
_OPERATOR_AFTER = re.compile(r"\s*[+*^]|\s*/\s?[\d($]|\s*-\s*\w|\s*\(\s*[\d-]")
_OPERATION = re.compile(r"[\w)%]\s*[-+*/^x(]\s*[$(]*[\d(.]")


def only_number(side: str) -> Number | None:
    """The number of a side that has one, with words around it and no operator; None otherwise."""
    found = list(quantities(side))
    if len(found) != 1 or hesitation_at(side, found[0].start, found[0].end) or _operates(side, found[0]):
        return None
    return found[0].number


def is_expression(side: str) -> bool:
    """Whether a side calculates something."""
    return _OPERATION.search(side) is not None and only_number(side) is None


def value_of(side: str) -> Fraction | int | None:
    """What a side amounts to; None where it is no plain expression."""
    side = side.strip(" $.")
    tokens = tokens_of(side[:-1] if side.count(")") > side.count("(") else side)
    expression = parse(tokens) if tokens else None
    return None if expression is None else expression.value


def has_number(side: str) -> bool:
    """Whether any number stands there."""
    return next(numbers_from(side, 0), None) is not None


def _operates(side: str, each: Quantity) -> bool:
    before, after = side[max(0, each.start - 16) : each.start], side[each.end : each.end + 8]
    return bool(_OPERATOR_BEFORE.search(before) or _OPERATOR_AFTER.match(after))
