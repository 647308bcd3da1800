import math

import numpy as np
import pytest
from scipy.stats import beta

from ctlab.claims import Direction, Kind
from ctlab.claims.judge import decide
from ctlab.errors import StatisticsError
from ctlab.records import Verdict
from ctlab.statistics import every_measured_mean, measured_mean, measured_trend
from ctlab.statistics.means.bounded import BoundedSide
from ctlab.statistics.means.sides import Sides
from tests.claims.making import claim
from tests.statistics.fake_runs import Question

UP = Question("increase")


@pytest.mark.parametrize(("n", "ones"), [(5, 0), (5, 2), (20, 13), (200, 0), (200, 3), (200, 199), (1319, 700)])
@pytest.mark.parametrize("tail", [0.05, 0.05 / 6])
def test_of_zeros_and_ones_it_is_clopper_and_pearsons_limit(n, ones, tail):
    side = BoundedSide(values=np.array([1.0] * ones + [0.0] * (n - ones)), bound=1.0)
    # The upper limit of a proportion is a quantile of beta(x + 1, n − x)
    assert side.end(tail) == pytest.approx(beta.ppf(1 - tail, ones + 1, n - ones), abs=1e-7)
    assert side.p_value(0.3) == pytest.approx(beta.sf(0.3, ones + 1, n - ones), abs=1e-7)


def test_of_one_value_it_is_the_rule_of_three():
    side = BoundedSide(values=np.full(200, -0.1), bound=4.9)
    assert side.end(0.05) == pytest.approx(-0.1 + 5.0 * (1 - 0.05 ** (1 / 200)), abs=1e-6)


def test_p_is_that_of_drawn_weights():
    generator = np.random.default_rng(0)
    values = generator.random(50) ** 3
    drawn = generator.exponential(size=(100_000, 51)) @ (np.append(values, 1.0)[:, None] - np.array([0.3, 0.35]))
    side = BoundedSide(values=values, bound=1.0)
    for boundary, share in zip((0.3, 0.35), (drawn >= 0).mean(axis=0), strict=True):
        assert side.p_value(boundary) == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / 100_000))


def test_the_end_has_p_of_its_tail_and_nothing_lies_beyond_the_bound():
    side = BoundedSide(values=np.random.default_rng(1).random(80), bound=1.0)
    assert side.p_value(side.end(0.025)) == pytest.approx(0.025, rel=1e-6)
    assert side.p_value(1.0) == 0.0
    assert side.p_value(-0.1) == 1.0
    assert BoundedSide(values=np.ones(60), bound=1.0).end(0.05) == 1.0


def far_out(runs, n=200):
    """A mean of .05 exactly: .10, and one in 100 at −4.90."""
    generator = np.random.default_rng(7)
    return 0.1 + generator.normal(0.0, 0.001, (runs, n)) - 5.0 * (generator.random((runs, n)) < 0.01)


def test_what_200_problems_do_not_hold_is_allowed_for_where_bounds_are_known():
    without, known = (
        sum(Sides.of(row, bounds).p_values(0.05)[0] <= 0.05 for row in far_out(200)) / 200
        for bounds in (None, (-5.0, 1.0))
    )
    assert without > 0.08
    assert known <= 0.05


def test_a_plain_claim_says_how_far_out_no_problem_may_lie():
    values = 0.3 + 0.1 * np.random.default_rng(2).normal(size=200)
    effect = measured_mean(values, UP)
    unseen = effect.details["unseen"]
    assert unseen["limit"] < unseen["seen"] == values.min()
    inside, beyond = (measured_mean(values, UP, bounds=(unseen["limit"] + step, 2.0)).p_value for step in (0.01, -0.01))
    assert inside < 0.05 < beyond
    mirrored = measured_mean(-values, Question("decrease")).details["unseen"]
    assert mirrored == {name: pytest.approx(-number, rel=1e-4) for name, number in unseen.items()}
    assert measured_mean(values, UP, bounds=(-1.0, 1.0)).details["unseen"] is None
    assert measured_mean(values - 0.3, UP).details["unseen"] is None


def test_one_value_decides_where_bounds_say_how_far_it_may_be_off():
    effect = measured_mean([0.3] * 200, UP, bounds=(-1.0, 1.0))
    assert decide(claim(Direction.INCREASE, kind=Kind.MEAN), effect, 0.05) == Verdict.SUPPORTED
    assert effect.low == pytest.approx(0.3 - 1.3 * (1 - 0.05 ** (1 / 200)), abs=1e-6)


def test_a_side_without_a_bound_is_tested_as_before():
    values = np.random.default_rng(3).exponential(size=100)
    half, none = (measured_mean(values, UP, bounds=bounds) for bounds in ((0.0, math.inf), None))
    assert half.high == none.high
    assert half.low == -BoundedSide(values=-values, bound=0.0).end(0.05)
    assert half.details["bounds"] == [0.0, None]


def test_parts_and_lines_take_bounds_of_one_number():
    values = np.random.default_rng(4).random((80, 4))
    line = measured_trend(values, UP, bounds=(0.0, 1.0))
    # The steepest least-squares line through 0, 0, 1, 1: numpy.polyfit
    most = 3 * np.polyfit(range(4), [0, 0, 1, 1], 1)[0]
    assert line.details["bounds"] == pytest.approx([-most, most])
    parts = every_measured_mean({"a": values[:, 0], "b": values[:, 1]}, UP, bounds=(0.0, 1.0))
    assert parts.details["bounds"] == [0.0, 1.0]


@pytest.mark.parametrize(
    ("bounds", "message"),
    [((1.0, 0.0), "two numbers in order"), ((0.0, 0.5), "between them, got 0.75 in row 1"), ((0.0, math.nan), "order")],
)
def test_bad_bounds(bounds, message):
    with pytest.raises(StatisticsError, match=message):
        measured_mean([0.25, 0.75, 0.5], UP, bounds=bounds)


def test_single_precision_may_round_a_share_beyond_one():
    assert measured_mean([0.5, 1.0 + 1e-7, 0.5], UP, bounds=(0.0, 1.0)).high <= 1.0
