import pytest

from ctlab.problems.rows.gold import GOLD


@pytest.mark.parametrize("column", ["solution", "answer"])
def test_a_worked_solution_may_stand_in_either_column(column):
    row = {"question": "a?", "gold": "3.0", column: "<<1+2=3>>"}
    assert GOLD.recognises(row)
    problem = GOLD.problem(row)
    assert (problem.gold, problem.solution) == ("3", "<<1+2=3>>")


def test_a_number_alone_is_enough():
    assert GOLD.problem({"question": "a?", "gold": 3}).solution == ""
