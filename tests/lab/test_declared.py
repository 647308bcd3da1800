"""What hooks return is what they are asked for, and holds what claims name."""

import pytest

from ctlab.claims import Kind
from ctlab.errors import RegistryError
from ctlab.interventions import Condition
from ctlab.lab import declared
from ctlab.records.own_functions import NOTHING_OWN
from tests.claims.making import claim

A = Condition(name="ct0_blocked")


def test_conditions_of_all_hooks_come_one_after_another():
    assert declared.conditions_returned([(A,), iter([A]), []], "x.py, line 1") == (A, A)


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (A, "not the condition 'ct0_blocked' alone; write (CONDITION,), with a comma"),
        ([{"name": "a"}], "not a table among them; make one of its JSON form by Condition.from_json"),
        ({"a": A}, "not a table"),
        ("ct0_blocked", "not the str 'ct0_blocked'"),
        (3, "not the int 3"),
    ],
)
def test_what_is_no_conditions(result, said):
    with pytest.raises(RegistryError) as refused:
        declared.conditions_returned([result], "x.py, line 1")
    assert str(refused.value).startswith("x.py, line 1: pytest_ctlab_conditions returns ")
    assert said in str(refused.value)


def test_tables_and_engines():
    assert declared.tables_returned("hook", [{"A": len}], "x.py") == [{"A": len}]
    with pytest.raises(RegistryError, match=r"x.py: hook returns a table from names to functions.*, not \['A'\]"):
        declared.tables_returned("hook", [["A"]], "x.py")
    assert declared.engine_returned(None, "x.py") is None
    with pytest.raises(RegistryError, match="not a table without digest"):
        declared.engine_returned({}, "x.py")
    with pytest.raises(RegistryError, match="None; is its `return` missing"):
        declared.refuse_silence("pytest_ctlab_outcomes", "x.py")


@pytest.mark.parametrize(
    ("fields", "known", "said"),
    [
        ({}, {"ct0_blockd"}, "the unknown condition 'ct0_blocked'; did you mean 'ct0_blockd'?"),
        (
            {},
            set(),
            "none is declared: no conftest.py or plugin implements pytest_ctlab_conditions, or it returns none",
        ),
        ({}, set(), 'pytest_plugins = ("MODULE",)'),
        ({"outcome": "CALCERROR"}, {"ct0_blocked"}, "There is no outcome 'CALCERROR'; did you mean 'CALC_ERROR'?"),
        ({"conditions": ("baseline",)}, set(), "compares 2 conditions"),
        ({"kind": Kind.MOST, "conditions": ("baseline",)}, set(), "name it, as in sweep=SweptAxes(positions='all', "),
    ],
)
def test_what_a_claim_names_and_nobody_declares(fields, known, said):
    with pytest.raises(RegistryError) as refused:
        declared.check_named([claim(**fields)], known, NOTHING_OWN)
    assert said in str(refused.value)
    assert "claim 'ct0-lowers-accuracy'" in str(refused.value)


def test_an_empty_card_is_said_where_it_was_read():
    said = pytest.raises(RegistryError, match=r"KeyError: 'num_layers' .*read it by card.get")
    with said, declared.asked_of_a_suite({}, ()):
        raise KeyError("num_layers")
