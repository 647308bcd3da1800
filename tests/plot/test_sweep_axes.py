"""A sweep's map: what stands in each cell, which are marked, which is framed."""

import matplotlib.pyplot as plt
import pytest

from ctlab import plot
from ctlab.errors import InputError
from ctlab.sweeps import Grid, sweep_effects
from tests.statistics.many.test_all_cells import outcomes
from tests.statistics.many.test_most import GRID, swept

EFFECTS = sweep_effects(swept(outcomes(effects=(0.0, 0.0, 0.0, 0.3))))


@pytest.fixture(autouse=True)
def closed():
    plt.switch_backend("agg")
    yield
    plt.close("all")


def test_panels_hold_the_differences_and_mark_what_does_not_differ():
    panels = plot.sweep_map(EFFECTS, title="hidden")
    assert [axes.get_title() for axes in panels] == ["CT0", "CT1", "CT2"]
    first = panels[0]
    points = 100 * EFFECTS.cells.estimate[:4]
    assert first.images[0].get_array().ravel().tolist() == pytest.approx(points.tolist())
    low, high = first.images[0].get_clim()
    assert -low == high == pytest.approx(100 * abs(EFFECTS.cells.estimate).max())
    said = [text.get_text().replace("−", "-") for text in first.texts]
    assert [float(text) for text in said] == pytest.approx(points, abs=0.05)
    corners = sum(len(axes.collections[0].get_paths()) for axes in panels)
    assert corners == (~EFFECTS.cells.marked).sum() > 0
    framed = [[patch.get_xy() for patch in axes.patches] for axes in panels]
    assert framed == [[(0.5, 0.5)], [], []], "layer 1, head 1 of CT0"
    legend = [text.get_text() for text in first.figure.legends[0].get_texts()]
    assert legend[0] == "grey corner: not shown to differ from 0, all 12 cells together at α = 0.05"
    assert legend[1].startswith("CT0, layer 1, head 1: ")


def test_other_axes_and_one_alone():
    (panel_0, panel_1) = plot.sweep_map(EFFECTS, rows="position", columns="layer")
    assert [panel_0.get_title(), panel_1.get_title()] == ["head 0", "head 1"]
    assert panel_0.images[0].get_array().shape == (3, 2)
    line = sweep_effects(swept(outcomes(cells=3), Grid(positions=("CT0", "CT1", "CT2"))))
    (only,) = plot.sweep_map(line)
    assert only.images[0].get_array().shape == (1, 3)
    assert only.get_xlabel() == "position"


def test_many_cells_have_no_numbers_and_places_without_an_edge_nothing():
    grid = Grid(positions=("CT0", "CT1"), readers=("CT1", "answer"), edgeless=frozenset({("CT1", "CT1")}))
    (panel,) = plot.sweep_map(sweep_effects(swept(outcomes(cells=3), grid)))
    assert panel.images[0].get_array().mask.sum() == 1
    assert len(panel.texts) == 3
    (*_, last) = plot.sweep_map(EFFECTS, numbered=False)
    assert not last.texts


def test_what_cannot_be_drawn_is_refused():
    for wrong, said in (({"rows": "depth"}, "no axis 'depth'"), ({"rows": "head", "columns": "head"}, "two axes")):
        with pytest.raises(InputError, match=said):
            plot.sweep_map(EFFECTS, **wrong)
    with pytest.raises(InputError, match="sweep_effects returned"):
        plot.sweep_map(GRID)
