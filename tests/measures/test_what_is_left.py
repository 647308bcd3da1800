from types import SimpleNamespace

import pytest

from ctlab.errors import PairingError
from ctlab.interventions import Condition, Intervention
from ctlab.measures import left_without
from ctlab.problems import parse_number
from tests.measures.test_step_decoding import problem, results

PROBLEMS = [problem(k, 3, 5, 7) for k in range(60)]


def run(answers, name="baseline", thought=None):
    hidden = () if thought is None else (Intervention(keys=(thought,), readers="later"),)
    right = tuple(answer == results(each)[-1] for answer, each in zip(answers, PROBLEMS, strict=True))
    return SimpleNamespace(
        condition=Condition(name=name, interventions=hidden),
        ids=tuple(each.id for each in PROBLEMS),
        problems=PROBLEMS,
        classifications=[SimpleNamespace(prediction=None if a is None else parse_number(str(a))) for a in answers],
        correct=lambda: right,
    )


RIGHT = run([results(each)[-1] for each in PROBLEMS])


def rates(answers):
    cells = left_without(RIGHT, [run(answers, "hidden", "CT2")])
    assert {cell.place.thought for cell in cells} == {"CT2"}
    return {cell.more["what"]: (len(cell.values), cell.more.get("rate")) for cell in cells}


@pytest.mark.parametrize(
    ("place", "what"),
    [(-2, "the result of the step before"), (-3, "the result of an earlier step")],
)
def test_a_broken_answer_that_is_a_result_is_found_to_be_that(place, what):
    found = rates([results(each)[place] for each in PROBLEMS])
    assert found == {name: (60, float(name == what)) for name in found}
    assert len(found) == 3


def test_a_number_of_the_question_is_one():
    found = rates([1000 + 50 * k for k in range(60)])
    assert found["a number of the question"] == (60, 1.0)


def test_only_answers_that_broke_count_and_no_answer_is_no_number():
    found = rates([None if k < 20 else results(each)[-1] for k, each in enumerate(PROBLEMS)])
    assert found["the result of the step before"] == (20, 0.0)


def test_what_was_wrong_before_did_not_break():
    wrong_before = run([1 if k < 20 else results(each)[-1] for k, each in enumerate(PROBLEMS)])
    cells = left_without(wrong_before, [run([2] * 60, "hidden", "CT2")])
    assert {len(cell.values) for cell in cells} == {40}


def test_a_problem_of_one_step_has_no_step_before():
    short = [problem(k, 3) for k in range(60)]
    one = SimpleNamespace(
        condition=RIGHT.condition,
        ids=tuple(each.id for each in short),
        problems=short,
        classifications=[SimpleNamespace(prediction=parse_number("9"))] * 60,
        correct=lambda: (True,) * 60,
    )
    wrong = SimpleNamespace(**{**vars(one), "correct": lambda: (False,) * 60})
    assert [cell.more["what"] for cell in left_without(one, [wrong])] == ["a number of the question"]


def test_runs_of_other_problems_are_refused():
    other = SimpleNamespace(**{**vars(RIGHT), "ids": RIGHT.ids[::-1]})
    with pytest.raises(PairingError):
        left_without(RIGHT, [other])
