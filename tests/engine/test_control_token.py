import pytest

from ctlab.engine.control_token import control_position
from ctlab.errors import ConditionError
from ctlab.models import load_model
from tests.models.checkpoints.making_checkpoints import write_codi


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    return load_model(folder, settings=write_codi(folder))


def test_one_token_without_a_digit_always_the_same(model):
    question = model.encode("a 3 b 12 c ?")
    chosen = {control_position(model, f"problem {n}", question) for n in range(60)}
    assert chosen == {1, 3, 5, 6}  # not the leading special token, not 3, not 12
    assert control_position(model, "x", question) == control_position(model, "x", question)


def test_nothing_to_hide(model):
    with pytest.raises(ConditionError, match="problem p: no token of its question is free of digits"):
        control_position(model, "p", model.encode("3 4"))
