"""What is asked of two files: every way to write it, and what is refused in a sentence."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.errors import InputError
from ctlab.judging.question import alike, differ, margin_in_points, parse


@pytest.mark.parametrize(
    ("text", "alternative", "boundary"),
    [
        ("B higher than A", "greater", 0.0),
        ("b is HIGHER than a by 2", "greater", 0.02),
        ("B better than A by at least 2.5 points", "greater", 0.025),
        ("B > A", "greater", 0.0),
        ("A < B by 1 pp", "greater", 0.01),
        ("A higher than B by 2", "less", -0.02),
        ("B lower than A by 3 %", "less", -0.03),
        ("B lower", "less", 0.0),
        ("A lower", "greater", 0.0),
        ("B not worse than A by 2", "greater", -0.02),
        ("B is no worse than A by more than 2 points.", "greater", -0.02),
        ("B not worse by 2", "greater", -0.02),
        ("A not worse than B by 2", "less", 0.02),
        ("A and B within 2", "equivalence", 0.02),
        ("B and A are within ±2 points", "equivalence", 0.02),
        ("A, B within .5", "equivalence", 0.005),
        ("B within 2 of A", "equivalence", 0.02),
    ],
)
def test_an_expectation_is_about_the_second_file_minus_the_first(text, alternative, boundary):
    asked = parse(text, "AB", "A")
    assert (asked.first, asked.second) == ("A", "B")
    assert asked.alternative == alternative
    assert asked.boundary == pytest.approx(boundary)
    assert asked.expected


def test_the_reference_stands_first_among_several_files():
    assert parse("A higher than C", "ABC", "C").first == "C"
    assert (parse("C higher than B", "ABC", "A").first, parse("B > C", "ABC", "A").first) == ("B", "B")
    assert parse("C lower", "ABC", "B").first == "B"


def test_the_statement_says_it_as_it_was_said():
    assert parse("A > B by 2", "AB", "A").statement == "A is higher than B by at least 2.0 points"
    assert parse("A not worse than B by 2", "AB", "A").statement == "A is not worse than B by 2.0 points or more"


@pytest.mark.parametrize("size", ["2.0", "2.25", "0.05", "12.345678", "99.99", "2.3", "0.29", "0.000001"])
def test_a_margin_is_said_to_the_digit(size):
    assert parse(f"B > A by {size}", "AB", "A").statement == f"B is higher than A by at least {size} points"
    assert parse(f"A and B within {size}", "AB", "A").statement == f"A and B lie within ±{size} points"
    assert parse(f"B not worse by {size}", "AB", "A").statement == f"B is not worse than A by {size} points or more"


@given(st.decimals(min_value="0.000001", max_value="99.9", places=6))
def test_a_margin_is_read_back_as_it_was_typed(size):
    said = alike("A", "B", margin_in_points(float(size))).statement
    assert Decimal(said.partition("±")[2].removesuffix(" points")) == size


def test_turning_a_question_twice_leaves_it():
    for text in ("B higher than A by 2", "B not worse than A by 2", "A and B within 2"):
        asked = parse(text, "AB", "A")
        assert asked.turned().turned() == asked


def test_only_not_worse_tolerates_the_other_side():
    assert [parse(text, "AB", "A").tolerant for text in ("B not worse by 2", "A not worse by 2")] == [True, True]
    others = [parse(text, "AB", "A") for text in ("B > A", "A > B by 2", "A and B within 2")]
    assert not any(asked.tolerant for asked in [*others, differ("A", "B"), alike("A", "B", 0.02)])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", 'write "B higher than A"'),
        ("B equals A", "“B equals A” is no expectation"),
        ("B not worse than A", "says in no number by how much; write for instance “B not worse than A by 2”"),
        ("B not worse than A by -5", "between 0 and 100 points, not -5"),
        ("small.jsonl not worse than big.jsonl by 5", "in points, where A is the first file"),
        ("A and B within", "no expectation"),
        ("B higher than A by -2", "between 0 and 100 points, not -2"),
        ("B higher than A by 200", "between 0 and 100 points, not 200"),
        ("B higher than A by 0", "between 0 and 100 points, not 0"),
        ("C higher than A", "names C, and the files are A and B"),
        ("A and A within 2", "holds A against itself"),
        ("x" * 5000, "…” is no expectation"),
    ],
)
def test_what_cannot_be_judged_is_refused_with_the_forms_that_can(text, said):
    with pytest.raises(InputError, match="; ") as caught:
        parse(text, "AB", "A")
    assert said in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_margin_is_in_points():
    assert margin_in_points(2.0) == 0.02
    with pytest.raises(InputError, match="write 2 for 2 points"):
        margin_in_points(float("nan"))
