import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, permutation_test, skew, ttest_1samp

from ctlab.claims import Direction, Kind
from ctlab.claims.judge import decide
from ctlab.errors import StatisticsError
from ctlab.records import Verdict
from ctlab.statistics import every_measured_mean, measured_mean, measured_trend
from ctlab.statistics.means.skewness import with_skewness, without_skewness
from ctlab.statistics.means.tails import upper_sides
from tests.claims.making import claim
from tests.statistics.fake_runs import Question

UP, DOWN, BOTH = Question("increase"), Question("decrease"), Question("change")
SIDES = {"increase": "greater", "decrease": "less", "change": "two-sided"}


def symmetric(n=80, centre=0.1, seed=0):
    half = np.random.default_rng(seed).normal(size=n // 2)
    return centre + np.concatenate([half, -half])


@pytest.mark.parametrize("direction", ["increase", "decrease", "change"])
def test_of_a_symmetric_sample_it_is_students_test(direction):
    values = symmetric()
    effect = measured_mean(values, Question(direction))
    # scipy.stats.ttest_1samp(values, 0, alternative=…)
    oracle = ttest_1samp(values, 0, alternative=SIDES[direction])
    interval = ttest_1samp(values, 0).confidence_interval(effect.level)
    assert effect.p_value == pytest.approx(oracle.pvalue)
    assert (effect.low, effect.high) == pytest.approx((interval.low, interval.high))
    assert effect.level == pytest.approx(0.95 if direction == "change" else 0.9)


def test_p_agrees_with_flipping_signs():
    values = symmetric(60, 0.25)
    # scipy.stats.permutation_test((values,), mean, permutation_type="samples"): flips every sign with probability ½
    oracle = permutation_test(
        (values,), np.mean, permutation_type="samples", alternative="greater", n_resamples=20_000, rng=1
    )
    assert measured_mean(values, UP).p_value == pytest.approx(oracle.pvalue, abs=0.006)


def test_a_skewed_interval_agrees_with_the_bootstrap_of_t():
    generator = np.random.default_rng(3)
    values = generator.exponential(size=150)
    effect = measured_mean(values, UP)
    drawn = values[generator.integers(0, 150, (20_000, 150))]
    scores = (drawn.mean(axis=1) - values.mean()) / (drawn.std(axis=1, ddof=1) / np.sqrt(150))
    ends = values.mean() - values.std(ddof=1) / np.sqrt(150) * np.quantile(scores, [0.95, 0.05])
    assert (effect.low, effect.high) == pytest.approx(tuple(ends), abs=0.01)
    student = ttest_1samp(values, 0).confidence_interval(0.9)
    assert effect.low > student.low + 0.005
    assert effect.high > student.high + 0.005


def test_a_tail_on_the_claimed_side_silences_nothing():
    values = 0.08 * np.exp(1.5 * np.random.default_rng(5).normal(size=200) - 1.5**2 / 2)  # skewness 6
    effect = measured_mean(values, Question("increase", margin=0.01))
    assert effect.details["skewness"] > 4
    assert decide(claim(Direction.INCREASE, kind=Kind.MEAN, margin=0.01), effect, 0.05) == Verdict.SUPPORTED


def test_of_a_tail_against_the_claim_an_unseen_part_is_allowed_for():
    values = 3.0 - np.random.default_rng(5).lognormal(size=200)
    effect = measured_mean(values, UP)
    student, above = ttest_1samp(values, 0).confidence_interval(0.9), upper_sides(-values)
    assert effect.low == -max(part.end(0.05) for part in above) < student.low
    assert above[1].centre > -values.mean()


def test_with_an_unseen_number_by_writing_it_down():
    values = np.random.default_rng(6).lognormal(1.0, 1.5, 60)  # its weight is 1
    unseen = values.mean() + 1.5 * (values.max() - values.mean())
    written = np.append(values, unseen)
    side = upper_sides(values)[1]
    assert side.n == 61
    assert (side.centre, side.error) == pytest.approx((written.mean(), written.std(ddof=1) / np.sqrt(61)))
    assert side.skewness == pytest.approx(skew(written))


def test_of_heavy_tails_on_both_sides_no_skewness_is_removed():
    values = np.append(symmetric(199), -9.0)
    assert skew(values) < -2
    assert upper_sides(values)[0].skewness == pytest.approx(0, abs=0.05)  # one number made it
    light = np.random.default_rng(5).binomial(1, 0.9, 400) + 0.0
    assert upper_sides(light)[0].skewness == pytest.approx(skew(light), rel=0.2)  # many did


@given(st.floats(-6, 6), st.floats(-8, 8), st.integers(50, 2000))
def test_the_transformation_rises_and_has_an_inverse(score, skewness, n):
    assert with_skewness(without_skewness(score, skewness, n), skewness, n) == pytest.approx(score, abs=1e-6)
    assert without_skewness(score + 0.1, skewness, n) > without_skewness(score, skewness, n)


def test_the_details_describe_the_sample():
    values = np.random.default_rng(1).exponential(size=60)
    details = measured_mean(values, UP).details
    assert details["standard_deviation"] == pytest.approx(values.std(ddof=1))
    assert details["skewness"] == pytest.approx(skew(values))
    assert details["interval_95"][0] < values.mean() < details["interval_95"][1]


@pytest.mark.parametrize(
    ("direction", "centre", "verdict"),
    [
        ("increase", 0.5, Verdict.SUPPORTED),
        ("increase", 0.2, Verdict.INCONCLUSIVE),
        ("increase", -0.5, Verdict.REFUTED),
        ("decrease", -0.5, Verdict.SUPPORTED),
        ("decrease", -0.2, Verdict.INCONCLUSIVE),
        ("decrease", 0.0, Verdict.REFUTED),
    ],
)
def test_verdicts_against_a_margin(direction, centre, verdict):
    values = centre + 0.5 * symmetric(100, 0.0)
    effect = measured_mean(values, Question(direction, margin=0.2), unit="lengths")
    assert effect.unit == "lengths"
    assert effect.boundary == (0.2 if direction == "increase" else -0.2)
    assert decide(claim(direction, margin=0.2), effect, 0.05) == verdict


def test_the_null_hypothesis_in_words():
    assert measured_mean(symmetric(), DOWN).null == "mean ≥ 0"
    assert measured_mean(symmetric(), Question("decrease", margin=0.2)).null == "mean ≥ -0.2"
    assert every_measured_mean({"CT1": symmetric(), "CT2": symmetric()}, DOWN).null == "of CT1, CT2 some mean ≥ 0"


def test_fewer_than_fifty_problems_decide_nothing():
    assert decide(claim("increase"), measured_mean(symmetric(48, 3.0), UP), 0.05) == Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("direction", "margin"), [("increase", 0.1), ("decrease", 0.1), ("increase", 0), ("change", 0)]
)
@pytest.mark.parametrize("alpha", [0.05, 0.05 / 6])
@given(st.integers(0, 10**6), st.integers(50, 200), st.floats(0, 2), st.floats(-0.5, 0.5), st.sampled_from([1, -1]))
def test_test_and_interval_say_the_same(direction, margin, alpha, seed, n, tail, centre, sign):
    """Of symmetric samples up to lognormal ones with a skewness of 10, to either side."""
    drawn = np.random.default_rng(seed).normal(size=n)
    drawn = np.expm1(tail * drawn) / tail if tail > 0.01 else drawn
    effect = measured_mean(centre + sign * drawn, Question(direction, margin=margin, alpha=alpha))
    assert effect.low <= effect.estimate <= effect.high
    beyond = {
        "greater": effect.low > effect.boundary,
        "less": effect.high < effect.boundary,
        "two-sided": not effect.low <= effect.boundary <= effect.high,
    }[effect.alternative]
    assert (effect.p_value <= alpha) == beyond


def test_one_value_for_all_problems_decides_nothing():
    effect = measured_mean([0.3] * 100, UP)
    assert "every problem has the same value" in effect.undecided
    assert decide(claim("increase"), effect, 0.05) == Verdict.INCONCLUSIVE


def test_every_part_must_lie_beyond_the_margin():
    parts = {"CT1": symmetric(100, 1.0), "CT2": symmetric(100, 0.6, seed=1), "CT3": symmetric(100, 0.8, seed=2)}
    effect = every_measured_mean(parts, UP)
    assert effect.details["weakest"] == "CT2"
    assert effect.details["interval_95"] == measured_mean(parts["CT2"], UP).details["interval_95"]
    assert effect.p_value == measured_mean(parts["CT2"], UP).p_value
    assert decide(claim("increase"), effect, 0.05) == Verdict.SUPPORTED
    one_short = every_measured_mean({**parts, "CT2": symmetric(100, 0.0)}, UP)
    assert decide(claim("increase"), one_short, 0.05) == Verdict.INCONCLUSIVE


def test_one_part_refutes_at_its_share_of_alpha():
    parts = {"CT1": symmetric(100, 1.0), "CT2": symmetric(100, -1.0, seed=1)}
    effect = every_measured_mean(parts, UP)
    strict = measured_mean(parts["CT2"], Question("increase", alpha=0.025))
    assert effect.refuting == (strict.low, strict.high)
    assert decide(claim("increase"), effect, 0.05) == Verdict.REFUTED


def test_a_line_through_each_problems_positions():
    values = np.random.default_rng(4).normal(size=(70, 5)) + np.linspace(0, 2, 5)
    effect = measured_trend(values, UP)
    lines = [4 * np.polyfit(range(5), row, 1)[0] for row in values]
    again = measured_mean(lines, UP)
    assert (effect.estimate, effect.low, effect.p_value) == pytest.approx((again.estimate, again.low, again.p_value))
    assert effect.details["means"] == pytest.approx(values.mean(axis=0).tolist())


def test_sides_mirror():
    values = np.random.default_rng(2).exponential(size=90) - 0.9
    up, down = measured_mean(values, UP), measured_mean(-values, DOWN)
    assert (up.p_value, up.low, up.high) == pytest.approx((down.p_value, -down.high, -down.low))


def test_the_control_is_the_same_statistic_in_a_plain_interval():
    effect = measured_mean(symmetric(100, 1.0), Question("increase", alpha=0.01), control=symmetric(100, 0.0))
    control = effect.details["control"]
    assert control["level"] == pytest.approx(0.95)
    assert control["estimate"] == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: measured_mean([1.0], UP), "at least two problems"),
        (lambda: measured_mean([], UP), "at least one problem"),
        (lambda: measured_mean([1.0, float("nan")], UP), "row 1"),
        (lambda: measured_mean([1.0, 2.0], Question("change", margin=0.1)), "takes no margin"),
        (lambda: measured_mean([1.0, 2.0], Question("equivalent", margin=0.1)), "needs the direction"),
        (lambda: every_measured_mean({}, UP), "got none"),
        (lambda: every_measured_mean({"a": [1.0, 2.0], "b": [1.0]}, UP), "same problems, got a 2, b 1"),
        (lambda: measured_trend([[1.0], [2.0]], UP), "at least two positions"),
        (lambda: measured_trend([1.0, 2.0], UP), "needs 2 dimensions"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(StatisticsError, match=message):
        call()


@pytest.mark.parametrize("left_out", [0.0, 0.5])
def test_rejects_about_as_often_as_promised(left_out):
    """Half of the numbers may be zeros: ties."""
    generator = np.random.default_rng(0)
    runs, n = 400, 100
    drawn = norm.ppf(generator.random((runs, n))) * (generator.random((runs, n)) >= left_out)
    wrong = sum(measured_mean(row, UP).p_value <= 0.05 for row in drawn)
    assert wrong / runs <= 0.05 + 3 * (0.05 * 0.95 / runs) ** 0.5
