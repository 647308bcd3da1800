import pytest

from ctlab.outcomes.repetition import runs_away


@pytest.mark.parametrize(
    "text",
    [
        "18 " * 20,
        "1" * 60,
        "The answer is: 5\n" * 8,
        "so 3 + 4 = 7, " * 7,
        "0.272727272727272727272727272727",
        "ab" * 12,
    ],
)
def test_runaway_repetition(text):
    assert runs_away(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "18",
        "1,111,111",
        "100000000000",
        "18 18 18",
        "The answer is: 18" + " " * 500,
        "." * 100,
        "<<1+1=2>> <<2+1=3>> <<3+1=4>> <<4+1=5>> <<5+1=6>> <<6+1=7>> The answer is: 7",
        "so so so so so so so so so so so so then The answer is: 7",
    ],
)
def test_ordinary_texts(text):
    assert not runs_away(text)
