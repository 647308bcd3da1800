import pytest

from ctlab.errors import ProblemSetError
from ctlab.problems.rows.multiple_choice import MULTIPLE_CHOICE
from ctlab.problems.rows.read_rows import form_of, problem_of_row

TEXTS = ["red", "green", "blue", "2"]


@pytest.mark.parametrize(
    ("row", "gold"),
    [
        (
            {"question": "a?", "choices": {"text": TEXTS, "label": ["A", "B", "C", "D"]}, "answerKey": "C"},
            "blue",
        ),  # ARC
        ({"question": "a?", "choices": {"text": TEXTS, "label": ["1", "2", "3", "4"]}, "answerKey": "2"}, "green"),
        ({"question": "a?", "choices": TEXTS, "answer": 2, "subject": "colours"}, "blue"),  # MMLU
        ({"question": "a?", "choices": TEXTS, "answer": "1"}, "green"),  # the same, as CSV has it
        ({"question": "a?", "choices": TEXTS, "answer": "2"}, "2"),  # a text, before a place
        ({"question": "a?", "options": TEXTS, "answer": "green"}, "green"),
        ({"question_stem": "a?", "choices": {"text": TEXTS, "label": [*"ABCD"]}, "answerKey": "A"}, "red"),
        ({"question": "a?", "A": "red", "B": "green", "C": "blue", "D": "2", "answer": "B"}, "green"),  # MMLU's CSV
    ],
)
def test_gold_is_the_text_of_the_right_option(row, gold):
    assert form_of(row) is MULTIPLE_CHOICE
    problem = problem_of_row(row)
    assert (problem.kind, problem.question, problem.gold) == ("choice", "a?", gold)
    assert problem.options == tuple(TEXTS)
    assert dict(problem.fields) == ({"subject": "colours"} if "subject" in row else {})


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"choices": TEXTS, "answer": 4}, "the right option is one of the labels A, B, C, D"),
        ({"choices": TEXTS, "answer": True}, "the right option is one of the labels"),
        ({"choices": TEXTS, "answer": ""}, "the answer is empty"),
        ({"choices": ["one"], "answer": 0}, "choices are 2 to 26 texts"),
        ({"choices": {"text": TEXTS, "label": ["A"]}, "answerKey": "A"}, "each with its label"),
    ],
)
def test_what_fits_no_option_is_refused(row, reason):
    with pytest.raises(ProblemSetError, match=reason):
        problem_of_row({"question": "a?", **row})
