from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ctlab.errors import ProblemSetError
from ctlab.problems import Number, find_numbers, parse_number, same_number
from ctlab.problems.text.numbers import first_number, last_number


def values(text):
    return [found.number.value for found in find_numbers(text)]


@pytest.mark.parametrize(
    ("text", "value", "places", "unit"),
    [
        ("18", 18, None, ""),
        ("$1,234.50.", Fraction(2469, 2), 2, ""),
        ("$18.00", 18, 2, ""),
        ("18.0", 18, 1, ""),
        ("-4", -4, None, ""),
        ("-$4.5", Fraction(-9, 2), 1, ""),
        ("$-4", -4, None, ""),
        ("1/3", Fraction(1, 3), None, ""),
        ("-1/3", Fraction(-1, 3), None, ""),
        ("2 1/2", Fraction(5, 2), None, ""),
        ("2½", Fraction(5, 2), None, ""),
        ("5%", 5, None, "%"),
        ("50 %", 50, None, "%"),
        ("12.5 percent", Fraction(25, 2), 1, "%"),
        ("8 pct", Fraction(8), None, "%"),
        ("3 dozen", 3, None, "dozen"),
        ("2 dozens", 2, None, "dozen"),
        (".5", Fraction(1, 2), 1, ""),
        ("1e3", 1000, None, ""),
        ("1.5E-2", Fraction(3, 200), 3, ""),
        ("1e999", 10**999, None, ""),
        ("\uff11\uff18", 18, None, ""),
        ("1,000,000", 10**6, None, ""),
        ("2 million", 2 * 10**6, None, ""),
        ("1.25 thousand", 1250, None, ""),
        ("-1.8 billion", -18 * 10**8, None, ""),
        ("3 hundred", 300, None, ""),
        ("2 hundred thousand", 200_000, None, ""),
        ("$70k", 70_000, None, ""),
        ("1.5M", 1_500_000, None, ""),
        ("-US$50", -50, None, ""),
        ("-\N{YEN SIGN}50", -50, None, ""),
        ("1,50,000", 150_000, None, ""),
        ("12,34,567", 1_234_567, None, ""),
        ("1.234.567", 1_234_567, None, ""),
        ("1.234,50", Fraction(2469, 2), 2, ""),
        ("1{,}234", 1234, None, ""),
        ("40\\,000", 40_000, None, ""),
        ("12\N{NO-BREAK SPACE}500", 12_500, None, ""),
        ("1\N{RIGHT SINGLE QUOTATION MARK}250", 1250, None, ""),
        ("25_000", 25_000, None, ""),
        ("1.2 \\times 10^{3}", 1200, None, ""),
        ("3\N{MIDDLE DOT}10\N{SUPERSCRIPT FOUR}", 30_000, None, ""),
        ("10^6", 10**6, None, ""),
        ("2\\frac{1}{2}", Fraction(5, 2), None, ""),
        ("18\N{CIRCLED DIGIT ONE}", 18, None, ""),
    ],
)
def test_numbers_are_read_exactly(text, value, places, unit):
    (found,) = find_numbers(text)
    assert (found.number.value, found.number.places, found.number.unit) == (value, places, unit)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("16-3", [16, 3]),
        ("16 - 3", [16, 3]),
        ("16 -3 = 13", [16, 3, 13]),
        ("pages 3\N{EN DASH}4", [3, 4]),
        ("a 60-mile trip", [60]),
        ("is -4", [-4]),
        ("(-4)", [-4]),
        ("x=-4", [-4]),
        ("$20/hour", [20]),
        ("3/4/2020", [3, 4, 2020]),
        ("3:30", [3, 30]),
        ("12,34", [12, 34]),
        ("1,234,5678", [1234, 5678]),
        ("1, 234", [1, 234]),
        ("2.5/5", [Fraction(5, 2), 5]),
        ("Rs.50", [50]),
        ("v1.2.3", []),
        ("5.", [5]),
        ("CO2 and H2O on Route66", []),
        ("5 cm\N{SUPERSCRIPT TWO}, 6 m3, 7 ft^2", [5, 6, 7]),
        ("USD50", [50]),
        ("3x4", [3, 4]),
        ("__35__", [35]),
        ("\u7b54\u6848\u662f18", [18]),
        ("18m and 5b", [18, 5]),
        ("farmer's 5", [5]),
        ("3...4", [3, 4]),
        ("5/0", []),
        ("no number", []),
        ("", []),
    ],
)
def test_what_is_and_is_not_a_number(text, expected):
    assert values(text) == expected


def test_runs_of_digits_that_are_no_number_are_passed_over():
    assert values("7 " + "9" * 10_000) == [7]
    assert values("1e9999 1e99999999") == []


def test_positions_count_in_plain_text():
    (found,) = find_numbers("costs $18.00 now")
    assert "costs $18.00 now"[found.start : found.end] == "18.00"


@pytest.mark.parametrize("text", ["", "eighteen", "18 19", "18 apples", "1/0", "9" * 200, "--"])
def test_a_text_that_is_no_single_number_is_refused(text):
    assert parse_number(text) is None
    with pytest.raises(ProblemSetError, match="a number such as"):
        Number.parse(text)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("18", "18.0", True),
        ("18", "$18.00", True),
        ("18.67", "56/3", True),
        ("18.66", "56/3", False),
        ("18.6667", "18.67", True),
        ("18", "18.04", False),
        ("19", "56/3", False),
        ("-4", "4", False),
        ("5%", "5", True),
        ("5%", "0.05", False),
        ("3 dozen", "36", True),
        ("3 dozen", "3", True),
        ("3 dozen", "3 dozen", True),
        ("0.6000000000000001", "3/5", True),
        ("1e999", "1e998", False),
        ("1,234.50", "1234.5", True),
    ],
)
def test_numbers_are_compared_at_written_precision(a, b, same):
    assert same_number(Number.parse(a), Number.parse(b)) is same
    assert same_number(Number.parse(b), Number.parse(a)) is same


decimals = st.builds(
    lambda scaled, places, unit: Number(
        value=Fraction(scaled, 10**places), places=places if places else None, unit=unit
    ),
    st.integers(-(10**12), 10**12),
    st.integers(0, 6),
    st.sampled_from(["", "%", "dozen"]),
)
ratios = st.builds(
    lambda over, under: Number.of(Fraction(over, under)), st.integers(-(10**6), 10**6), st.integers(1, 10**5)
)


@given(st.one_of(decimals, ratios))
def test_a_written_number_is_read_back(number):
    assert Number.parse(str(number)) == number


@given(st.one_of(decimals, ratios))
def test_a_number_is_itself(number):
    assert same_number(number, number)


@given(decimals, decimals)
def test_comparing_is_symmetric(a, b):
    assert same_number(a, b) == same_number(b, a)


@given(st.text())
def test_any_text_can_be_searched(text):
    found = find_numbers(text)
    assert [each.start for each in found] == sorted(each.start for each in found)


@given(st.text(alphabet="0123456789,./-e% $", max_size=60))
def test_texts_of_number_characters_can_be_searched(text):
    for each in find_numbers(text):
        assert parse_number(str(each.number)) == each.number


@given(st.text(alphabet="0123456789,./-% ab", max_size=80), st.integers(0, 600))
def test_the_last_number_is_the_last_of_all(text, padding):
    found = find_numbers(text + " a" * padding)
    assert last_number(text + " a" * padding) == (found[-1].number if found else None)
    assert first_number(text, 0) == (found[0].number if found else None)


def test_numbers_equal_exact_values():
    assert Number.parse("18.0") == 18
    assert Number.parse("1/3") == Fraction(1, 3)
    assert Number.parse("18.0") != Number.parse("18")
    assert Number.parse("18") != "18"
    assert hash(Number.parse("18")) == hash(18)
    assert float(Number.parse("0.5")) == 0.5


@given(
    st.lists(
        st.sampled_from([*"0123456789.,-e%/", "e9", "99", "999", "e998", " dozen", " thousand"]),
        max_size=12,
    ).map("".join)
)
@example("10e999")
@example("0.001e-998")
@example("1e999 thousand")
@example("1" * 100 + "e2")
def test_every_number_that_is_read_is_read_back_as_it_is_written(text):
    """Stored labels hold numbers as text: one that could be written and not read would stop every later run."""
    for found in find_numbers(text):
        assert Number.parse(str(found.number)) == found.number
