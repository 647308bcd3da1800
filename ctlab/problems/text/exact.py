"""Exact arithmetic: whole values as ints, everything else as fractions, nothing as floats."""

from fractions import Fraction

Exact = int | Fraction
"""An exact value. Whole values are ints: they equal and hash like fractions and calculate many times faster."""

# Cents, and percents of percents; a value that needs more decimals is shown as a fraction.
_SHOWN_PLACES = 4


def slim(value: Exact) -> Exact:
    """Write a whole fraction as an int."""
    return value.numerator if value.denominator == 1 else value


def divide(left: Exact, right: Exact) -> Exact:
    """Divide exactly; ``right`` is not 0."""
    if isinstance(left, int) and isinstance(right, int) and not left % right:
        return left // right
    return slim(Fraction(left) / right)


def shown(value: Exact) -> str:
    """Write a value inside an expression: ``12``, ``2.5``, ``(1/3)``."""
    if isinstance(value, int):
        return str(value)
    scaled = value * 10**_SHOWN_PLACES
    if scaled.denominator != 1:
        return f"({value.numerator}/{value.denominator})"
    whole, rest = divmod(abs(scaled.numerator), 10**_SHOWN_PLACES)
    return f"{'-' if value < 0 else ''}{whole}.{rest:0{_SHOWN_PLACES}d}".rstrip("0")


def calculate(op: str, left: Exact, right: Exact) -> Exact | None:
    """Calculate ``+``, ``-``, ``*`` or ``/`` exactly; None for a division by 0."""
    if op == "+":
        return left + right
    if op == "-":
        return left - right
    if op == "*":
        return left * right
    return divide(left, right) if right else None
