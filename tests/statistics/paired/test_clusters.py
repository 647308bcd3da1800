import numpy as np
import pytest
from scipy.stats import ttest_1samp

from ctlab.errors import StatisticsError
from ctlab.statistics import clustered_difference


def test_clusters_of_one_problem_are_a_t_test():
    generator = np.random.default_rng(0)
    before, after = generator.random(200) < 0.8, generator.random(200) < 0.7
    effect = clustered_difference(before, after, list(range(200)))
    expected = ttest_1samp(after.astype(int) - before.astype(int), 0.0)
    interval = expected.confidence_interval(0.95)
    assert effect.p_value == pytest.approx(expected.pvalue)
    assert (effect.low, effect.high) == pytest.approx((interval.low, interval.high))
    assert effect.details["design_effect"] == pytest.approx(1.0)


def test_equal_clusters_are_a_t_test_of_their_means():
    generator = np.random.default_rng(1)
    before, after = generator.random(200) < 0.8, generator.random(200) < 0.7
    means = (after.astype(int) - before.astype(int)).reshape(20, 10).mean(axis=1)
    effect = clustered_difference(before, after, np.repeat(np.arange(20), 10).tolist(), alternative="less")
    assert effect.p_value == pytest.approx(ttest_1samp(means, 0.0, alternative="less").pvalue)


def test_copies_of_a_problem_add_nothing():
    before, after = [True] * 30, [True, False, False] * 10
    alone = clustered_difference(before, after, list(range(30)))
    copied = clustered_difference(before * 5, after * 5, list(range(30)) * 5)
    assert copied.estimate == alone.estimate
    assert copied.p_value == pytest.approx(alone.p_value)
    assert copied.details["design_effect"] > 4.5


def test_clusters_that_do_not_differ_decide_nothing():
    effect = clustered_difference([True] * 6, [True, False] * 3, [0, 0, 1, 1, 2, 2])
    assert effect.undecided


@pytest.mark.parametrize(
    ("before", "clusters", "message"),
    [
        ([True] * 3, [0, 1], "one value a problem"),
        ([], [], "one value a problem"),
        ([True] * 3, [0] * 3, "two clusters"),
    ],
)
def test_bad_input(before, clusters, message):
    with pytest.raises(StatisticsError, match=message):
        clustered_difference(before, before, clusters)
