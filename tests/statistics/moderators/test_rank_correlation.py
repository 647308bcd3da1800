from dataclasses import replace
from itertools import permutations
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import bootstrap, spearmanr

from benchmarks.calibration_correlation import NULLS, measure, power
from benchmarks.calibration_simulated import ALPHA, STRICT, most
from ctlab.errors import StatisticsError
from ctlab.statistics import impact_correlation, rank_correlation
from ctlab.statistics.moderators.rank_influence import rank_correlation_of
from tests.statistics.fake_runs import FakeRun, Question, labels

UP = Question("increase", alpha=0.05)


def sample(seed=0, n=200, slope=0.3):
    generator = np.random.default_rng(seed)
    x = generator.normal(size=n)
    return x, slope * x + generator.normal(size=n)


def test_without_ties_and_dependence_p_is_near_scipys():
    x, y = sample(slope=0.1, n=400)
    effect = rank_correlation(x, y, UP)
    oracle = spearmanr(x, y, alternative="greater")
    assert effect.estimate == pytest.approx(oracle.statistic, abs=1e-12)
    assert effect.p_value == pytest.approx(oracle.pvalue, abs=0.015)


def test_p_is_near_that_of_all_permutations_of_its_own_statistic():
    # Where nothing goes with anything every order of y is as likely: the share of all 5,040 orders of seven problems
    # whose studentised statistic is as large. Student's t is an approximation of it, for seven problems a rough one.
    x = np.arange(7.0)

    def score(y):
        found = rank_correlation_of(x, y)
        return found.z / found.error

    orders = np.array([score(np.array(order, dtype=float)) for order in permutations(range(7))])
    for y in ([2, 0, 1, 4, 3, 6, 5], [0, 3, 1, 6, 2, 5, 4], [3, 0, 5, 1, 6, 2, 4], [4, 2, 6, 0, 5, 1, 3]):
        exact = float((orders >= score(np.array(y, dtype=float)) - 1e-9).mean())
        assert rank_correlation(x, y, UP).p_value == pytest.approx(exact, abs=0.06)


def test_interval_agrees_with_a_bootstrap_where_spread_depends_on_x():
    x, y = sample(n=600)
    y = y * np.exp(x)
    drawn = bootstrap(
        (x, y),
        lambda a, b: spearmanr(a, b).statistic,
        paired=True,
        vectorized=False,
        n_resamples=800,
        confidence_level=0.9,
        method="percentile",
        rng=np.random.default_rng(1),
    ).confidence_interval
    effect = rank_correlation(x, y, UP)
    assert (effect.low, effect.high) == pytest.approx((drawn.low, drawn.high), abs=0.02)


@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.1, 0.5]), st.booleans())
def test_p_and_interval_say_the_same_and_sides_mirror(seed, margin, ties):
    x, y = sample(seed, n=60)
    y = np.round(y) if ties else y
    up = rank_correlation(x, y, replace(UP, margin=margin))
    down = rank_correlation(x, -y, replace(UP, direction="decrease", margin=margin))
    assert (up.p_value <= 0.05) == (up.low >= margin)
    assert (up.estimate, up.low, up.high) == pytest.approx((-down.estimate, -down.high, -down.low))
    assert up.p_value == pytest.approx(down.p_value)
    assert up.boundary == -down.boundary == margin


@given(st.integers(0, 10_000))
def test_only_the_order_counts(seed):
    x, y = sample(seed, n=60)
    assert rank_correlation(np.exp(x), y**3, UP).to_json() == rank_correlation(x, y, UP).to_json()


def test_a_change_has_both_sides():
    x, y = sample()
    change = rank_correlation(x, y, replace(UP, direction="change"))
    assert change.alternative == "two-sided"
    assert change.level == 0.95
    assert change.p_value == pytest.approx(2 * rank_correlation(x, y, UP).p_value)


def problems(values):
    return [SimpleNamespace(id=f"p{row}", features=None, fields={"d": value}) for row, value in enumerate(values)]


def test_a_feature_is_read_off_problems_and_who_has_none_is_left_out():
    x, y = sample(n=60)
    with_gaps = problems([None, *x.tolist()[1:]])
    effect = rank_correlation("d", y, UP, of=with_gaps)
    assert effect.estimate == rank_correlation(x[1:], y[1:], UP).estimate
    assert effect.details["left_out"] == 1
    assert rank_correlation(lambda problem: problem.fields["d"], y, UP, of=with_gaps).estimate == effect.estimate


def test_a_yes_or_no_is_two_groups():
    _, y = sample(n=60)
    assert rank_correlation("d >= 0", y, UP, of=problems(range(-20, 40))).groups == {"d >= 0": 40, "not d >= 0": 20}


def test_impact_is_what_is_lost_less_what_is_gained():
    operations = [2.0 + row % 4 for row in range(200)]
    features = tuple(SimpleNamespace(n_operations=value) for value in operations)
    before = [row % 10 != 9 for row in range(200)]
    after = [(right and row % 4 < 3) or row % 50 == 9 for row, right in enumerate(before)]
    runs = [FakeRun(name, labels(correct), features) for name, correct in (("baseline", before), ("a", after))]
    impact = [float(one) - float(other) for one, other in zip(before, after, strict=True)]
    assert set(impact) == {-1.0, 0.0, 1.0}
    effect = impact_correlation("n_operations", *runs, UP)
    assert effect.to_json()["details"].pop("of_impact") is True
    assert effect.estimate == pytest.approx(spearmanr(operations, impact).statistic)
    assert effect.lost is effect.gained is None


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        ([], [], "0 problems to correlate, and 4 are needed"),
        ([1, 2, 3], [1, 2, 3], "3 problems to correlate"),
        ([7] * 60, range(60), "the first measurement is 7 for every problem, and nothing goes with what does not vary"),
        (range(60), [0.0] * 60, "the second one is 0 for every problem"),
    ],
)
def test_what_has_no_correlation_says_why(x, y, said):
    effect = rank_correlation(x, y, UP)
    assert said in effect.undecided
    assert not effect.estimated
    assert (effect.p_value, effect.n) == (1.0, len(x))


def test_nearly_one_value_decides_nothing():
    few = [0.0] * 56 + [1.0, 2.0, 3.0, 4.0]
    effect = rank_correlation(range(60), few, UP)
    assert effect.estimated
    assert "the second one is 0 for all but 4 problems: 3.9 problems are expected" in effect.undecided
    assert not rank_correlation(range(60), [0.0] * 54 + [1.0] * 6, UP).undecided


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: rank_correlation([1, 2], [1], UP), "pair up, got 2 and 1"),
        (lambda: rank_correlation([1, 2, 3, float("nan")], [1, 2, 3, 4], UP), "finite"),
        (lambda: rank_correlation([1, 2, 3, 4], [1, 2, 3, 4], replace(UP, margin=1.0)), "margin must be below 1"),
        (lambda: rank_correlation("d", [1, 2], UP), "write of=run"),
        (lambda: rank_correlation("e", [1, 2], UP, of=problems([1, 2])), "no feature 'e'"),
        (lambda: rank_correlation([1, 2], [1, 2], replace(UP, direction="equivalent")), "equivalent"),
    ],
)
def test_bad_input_is_refused(call, said):
    with pytest.raises(StatisticsError, match=said):
        call()


def check(null, n, runs):
    found = measure(null, n, runs, seed=7)
    assert max(found.verdicts) <= most(ALPHA, runs)
    assert max(found.strict) <= most(STRICT, runs)
    return found


def test_it_keeps_its_level_where_the_usual_test_does_not():
    valley = next(null for null in NULLS if null.name == "falls, then rises")
    assert max(check(valley, 200, 300).usual) > most(ALPHA, 300)


@pytest.mark.parametrize(
    "n",
    [
        pytest.param(50, marks=pytest.mark.slow),
        pytest.param(200, marks=pytest.mark.slow),
        pytest.param(1319, marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize("null", NULLS, ids=lambda null: null.name)
def test_it_keeps_its_level(null, n):
    check(null, n, 500)


@pytest.mark.slow
def test_the_plan_keeps_its_promise():
    assert abs(power(200, ALPHA, 1000)[1] - 0.8) <= 0.03 + 3 * (0.8 * 0.2 / 1000) ** 0.5
