import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from ctlab.errors import StatisticsError
from ctlab.statistics import auc
from tests.statistics.fake_runs import Question

CLAIM = Question("increase", alpha=0.05)


def sample(seed=0, n=300, shift=0.5):
    generator = np.random.default_rng(seed)
    positive = generator.random(n) < 0.3
    return (generator.normal(size=n) + shift * positive).tolist(), positive.tolist()


def test_area_by_counting_pairs_and_p_by_scipy():
    values, positive = sample()
    effect = auc(values, positive, CLAIM)
    ones = [v for v, yes in zip(values, positive, strict=True) if yes]
    zeros = [v for v, yes in zip(values, positive, strict=True) if not yes]
    pairs = [(a > b) + 0.5 * (a == b) for a in ones for b in zeros]
    assert effect.estimate == pytest.approx(sum(pairs) / len(pairs))
    assert effect.p_value == pytest.approx(mannwhitneyu(ones, zeros, alternative="greater").pvalue)
    assert effect.low < effect.estimate < effect.high
    assert effect.groups == {"positive": len(ones), "negative": len(zeros)}


def test_interval_agrees_with_a_bootstrap():
    values, positive = map(np.array, sample(n=600))
    generator = np.random.default_rng(1)
    drawn = []
    for _ in range(800):
        rows = generator.integers(0, 600, 600)
        v, p = values[rows], positive[rows]
        ranks = v.argsort().argsort() + 1.0
        drawn.append((ranks[p].sum() - p.sum() * (p.sum() + 1) / 2) / (p.sum() * (~p).sum()))
    effect = auc(values.tolist(), positive.tolist(), CLAIM)
    assert (effect.low, effect.high) == pytest.approx(tuple(np.quantile(drawn, [0.05, 0.95])), abs=0.015)


def test_ties_count_one_half_and_sides_mirror():
    assert auc([1, 1, 1, 1], [True, False, True, False], CLAIM).estimate == 0.5
    values, positive = sample()
    up, down = auc(values, positive, CLAIM), auc(values, [not yes for yes in positive], Question("decrease"))
    assert up.estimate == pytest.approx(1 - down.estimate)
    assert up.p_value == pytest.approx(down.p_value)


def test_perfect_separation_keeps_a_finite_interval():
    effect = auc(range(120), [row >= 60 for row in range(120)], CLAIM)
    assert effect.estimate == 1.0
    assert 0.9 < effect.low < effect.high == 1.0


def test_a_margin_is_distance_from_one_half():
    effect = auc(*sample(shift=1.5), Question("increase", margin=0.1))
    assert effect.boundary == 0.6
    assert effect.p_value < 0.01


@pytest.mark.parametrize(
    ("values", "positive", "message"),
    [
        ([1.0], [True, False], "must pair up"),
        ([1.0, 2.0], [True, True], "fill both"),
        ([1.0, float("nan")], [True, False], "a measurement must be a finite number"),
    ],
)
def test_bad_input(values, positive, message):
    with pytest.raises(StatisticsError, match=message):
        auc(values, positive, CLAIM)
