"""Written steps: ``<<16-3=13>>`` annotations and plain ``a + b = c`` sentences, read from solutions and answers."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ctlab.problems.text.exact import Exact
from ctlab.problems.text.expressions import MOST_TOKENS, NUMBER, SIGNS, Expression, parse, read_number, tokens_of
from ctlab.problems.text.numbers import Number, same_number
from ctlab.problems.text.spelling import spelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """One written step."""

    left: Expression
    """What was to be calculated."""
    right: Number
    """The result that was written."""
    holds: bool
    """Whether the result is right at the precision that was written."""
    text: str
    """The equation as written, blanks removed."""
    annotated: bool
    """Whether it stood between ``<<`` and ``>>``."""


# What is longer is no equation: of 36,489 annotations in GSM8K and in recorded answers the longest has 56 characters.
_ANNOTATION = re.compile(r"<<([^<>]{0,400}+)>>")
# A model whose first annotation was cut off in front: what stands before the first ">>" is half an equation.
_TRUNCATED = re.compile(r"^[^<>]*+>>")
# A plain equation: numbers and operators around "=", with units of up to three words after a number.
# A single letter glued to a number is an unknown (3x, 2L), not a unit, and no equation with an unknown is read.
_UNIT = r"(?:(?:\s|/\s?+|(?=[A-Za-z]{2}))(?:per\s)?+[A-Za-z]++){1,3}(?=\s*+[-+*/=)])"
_PIECE = re.compile(
    rf"(?P<unknown>{NUMBER}[A-Za-z](?![A-Za-z0-9]))|(?P<number>{NUMBER})(?:{_UNIT})?+|(?P<op>[-+*/()]|[xX](?=\s?+[\d$(.]))|(?P<equals>=)|(?P<gap>\n|[A-Za-z']++|\S)"
)


def find_equations(text: str, *, everywhere: bool = False) -> tuple[Equation, ...]:
    """Read every written step of a text, in order; what cannot be read as an equation is passed over.

    Where there are annotations, they are the steps and the sentences around them repeat or abbreviate them;
    ``everywhere`` reads plain sentences beside annotations too.
    """
    spelling = spelled(text)
    if "=" not in spelling:
        return ()
    equations: list[Equation] = []
    at = match.end() if (match := _TRUNCATED.match(spelling)) else 0
    marked = list(_ANNOTATION.finditer(spelling, at))
    if not marked or everywhere:
        for annotation in marked:
            equations += _plain_equations(spelling[at : annotation.start()])
            equations += filter(None, [_annotated(annotation[1])])
            at = annotation.end()
        return (*equations, *_plain_equations(spelling[at:]))
    return tuple(filter(None, (_annotated(annotation[1]) for annotation in marked)))


def annotations(text: str) -> tuple[str, ...]:
    """Contents of every ``<<...>>``, readable or not."""
    return tuple(_ANNOTATION.findall(spelled(text)))


def _annotated(content: str) -> Equation | None:
    left, _, right = content.rpartition("=")
    tokens, result = tokens_of(left), tokens_of(right)
    return _equation(tokens, result, annotated=True) if tokens and result else None


def _equation(left: list[str], right: list[str], *, annotated: bool = False) -> Equation | None:
    expression, result = parse(left), _result(right)
    if expression is None or result is None:
        return None
    # 20% of something is a factor of .2, and 20% + 30% = 50% counts percent.
    lefts: list[Exact] = [expression.value]
    rights = [result]
    if any("%" in token for token in left) and (reading := parse(left, percent=False)):
        lefts.append(reading.value)
    if result.unit:
        rights.append(Number(value=result.value / 100, places=(result.places or 0) + 2))
    holds = any(same_number(Number.of(value), number) for value in lefts for number in rights)
    text = f"{''.join(left)}={''.join(right)}".replace(" ", "")
    return Equation(left=expression, right=result, holds=holds, text=text, annotated=annotated)


def _result(tokens: list[str]) -> Number | None:
    """Read what stands right of an equals sign: a number, in parentheses perhaps, or what is calculated further."""
    expression = parse(tokens, percent=False)
    if expression is None:
        return None
    if expression.operations:
        return Number.of(expression.value)
    # Without an operation there is one number, and signs and parentheses around it: it keeps how it is written.
    written = next(number for token in tokens if token not in SIGNS and (number := read_number(token)))
    return Number(value=Fraction(expression.value), places=written.places, unit=written.unit)


def _plain_equations(text: str) -> Iterator[Equation]:
    if "=" not in text:
        return
    pieces = [(match.lastgroup or "", match["number"] or match[0]) for match in _PIECE.finditer(text)]
    for at, (kind, _) in enumerate(pieces):
        if kind == "equals" and (left := _left_side(pieces, at)):
            readings = [equation for right in _right_sides(pieces, at) if (equation := _equation(left, right))]
            if readings and readings[0].left.operations:
                yield next((equation for equation in readings if equation.holds), readings[0])


def _left_side(pieces: list[tuple[str, str]], equals: int) -> list[str] | None:
    """Tokens before an equals sign back to the last word or sign; None when a word or mixed number belongs to them."""
    tokens: list[str] = []
    at = equals - 1
    while at >= 0 and pieces[at][0] in ("number", "op"):
        kind, token = pieces[at]
        if len(tokens) > MOST_TOKENS:
            return None
        if kind == "number" and tokens and tokens[-1] not in SIGNS:
            if pieces[at - 1][0] == "equals" and _begins_a_step(pieces, at + 1):
                break  # "2 + 3 = 5 5 * 4 = 20": the number before is the last step's result
            return None
        tokens.append("*" if token in ("x", "X") else token)
        at -= 1
    tokens.reverse()
    if len(tokens) == 3 and tokens[1] == "/" and len(tokens[0]) <= len(tokens[2]):
        return None  # "a third, 1/3 = 15, stay": a fraction of something
    while tokens and tokens[0] == "(" and tokens.count("(") > tokens.count(")"):
        del tokens[0]
    before = pieces[at][1].lower() if at >= 0 else "\n"
    glued = before in ("of", ".", "%") or (before == "," and tokens and tokens[0].startswith("0"))
    if not tokens or glued or (tokens[0] == "-" and before not in ("\n", ":", ">", "=")):
        return None
    return tokens


def _begins_a_step(pieces: list[tuple[str, str]], at: int) -> bool:
    """Whether the number here, right behind another, begins an equation of its own, and is no part of ``1 1/2``."""
    run = [piece for piece in itertools.takewhile(lambda piece: piece[0] in ("number", "op"), pieces[at:])]
    ends = at + len(run)
    alternate = [kind for kind, _ in run] == ["number", "op"] * (len(run) // 2) + ["number"]
    if len(run) < 3 or not alternate or ends == len(pieces) or pieces[ends][0] != "equals":
        return False
    (_, first), (_, sign), (_, second) = run[:3]
    numerator, denominator = read_number(first), read_number(second)
    return sign != "/" or (numerator is not None and denominator is not None and numerator.value >= denominator.value)


def _right_sides(pieces: list[tuple[str, str]], equals: int) -> Iterator[list[str]]:
    """Readings of what follows an equals sign: a run-on sentence calculates further (``2+3 = 5*4 = 20``)."""
    run: list[str] = []
    for kind, token in pieces[equals + 1 : equals + 1 + MOST_TOKENS]:
        if kind not in ("number", "op"):
            break
        if kind == "number" and run and run[-1] not in SIGNS:
            if len(run) == 1 and _begins_a_step(pieces, equals + 1 + len(run)):
                break
            return
        run.append("*" if token in ("x", "X") else token)
    first = run[: 2 if run[:1] == ["-"] else 1]
    if first and first != ["("]:
        yield first
    if len(run) > len(first):
        yield run
