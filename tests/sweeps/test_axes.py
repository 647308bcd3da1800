"""What somebody asks to sweep over, spelled out or refused in one sentence."""

import numpy as np
import pytest

from ctlab.errors import InputError
from ctlab.sweeps import axes
from ctlab.sweeps.axes import read_grid, refuse_too_large, whole_axes

CARD = {"num_thoughts": 3, "num_layers": 2, "num_heads": 4}


def test_all_is_every_value_that_the_model_has() -> None:
    grid = read_grid(CARD, "all", "all", "all", "all")
    assert grid.positions == grid.readers == ("CT0", "CT1", "CT2")
    assert (grid.layers, grid.heads) == ((0, 1), (0, 1, 2, 3))


def test_one_value_several_and_ranges() -> None:
    grid = read_grid(CARD, "CT1", 1, range(2), ["answer"])
    assert (grid.positions, grid.layers, grid.heads, grid.readers) == (("CT1",), (1,), (0, 1), ("answer",))


def test_arrays_are_lists_of_numbers() -> None:
    grid = read_grid(CARD, np.array(["CT0", "CT2"]), heads=np.arange(3))
    assert (grid.positions, grid.heads) == (("CT0", "CT2"), (0, 1, 2))
    assert all(type(head) is int for head in grid.heads), "numpy's own numbers are no JSON"


def test_pairs_that_no_edge_joins_have_no_cell() -> None:
    grid = read_grid(CARD, "all", readers=["CT1", "CT2", "thoughts", "answer", "end"])
    missing = {("CT0", "CT0"), ("CT1", "CT1"), ("CT2", "CT1"), ("CT2", "CT2"), ("CT2", "thoughts")} - {("CT0", "CT0")}
    assert grid.edgeless == missing
    assert len(grid) == 15 - 4
    every = read_grid(CARD, ["begin", "end", "question", "question-control", "thoughts"], readers=["begin", "later"])
    assert every.edgeless == {("begin", "begin"), ("end", "begin"), ("thoughts", "begin")}


def test_every_cell_that_is_left_is_a_condition() -> None:
    grid = read_grid(
        CARD,
        ["CT0", "CT2", "begin", "end", "question", "question-control", "thoughts"],
        readers=["later", "thoughts", "answer", "CT2", "end", "begin"],
    )
    assert len({cell.condition.digest for cell in grid.cells}) == len(grid)


def test_nothing_is_refused_that_nobody_knows_of_the_model() -> None:
    assert read_grid({}, ["CT9"], [40], [31]).shape == (1, 1, 1)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"positions": "CT3"}, "positions: CT3 does not exist, this model has CT0 … CT2"),
        (
            {"positions": ["ct0"]},
            "positions are CT0, CT1 …, thoughts, question, question-control, begin, end; not 'ct0'",
        ),
        ({"positions": "later"}, "positions are CT0"),
        ({"positions": [0]}, "positions are CT0, CT1 …, .*; not 0"),
        ({"positions": 3}, "positions: write positions='all', or a list such as"),
        ({"positions": []}, "positions is empty, so that there would be no cell; leave it out where it is not swept"),
        ({"positions": ["CT0", "CT0"]}, "positions names 'CT0' twice"),
        ({"layers": 2}, "layers: 2 does not exist, this model has layers 0 … 1"),
        ({"layers": []}, "layers is empty"),
        ({"layers": "first"}, r"layers are numbers from 0, not 'first': layers='all', or a list such as \[0, 1\]"),
        ({"layers": [0, True]}, "layers are numbers from 0, not True"),
        ({"layers": [-1]}, "layers are numbers from 0, not -1"),
        ({"layers": [0.5]}, "layers are numbers from 0, not 0.5"),
        ({"heads": range(5)}, "heads: 4 does not exist, this model has heads 0 … 3"),
        ({"heads": {0: 1}}, "heads: write heads='all', or a list"),
        ({"heads": np.array([0.5])}, "heads are numbers from 0, not 0.5"),
        ({"heads": np.array(1)}, r"heads: write heads='all', or a list such as \[0, 1\]; not"),
        ({"readers": "question"}, "readers are CT0, CT1 …, later, thoughts, answer, begin, end; not 'question'"),
        ({"positions": ["CT2"], "readers": ["thoughts"]}, "no cell of this sweep hides anything"),
        ({}, "a sweep needs an axis"),
    ],
)
def test_wrong_axes_are_one_sentence(asked: dict, said: str) -> None:
    with pytest.raises(InputError, match=said) as refused:
        read_grid(CARD, **asked)
    assert "\n" not in str(refused.value)


def test_all_of_what_the_model_lacks_or_nobody_knows_is_refused() -> None:
    with pytest.raises(InputError, match="heads='all': nobody knows how many heads this model has; list them"):
        read_grid({"num_thoughts": 3}, heads="all")
    with pytest.raises(InputError, match="positions='all' is every thought, and this model has none; name them"):
        read_grid({"num_thoughts": 0}, positions="all")


def test_too_many_cells_are_refused_before_any_is_made() -> None:
    with pytest.raises(InputError, match="a sweep has at most 1,000,000 cells, and these axes span 4,000,000"):
        read_grid({"num_layers": 2000, "num_heads": 2000}, layers="all", heads="all")


def test_what_memory_cannot_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(axes, "_memory", lambda: 2**30)
    refuse_too_large(99, 1_000_000)
    with pytest.raises(InputError, match=r"labels and lengths of 999 cells × 1,000,000 problems take 4\.7 GiB"):
        refuse_too_large(999, 1_000_000)
    monkeypatch.setattr(axes, "_memory", lambda: 0)
    refuse_too_large(999, 1_000_000)


@pytest.mark.parametrize(
    ("axes", "whole"),
    [
        ({"positions": "all", "layers": "all", "heads": "all"}, ("position", "layer", "head")),
        ({"positions": "all", "readers": "all"}, ("position", "reader")),
        ({"positions": ["CT0", "CT1"], "layers": [0, 1, 2]}, ("layer",)),
        ({"layers": [0, 1], "readers": ["answer"]}, ()),
    ],
)
def test_an_axis_is_whole_with_every_value_of_the_model(axes, whole):
    card = {"num_thoughts": 3, "num_layers": 3, "num_heads": 2}
    assert whole_axes(card, read_grid(card, **axes)) == whole
    assert whole_axes({}, read_grid(card, **axes)) == ()
