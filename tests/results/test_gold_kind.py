"""What reference answers look like."""

import pytest

from ctlab.errors import InputError
from ctlab.results.gold_kind import check_kind, guessed, options_of


@pytest.mark.parametrize(
    ("golds", "kind"),
    [
        (["18", "1,200", "-3.5", "1/3"], "number"),
        (["She has 16 - 3 = 13 left.\n#### 13", "#### 7"], "number"),
        (["1"] * 5 + [str(n) for n in range(20)] + ["unreadable"], "number"),
        (["True", "false"], "boolean"),
        (["yes", "No"], "boolean"),
        (["A", "D", "(b)"], "choice"),
        (["Sally is a sterpus.", "Max is a yumpus."], "entity"),
        (["Paris", "1999"], "entity"),
    ],
)
def test_the_kind_is_what_all_of_them_are(golds, kind):
    assert guessed(golds) == kind


def test_options_are_found_as_lists_and_as_the_hub_writes_them():
    assert options_of({"options": ["red", "blue"]}) == ("red", "blue")
    assert options_of({"choices": {"text": ["red", "blue"], "label": ["A", "B"]}}) == ("red", "blue")
    assert options_of({"options": "red", "choices": [1, 2]}) == ()


def test_an_unknown_kind_is_refused():
    with pytest.raises(InputError, match="no answer kind 'letter'; there are number, choice"):
        check_kind("letter")


def test_numbers_with_decimal_commas_are_no_words():
    assert guessed(["0,5", "3,50", "1.234,5"]) == "number"
