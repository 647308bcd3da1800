"""Every cell of a sweep is known as one, and nothing else is."""

import pytest

from ctlab.claims import SweptAxes
from ctlab.interventions import BASELINE, Condition, usual_conditions
from ctlab.lab.swept_conditions import is_cell
from ctlab.sweeps.axes import read_grid

CARD = {"num_thoughts": 6, "num_layers": 3, "num_heads": 4}
SWEEPS = [
    SweptAxes(positions="all"),
    SweptAxes(positions="all", readers="all"),
    SweptAxes(positions=("CT0", "question"), layers="all", readers=("answer", "CT3")),
    SweptAxes(layers=(0, 2), heads="all"),
    SweptAxes(readers=("thoughts", "end")),
]


@pytest.mark.parametrize("sweep", SWEEPS, ids=lambda sweep: sweep.words.replace(" ", "-"))
def test_a_condition_is_a_cell_of_the_sweeps_that_have_it(sweep):
    for other in SWEEPS:
        mine = {cell.condition.digest for cell in read_grid(CARD, **sweep.to_json()).cells}
        for cell in read_grid(CARD, **other.to_json()).cells:
            assert is_cell(sweep, cell.condition) == (cell.condition.digest in mine), cell.words


def test_of_the_usual_conditions_those_that_hide_one_thought_from_one_reader_are():
    found = {name for name, each in usual_conditions(6).items() if is_cell(SweptAxes(positions="all"), each)}
    assert found == {f"ct{k}_blocked" for k in range(6)}
    answer = SweptAxes(positions="all", readers="answer")
    assert {name for name, each in usual_conditions(6).items() if is_cell(answer, each)} >= {"ct0_from_answer"}


def test_what_weakens_hides_two_or_nothing_is_none():
    def hides(**fields):
        edges = {"keys": ["CT0"], "readers": "later", **fields}
        return Condition.from_json({"name": "other", "interventions": [edges]})

    sweep = SweptAxes(positions="all")
    assert is_cell(sweep, hides())
    assert not is_cell(sweep, hides(keep=0.5))
    assert not is_cell(sweep, hides(keys=["CT0", "CT1"]))
    assert not is_cell(sweep, hides(layers=[0]))
    assert not is_cell(sweep, BASELINE)
