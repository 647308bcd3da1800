"""Columns are guessed where one guess is possible, and asked for where several are."""

import re

import pytest

from ctlab.errors import RecordedError
from ctlab.results.columns import find_columns


def rows(*names, values=("1", "2")):
    return [(f"row {at}", dict.fromkeys(names, value)) for at, value in enumerate(values, start=1)]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["id", "output"], {"id": "id", "answer": "output"}),
        (["QID", "Model Response", "Is Correct"], {"id": "QID", "answer": "Model Response", "score": "Is Correct"}),
        (["question", "answer", "prediction"], {"question": "question", "answer": "prediction", "gold": "answer"}),
        (["answer", "gold"], {"answer": "answer", "gold": "gold"}),
        (["answer", "correct"], {"answer": "answer", "score": "correct"}),
        (["Unnamed: 0", "response"], {"id": "Unnamed: 0", "answer": "response"}),
        (["prompt", "question", "completion"], {"question": "question", "answer": "completion"}),
        (["id", "epoch", "pred", "error"], {"id": "id", "answer": "pred", "repeat": "epoch", "error": "error"}),
        (["pred", "strange"], {"answer": "pred"}),
    ],
)
def test_usual_names(names, expected):
    assert find_columns(rows(*names), {}, "f.csv") == expected


def test_a_choice_goes_before_every_guess():
    found = find_columns(rows("id", "pred", "answer"), {"answer": "answer", "gold": "pred"}, "f.csv")
    assert found == {"id": "id", "answer": "answer", "gold": "pred"}


def test_an_empty_choice_says_that_there_is_none():
    assert find_columns(rows("id", "pred", "gold"), {"gold": ""}, "f.csv") == {"id": "id", "answer": "pred"}


@pytest.mark.parametrize(
    ("table", "chosen", "message"),
    [
        (
            rows("a", "b"),
            {},
            "f.csv: no column is known to hold the answers; its columns are 'a', 'b'; choose one with",
        ),
        (rows("a"), {"answer": "b"}, "f.csv: answer=b is none of its columns; they are 'a'"),
        (rows("question", "answer"), {}, "'answer' may be the model's answer or the reference; say which"),
        (
            [("row 1", {"pred": "1", "output": "2"})],
            {},
            "the columns 'output', 'pred' may each be the answer, and they differ; choose one with FILE?answer=COLUMN",
        ),
        ([("row 1", {"correct": True, "score": 0, "pred": "1"})], {}, "'correct', 'score' may each be the score"),
    ],
)
def test_what_cannot_be_guessed_is_asked_for(table, chosen, message):
    with pytest.raises(RecordedError, match=re.escape(message)):
        find_columns(table, chosen, "f.csv")


def test_columns_that_say_the_same_are_no_doubt():
    same = [("row 1", {"pred": "1", "prediction": "1", "correct": True, "acc": "1.0", "id": 4, "index": 0})]
    assert find_columns(same, {}, "f") == {"id": "id", "answer": "pred", "score": "correct"}


def test_ids_that_tell_other_rows_apart_are_asked_for():
    table = [(f"row {at}", {"id": at, "problem_id": at // 2, "pred": "1"}) for at in range(4)]
    with pytest.raises(RecordedError, match="'id', 'problem_id' may each be the id"):
        find_columns(table, {}, "f")


def test_a_column_of_texts_is_no_score():
    assert find_columns([("row 1", {"pred": "1", "correct": "eighteen"})], {}, "f") == {"answer": "pred"}


def test_without_a_reference_an_answer_is_the_models():
    """An empty name says that no column has the role."""
    rows = [("line 1", {"id": 0, "answer": "18"})]
    assert find_columns(rows, {"gold": ""}, "a.csv") == {"id": "id", "answer": "answer"}
    assert find_columns(rows, {}, "a.csv", answers_wanted=True) == {"id": "id", "answer": "answer"}
