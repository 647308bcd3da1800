from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctlab.outcomes.reachable import MOST_NUMBERS, Reach, numbers_of
from ctlab.problems import Problem
from ctlab.problems.text.exact import calculate
from ctlab.problems.text.expressions import parse, tokens_of

numbers = st.lists(
    st.one_of(st.integers(0, 60), st.fractions(0, 5, max_denominator=8)), min_size=1, max_size=4, unique=True
)


def walk(given_numbers):
    """Every value of one or two operations, the slow way."""
    one = {calculate(op, a, b) for op, a, b in product("+-*/", given_numbers, given_numbers)} - {None}
    two = {
        calculate(op, *pair)
        for op, value, number in product("+-*/", one, given_numbers)
        for pair in ((value, number), (number, value))
    }
    return (one | two) - {None}


@settings(max_examples=60)
@given(numbers, st.data())
def test_the_quick_search_finds_what_the_slow_walk_finds(given_numbers, data):
    reach = Reach(tuple(given_numbers))
    reachable = walk(given_numbers)
    for value in sorted(reachable)[:: max(1, len(reachable) // 40)]:
        assert reach.explain(value) is not None
    other = data.draw(st.one_of(st.integers(-50, 4000), st.fractions(-5, 50, max_denominator=20)))
    assert (reach.explain(other) is not None) == (other in reachable)


@settings(max_examples=60)
@given(numbers, st.fractions(-20, 300, max_denominator=100))
def test_a_rounded_answer_is_found_within_its_precision(given_numbers, answer):
    tolerance = Fraction(1, 200)
    expected = any(abs(value - answer) <= tolerance for value in walk(given_numbers))
    assert (Reach(tuple(given_numbers)).explain(answer, tolerance) is not None) == expected


@pytest.mark.parametrize("answer", [19, 13, 26, 24, 5, 8, Fraction(16, 9), Fraction(13, 16), -13])
def test_the_way_is_told(answer):
    way = Reach((16, 3, 2)).explain(answer)
    assert parse(tokens_of(way)).value == answer
    assert sum(map(way.count, "+-*/")) <= 2


def test_what_two_operations_do_not_reach():
    assert Reach((16, 3, 2)).explain(1001) is None
    assert Reach(()).explain(5) is None


def test_huge_numbers_cost_nothing():
    assert Reach((10**400, 3)).explain(10**400) is None
    assert Reach((3, 2)).explain(Fraction(10**999, 7), Fraction(1, 2)) is None
    assert len(Reach(tuple(range(2, 500))).numbers) == MOST_NUMBERS


def test_a_problem_s_numbers():
    problem = Problem(
        question="He buys twelve eggs, twice, for $2.50 each and eats 3.", solution="<<12*2=24>> <<24*7=168>>", gold=168
    )
    assert set(numbers_of(problem)) == {Fraction(5, 2), 3, 12, 2, 7}
