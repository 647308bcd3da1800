import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.problems import Number
from ctlab.problems.text.quantities import quantities, read_quantity
from ctlab.problems.text.spelling import spelled


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1 / 2", ["1/2"]),
        ("1.5/2", ["3/4"]),
        ("3 / 4 / 5", ["3", "4", "5"]),
        ("6 / 2 + 1", ["6", "2", "1"]),
        ("5 / 0", ["5", "0"]),
        ("2 and 1/2", ["5/2"]),
        ("2 and 3/2", ["2", "3/2"]),
        ("2 and a half", ["5/2"]),
        ("12 500", ["12500"]),
        ("5 100-dollar bills", ["5", "100"]),
        ("1 234 1/2", ["1", "469/2"]),
        ("$14 and 50 cents", ["14.50"]),
        ("14 dollars and 0 cents", ["14"]),
        ("14 apples and 50 cents", ["14", "50"]),
        ("10 - 5", ["10", "5"]),
        ("10 minus 5", ["10", "5"]),
        ("is - 5", ["-5"]),
        ("x = - 3", ["-3"]),
        ("minus 5", ["-5"]),
        ("- 5", ["5"]),
        ("a\n- 5", ["5"]),
        ("5 and -3", ["5", "-3"]),
    ],
)
def test_what_belongs_together_is_one_quantity(text, numbers):
    assert [str(each.number) for each in quantities(spelled(text))] == numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [("1 / 2", "1/2"), ("minus 5", "-5"), ("eighteen", "18"), ("two and a half", "5/2"), ("$18.00.", "18.00")],
)
def test_a_text_that_is_one_quantity(text, number):
    assert read_quantity(text) == Number.parse(number)


@pytest.mark.parametrize("text", ["", "3:45", "5 apples", "3,5", "the third", "5 or 6", "x", "- 5"])
def test_a_text_that_is_more_or_less_is_none(text):
    assert read_quantity(text) is None


@given(st.text(alphabet="0123456789 ,./-$andcets", max_size=50))
def test_every_quantity_can_be_stored(text):
    for each in quantities(spelled(text)):
        assert Number.parse(str(each.number)) == each.number


def test_a_fraction_that_could_not_be_read_back_is_two_numbers():
    assert [str(each.number) for each in quantities("123456789012345 / 7")] == ["123456789012345", "7"]
