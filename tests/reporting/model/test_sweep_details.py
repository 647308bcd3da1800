"""What a claim keeps of a sweep is read as the sweep wrote it."""

import json

import pytest

from ctlab.reporting.model.effects import Details
from ctlab.reporting.model.sweep_details import SweepGrid
from ctlab.statistics import most_in_sweep
from ctlab.sweeps import Grid
from tests.reporting.fake_sweep import sweep_details
from tests.statistics.fake_runs import Question
from tests.statistics.many.test_all_cells import outcomes
from tests.statistics.many.test_most import swept

GRIDS = [
    Grid(positions=("CT0", "CT1", "CT2"), layers=(0, 3), heads=(1, 2, 5)),
    Grid(readers=("CT1", "answer")),
    Grid(layers=(0, 1), readers=("later", "answer"), edgeless=frozenset({("thoughts", "answer")})),
    Grid(
        positions=("CT0", "CT1", "CT2"),
        heads=(0, 1),
        readers=("CT0", "CT1", "answer"),
        edgeless=frozenset({("CT1", "CT1"), ("CT2", "CT0")}),
    ),
    Grid(positions=("CT0", "end"), layers=(0, 1), edgeless=frozenset({("end", "later")})),
]


@pytest.mark.parametrize("grid", GRIDS, ids=lambda grid: "-".join(grid.axes))
def test_places_are_those_of_the_sweep(grid):
    read = SweepGrid.model_validate(json.loads(json.dumps(grid.to_json())))
    assert dict(read.axes) == dict(grid.axes)
    assert [list(place) for place in read.places] == grid.places.tolist()


def test_the_statistic_writes_what_is_read():
    grid = GRIDS[0]
    effect = most_in_sweep(swept(outcomes(cells=18, effects=(0.0, 0.3)), grid), Question("decrease", alpha=0.05))
    read = Details.model_validate(json.loads(json.dumps(effect.to_json()["details"]))).known.sweep
    assert read is not None
    assert (read.cell, read.n, read.alpha) == (1, 300, 0.05)
    assert [*read.estimates] == effect.details["sweep"]["estimates"]
    assert [*read.marked] == effect.details["sweep"]["marked"]
    assert any(read.marked)


@pytest.mark.parametrize(
    "wrong",
    [
        {"estimates": [0.0] * 5},
        {"marked": [True]},
        {"cell": 6},
        {"grid": {}},
        {"grid": {"positions": ["CT0", "CT1", "CT2"]}},
        {"alpha": 0.0},
        {"estimates": ["a"] * 6},
    ],
    ids=str,
)
def test_another_form_is_kept_as_it_is(wrong):
    whole = sweep_details(positions=["CT0", "CT1", "CT2"], layers=[0, 1])
    assert Details.model_validate({"sweep": whole}).known.sweep is not None
    details = Details.model_validate({"sweep": whole | wrong})
    assert details.known.sweep is None
    assert details.rest(()) == {"sweep": whole | wrong}
