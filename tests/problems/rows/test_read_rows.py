"""Rows of any form, from files, folders and data sets alike."""

import json

import pytest

from ctlab.errors import ProblemSetError
from ctlab.problems import load_problems
from ctlab.problems.rows import FORMS
from ctlab.problems.rows.read_rows import problem_of_row, problems_of_rows

ROWS = {
    "svamp": {"Body": "There are 87 oranges.", "Question": "How many?", "Equation": "87.0", "Answer": "87"},
    "multi-arith": {"question": "Faye had 34 coupons and lost 4. How many are left? ", "final_ans": "30"},
    "gsm-hard": {"input": "A big 8000000 and 1?", "code": "import os", "target": 8000001.0},
    "gsm8k-platinum": {"question": "1 + 2?", "answer": "<<1+2=3>>3\n#### 3", "cleaning_status": "consensus"},
}


def test_every_form_is_read_wherever_its_rows_come_from(tmp_path, monkeypatch):
    monkeypatch.setenv("CTLAB_DATA", str(tmp_path))
    for name, row in ROWS.items():
        (tmp_path / name).mkdir()
        file = tmp_path / name / "test.jsonl"
        file.write_text(json.dumps(row), encoding="utf-8")
        assert load_problems(name)[0] == load_problems(file.parent)[0] == load_problems(file)[0]


def test_a_set_of_rows_may_mix_forms():
    problems = problems_of_rows(enumerate(ROWS.values()), "mixed")
    assert [str(problem.gold_number) for problem in problems] == ["87", "30", "8000001", "3"]


@pytest.mark.parametrize("row", [{}, {"question": "a?"}, {"Body": "a", "Question": "b?"}, {"final_ans": 3}])
def test_a_row_in_no_form_is_refused_with_all_that_are_known(row):
    with pytest.raises(ProblemSetError, match='a row needs an "answer"') as caught:
        problem_of_row(row)
    assert all(form.columns in str(caught.value) for form in FORMS)
