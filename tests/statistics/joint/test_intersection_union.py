import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.errors import StatisticsError
from ctlab.statistics import equivalence, paired_difference
from ctlab.statistics.joint.intersection_union import all_of


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
