import pytest

from ctlab.errors import StatisticsError
from ctlab.statistics.composition import RARE, compare_compositions

BEFORE = ["A"] * 60 + ["B"] * 40 + [None] * 300
AFTER = ["A"] * 60 + ["B"] * 40 + ["A"] * 60 + ["B"] * 40 + [None] * 200


def test_more_errors_of_the_same_kinds_are_no_shift():
    found = compare_compositions(BEFORE, AFTER, alpha=0.05)
    assert found.variation == 0.0
    assert found.p_value > 0.9
    assert found.errors == (100, 200)


def test_new_errors_of_one_kind_are_a_shift():
    after = BEFORE[:100] + ["B"] * 100 + [None] * 200
    found = compare_compositions(BEFORE, after, alpha=0.05)
    assert found.variation == pytest.approx(0.3)
    assert found.low < 0.3 < found.high
    assert found.p_value < 0.001
    assert dict(zip(found.labels, found.after, strict=True)) == {"A": 0.3, "B": 0.7}


def test_rare_labels_are_pooled():
    found = compare_compositions([*BEFORE, "C", "D"], [*AFTER, "C", None], alpha=0.05)
    assert found.labels == ("A", "B", RARE)
    assert sum(found.before) == pytest.approx(1.0)


def test_intervals_of_shares_hold_the_differences():
    found = compare_compositions(BEFORE, BEFORE[:90] + ["A"] * 60 + [None] * 250, alpha=0.05)
    for before, after, (low, high) in zip(found.before, found.after, found.ends, strict=True):
        assert low < after - before < high


def test_a_condition_without_errors_has_no_composition():
    with pytest.raises(StatisticsError, match="needs errors under both"):
        compare_compositions(BEFORE, [None] * 400, alpha=0.05)


def test_the_same_seed_gives_the_same_answer():
    assert compare_compositions(BEFORE, AFTER, alpha=0.05) == compare_compositions(BEFORE, AFTER, alpha=0.05)
