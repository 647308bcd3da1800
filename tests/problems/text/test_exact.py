from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.problems.text.exact import calculate, divide, shown, slim
from ctlab.problems.text.expressions import parse, tokens_of

exact = st.one_of(st.integers(-1000, 1000), st.fractions(-50, 50, max_denominator=40).map(slim))


@given(exact, exact, st.sampled_from("+-*/"))
def test_results_are_exact_and_whole_ones_are_ints(left, right, op):
    result = calculate(op, left, right)
    if op == "/" and not right:
        assert result is None
        return
    reference = {"+": Fraction(left) + right, "-": Fraction(left) - right, "*": Fraction(left) * right}
    assert result == (reference[op] if op in reference else Fraction(left) / right)
    assert not isinstance(result, float)


@given(st.integers(-1000, 1000), st.integers(1, 60))
def test_division_is_whole_where_it_comes_out(left, right):
    assert isinstance(divide(left, right), int) == (left % right == 0)


@pytest.mark.parametrize(
    ("value", "text"),
    [(12, "12"), (-3, "-3"), (Fraction(5, 2), "2.5"), (Fraction(-1, 20), "-0.05"), (Fraction(1, 3), "(1/3)")],
)
def test_values_inside_expressions(value, text):
    assert shown(value) == text


@given(exact.filter(lambda value: value >= 0))
def test_what_is_shown_is_read_back(value):
    assert parse(tokens_of(shown(value))).value == value
