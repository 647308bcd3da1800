import random

import pytest

from ctlab.errors import StatisticsError
from ctlab.statistics.moderators.correlation import correlation


def test_agrees_with_r():
    # R: x <- c(44.4,45.9,41.9,53.3,44.7,44.1,50.7,45.2,60.1); y <- c(2.6,3.1,2.5,5.0,3.6,4.0,5.2,2.8,3.8)
    # cor.test(x, y): r = 0.5711816, 95 % interval -0.1497426 to 0.8955795, p = 0.1082 (the example of ?cor.test)
    x = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1]
    y = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8]
    effect = correlation(x, y)
    assert effect.estimate == pytest.approx(0.5711816, abs=5e-8)
    assert (effect.low, effect.high) == pytest.approx((-0.1497426, 0.8955795), abs=5e-8)
    assert effect.p_value == pytest.approx(0.1082, abs=5e-5)


@pytest.mark.parametrize("method", ["pearson", "spearman"])
def test_agrees_with_scipy_on_ties(method):
    from scipy import stats

    source = random.Random(3)
    x = [float(source.randint(1, 5)) for _ in range(400)]
    y = [float(source.choice((-1, 0, 0, 0, 1)) * (value > 1)) for value in x]
    expected = (stats.pearsonr if method == "pearson" else stats.spearmanr)(x, y)
    effect = correlation(x, y, method=method)
    assert effect.estimate == pytest.approx(expected.statistic, abs=1e-12)
    assert effect.p_value == pytest.approx(expected.pvalue, rel=1e-9)


def test_perfect_correlation_has_no_spread():
    effect = correlation([1, 2, 3, 4], [2, 4, 6, 8])
    assert (effect.estimate, effect.low, effect.high, effect.p_value) == (1.0, 1.0, 1.0, 0.0)


@pytest.mark.parametrize(
    ("x", "y", "method", "words"),
    [
        ([1, 2, 3, 4], [1, 1, 1, 1], "pearson", "constant"),
        ([1, 2, 3], [1, 2, 3], "pearson", "at least 4"),
        ([1, 2, 3, 4], [1, 2, 3], "pearson", "pair up"),
        ([1, 2, 3, float("nan")], [1, 2, 3, 4], "pearson", "finite"),
        ([1, 2, 3, 4], [1, 2, 3, 4], "kendall", "pearson, spearman"),
    ],
)
def test_bad_input_is_refused(x, y, method, words):
    with pytest.raises(StatisticsError, match=words):
        correlation(x, y, method=method)
