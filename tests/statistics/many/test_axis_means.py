import numpy as np
import pytest
from scipy.stats import ttest_1samp

from ctlab.errors import StatisticsError
from ctlab.statistics.many.axis_means import axis_means
from tests.statistics.many.test_all_cells import outcomes

LAYER = np.arange(12) // 4


def test_a_mean_over_cells_is_that_of_one_number_a_problem():
    right = outcomes(effects=(0.2, 0.2, 0.2, 0.2))
    found = axis_means(right, LAYER)
    assert [(each.place, each.cells) for each in found] == [(0, 4), (1, 4), (2, 4)]
    for each in found:
        values = right[1:][each.place == LAYER].mean(axis=0) - right[0]
        ends = ttest_1samp(values, 0.0).confidence_interval(1 - 0.05 / 3)
        assert each.effect.estimate == pytest.approx(values.mean())
        assert each.effect.level == pytest.approx(1 - 0.05 / 3)
        # Between known bounds it is rather wider than Student's, which trusts its sample's tails.
        assert ends.low - 0.02 < each.effect.low <= ends.low + 0.002
        assert ends.high - 0.002 < each.effect.high < ends.high + 0.02
    assert found[0].effect.high < 0.0


def test_where_nothing_changes_the_mean_is_still_between_its_ends():
    right = outcomes()
    right[1:] = right[0]
    effect = axis_means(right, LAYER)[0].effect
    assert (effect.estimate, effect.p_value, effect.undecided) == (0.0, 1.0, "")
    assert -0.05 < effect.low < 0.0 < effect.high < 0.05


def test_problems_asked_twice_count_once():
    right = outcomes(n=200, effects=(0.2,) * 4)
    twice = axis_means(np.repeat(right, 2, axis=1), LAYER, clusters=np.repeat(np.arange(200), 2).tolist())
    for one, other in zip(axis_means(right, LAYER), twice, strict=True):
        assert other.effect.estimate == pytest.approx(one.effect.estimate)
        assert other.effect.low == pytest.approx(one.effect.low, abs=1e-9)


def test_an_axis_says_of_each_cell_where_it_is():
    with pytest.raises(StatisticsError, match="each of 12 cells"):
        axis_means(outcomes(), np.arange(11))
