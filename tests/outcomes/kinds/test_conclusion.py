import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.outcomes.kinds.conclusion import concluded, is_beside


def clause(text):
    found = concluded(text)
    return text[found.start : found.end]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a is b, so c is d", "c is d"),
        ("a is b so c is d", "c is d"),
        ("a is b; therefore c", "c"),
        ("a is b and thus c", "c"),
        ("a, which means that c", "c"),
        ("c because a is b, so it goes", "it goes"),
        ("c, since a", "c"),
        ("since a is b, c is d", "c is d"),
        ("Thus Spoke Zarathustra", "Thus Spoke Zarathustra"),
        ("so long", "so long"),
        ("not so good", "not so good"),
        ("because", "because"),
        ("a is b, so", "a is b, so"),
    ],
)
def test_the_last_conclusion_answers(text, expected):
    assert clause(text) == expected


@given(st.text(alphabet="abc ,;.sotheubcin'", max_size=80))
def test_a_clause_lies_within_its_sentence_and_holds_a_word_where_that_does(text):
    found = concluded(text)
    assert 0 <= found.start <= found.end <= len(text)
    assert any(map(str.isalnum, clause(text))) == any(map(str.isalnum, text))


def test_an_aside_is_told_from_an_answer():
    assert is_beside("Please tell us more.", is_a=True)
    assert is_beside("Please tell us more.", is_a=False)
    assert not is_beside("Zed is a wumpus.", is_a=True)
    assert not is_beside("I think Lyon", is_a=False)
    assert not is_beside("wumpus", is_a=True)
