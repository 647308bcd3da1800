"""Cells are conditions; a grid counts them in the order of its axes and leaves out what hides nothing."""

import json

import numpy as np
import pytest

from ctlab import Condition
from ctlab.errors import InputError
from ctlab.interventions import usual_conditions
from ctlab.sweeps import Cell, Grid


def test_a_cell_is_the_condition_that_its_axes_say() -> None:
    cell = Cell(position="CT1", layer=2, head=3, reader="answer")
    said = [{"keys": ["CT1"], "readers": "answer", "layers": [2], "heads": [3]}]
    assert cell.condition == Condition.from_json({"name": "ct1_from_answer_layer2_head3", "interventions": said})
    assert cell.words == "CT1, layer 2, head 3, from answer"


def test_axes_that_are_not_swept_hide_every_thought_from_all_that_comes_later() -> None:
    said = [{"keys": "thoughts", "readers": "later", "layers": [0]}]
    assert (
        Cell(layer=0).condition.interventions == Condition.from_json({"name": "x", "interventions": said}).interventions
    )
    assert Cell(layer=0).to_json() == {"layer": 0}


@pytest.mark.parametrize("reader", ["CT3", "end", "answer", "thoughts", "later"])
@pytest.mark.parametrize("position", ["CT2", "begin", "question", "question-control", "thoughts"])
def test_every_cell_has_a_name_that_a_condition_may_have(position: str, reader: str) -> None:
    assert Cell(position=position, reader=reader, head=0).condition.name.isidentifier()


def test_a_cell_of_all_layers_and_heads_is_stored_as_the_usual_condition_is() -> None:
    usual = usual_conditions(6)
    assert Cell(position="CT0").condition.digest == usual["ct0_blocked"].digest
    assert Cell(position="CT4", reader="answer").condition.digest == usual["ct4_from_answer"].digest


def test_cells_are_counted_with_the_last_axis_fastest() -> None:
    grid = Grid(positions=("CT0", "CT1"), layers=(0, 2), heads=(1,))
    assert [(cell.position, cell.layer, cell.head) for cell in grid.cells] == [
        ("CT0", 0, 1),
        ("CT0", 2, 1),
        ("CT1", 0, 1),
        ("CT1", 2, 1),
    ]
    assert grid.shape == (2, 2, 1)
    assert len(grid) == 4
    assert grid.number(position="CT1", layer=0, head=1) == 2
    assert grid.along("layer").tolist() == [0, 1, 0, 1]
    assert grid.spread([0, 1, 2, 3])[1, 1, 0] == 3


def test_places_without_an_edge_have_no_cell_and_keep_their_place_empty() -> None:
    grid = Grid(positions=("CT0", "CT1"), readers=("CT1", "answer"), edgeless=frozenset({("CT1", "CT1")}))
    assert [cell.words for cell in grid.cells] == ["CT0, from CT1", "CT0, from answer", "CT1, from answer"]
    assert np.isnan(grid.spread([1, 2, 3])[1, 0])
    assert grid.spread([1, 2, 3])[1, 1] == 3


def test_names_of_cells_differ() -> None:
    grid = Grid(
        positions=("begin", "CT1", "CT11", "thoughts"), layers=(1, 11), heads=(1, 11), readers=("later", "answer")
    )
    assert len({cell.name for cell in grid.cells}) == len(grid) == 32
    assert len({cell.condition.digest for cell in grid.cells}) == 32


@pytest.mark.parametrize(
    "grid",
    [
        Grid(positions=("CT0", "CT1"), readers=("CT1", "answer"), edgeless=frozenset({("CT1", "CT1")})),
        Grid(layers=(0, 3), heads=(7,)),
    ],
)
def test_a_grid_survives_json(grid: Grid) -> None:
    assert Grid.from_json(json.loads(json.dumps(grid.to_json()))) == grid


def test_wrong_requests_are_said() -> None:
    grid = Grid(positions=("CT0",), layers=(0,))
    with pytest.raises(InputError, match="a sweep needs an axis"):
        Grid()
    with pytest.raises(InputError, match="no cell of this sweep hides anything"):
        Grid(positions=("CT1",), readers=("CT0",), edgeless=frozenset({("CT1", "CT0")}))
    with pytest.raises(InputError, match="a cell of this sweep has position, layer; not layer"):
        grid.number(layer=0)
    with pytest.raises(InputError, match="the sweep has no cell CT1, layer 0"):
        grid.number(position="CT1", layer=0)
    with pytest.raises(InputError, match="this sweep has no axis 'head'"):
        grid.along("head")
    with pytest.raises(InputError, match="a sweep of 1 cells takes as many numbers"):
        grid.spread([1, 2])
