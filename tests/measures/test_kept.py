"""Values of measures come back from their form as they were, type for type and bit for bit."""

import json

import numpy as np
import pytest

from ctlab.kept_values import NotKeptError
from ctlab.measures.kept import form_of, kept_value, value_of
from ctlab.statistics.cells.cell import Measured, Place


def back(value):
    return value_of(json.loads(json.dumps(form_of(value), allow_nan=False)))


@pytest.mark.parametrize(
    "value",
    [None, True, 3, "CT0", 0.1 + 0.2, -0.0, [1, (2, [3.5])], (), {"a": 1, 2: [None]}, {("a", 1): {}}, [[], {}]],
)
def test_plain_values_come_back(value):
    assert repr(back(value)) == repr(value)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 5e-324])
def test_every_float_comes_back(number):
    assert back(number).hex() == number.hex()


@pytest.mark.parametrize("dtype", ["float64", "float32", "int32", "int64", "bool"])
def test_arrays_come_back_bit_for_bit(dtype):
    array = np.arange(12).reshape(3, 4).astype(dtype)
    if array.dtype.kind == "f":
        array[0, 0] = np.nan
    found = back({"CT1": array, "CT2": array[:, ::2]})
    assert [each.dtype for each in found.values()] == [array.dtype] * 2
    assert found["CT1"].tobytes() == array.tobytes()
    assert found["CT2"].tobytes() == array[:, ::2].tobytes()
    found["CT1"][0] = 1  # as writable as what was worked out


def test_cells_come_back():
    cell = Measured(
        place=Place(thought="CT1", place="step 2", value=2.0), values=np.array([0.5, -1.0]), more={"rate": 0.25}
    )
    found = back([cell])[0]
    assert (found.place, found.more, found.values.tolist()) == (cell.place, cell.more, cell.values.tolist())


@pytest.mark.parametrize("value", [object(), {1, 2}, [lambda: 1], np.float64(1.0), np.array(["a"])])
def test_other_values_have_no_form(value):
    with pytest.raises(NotKeptError):
        form_of(value)


def test_a_form_of_nothing_known_is_refused():
    with pytest.raises(ValueError, match="no 'picture'"):
        value_of({"picture": 1})


def test_wrong_arguments_are_pythons_to_refuse():
    @kept_value
    def measure(run):
        return run

    with pytest.raises(TypeError, match="measure"):
        measure()
