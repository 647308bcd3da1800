import pytest

from ctlab.problems.rows.gsm_hard import GSM_HARD, GSM_HARD_HUB


@pytest.mark.parametrize("target", [8000001, 8000001.0, "8000001.0"], ids=repr)
def test_whole_floats_are_whole_numbers_and_programs_no_solutions(target):
    row = {"input": "A big 8000000 and 1?", "code": "import os", "target": target}
    assert GSM_HARD.recognises(row)
    problem = GSM_HARD.problem(row)
    assert (str(problem.gold_number), problem.solution, problem.graph) == ("8000001", "", None)


def test_other_rows_are_left_alone():
    assert not GSM_HARD.recognises({"input": "a?", "answer": "3"})


def test_a_copy_on_the_hub_calls_them_instruction_and_response():
    row = {"instruction": "A big 8000000 and 1?", "response": 8000001.0}
    assert GSM_HARD_HUB.recognises(row)
    assert GSM_HARD_HUB.problem(row).gold == "8000001"
