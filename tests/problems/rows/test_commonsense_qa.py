import pytest

from ctlab.errors import ProblemSetError
from ctlab.problems.rows.read_rows import problem_of_row

ROW = {
    "answerKey": "B",
    "id": "1a",
    "question": {
        "question_concept": "door",
        "choices": [{"label": "A", "text": "bank"}, {"label": "B", "text": "library"}],
        "stem": "Where is a door?",
    },
}


def test_gold_is_the_text_of_the_right_option():
    problem = problem_of_row(ROW)
    assert (problem.question, problem.kind) == ("Where is a door?", "choice")
    assert (problem.gold, problem.options) == ("library", ("bank", "library"))
    assert dict(problem.fields) == {"question_concept": "door", "id": "1a"}


def test_a_test_set_without_answers_cannot_be_judged():
    with pytest.raises(ProblemSetError, match="answerKey"):
        problem_of_row({key: value for key, value in ROW.items() if key != "answerKey"})
