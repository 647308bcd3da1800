import pytest

from ctlab.statistics.error_kinds.composition import RARE, compare_compositions, joint_counts, wald_p

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
    found = compare_compositions(BEFORE, [None] * 400, alpha=0.05)
    assert (found.variation, found.low, found.high, found.p_value) == (0.0, 0.0, 1.0, 1.0)
    assert found.errors == (100, 0)


def test_the_form_without_bootstrap_agrees_with_it():
    after = BEFORE[:100] + ["B"] * 25 + [None] * 275
    found = compare_compositions(BEFORE, after, alpha=0.05)
    assert wald_p(*joint_counts(BEFORE, after)) == pytest.approx(found.p_value, abs=0.01)
    assert wald_p(*joint_counts(BEFORE, [None] * 400)) == 1.0


def test_the_same_seed_gives_the_same_answer():
    assert compare_compositions(BEFORE, AFTER, alpha=0.05) == compare_compositions(BEFORE, AFTER, alpha=0.05)
