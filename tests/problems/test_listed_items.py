import pytest

from ctlab.problems.listed_items import items, listed


def test_items_are_split_and_spelled_alike():
    assert items("[The fig, Pear;  apple and plum]") == ("fig", "pear", "apple", "plum")
    assert items("a1 -> b2, then c3", ordered=True) == ("a1", "b2", "c3")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A. Lincoln, B. Obama", ("lincoln", "b obama")),
        ("A. Lincoln", ("lincoln",)),
        ("last name, first name", ("last name", "first name")),
        ("1.5, 2.5", ("1.5", "2.5")),
        ("-5, -3", ("-5", "-3")),
        ("3:30, 4:15", ("3:30", "4:15")),
        ("AC/DC, Blink-182", ("ac/dc", "blink-182")),
        ("10. x", ("10 x",)),
    ],
)
def test_what_only_looks_like_a_number_or_a_bullet_is_part_of_an_item(text, expected):
    assert items(text, ordered=True) == expected


def test_numbers_that_do_not_count_up_turn_a_sequence_and_no_set():
    assert listed("2. b\n1. c", ordered=True) == listed("1. c\n2. b", ordered=True).__class__(("c", "b"), turned=True)
    assert not listed("2. b\n1. c").turned
