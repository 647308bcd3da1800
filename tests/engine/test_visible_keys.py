import pytest

from ctlab.engine.edge_factors import edge_factors
from ctlab.engine.layout import Layout
from ctlab.engine.visible_keys import refuse_empty_rows
from ctlab.errors import ConditionError
from ctlab.interventions import Condition

LAYOUT = Layout(begin=1, thoughts=3, end=1)


def check(*forms, lengths=(4, 2), controls=(0, 1)):
    condition = Condition.from_json({"name": "c", "interventions": list(forms), "no_op": True})
    refuse_empty_rows(edge_factors([condition], LAYOUT, layers=2, heads=2), lengths, controls)


@pytest.mark.parametrize(
    ("forms", "where"),
    [
        ([{"keys": "question", "readers": "later", "self": True}], "token 0 of a question"),
        ([{"keys": "question", "readers": ["begin"]}, {"keys": ["begin"], "readers": ["end"], "self": True}], "begin"),
        (
            [
                {"keys": "question", "readers": "thoughts", "heads": [1]},
                {"keys": ["begin"], "readers": "thoughts"},
                {"keys": ["CT0"], "readers": ["end"], "self": True},
            ],
            "CT0",
        ),
        ([{"keys": "question-control", "readers": ["end"], "self": True}], "token 0 of a question of 4 tokens"),
        (
            [
                {"keys": "question", "readers": "later", "layers": [0]},
                {"keys": "question-control", "readers": ["end"], "self": True},
            ],
            "token",
        ),
    ],
)
def test_a_row_without_a_visible_key_is_an_error(forms, where):
    with pytest.raises(ConditionError, match=f"condition 'c' leaves {where}"):
        check(*forms)


@pytest.mark.parametrize(
    "forms",
    [
        [{"keys": "question", "readers": "later"}],
        [{"keys": "question", "readers": "later", "self": True, "keep": 0.001}],
        [{"keys": "thoughts", "readers": "later", "self": True}],
        [{"keys": "question", "readers": ["begin"]}],
        [{"keys": "question-control", "readers": "later"}],
    ],
)
def test_what_leaves_something_to_read_is_fine(forms):
    check(*forms)


def test_a_question_of_nothing_but_its_control_token():
    forms = [{"keys": "question-control", "readers": ["CT0"]}, {"keys": ["begin"], "readers": ["CT0"]}]
    itself = {"keys": ["CT0"], "readers": ["end"], "self": True}
    check(*forms, itself, lengths=(2,), controls=(0,))
    with pytest.raises(ConditionError, match="leaves CT0"):
        check(*forms, itself, lengths=(2, 1), controls=(0, 0))
