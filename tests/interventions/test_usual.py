import pytest

from ctlab.errors import ConditionError
from ctlab.interventions import (
    BASELINE,
    Condition,
    early_answers,
    given_condition,
    given_conditions,
    usual_conditions,
)
from fixtures.conditions import conditions

FORM = {"name": "mine", "interventions": [{"keys": ["CT0"], "readers": "answer"}]}


@pytest.mark.parametrize("thoughts", [3, 6, 8])
def test_a_name_means_the_same_in_a_notebook_and_in_the_suite(thoughts):
    suite = {condition.name: condition for condition in conditions(num_thoughts=thoughts)}
    usual = usual_conditions(thoughts)
    shared = suite.keys() & usual.keys()
    assert len(shared) >= 10
    assert {name: usual[name] for name in shared} == {name: suite[name] for name in shared}


def test_every_thought_is_hidden_in_each_way_and_the_last_from_no_later_one():
    assert list(usual_conditions(1)) == [
        *("baseline", "ct0_blocked", "ct0_from_answer", "thoughts_blocked", "no_op"),
        *("question_control_later", "question_control_answer", "question_control_thoughts"),
    ]
    assert "ct4_from_thoughts" in usual_conditions(6)
    assert "ct5_from_thoughts" not in usual_conditions(6)


def test_one_condition_or_several_in_any_form():
    condition = Condition.from_json(FORM)
    assert given_conditions(condition) == given_conditions(FORM) == given_conditions([FORM]) == (condition,)
    assert given_conditions(["baseline", condition]) == (BASELINE, condition)
    assert given_conditions(iter([condition])) == (condition,)


@pytest.mark.parametrize("wrong", ["ct0_blocked", None, 3, ["x"]])
def test_anything_else_is_said_with_the_form_to_write(wrong):
    with pytest.raises(ConditionError, match=r'a condition is a ctlab.Condition or its JSON form, such as \{"name"'):
        given_condition(wrong)


def test_all_early_answers_come_by_one_call():
    early = early_answers({"num_thoughts": 3})
    assert list(early) == ["after_0", "after_1", "after_2", "baseline"]
    assert [condition.num_thoughts for condition in early.values()] == [0, 1, 2, None]
    assert early["baseline"] == BASELINE
    assert list(early_answers(0)) == ["baseline"]
    suite = {condition.name: condition for condition in conditions()}
    assert {name: suite[name] for name in early_answers(6)} == early_answers(6)
    with pytest.raises(ConditionError, match="early_answers takes a number of thoughts, or a model's card"):
        early_answers("six")
