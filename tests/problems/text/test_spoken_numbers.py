from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.problems.text.spoken_numbers import spoken_numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("eighteen", ["18"]),
        ("Twenty-seven.", ["27"]),
        ("one hundred and eighty", ["180"]),
        ("a hundred and five", ["105"]),
        ("two hundred ninety-four dollars", ["294"]),
        ("two million three hundred thousand", ["2300000"]),
        ("fifty-two point six two", ["2631/50"]),
        ("two point five million", ["2500000"]),
        ("zero", ["0"]),
        ("a dozen eggs", ["12"]),
        ("minus four, negative two", ["-4", "-2"]),
        ("half", ["1/2"]),
        ("half as many", []),
        ("half a million", ["500000"]),
        ("one and a half hours", ["3/2"]),
        ("three quarters, two-thirds", ["3/4", "2/3"]),
        ("nineteen ninety-nine", ["19", "99"]),
        ("no one, one of them, the one", []),
        ("one", ["1"]),
        ("twice as many", []),
        ("hundreds of people", []),
    ],
)
def test_numbers_in_words(text, expected):
    assert [each.value for each in spoken_numbers(text)] == [Fraction(value) for value in expected]


def test_an_ordinal_says_which_one():
    (found,) = spoken_numbers("the third day")
    assert (found.value, found.ordinal, "the third day"[found.start : found.end]) == (3, True, "third")


WORDS = ["one", "two", "twenty", "hundred", "thousand", "a", "and", "half", "point", "minus", "third", "x", "-"]


@given(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))
def test_any_words_can_be_searched(text):
    found = spoken_numbers(text)
    assert [each.start for each in found] == sorted(each.start for each in found)
    assert all(text[each.start : each.end].strip() for each in found)
