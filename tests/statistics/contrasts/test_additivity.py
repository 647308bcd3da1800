import numpy as np
import pytest

from ctlab.errors import StatisticsError
from ctlab.statistics import additivity
from tests.statistics.fake_runs import FakeRun, Question, labels

CLAIM = Question("increase", alpha=0.05)


def runs(first, second, both, n=600):
    lose = lambda lost: labels([row not in lost for row in range(n)])  # noqa: E731 - one word for three uses
    return (
        FakeRun("baseline", labels([True] * n)),
        FakeRun("ct0", lose(first)),
        FakeRun("ct1", lose(second)),
        FakeRun("ct0_ct1", lose(both)),
    )


def test_together_they_lose_the_same_problems():
    effect = additivity(*runs(range(100), range(20, 110), range(110)), CLAIM)
    assert effect.estimate == pytest.approx((100 + 90 - 110) / 600)
    assert effect.low > 0
    assert effect.p_value < 0.001
    assert effect.details["contrasts"]["1"] == 80


def test_exactly_additive():
    effect = additivity(*runs(range(50), range(50, 100), range(100)), CLAIM)
    assert effect.estimate == 0.0
    assert effect.p_value == 1.0


def test_interval_agrees_with_the_normal_one():
    generator = np.random.default_rng(5)
    columns = [generator.random(1500) < rate for rate in (0.9, 0.7, 0.75, 0.6)]
    effect = additivity(*(FakeRun(f"c{k}", labels(column)) for k, column in enumerate(columns)), CLAIM)
    base, one, other, both = (column.astype(int) for column in columns)
    contrast = base - one - other + both
    error = contrast.std() / np.sqrt(1500)
    assert (effect.low, effect.high) == pytest.approx(
        (contrast.mean() - 1.645 * error, contrast.mean() + 1.645 * error), abs=0.002
    )


def test_sides_and_margin():
    arguments = runs(range(100), range(20, 110), range(110))
    assert additivity(*arguments, Question("decrease")).p_value > 0.99
    assert additivity(*arguments, Question("change")).level == pytest.approx(0.95)
    assert additivity(*arguments, Question("increase", margin=0.2)).p_value > 0.9
    assert additivity(*arguments, Question("increase", margin=1.5)).margin == 1.5  # two losses can be more than all
    with pytest.raises(StatisticsError, match="margin"):
        additivity(*arguments, Question("increase", margin=2.0))
    with pytest.raises(StatisticsError, match="no margin"):
        additivity(*arguments, Question("change", margin=0.2))


def test_what_no_problem_shows_is_not_known_to_be_nothing():
    """Zero events of n have an upper bound of about 3 / n (the rule of three); an interval of width 0 would deny it."""
    effect = additivity(*runs(range(100), range(100, 200), range(200), n=200), CLAIM)
    assert effect.details["contrasts"] == {"-2": 0, "-1": 0, "0": 200, "1": 0, "2": 0}
    assert effect.estimate == 0.0
    assert effect.low < -3 / 200 < 3 / 200 < effect.high
    assert effect.p_value > 0.9


def test_a_side_that_is_known_is_resampled_as_it_is():
    many = additivity(*runs(range(100), range(20, 110), range(115)), CLAIM)  # 5 problems on the other side
    few = additivity(*runs(range(100), range(20, 110), range(114)), CLAIM)  # 4
    assert few.estimate - many.estimate == pytest.approx(1 / 600)
    assert few.low < many.low
