"""A tool's own score beside our reading: counted where both are there, listed where they differ."""

import csv

import pytest

from ctlab import read_results
from ctlab.errors import RecordedError
from ctlab.outcomes import Outcome
from ctlab.outcomes.agreement import agreement
from ctlab.problems import Problem, ProblemSet

HEAD = ["id", "question", "pred", "gold", "correct"]


def table(path, *rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEAD, *rows])
    return read_results(path)


ROWS = (
    [0, "How many are 1 and 1?", "The answer is: 2", "2", "True"],
    [1, "How many are 1 and 2?", "The answer is: 4", "3", "True"],
    [2, "How many are 1 and 3?", "The answer is: 4", "so 1+3=4\n#### 4", "False"],
    [3, "How many are 1 and 4?", "The answer is: 6", "5", "0"],
    [4, "How many are 1 and 5?", "The answer is: 6", "6", ""],
    [5, "How many are 1 and 6?", "The answer is: 7", "", "1"],
    [6, "How many are 1 and 7?", "The answer is: 8", "8", "0.5"],
)


def test_contradictions_are_counted_and_listed_by_the_file_s_own_gold(tmp_path):
    found = agreement(table(tmp_path / "a.csv", *ROWS))
    assert (found.compared, found.agreed, found.unscored, found.unread) == (4, 2, 2, 1)
    assert [(each.row.name, each.row.score, each.gold) for each in found.disagreements] == [
        ("line 3", 1.0, "3"),
        ("line 4", 0.0, "4"),
    ]
    assert [each.outcome is Outcome.CORRECT for each in found.disagreements] == [False, True]
    assert found.called_right == 1


def test_a_problem_set_says_the_gold_answer_where_the_file_does_not(tmp_path):
    problems = ProblemSet("s", [Problem(question=row[1], gold=at + 2) for at, row in enumerate(ROWS)])
    bare = [[*row[:3], "", row[4]] for row in reversed(ROWS)]
    found = agreement(table(tmp_path / "a.csv", *bare), problems)
    assert (found.compared, found.unread, found.unscored) == (5, 0, 2)
    assert {each.gold for each in found.disagreements} == {"3", "4"}


def test_each_repeat_finds_its_problem(tmp_path):
    (tmp_path / "a.csv").write_text("id,epoch,pred,correct\n0,1,2,1\n0,2,3,1\n1,1,3,1\n1,2,3,0\n")
    problems = ProblemSet("s", [Problem(question=ROWS[at][1], gold=at + 2) for at in range(2)])
    found = agreement(read_results(tmp_path / "a.csv"), problems)
    assert found.compared == 4
    assert [(each.row.problem, each.row.repeat) for each in found.disagreements] == [("0", 1), ("1", 1)]


def test_one_of_several_reference_answers_is_enough(tmp_path):
    (tmp_path / "a.json").write_text('[{"id": 0, "pred": "The answer is: 4", "gold": ["3", "4"], "correct": true}]')
    assert agreement(read_results(tmp_path / "a.json")).disagreements == ()


def test_scores_alone_cannot_be_compared(tmp_path):
    (tmp_path / "a.csv").write_text("id,correct\n0,1\n")
    with pytest.raises(RecordedError, match="holds scores and no answers: there is nothing to read again"):
        agreement(read_results(tmp_path / "a.csv"))
