"""The verdict on a published number: by the interval, never by the estimate."""

from dataclasses import replace

import pytest

from ctlab.reproduction.against_published import WITHIN, Comparison, Result
from ctlab.reproduction.known_accuracy import known_accuracy, read_accuracy

RESULT = Result(
    model="m",
    digest="0123456789abcdef",
    problems="tiny",
    how="float32",
    n=1319,
    right=1012,
    published=0.767,
    source="its card",
    expected=False,
    form=("The answer is: N", 1319),
    ended=1319,
)


@pytest.mark.parametrize(
    ("right", "n", "verdict"),
    [
        (1012, 1319, Comparison.REPRODUCES),
        (960, 1319, Comparison.SHORT),
        (1100, 1319, Comparison.REPRODUCES),
        (38, 50, Comparison.UNKNOWN),
        (20, 50, Comparison.SHORT),
        (50, 50, Comparison.REPRODUCES),
    ],
)
def test_the_interval_decides(right, n, verdict):
    assert replace(RESULT, right=right, n=n).verdict == verdict


def test_as_many_problems_as_are_said_to_tell_do():
    few = replace(RESULT, right=38, n=50)
    n = few.needed
    assert f"about {n} problems would tell" in few.sentence
    assert replace(RESULT, right=round(0.767 * n), n=n).interval[0] >= 0.767 - WITHIN


def test_expected_answers_are_all_there_or_some_are_missing():
    assert replace(RESULT, expected=True, right=6, n=6).verdict == Comparison.REPRODUCES
    short = replace(RESULT, expected=True, right=5, n=6)
    assert short.verdict == Comparison.SHORT
    assert short.sentence == "falls short by 1 of 6 (16.7 %) expected answers"


def test_what_is_not_certified_tells_nothing():
    assert replace(RESULT, uncertified="rows do not sum to 1").verdict == Comparison.UNKNOWN


def test_where_a_published_accuracy_stands(tmp_path):
    assert known_accuracy("tiny", "tiny") == (0.767, "its card")
    assert known_accuracy("tiny", "gsm8k") is None
    assert known_accuracy("zen-E/CODI-gpt2", "gsm8k/test") == (0.437, "its authors' publication")
    assert known_accuracy(str(tmp_path), "tiny") is None


@pytest.mark.parametrize(("text", "rate"), [("0.556", 0.556), ("55.6%", 0.556), ("1", 1.0)])
def test_accuracies_are_typed_as_proportions_or_percent(text, rate):
    assert read_accuracy(text) == pytest.approx(rate)


@pytest.mark.parametrize("text", ["55.6", "-0.1", "nan", "x"])
def test_other_accuracies_are_refused(text):
    with pytest.raises(ValueError, match=r"a proportion such as 0\.556"):
        read_accuracy(text)
