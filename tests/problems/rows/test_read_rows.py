"""Rows of any form, from files, folders and data sets alike."""

import json
import math
from datetime import date

import pytest

from ctlab.errors import ProblemSetError
from ctlab.inputs import WrittenNumber
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
    assert [str(problem.gold_number) for _, problem in problems] == ["87", "30", "8000001", "3"]


@pytest.mark.parametrize("row", [{}, {"question": "a?"}, {"Body": "a", "Question": "b?"}, {"final_ans": 3}])
def test_a_row_in_no_form_is_refused_with_all_that_are_known(row):
    with pytest.raises(ProblemSetError, match=r"is in no known form.*; known are question and answer, ") as caught:
        problem_of_row(row)
    assert all(form.name in str(caught.value) for form in FORMS)
    assert all(f'"{column}"' in str(caught.value) for column in row)
    assert len(str(caught.value)) < 500, "one sentence that can be read"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            {"question": "a?", "answers": "3"},
            'nearest is question and answer, for which it lacks "answer" (is "answers"',
        ),
        ({"Question": "a?", "Answer": "3"}, '"question" (is "Question" meant?), "answer" (is "Answer" meant?)'),
        ({"Body": "a", "Question": "b?"}, 'nearest is SVAMP, for which it lacks "Answer"'),
        ({"instruction": "a?"}, 'nearest is GSM-Hard on the hub, for which it lacks "response"'),
        ({"prompt": "a?", "label": 3}, "name the columns: 'FILE?question=prompt&gold=label'"),
    ],
)
def test_a_refusal_names_the_nearest_form(row, said):
    with pytest.raises(ProblemSetError) as caught:
        problem_of_row(row)
    assert said in str(caught.value)


def test_other_columns_are_the_problem_s_fields_as_json_has_them():
    row = {
        **ROWS["svamp"],
        "difficulty": WrittenNumber("0.50"),
        "level": 3,
        "tags": ["a", WrittenNumber("1.5")],
        "made": date(2026, 1, 2),
        "score": math.nan,
    }
    fields = problem_of_row(row).fields
    assert dict(fields) == {"difficulty": 0.5, "level": 3, "tags": ["a", 1.5], "made": "2026-01-02", "score": "nan"}
    assert json.loads(fields.canonical) == dict(fields)


@pytest.mark.parametrize("name", ROWS)
def test_what_a_problem_is_made_of_is_no_field(name):
    taken = {"gsm-hard": {"code"}, "gsm8k-platinum": {"cleaning_status"}}
    assert set(problem_of_row(ROWS[name]).fields) == taken.get(name, set())
