import pytest

from ctlab.errors import ProblemSetError
from ctlab.problems import Problem
from ctlab.problems.answer_kinds import chosen, items, letter, truth
from ctlab.problems.phrases import phrase


@pytest.mark.parametrize(
    ("kind", "gold", "options", "message"),
    [
        ("choice", "D", ("x", "y"), "neither the letter nor the text of one option"),
        ("choice", "river", (), "neither the letter"),
        ("choice", "dead", ("dead", "dead"), "neither the letter nor the text of one option"),
        ("choice", "A", ("x", ""), "options are texts, and '' is none"),
        ("boolean", "maybe", (), "a boolean is true or false, or yes or no, not 'maybe'"),
        ("entity", "...", (), "holds no word"),
        ("set", " , ", (), "holds no item"),
        ("sequence", ";", (), "holds no item"),
    ],
)
def test_a_reference_answer_that_no_answer_can_equal_is_refused(kind, gold, options, message):
    with pytest.raises(ProblemSetError, match=message):
        Problem(question="a?", gold=gold, kind=kind, options=options)


def test_an_alias_is_held_to_the_same_rule():
    with pytest.raises(ProblemSetError, match="a boolean is true or false"):
        Problem(question="a?", gold="yes", kind="boolean", aliases=("perhaps",))


def test_an_option_is_chosen_by_text_or_letter():
    options = ("x", "the Y", "z")
    assert [chosen(text, options) for text in ("A", "(b)", "y", "C.", "d", "w")] == ["A", "B", "B", "C", None, None]
    assert [letter(at) for at in (0, 25, 26)] == ["A", "Z", "27"]


def test_a_word_says_yes_or_no():
    assert [truth(text) for text in ("True", "YES.", "f", "no", "none")] == [True, True, False, False, None]


def test_items_are_split_and_spelled_alike():
    assert items("[The fig, Pear;  apple and plum]") == ("fig", "pear", "apple", "plum")
    assert items("a1 -> b2, then c3", ordered=True) == ("a1", "b2", "c3")


def test_words_are_compared_in_one_spelling():
    assert phrase("  The \N{LEFT DOUBLE QUOTATION MARK}Cat\N{RIGHT DOUBLE QUOTATION MARK},  a dog. ") == "cat dog"
    assert phrase("\N{FULLWIDTH LATIN CAPITAL LETTER A}\N{ZERO WIDTH SPACE}b") == "ab"
    assert phrase("A") == "a"
    assert phrase("U.S.") == phrase("u.s")
