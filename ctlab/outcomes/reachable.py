"""Wrong plans: values that at most two operations on a problem's numbers reach.

Values of one operation are listed once a problem; a second operation is undone from the answer, so an answer costs a
few look-ups instead of a walk over every pair of operations. Everything is calculated on numerators and denominators;
a float only finds the place of a fraction in the list, and what is found is checked exactly.
"""

from bisect import bisect_left
from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property

from ctlab.problems import Problem
from ctlab.problems.text.exact import Exact, calculate, shown
from ctlab.problems.text.number_words import find_factor_words, find_number_words
from ctlab.problems.text.numbers import numbers_in

MOST_NUMBERS = 40
"""A problem with more numbers is cut to its first ones: the work grows with their square. GSM8K's have at most 13."""
# Up to here floats tell whole numbers apart (2 ** 53 is 9e15), so that the list finds the places of sums and products.
_LARGEST = 10**15
# An answer times a number and divided by another stays far below 1e308, where dividing two ints overflows.
_LARGEST_ANSWER = 10**45
# Relative; a double's rounding is 1e-16. Wider than needed costs a few exact checks, narrower would lose explanations.
_SLACK = 1e-9

Way = tuple[str, Exact, Exact]
"""One operation: operator, first and second number."""


class Reach:
    """What one or two operations make of some numbers; a number may be used again."""

    def __init__(self, numbers: tuple[Exact, ...]) -> None:
        modest = (x for x in numbers if abs(x.numerator) < _LARGEST and x.denominator < _LARGEST)
        self.numbers = tuple(modest)[:MOST_NUMBERS]
        self._one: dict[int | float, Way] = {}
        parts = [(x, x.numerator, x.denominator) for x in self.numbers]
        for at, (a, an, ad) in enumerate(parts):
            for b, bn, bd in parts[at:]:
                self._add(an * bd + bn * ad, ad * bd, ("+", a, b))
                self._add(an * bd - bn * ad, ad * bd, ("-", a, b))
                self._add(bn * ad - an * bd, ad * bd, ("-", b, a))
                self._add(an * bn, ad * bd, ("*", a, b))
                if bn:
                    self._add(an * bd, ad * bn, ("/", a, b))
                if an:
                    self._add(bn * ad, bd * an, ("/", b, a))

    def explain(self, answer: Exact, tolerance: Exact = 0) -> str | None:
        """Say how the numbers reach the answer, None when two operations do not; ``tolerance`` is for rounding."""
        if abs(answer.numerator) > _LARGEST_ANSWER or answer.denominator > _LARGEST_ANSWER:
            return None
        if tolerance:
            return self._explain_rounded(answer, tolerance)
        n, d = answer.numerator, answer.denominator
        # The plainest way first: a copied number, then one operation, then two.
        if answer in self.numbers:
            return f"{shown(answer)}, copied"
        if way := self._find(n, d):
            return _written(way)
        for c in self.numbers:
            cn, cd = c.numerator, c.denominator
            if way := self._find(n * cd - cn * d, d * cd):
                return f"({_written(way)})+{shown(c)}"
            if way := self._find(n * cd + cn * d, d * cd):
                return f"({_written(way)})-{shown(c)}"
            if way := self._find(cn * d - n * cd, d * cd):
                return f"{shown(c)}-({_written(way)})"
            if cn and (way := self._find(n * cn, d * cd)):
                return f"({_written(way)})/{shown(c)}"
            if cn and (way := self._find(n * cd, d * cn)):
                return f"({_written(way)})*{shown(c)}"
            if cn and n and (way := self._find(cn * d, cd * n)):
                return f"{shown(c)}/({_written(way)})"
        return None

    def _add(self, numerator: int, denominator: int, way: Way) -> None:
        whole, rest = divmod(numerator, denominator)
        self._one.setdefault(numerator / denominator if rest else whole, way)

    def _find(self, numerator: int, denominator: int) -> Way | None:
        whole, rest = divmod(numerator, denominator)
        way = self._one.get(numerator / denominator if rest else whole)
        return way if way and calculate(*way) == Fraction(numerator, denominator) else None

    @cached_property
    def _sorted(self) -> list[int | float]:
        return sorted(self._one)

    def _between(self, low: Exact, high: Exact) -> Way | None:
        at = bisect_left(self._sorted, float(low) - abs(float(low)) * _SLACK)
        last = float(high) + abs(float(high)) * _SLACK
        while at < len(self._sorted) and self._sorted[at] <= last:
            way = self._one[self._sorted[at]]
            value = calculate(*way)
            if value is not None and low <= value <= high:
                return way
            at += 1
        return None

    def _explain_rounded(self, answer: Exact, tolerance: Exact) -> str | None:
        low, high = answer - tolerance, answer + tolerance
        if way := self._between(low, high):
            return _written(way)
        for form, first, second in self._undone(low, high):
            if way := self._between(min(first, second), max(first, second)):
                return form.format(_written(way))
        return None

    def _undone(self, low: Exact, high: Exact) -> Iterator[tuple[str, Exact, Exact]]:
        """Undo a second operation with each number: its form, and the ends of what the first must have given."""
        for c in self.numbers:
            yield f"({{}})+{shown(c)}", low - c, high - c
            yield f"({{}})-{shown(c)}", low + c, high + c
            yield f"{shown(c)}-({{}})", c - high, c - low
            if c:
                yield f"({{}})*{shown(c)}", Fraction(low) / c, Fraction(high) / c
                yield f"({{}})/{shown(c)}", low * c, high * c
                if low > 0 or high < 0:
                    yield f"{shown(c)}/({{}})", Fraction(c) / low, Fraction(c) / high


def numbers_of(problem: Problem) -> tuple[Exact, ...]:
    """Collect a problem's numbers: the question's, in digits and words, and what the worked solution brings in."""
    question = problem.question
    stated = [*numbers_in(question), *find_number_words(question), *find_factor_words(question)]
    graph = problem.graph
    return tuple(dict.fromkeys(stated if graph is None else [*stated, *graph.givens]))


def _written(way: Way) -> str:
    op, left, right = way
    return f"{shown(left)}{op}{shown(right)}"
