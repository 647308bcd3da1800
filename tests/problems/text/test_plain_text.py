import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.problems.text.plain_text import plain


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("\uff11\uff18", "18"),
        ("٣٤", "34"),
        ("\N{MINUS SIGN}4", "-4"),
        ("3\N{EN DASH}4", "3-4"),
        ("2½", "2 1/2"),
        ("3 \N{MULTIPLICATION SIGN} 4 \N{DIVISION SIGN} 2", "3 * 4 / 2"),
        ("\N{RIGHT-TO-LEFT MARK}18\N{ZERO WIDTH SPACE}", "18"),
        ("1\x002", "1 2"),
        ("18\N{NO-BREAK SPACE}eggs", "18 eggs"),
        ("plain\ntext\t", "plain\ntext\t"),
        ("10⁵ cm² 10⁻³ H₂O ¹\N{FRACTION SLASH}₂", "10^5 cm^2 10^-3 H_2O  1/2"),
        ("18①", "18①"),
        ("\N{FIGURE DASH}5 or \N{EM DASH}5, a \N{EM DASH} dash", "-5 or -5, a \N{EM DASH} dash"),
        ("\N{MINUS SIGN} 5 and 16 \N{MINUS SIGN} 3", "-5 and 16 - 3"),
        ("3\uff0b4\uff1d8", "3+4=8"),
    ],
)
def test_one_spelling_for_numbers(text, spelled):
    assert plain(text) == spelled


@given(st.text())
def test_spelling_twice_changes_nothing_more(text):
    assert plain(plain(text)) == plain(text)


@given(st.text(alphabet=st.characters(max_codepoint=126, min_codepoint=32)))
def test_ascii_stays(text):
    assert plain(text) == text
