import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import brunnermunzel, mannwhitneyu

from ctlab.claims import Direction, Kind
from ctlab.claims.judge import decide
from ctlab.errors import StatisticsError
from ctlab.records import Verdict
from ctlab.statistics import auc
from tests.claims.making import claim
from tests.statistics.fake_runs import Question

CLAIM = Question("increase", alpha=0.05)


def sample(seed=0, n=300, shift=0.5):
    generator = np.random.default_rng(seed)
    positive = generator.random(n) < 0.3
    return (generator.normal(size=n) + shift * positive).tolist(), positive.tolist()


def test_area_by_counting_pairs_and_p_near_scipy():
    values, positive = sample()
    effect = auc(values, positive, CLAIM)
    ones = [v for v, yes in zip(values, positive, strict=True) if yes]
    zeros = [v for v, yes in zip(values, positive, strict=True) if not yes]
    pairs = [(a > b) + 0.5 * (a == b) for a in ones for b in zeros]
    assert effect.estimate == pytest.approx(sum(pairs) / len(pairs))
    # scipy.stats.brunnermunzel(zeros, ones, alternative="less"): the same test without skewness and extra problem
    oracle = brunnermunzel(zeros, ones, alternative="less").pvalue
    assert oracle < effect.p_value == pytest.approx(oracle, rel=0.5)
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


def says_the_same(effect, alpha):
    inside = {
        "greater": effect.low <= effect.boundary,
        "less": effect.high >= effect.boundary,
        "two-sided": effect.low <= effect.boundary <= effect.high,
    }[effect.alternative]
    return (effect.p_value > alpha) == inside


SAMPLES = st.tuples(st.integers(0, 10**6), st.integers(1, 60), st.integers(1, 60), st.sampled_from([0.2, 1, 5, 100]))


@pytest.mark.parametrize(("direction", "margin"), [("increase", 0), ("decrease", 0), ("change", 0), ("increase", 0.3)])
@pytest.mark.parametrize("alpha", [0.05, 0.05 / 6])
@given(sizes=SAMPLES, shift=st.floats(-4, 4))
def test_p_and_the_interval_always_say_the_same(direction, margin, alpha, sizes, shift):
    """Of any size, with ties (whole numbers of different width) and with separation."""
    seed, m, k, width = sizes
    generator = np.random.default_rng(seed)
    values = np.round(width * np.concatenate([generator.normal(shift, 1, m), generator.normal(0, 2, k)]))
    effect = auc(values.tolist(), [row < m for row in range(m + k)], Question(direction, margin=margin, alpha=alpha))
    assert says_the_same(effect, alpha)
    assert 0 <= effect.low <= effect.estimate <= effect.high <= 1


def test_p_and_interval_of_three_hundred_samples_at_a_margin():
    """Before, 3 to 19 of 300 disagreed: p was of the area, the interval of its logit."""
    for margin, shift in ((0.1, 0.74), (0.3, 1.6)):
        for seed in range(300):
            effect = auc(*sample(seed, 200, shift), Question("increase", margin=margin))
            assert says_the_same(effect, 0.05)


def unequal(generator, runs=400):
    """Fifty problems with a large spread against five hundred with a small one: the area is one half."""
    for _ in range(runs):
        yield np.concatenate([generator.normal(0, 4, 50), generator.normal(0, 1, 500)]).tolist()


def test_it_holds_its_level_where_the_rank_test_does_not():
    positive = [row < 50 for row in range(550)]
    drawn = list(unequal(np.random.default_rng(2)))
    wrong = sum(auc(values, positive, CLAIM).p_value <= 0.05 for values in drawn)
    by_ranks = sum(mannwhitneyu(each[:50], each[50:], alternative="greater").pvalue <= 0.05 for each in drawn)
    assert wrong / 400 <= 0.05 + 3 * (0.05 * 0.95 / 400) ** 0.5
    assert by_ranks / 400 >= 0.1


def test_nearly_one_value_decides_nothing():
    values = [0.0] * 50 + [0.0] * 475 + [1.0] * 25
    effect = auc(values, [row < 50 for row in range(550)], Question("decrease"))
    assert effect.undecided == (
        "all but 25 problems have the value 0, and in the smaller group 2.3 of those would be expected; 5 are needed"
    )
    assert not auc([0.0] * 50 + [0.0] * 250 + [1.0] * 250, [row < 50 for row in range(550)], CLAIM).undecided


def mixture(n=400, seed=1):
    """Broken problems lie further out in every other stratum, and are more common where everything lies further out."""
    generator = np.random.default_rng(seed)
    level = generator.integers(1, 5, n)
    broken = generator.random(n) < level / 6
    return (level + generator.normal(size=n)).tolist(), broken.tolist(), {"n_operations": level.tolist()}


def test_strata_compare_problems_only_with_their_like():
    values, broken, strata = mixture()
    pooled, within = auc(values, broken, CLAIM), auc(values, broken, CLAIM, strata=strata)
    assert decide(claim(Direction.INCREASE, kind=Kind.AUC), pooled, 0.05) == Verdict.SUPPORTED
    assert decide(claim(Direction.INCREASE, kind=Kind.AUC), within, 0.05) == Verdict.INCONCLUSIVE
    assert within.details["pooled"]["estimate"] == pooled.estimate
    rows = list(zip(values, broken, strata["n_operations"], strict=True))
    pairs = [(a > b) + 0.5 * (a == b) for a, x, s in rows if x for b, y, t in rows if not y and s == t]
    assert within.estimate == pytest.approx(np.mean(pairs))
    third = within.details["strata"][2]
    alone = auc(*zip(*[(v, b) for v, b, level in rows if level == 3], strict=True), Question("change"))
    assert third["group"] == "n_operations = 3"
    assert (third["estimate"], third["low"], third["high"]) == (alone.estimate, alone.low, alone.high)
    assert third["positive"] + third["negative"] == strata["n_operations"].count(3)


def test_one_stratum_is_no_strata():
    values, broken, _ = mixture()
    plain, one = auc(values, broken, CLAIM), auc(values, broken, CLAIM, strata={"n_tokens": [7.0] * len(values)})
    assert (one.estimate, one.low, one.high, one.p_value) == (plain.estimate, plain.low, plain.high, plain.p_value)
    assert one.details["strata"][0]["group"] == "n_tokens = 7"


def test_a_stratum_without_both_groups_compares_nothing():
    values, broken, strata = mixture()
    more = auc(
        [*values, 99.0, 98.0], [*broken, True, True], CLAIM, strata={"n_operations": [*strata["n_operations"], 9, None]}
    )
    same = auc(values, broken, CLAIM, strata=strata)
    assert (more.estimate, more.low, more.n, more.groups) == (same.estimate, same.low, same.n, same.groups)
    names = [row["group"] for row in more.details["strata"]]
    assert names[-2:] == ["n_operations = 9", "n_operations = None"]
    assert more.details["strata"][-1]["estimate"] is None


def test_a_stratified_interval_agrees_with_a_bootstrap():
    values, broken, strata = mixture(600)
    effect = auc(values, broken, Question("change"), strata=strata)
    generator = np.random.default_rng(3)
    v, b, s = np.array(values), np.array(broken), np.array(strata["n_operations"])
    groups = [np.flatnonzero((s == level) & (b == group)) for level in range(1, 5) for group in (True, False)]
    drawn = []
    for _ in range(500):
        won = pairs = 0.0
        for ones, zeros in zip(groups[::2], groups[1::2], strict=True):
            a, c = v[generator.choice(ones, len(ones))], v[generator.choice(zeros, len(zeros))]
            won, pairs = won + (a[:, None] > c).sum(), pairs + len(a) * len(c)
        drawn.append(won / pairs)
    assert (effect.low, effect.high) == pytest.approx(tuple(np.quantile(drawn, [0.025, 0.975])), abs=0.015)


@pytest.mark.parametrize(
    ("strata", "message"),
    [
        ({}, "need a feature"),
        ({"n_tokens": [1, 2]}, "one value of n_tokens a problem, got 2 for 4"),
    ],
)
def test_bad_strata(strata, message):
    with pytest.raises(StatisticsError, match=message):
        auc([1.0, 2.0, 3.0, 4.0], [True, True, False, False], CLAIM, strata=strata)


@pytest.mark.parametrize(
    ("values", "positive", "message"),
    [
        ([1.0], [True, False], "must pair up"),
        ([1.0, float("nan")], [True, False], "a measurement must be a finite number"),
    ],
)
def test_bad_input(values, positive, message):
    with pytest.raises(StatisticsError, match=message):
        auc(values, positive, CLAIM)


@pytest.mark.parametrize(
    ("values", "positive", "strata", "why"),
    [
        ([], [], {"n_tokens": []}, "there are 0 positive problems and 0 negative problems, so that no problem has one"),
        ([1.0, 2.0], [True, True], None, "there are 2 positive problems and 0 negative problems"),
        ([1.0, 2.0], [False, False], {"n_tokens": [1, 2]}, "there are 0 positive problems and 2 negative problems"),
        ([1.0, 2.0, 3.0, 4.0], [True, True, False, False], {"n_tokens": [1, 1, 2, 2]}, "no stratum holds both groups"),
    ],
)
def test_where_a_group_is_empty_there_is_no_estimate_and_the_reason(values, positive, strata, why):
    """Of a model that is right on nothing, none breaks; of one that nothing breaks, none either."""
    effect = auc(values, positive, CLAIM, strata=strata)
    assert not effect.estimated
    assert effect.undecided.startswith(why)
    assert effect.groups == {"positive": sum(positive), "negative": len(positive) - sum(positive)}
