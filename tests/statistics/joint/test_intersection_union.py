import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.errors import StatisticsError
from ctlab.outcomes.outcome import OUTCOMES_OF
from ctlab.statistics import equivalence, every_outcome_equivalent, ordered_trend, paired_difference
from ctlab.statistics.joint.intersection_union import all_of
from tests.statistics.fake_runs import FakeRun, Question, labels, pair

LEFT_ALONE = Question("equivalent", margin=0.02, alpha=0.05 / 6)


def dose(name, right, n=400):
    return FakeRun(name, labels([row < right for row in range(n)]))


def test_the_weakest_part_stands_for_all():
    parts = {"a": equivalence(3, 3, 1319, margin=0.02), "b": equivalence(40, 20, 1319, margin=0.02)}
    effect = all_of(parts, parts, null="some part differs")
    assert effect.details["weakest"] == "b"
    assert (effect.p_value, effect.low) == (parts["b"].p_value, parts["b"].low)
    assert set(effect.details["parts"]) == {"a", "b"}


def test_the_part_furthest_outside_refutes():
    parts = {name: equivalence(0, gained, 1319, margin=0.02) for name, gained in (("a", 50), ("b", 90), ("c", 0))}
    effect = all_of(parts, parts, null="some part differs")
    assert effect.details["worst"] == "b"
    assert effect.refuting == (parts["b"].low, parts["b"].high)


def test_refuting_takes_the_stricter_interval():
    part, strict = (paired_difference(30, 50, 1319, alternative="less", alpha=a) for a in (0.05, 0.005))
    effect = all_of({"a": part}, {"a": strict}, null="x")
    assert effect.low == part.low
    assert effect.refuting == (strict.low, strict.high)


def test_parts_must_be_the_same():
    effect = equivalence(3, 3, 1319, margin=0.02)
    for parts, refuting in (({}, {}), ({"a": effect}, {"b": effect})):
        with pytest.raises(StatisticsError, match="one effect at α and one at"):
            all_of(parts, refuting, null="x")


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=6))
def test_supported_exactly_when_every_part_is(counts):
    parts = {str(k): equivalence(*each, 1319, margin=0.02) for k, each in enumerate(counts)}
    effect = all_of(parts, parts, null="x")

    def within(part):
        return part.low > -0.02 and part.high < 0.02 and part.p_value <= 0.05

    assert within(effect) == all(within(part) for part in parts.values())
    outside = any(part.low > 0.02 or part.high < -0.02 for part in parts.values())
    assert (effect.refuting[0] > 0.02 or effect.refuting[1] < -0.02) == outside


def test_every_outcome_is_a_part():
    effect = every_outcome_equivalent(*pair(4, 3, 1319), LEFT_ALONE)
    assert set(effect.details["parts"]) == set(map(str, OUTCOMES_OF["number"]))
    assert -0.02 < effect.low < effect.high < 0.02


def test_one_outcome_that_moves_is_enough_to_refute():
    before = ("CORRECT",) * 700 + ("CALC_ERROR",) * 300 + ("LOGIC_ERROR",) * 319
    after = ("CORRECT",) * 700 + ("CALC_ERROR",) * 200 + ("LOGIC_ERROR",) * 419
    effect = every_outcome_equivalent(FakeRun("baseline", before), FakeRun("ct4_blocked", after), LEFT_ALONE)
    assert effect.details["worst"] in ("CALC_ERROR", "LOGIC_ERROR")
    assert effect.refuting[0] > 0.02 or effect.refuting[1] < -0.02
    assert effect.details["parts"]["CORRECT"]["estimate"] == 0.0


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
def test_what_is_no_trend(runs, direction, message):
    with pytest.raises(StatisticsError, match=message):
        ordered_trend(runs, Question(direction))
