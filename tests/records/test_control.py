import pytest

from ctlab.errors import RegistryError
from ctlab.records import Control, ControlResult, ControlState, Shows


def test_round_trip_through_json():
    control = Control(condition="no_op", shows=Shows.NO_OP)
    assert Control.from_json(control.to_json()) == control
    result = ControlResult(control=control, state=ControlState.HOLDS, detail="x")
    assert ControlResult.from_json(result.to_json()) == result


@pytest.mark.parametrize(("shows", "margin"), [(Shows.NEGLIGIBLE, 0.0), (Shows.NO_OP, 0.1), (Shows.BITES, 0.1)])
def test_a_margin_belongs_to_the_negative_control(shows, margin):
    with pytest.raises(RegistryError, match="belongs to `negligible`"):
        Control(condition="x", shows=shows, margin=margin)


def test_conditions_that_checking_needs():
    assert Control(condition="no_op", shows=Shows.NO_OP).conditions == ("baseline", "no_op")
    assert Control(condition="ct0_blocked", shows=Shows.BITES).conditions == ("ct0_blocked",)
