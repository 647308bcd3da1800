import pytest

from ctlab.errors import ProblemSetError
from ctlab.problems.rows.coconut import COCONUT
from ctlab.problems.rows.read_rows import problem_of_row


def test_calculations_are_a_worked_solution():
    row = {"question": "2 and 1 are?", "steps": ["<<2/2=1>>", "<<2+1=3>>"], "answer": "3"}
    assert COCONUT.recognises(row)
    problem = problem_of_row(row)
    assert (problem.kind, problem.gold, dict(problem.fields)) == ("number", "3", {})
    assert problem.graph is not None


def test_sentences_stay_steps():
    steps = ["Max is a vumpus. Each vumpus is a brimpus.", "Max is a brimpus."]
    problem = problem_of_row({"question": "True or false: Max is shy.", "steps": steps, "answer": "False"})
    assert (problem.kind, problem.gold, problem.solution) == ("boolean", "false", "\n".join(steps))
    assert problem.fields["steps"] == steps


def test_placeholders_are_no_solution():
    problem = problem_of_row({"question": "a?", "steps": ["Step 1", "Step 2"], "answer": "-9867630"})
    assert (problem.solution, problem.fields["steps"]) == ("", ["Step 1", "Step 2"])


def test_steps_are_a_list_of_texts():
    with pytest.raises(ProblemSetError, match='"steps" are a list of texts'):
        problem_of_row({"question": "a?", "steps": [1, 2], "answer": "3"})
