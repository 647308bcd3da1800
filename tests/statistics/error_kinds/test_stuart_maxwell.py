from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import SquareTable

from ctlab.errors import StatisticsError
from ctlab.statistics import stuart_maxwell

VISION = [[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205], [36, 82, 179, 492]]


def test_published_example_of_unaided_vision():
    # Stuart 1955, 7,477 women's right and left eyes: 11.96 with 3 degrees of freedom; Bhapkar's form of it 11.98
    found = stuart_maxwell(VISION)
    assert (round(found.statistic, 2), found.df) == (11.96, 3)
    assert round(found.statistic / (1 - found.statistic / found.n), 2) == 11.98
    assert found.permutation_p == pytest.approx(found.p_value, abs=0.002)


def test_published_example_with_a_label_that_never_changes():
    # MH program (Uebersax): Stuart-Maxwell 0.667, df 1, p = 0.414; Bhapkar 0.686 on the 24 problems that remain
    found = stuart_maxwell([[30, 0, 0], [0, 10, 2], [0, 4, 8]])
    assert (round(found.statistic, 3), found.df, round(found.p_value, 3)) == (0.667, 1, 0.414)
    assert round(found.statistic / (1 - found.statistic / 24), 3) == 0.686


@given(st.lists(st.integers(1, 40), min_size=16, max_size=16))
def test_agrees_with_statsmodels_without_shifting_zeros(cells):
    table = np.array(cells).reshape(4, 4)
    expected = SquareTable(table, shift_zeros=False).homogeneity(method="stuart_maxwell")
    found = stuart_maxwell(table.tolist())
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-6, abs=1e-9)
    assert found.df == expected.df
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-6)


def test_two_labels_are_mcnemar():
    found = stuart_maxwell([[40, 15], [5, 40]])
    assert found.statistic == pytest.approx(10**2 / 20)


def test_groups_that_trade_only_among_themselves_add_up():
    table = np.zeros((4, 4), int)
    table[0, 1], table[1, 0], table[2, 3], table[3, 2] = 15, 5, 9, 3
    found = stuart_maxwell(table.tolist())
    assert found.statistic == pytest.approx(10**2 / 20 + 6**2 / 12)
    assert found.df == 2


def test_permutations_agree_with_enumeration():
    table = [[5, 4, 0], [1, 5, 3], [0, 0, 5]]
    found = stuart_maxwell(table)
    moves = [(0, 1)] * 4 + [(1, 0)] + [(1, 2)] * 3
    reached = total = 0
    for swaps in product((False, True), repeat=len(moves)):
        swapped = np.zeros((3, 3), int)
        for (row, column), swap in zip(moves, swaps, strict=True):
            swapped[(column, row) if swap else (row, column)] += 1
        total += 1
        difference = swapped.sum(axis=1) - swapped.sum(axis=0)
        both = np.array(table) + np.array(table).T
        np.fill_diagonal(both, 0)
        inverse = np.linalg.pinv(np.diag(both.sum(axis=1)) - both)
        reached += difference @ inverse @ difference >= found.statistic - 1e-9
    assert found.permutation_p == pytest.approx(reached / total, abs=0.01)


def test_nothing_changed_is_p_one():
    found = stuart_maxwell([[30, 0], [0, 20]])
    assert (found.p_value, found.permutation_p, found.changed, found.df) == (1.0, 1.0, 0, 0)


@pytest.mark.parametrize("table", [[[1, 2]], [], [[0, 0], [0, 0]], [[1, -1], [2, 3]], [[1, float("nan")], [2, 3]]])
def test_bad_tables(table):
    with pytest.raises(StatisticsError, match="Stuart-Maxwell needs"):
        stuart_maxwell(table)
