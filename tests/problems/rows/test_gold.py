import pytest

from ctlab.errors import ProblemSetError
from ctlab.problems.rows.gold import GOLD


@pytest.mark.parametrize("column", ["solution", "answer"])
def test_a_worked_solution_may_stand_in_either_column(column):
    row = {"question": "a?", "gold": "3.0", column: "<<1+2=3>>"}
    assert GOLD.recognises(row)
    problem = GOLD.problem(row)
    assert (problem.gold, problem.solution) == ("3", "<<1+2=3>>")


def test_a_number_alone_is_enough():
    assert GOLD.problem({"question": "a?", "gold": 3}).solution == ""


def test_an_answer_that_is_no_number_says_its_kind_and_keeps_the_other_columns():
    row = {"question": "a?", "gold": "B", "kind": "choice", "options": ["x", "y"], "aliases": ["why"], "hops": 3}
    problem = GOLD.problem(row)
    assert (problem.kind, problem.gold, problem.options, problem.aliases) == ("choice", "B", ("x", "y"), ("why",))
    assert dict(problem.fields) == {"hops": 3}
    assert GOLD.problem(problem.to_json()) == problem


@pytest.mark.parametrize(
    ("kind", "gold", "written"),
    [("boolean", True, "true"), ("set", ["fig", "pear"], "fig, pear"), ("sequence", [1, 2], "1, 2")],
)
def test_a_value_of_json_becomes_its_text(kind, gold, written):
    assert GOLD.problem({"question": "a?", "gold": gold, "kind": kind}).gold == written


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"gold": "B", "kind": "choice"}, 'needs a "question"'),
        ({"question": "a?", "gold": "B", "kind": "choice", "options": "xy"}, '"options" is a list of texts'),
        ({"question": "a?", "gold": "B", "kind": "entity", "aliases": [1]}, '"aliases" is a list of texts'),
        ({"question": "a?", "gold": "B", "kind": "entity", "fields": 1}, '"fields" is an object'),
        ({"question": "a?", "gold": 3, "kind": "entity"}, "is a text, not 3"),
        ({"question": "a?", "gold": "B", "kind": "letter"}, "an answer kind is one of"),
    ],
)
def test_what_cannot_be_used_is_named(row, message):
    with pytest.raises(ProblemSetError, match=message):
        GOLD.problem(row)
