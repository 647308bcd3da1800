import json
import math

import pytest

from ctlab.errors import StatisticsError
from ctlab.records import Effect
from ctlab.statistics import paired_difference

FIELDS = {
    "estimate": 0.1,
    "low": 0.0,
    "high": 0.2,
    "level": 0.95,
    "p_value": 0.03,
    "n": 100,
    "method": "made up",
    "alternative": "greater",
    "null": "nothing",
}


def test_round_trip_through_json():
    effect = Effect(**FIELDS, lost=1, gained=11, groups={"a": 50}, refuting=(0.0, 0.3), details={"x": [1, {"y": None}]})
    assert Effect.from_json(json.loads(json.dumps(effect.to_json()))) == effect


@pytest.mark.parametrize("field", ["estimate", "low", "high", "level", "p_value", "margin", "boundary"])
@pytest.mark.parametrize("value", [math.nan, math.inf, None, "0.1", True])
def test_refuses_what_is_no_finite_number(field, value):
    if isinstance(value, float) and field in ("estimate", "low", "high", "p_value"):
        pytest.skip("could not be computed, which is a finding")
    with pytest.raises(StatisticsError, match=f"Effect.{field} must be a finite number"):
        Effect(**{**FIELDS, field: value})


@pytest.mark.parametrize("field", ["estimate", "low", "high", "p_value", "refuting"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_could_not_be_computed_has_no_estimate_and_says_why(field, value):
    effect = Effect(**{**FIELDS, field: (value, 0.1) if field == "refuting" else value})
    assert effect.undecided.startswith("could not be computed: ")
    assert str(value) in effect.undecided
    assert (effect.estimated, effect.p_value, effect.refuting) == (False, 1.0, None)
    row = json.loads(json.dumps(effect.to_json(), allow_nan=False))
    assert (row["estimate"], row["low"], row["high"]) == (None, None, None)
    assert Effect.from_json(row) == effect


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"low": 0.3}, "interval must be ordered"),
        ({"p_value": 1.2}, "must lie in"),
        ({"level": 1.0}, "must lie in"),
        ({"alternative": "smaller"}, "must be one of greater, less"),
    ],
)
def test_refuses_what_is_no_result(changed, message):
    with pytest.raises(StatisticsError, match=message):
        Effect(**{**FIELDS, **changed})


def test_without_an_estimate_its_json_form_has_none():
    effect = Effect(**FIELDS, groups={"a": 50}).no_estimate("separation: all wrong")
    row = json.loads(json.dumps(effect.to_json()))
    assert (row["estimate"], row["low"], row["high"]) == (None, None, None)
    assert (row["p_value"], row["undecided"], row["groups"]) == (1.0, "separation: all wrong", {"a": 50})
    assert Effect.from_json(row) == effect


@pytest.mark.parametrize("fields", [{"undecided": ""}, {"undecided": "separation", "estimate": 0.1, "high": 0.2}])
def test_without_an_estimate_there_is_no_number_and_a_reason(fields):
    with pytest.raises(StatisticsError, match="says in `undecided` why there is none"):
        Effect(**{**FIELDS, "estimate": 0.0, "high": 0.0, **fields}, estimated=False)


def test_has_no_truth_value():
    with pytest.raises(TypeError, match="judge it"):
        bool(Effect(**FIELDS))


def test_numpy_scalars_become_builtins():
    import numpy as np

    effect = Effect(**{**FIELDS, "estimate": np.float64(0.1)}, details={"k": np.int64(3), "a": (np.float32(0.5), True)})
    row = effect.to_json()
    assert type(row["estimate"]) is float
    assert row["details"] == {"k": 3, "a": [0.5, True]}
    assert type(row["details"]["k"]) is int


def test_details_that_json_cannot_carry_are_refused():
    with pytest.raises(StatisticsError, match="JSON values only"):
        Effect(**FIELDS, details={"x": object()}).to_json()
    assert Effect(**FIELDS, details={"x": [math.nan, 0.5]}).to_json()["details"] == {"x": [None, 0.5]}


def test_unknown_field_in_json_is_named():
    with pytest.raises(StatisticsError, match="'cohen'"):
        Effect.from_json({**paired_difference(1, 2, 100).to_json(), "cohen": 1})


def test_effects_are_hashable_and_frozen():
    effect = Effect(**FIELDS, details={"x": [1]})
    assert len({effect, Effect(**FIELDS)}) >= 1
    with pytest.raises(AttributeError):
        effect.estimate = 2.0
