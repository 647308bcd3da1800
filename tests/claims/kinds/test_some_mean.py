from dataclasses import replace

import numpy as np
import pytest

from ctlab.claims import Direction, Kind, judge
from ctlab.errors import RegistryError
from ctlab.statistics import some_measured_mean
from tests.claims.kinds.making_kinds import ALPHA, claim, promise
from tests.statistics.cells.test_some_mean import WORDS, cell
from tests.statistics.fake_runs import Question

SOME = claim(Direction.INCREASE, kind=Kind.SOME_MEAN, margin=0.25, conditions=("baseline",), needs="H")
ASKED = Question("increase", margin=0.25, alpha=ALPHA)


def test_it_says_which_cell_decides_and_what_all_of_them_show():
    found = judge(SOME, some_measured_mean([cell(0, 0.9), cell(1, 0.0)], ASKED, **WORDS), alpha=ALPHA)
    assert found.verdict == "SUPPORTED"
    assert found.noun == "mean over problems of the cell that decides, CT0 at step 1"
    assert found.why.endswith("Of 2 cells, judged together: 1 carried and 1 not carried.")
    assert found.null == "no cell's mean lies above 25.0 points"


def test_where_no_cell_holds_it_is_refuted():
    found = judge(SOME, some_measured_mean([cell(0, 0.0), cell(1, 0.02)], ASKED, **WORDS), alpha=ALPHA)
    assert found.verdict == "REFUTED"


def test_a_cell_that_is_too_small_to_be_tested_may_be_the_one_that_holds():
    small, empty = replace(cell(2, 1.0), values=np.ones(43)), replace(cell(2, 1.0), values=np.ones(0))
    found = judge(SOME, some_measured_mean([cell(0, 0.0), cell(1, 0.02), small], ASKED, **WORDS), alpha=ALPHA)
    assert found.verdict == "INCONCLUSIVE"
    assert found.why.endswith("1 with too few problems was not tested: without these that no cell holds is not shown.")
    assert judge(SOME, some_measured_mean([cell(0, 0.9), small], ASKED, **WORDS), alpha=ALPHA).verdict == "SUPPORTED"
    nothing = some_measured_mean([cell(0, 0.0), cell(1, 0.02), empty], ASKED, **WORDS)
    assert judge(SOME, nothing, alpha=ALPHA).verdict == "REFUTED", "of no problem nothing can hold"


def test_another_side_is_refused_and_nothing_is_promised():
    with pytest.raises(RegistryError, match="some cell's mean exceeds a margin"):
        claim(Direction.DECREASE, kind=Kind.SOME_MEAN, margin=0.25)
    assert promise(SOME).note.startswith("not known beforehand: ")
