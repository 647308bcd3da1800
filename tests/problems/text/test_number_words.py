import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.problems.text.number_words import find_factor_words, find_number_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She eats three for breakfast and bakes with four.", [3, 4]),
        ("twenty-five eggs", [25]),
        ("two hundred fifty", [250]),
        ("two hundred and fifty thousand three hundred", [250_300]),
        ("a dozen eggs, two dozen more", [12, 24]),
        ("three hundreds", [300]),
        ("Twelve THOUSAND", [12_000]),
        ("five million", [5_000_000]),
        ("two, three", [2, 3]),
        ("two three", [2, 3]),
        ("six twenty", [6, 20]),
        ("2 million and three", [3]),
        ("no one, someone, everyone and one of them", []),
        ("often, tent and weight", []),
        ("the third place", []),
        ("", []),
    ],
)
def test_whole_numbers_in_words(text, expected):
    assert find_number_words(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("Twice as many, then triple", [2, 3]), ("nice", [])])
def test_factors_in_words(text, expected):
    assert find_factor_words(text) == expected


@given(st.lists(st.sampled_from(["one", "twenty", "five", "hundred", "dozen", "thousand", "and", "x"])).map(" ".join))
def test_every_run_of_number_words_is_read(text):
    assert all(value > 1 for value in find_number_words(text))
