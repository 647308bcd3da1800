import pytest

from ctlab.errors import StatisticsError
from ctlab.statistics import ordered_trend
from tests.statistics.fake_runs import FakeRun, Question, labels


def dose(name, right, n=400):
    return FakeRun(name, labels([row < right for row in range(n)]))


def test_falls_at_every_step():
    effect = ordered_trend([dose("d0", 360), dose("d1", 330), dose("d2", 280), dose("d3", 270)], Question("decrease"))
    assert effect.details["weakest"] == "d2 → d3"
    assert effect.details["rates"] == {"d0": 0.9, "d1": 0.825, "d2": 0.7, "d3": 0.675}
    assert effect.p_value == pytest.approx(2**-10)
    assert effect.high < 0


def test_one_pause_is_no_trend():
    effect = ordered_trend([dose("d0", 360), dose("d1", 300), dose("d2", 300)], Question("decrease"))
    assert effect.p_value == 1.0


def test_one_step_the_wrong_way_refutes():
    effect = ordered_trend([dose("d0", 360), dose("d1", 300), dose("d2", 340)], Question("decrease"))
    assert effect.refuting[0] > 0


@pytest.mark.parametrize(
    ("runs", "direction", "message"),
    [([dose("d0", 9)], "decrease", "at least two runs"), ([dose("d0", 9), dose("d1", 8)], "change", "goes up or down")],
)
def test_bad_input(runs, direction, message):
    with pytest.raises(StatisticsError, match=message):
        ordered_trend(runs, Question(direction))
