import pytest

from ctlab.errors import ProblemSetError
from ctlab.problems.rows.multi_arith import MULTI_ARITH, MULTI_ARITH_AUTHORS


def test_blanks_around_the_question_go():
    row = {"question": " Faye had 34 coupons and lost 4. How many are left? ", "final_ans": "30"}
    assert MULTI_ARITH.recognises(row)
    problem = MULTI_ARITH.problem(row)
    assert (problem.question[:4], problem.question[-1], problem.gold_number.value) == ("Faye", "?", 30)


def test_other_rows_are_left_alone():
    assert not MULTI_ARITH.recognises({"question": "a?", "answer": "#### 3"})


def test_the_authors_own_keys():
    row = {"iIndex": 0, "lEquations": ["X=(34.0-4.0)"], "lSolutions": [30.0], "sQuestion": " How many are left? "}
    assert MULTI_ARITH_AUTHORS.recognises(row)
    problem = MULTI_ARITH_AUTHORS.problem(row)
    assert (problem.question, problem.gold, problem.graph.gold) == ("How many are left?", "30", 30)
    assert MULTI_ARITH_AUTHORS.problem({**row, "lEquations": []}).solution == ""


def test_two_solutions_are_none():
    with pytest.raises(ProblemSetError, match="holds one number"):
        MULTI_ARITH_AUTHORS.problem({"lSolutions": [1, 2], "sQuestion": "a?"})
