"""Exact arithmetic: whole values as ints, everything else as fractions, nothing as floats."""

from fractions import Fraction

Exact = int | Fraction
"""An exact value. Whole values are ints: they equal and hash like fractions and calculate many times faster."""


def slim(value: Exact) -> Exact:
    """Write a whole fraction as an int."""
    return value.numerator if value.denominator == 1 else value


def divide(left: Exact, right: Exact) -> Exact:
    """Divide exactly; ``right`` is not 0."""
    if isinstance(left, int) and isinstance(right, int) and not left % right:
        return left // right
    return slim(Fraction(left) / right)


def calculate(op: str, left: Exact, right: Exact) -> Exact | None:
    """Calculate ``+``, ``-``, ``*`` or ``/`` exactly; None for a division by 0."""
    if op == "+":
        return left + right
    if op == "-":
        return left - right
    if op == "*":
        return left * right
    return divide(left, right) if right else None
