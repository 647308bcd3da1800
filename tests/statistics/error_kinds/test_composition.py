from statistics import NormalDist

import numpy as np
import pytest

from ctlab.statistics.error_kinds.composition import (
    RARE,
    _covariance,
    _shares,
    compare_compositions,
    joint_counts,
    wald_p,
)

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


def test_where_one_condition_has_no_error_nothing_is_known():
    found = compare_compositions(BEFORE, [None] * len(BEFORE), alpha=0.05)
    assert (found.variation, found.low, found.high, found.p_value) == (0.0, 0.0, 1.0, 1.0)
    assert set(found.before) | set(found.after) == {0.0}
    assert set(found.ends) == {(-1.0, 1.0)}


def test_the_covariance_of_shares_is_that_of_many_samples():
    joint = np.array([[60, 10, 30], [20, 40, 40], [50, 90, 660]])
    (before,), (after,) = _shares(joint[None])
    drawn = np.random.default_rng(1).multinomial(joint.sum(), joint.ravel() / joint.sum(), size=20_000)
    simulated = np.cov(np.subtract(*reversed(_shares(drawn.reshape(-1, 3, 3)))).T)
    assert _covariance(joint, before, after) == pytest.approx(simulated, rel=0.05)


@pytest.mark.parametrize(("after", "last"), [(["C", "C", None], RARE), (["C", "C", "C"], "C")])
def test_a_label_with_fewer_than_five_errors_under_both_together_is_rare(after, last):
    assert compare_compositions([*BEFORE, "C", "C", None], [*AFTER, *after], alpha=0.05).labels == ("A", "B", last)


def kinds(**errors):
    """That many errors of each kind."""
    return [label for label, count in errors.items() for _ in range(count)]


EVENLY = kinds(A=50, B=50, C=50, D=50)


def of_different_problems(before, after):
    """Runs of which no problem is wrong under both, so that the two compositions are independent samples."""
    return before + [None] * len(after), [None] * len(before) + after


def resampled_distances(before, after, resamples=4000):
    """Total variation distances of resampled problems, written down plainly."""
    labels, rng = sorted({*before, *after} - {None}), np.random.default_rng(7)
    before, after = (np.array([labels.index(each) if each else -1 for each in run]) for run in (before, after))
    distances = []
    for _ in range(resamples):
        rows = rng.integers(len(before), size=len(before))
        counts = [np.array([(run[rows] == place).sum() for place in range(len(labels))]) for run in (before, after)]
        distances.append(np.abs(counts[0] / counts[0].sum() - counts[1] / counts[1].sum()).sum() / 2)
    return np.array(distances)


@pytest.mark.parametrize(
    "treated", [kinds(A=56, B=52, C=48, D=44), kinds(A=110, B=45, C=25, D=20)], ids=["small", "large"]
)
def test_the_interval_of_a_distance_is_the_basic_one_which_takes_back_its_bias(treated):
    before, after = of_different_problems(EVENLY, treated)
    found = compare_compositions(before, after, alpha=0.05)
    distances = resampled_distances(before, after)
    low, high = 2 * found.variation - np.quantile(distances, [0.95, 0.05])
    assert found.low == pytest.approx(max(low, 0.0), abs=0.005)
    assert found.high == pytest.approx(max(high, found.variation), abs=0.005)
    # a distance of samples is larger than the one of what they are drawn from, and so are the percentiles
    assert np.mean(distances) > found.variation + 0.005
    assert np.quantile(distances, 0.05) > found.low + 0.015


def test_intervals_of_shares_are_as_wide_as_bonferroni_asks():
    before, after = of_different_problems(EVENLY, EVENLY)
    found = compare_compositions(before, after, alpha=0.05)
    deviation = (0.25 * 0.75 * (1 / 200 + 1 / 200)) ** 0.5
    half_width = NormalDist().inv_cdf(1 - 0.05 / 2 / 4) * deviation
    for low, high in found.ends:
        assert (high - low) / 2 == pytest.approx(half_width, rel=0.05)


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
