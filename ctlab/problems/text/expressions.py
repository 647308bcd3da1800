"""Arithmetic expressions as people write them in solutions, read by a small parser and never evaluated as code.

An expression becomes a flat list of operations in evaluation order, because both the calculation graph and the search
for slips and reversals change one operation at a time.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ctlab.problems.text.exact import Exact, calculate, slim
from ctlab.problems.text.numbers import Number
from ctlab.problems.text.written_numbers import MOST_DIGITS

MOST_TOKENS = 120
"""A longer expression is not read, because hostile text must not cost time. Of 36,489 annotations in GSM8K and in
recorded answers the longest has 23 tokens before its equals sign."""

GIVEN = -1
"""Where an operand comes from that no operation gives; below every index, so that comparisons with indices hold."""
SIGNS = "+-*/()"
"""Tokens that are no numbers."""
_PRECEDENCE = {"+": 1, "-": 1, "*": 2, "/": 2}
NUMBER = r"[$€£]?+(?:(?:\d{1,3}+(?:,\d{3}(?!\d))++|\d++)(?:\.\d++)?+|(?<![\w.])\.\d++)(?:[ ]?%)?+"
"""An unsigned number inside an expression: ``/`` and ``-`` are operators there."""
_TOKEN = re.compile(rf"\s*+(?:(?P<number>{NUMBER})|(?P<op>[-+*/()]|[xX](?![a-zA-Z])))")


@dataclass(frozen=True, slots=True)
class Operation:
    """One binary operation of an expression or of a calculation graph."""

    op: str
    """``+``, ``-``, ``*`` or ``/``."""
    left: Exact
    """Value of the first operand."""
    left_from: int
    """Index of the earlier operation that gives the first operand, ``GIVEN`` for a number that stands in the text."""
    right: Exact
    """Value of the second operand."""
    right_from: int
    """Index of the earlier operation that gives the second operand, or ``GIVEN``."""
    value: Exact
    """Exact result, or the rounded one that the solution wrote and went on with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A parsed expression."""

    operations: tuple[Operation, ...]
    """Operations in evaluation order, the last one gives the value; empty for a single number."""
    value: Exact
    """Exact value."""


def tokens_of(text: str) -> list[str] | None:
    """Split an expression into numbers, operators and parentheses; None when anything else stands in it."""
    tokens: list[str] = []
    at, text = 0, text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or len(tokens) >= MOST_TOKENS:
            return None
        op = match["op"]
        tokens.append(match["number"] if op is None else "*" if op in "xX" else op)
        at = match.end()
    return tokens


def read_number(token: str) -> Number | None:
    """Read a ``NUMBER`` token; None when it has too many digits."""
    bare = token.strip("$€£ ").replace(",", "")
    unit = "%" if bare.endswith("%") else ""
    digits, _, decimals = bare.rstrip("% ").partition(".")
    if len(digits) + len(decimals) > MOST_DIGITS:
        return None
    if not decimals:
        return Number(value=Fraction(int(digits)), unit=unit)
    return Number(value=Fraction(int(digits + decimals), 10 ** len(decimals)), places=len(decimals), unit=unit)


def parse(tokens: Sequence[str], *, percent: bool = True) -> Expression | None:
    """Parse tokens with the usual precedence (shunting-yard, no recursion); None when they are no expression.

    ``percent`` reads ``10%`` as 1/10; otherwise it is 10.
    """
    operations: list[Operation] = []
    operands: list[tuple[Exact, int]] = []
    pending: list[str] = []
    sign, want_operand = 1, True

    def reduce() -> bool:
        op, (right, right_from), (left, left_from) = pending.pop(), operands.pop(), operands.pop()
        value = calculate(op, left, right)
        if value is None:
            return False
        operands.append((value, len(operations)))
        operations.append(Operation(op, left, left_from, right, right_from, value))
        return True

    for token in tokens:
        if want_operand:
            if token == "-" and sign == 1:
                sign = -1
            elif token == "(" and sign == 1:
                pending.append(token)
            elif token in SIGNS or (number := read_number(token)) is None:
                return None
            else:
                value = number.value / 100 if percent and number.unit else number.value
                operands.append((sign * slim(value), GIVEN))
                sign, want_operand = 1, False
            continue
        if token == ")":
            while pending and pending[-1] != "(":
                if not reduce():
                    return None
            if not pending:
                return None
            pending.pop()
            continue
        implied = token not in _PRECEDENCE
        op = "*" if implied else token
        while pending and pending[-1] != "(" and _PRECEDENCE[pending[-1]] >= _PRECEDENCE[op]:
            if not reduce():
                return None
        pending.append(op)
        want_operand = True
        if token == "(":
            pending.append(token)
        elif implied:
            return None
    if want_operand or "(" in pending:
        return None
    while pending:
        if not reduce():
            return None
    return Expression(operations=tuple(operations), value=operands[0][0])
