import numpy as np
import pytest

from benchmarks.calibration_simulated import most
from ctlab.errors import StatisticsError
from ctlab.statistics import measured_mean, some_measured_mean
from ctlab.statistics.cells.cell import Measured, Place
from tests.statistics.fake_runs import Question

ASKED = Question("increase", margin=0.25, alpha=0.05)
WORDS = {"asks": "carries", "labels": ("carried", "not carried"), "bounds": (-2.0, 2.0)}


def cell(thought, share, n=200, **more):
    values = np.array([1.0] * round(share * n) + [0.0] * (n - round(share * n)))
    return Measured(place=Place(thought=f"CT{thought}", place="step 1", value=1.0), values=values, more=more)


def test_a_cell_is_a_measured_mean_at_its_share_of_alpha():
    made = [cell(0, 0.9, rate=0.9), cell(1, 0.0), cell(2, 0.23), cell(3, 0.9, n=49)]
    effect = some_measured_mean(made, ASKED, **WORDS)
    rows = effect.details["cells"]
    assert [row["label"] for row in rows] == ["carried", "not carried", "unknown", "unknown"]
    for row, each in zip(rows[:3], made, strict=False):
        alone = measured_mean(each.values, Question("increase", margin=0.25, alpha=0.05 / 3), bounds=(-2.0, 2.0))
        assert (row["low"], row["high"], row["p_value"]) == (alone.low, alone.high, alone.p_value)
    assert effect.p_value == min(1.0, 3 * rows[0]["p_value"])
    assert (rows[0]["rate"], rows[3]["estimate"]) == (0.9, None)


def test_all_cells_below_the_margin_refute():
    effect = some_measured_mean([cell(0, 0.0), cell(1, 0.05)], ASKED, **WORDS)
    assert effect.refuting[1] < 0.25
    assert effect.p_value == 1.0


def test_without_a_cell_that_is_large_enough_there_is_no_estimate():
    effect = some_measured_mean([cell(0, 0.9, n=49)], ASKED, **WORDS)
    assert (effect.estimated, effect.undecided) == (False, "no cell has 50 problems")


@pytest.mark.parametrize(("cells", "asked"), [([], ASKED), ([cell(0, 1.0)], Question("decrease", margin=0.25))])
def test_no_cell_and_another_side_are_refused(cells, asked):
    with pytest.raises(StatisticsError, match="takes cells and the direction increase"):
        some_measured_mean(cells, asked, **WORDS)


@pytest.mark.parametrize("runs", [pytest.param(60, marks=pytest.mark.slow), pytest.param(300, marks=pytest.mark.long)])
def test_of_many_cells_at_the_margin_some_is_wrongly_labelled_no_more_often_than_alpha(runs):
    """Ten cells of 60 problems, rates of hits exactly at the margin, hits of a problem tied over cells."""
    wrong = 0
    for seed in range(runs):
        generator = np.random.default_rng(seed)
        shared, own, tied = generator.random((60, 1)), generator.random((60, 10)), generator.random((60, 1)) < 0.5
        hits = np.where(tied, shared, own) < 0.25
        made = [Measured(place=Place(thought=f"CT{k}", place=""), values=hits[:, k].astype(float)) for k in range(10)]
        effect = some_measured_mean(made, ASKED, asks="carries", labels=("carried", "not carried"), bounds=(0.0, 1.0))
        wrong += any(row["label"] == "carried" for row in effect.details["cells"])
    assert wrong / runs <= most(0.05, runs)
