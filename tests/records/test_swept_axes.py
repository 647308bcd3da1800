"""The axes of a claim's sweep: one form for what is meant alike, and a sentence for what is no axis."""

import json

import pytest

from ctlab.claims import SweptAxes
from ctlab.errors import RegistryError


def test_one_value_is_a_tuple_of_one():
    assert SweptAxes(positions="CT1", layers=2) == SweptAxes(positions=("CT1",), layers=(2,))
    assert SweptAxes(positions="all").positions == "all"


@pytest.mark.parametrize(
    "axes",
    [
        {"positions": "all"},
        {"layers": 0},
        {"positions": ("CT0", "question"), "layers": (0, 2), "heads": "all", "readers": "answer"},
    ],
)
def test_they_come_back_from_json(axes):
    axes = SweptAxes(**axes)
    assert SweptAxes.from_json(json.loads(json.dumps(axes.to_json()))) == axes


def test_what_is_not_swept_is_left_out():
    assert SweptAxes(layers=(0, 1), readers="answer").to_json() == {"layers": [0, 1], "readers": ["answer"]}


def test_words():
    axes = SweptAxes(positions="all", layers=(0, 1), readers="answer")
    assert axes.words == "positions all, layers 0 and 1, readers answer"


@pytest.mark.parametrize(
    ("axes", "said"),
    [
        ({}, "A sweep: it has no positions, layers, heads or readers; name one axis at least"),
        ({"positions": ["CT0"]}, r"positions is a tuple of names, got \['CT0'\]; write \('CT0',\)"),
        ({"layers": "first"}, "layers is a tuple of numbers, got 'first'"),
        ({"layers": True}, "layers is a tuple of numbers, got True"),
        ({"layers": (0, True)}, r"layers are numbers from 0; write 'all', or a tuple such as \(0, 1\)"),
        ({"heads": -1}, "heads are numbers from 0"),
        ({"heads": (1, 1)}, "heads names 1 twice"),
        ({"layers": (0, 0)}, "layers names 0 twice"),
        ({"readers": ("answer", 3)}, "readers is a tuple of names, and holds 3"),
        ({"readers": ("answer", "answer")}, "readers names 'answer' twice"),
    ],
)
def test_what_is_no_axis_is_a_sentence(axes, said):
    with pytest.raises(RegistryError, match=said) as refused:
        SweptAxes(**axes)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("grid", "axis"),
    [
        ({"position": ("CT0", "CT1"), "layer": (0, 1)}, ""),
        ({"position": ("CT0", "CT1"), "layer": (1, 0)}, "layers"),
        ({"position": ("CT0", "CT1"), "layer": (0,)}, "layers"),
        ({"position": ("CT0", "CT1")}, "layers"),
        ({"layer": (0, 1)}, "positions"),
        ({"position": ("CT0", "CT1"), "layer": (0, 1), "reader": ("answer",)}, "readers"),
    ],
)
def test_a_grid_over_something_else_is_seen(grid, axis):
    assert SweptAxes(positions="all", layers=(0, 1)).unlike(grid, ["position"] if "position" in grid else []) == axis


def test_all_is_all_there_is():
    axes = SweptAxes(positions="all", layers="all")
    grid = {"position": ("CT0", "CT1"), "layer": (0, 1)}
    assert axes.unlike(grid, ["position", "layer"]) == ""
    assert axes.unlike(grid, ["position"]) == "layers"
    assert axes.unlike(grid, []) == "positions"


@pytest.mark.parametrize("form", [{"positions": "CT0"}, {"layers": 3}])
def test_one_value_may_stand_alone_in_json(form):
    assert SweptAxes.from_json(form) == SweptAxes(**form)
