import numpy as np
import pytest
from scipy.stats import t

from ctlab.errors import StatisticsError
from ctlab.statistics import every_measured_mean, measured_mean, measured_trend
from ctlab.statistics.means.stratified import within_strata
from tests.statistics.fake_runs import Question

UP = Question("increase", margin=0.05)


def strata(sizes, spreads=(0.1, 0.4, 0.3), means=(0.3, 0.0, -0.1), seed=0):
    """Symmetric values in each stratum, so that no skewness is removed."""
    generator, values, names = np.random.default_rng(seed), [], []
    for name, (size, spread, mean) in enumerate(zip(sizes, spreads, means, strict=True)):
        half = spread * generator.normal(size=size // 2)
        values += [*(mean + half), *(mean - half)]
        names += [name + 1.0] * size
    return np.array(values), {"n_operations": names}


def test_of_symmetric_strata_it_is_the_textbooks_stratified_mean():
    values, groups = strata((40, 100, 60))
    effect = measured_mean(values, UP, strata=groups)
    # Cochran (1977), equations 5.7 and 5.16: W = n_h / n, s.e.² = Σ W² s² / n_h, Satterthwaite's degrees of freedom
    parts = [values[np.array(groups["n_operations"]) == name] for name in (1, 2, 3)]
    pieces = np.array([(len(part) / 200) ** 2 * part.var(ddof=1) / len(part) for part in parts])
    freedom = pieces.sum() ** 2 / (pieces**2 / [len(part) - 1 for part in parts]).sum()
    error = np.sqrt(pieces.sum() * 200 / 199)
    assert effect.p_value == pytest.approx(t.sf((values.mean() - 0.05) / error, freedom), rel=1e-6)
    assert effect.low == pytest.approx(values.mean() - t.ppf(0.95, freedom) * error)
    assert effect.estimate == values.mean()


def test_what_strata_differ_by_is_no_spread():
    values, groups = strata((40, 100, 60), means=(3.0, 0.0, -1.0))
    plain, held = measured_mean(values, UP), measured_mean(values, UP, strata=groups)
    assert held.high - held.low < 0.5 * (plain.high - plain.low)
    assert held.details["pooled"] == {"estimate": plain.estimate, "interval_95": plain.details["interval_95"]}


def test_each_stratum_is_shown():
    values, groups = strata((40, 100, 60))
    shown = measured_mean(values, UP, strata=groups).details["group_means"]
    assert [(row["group"], row["n"]) for row in shown] == [
        ("n_operations = 1", 40),
        ("n_operations = 2", 100),
        ("n_operations = 3", 60),
    ]
    alone = measured_mean(values[:40], UP)
    assert shown[0]["estimate"] == alone.estimate
    assert [shown[0]["low"], shown[0]["high"]] == alone.details["interval_95"]


def test_problems_that_are_alone_in_their_stratum_are_taken_together():
    values = np.array([1.0, 2.0, 5.0, 7.0, 9.0])
    rows = {"a": [0, 1], "b": [2], "c": [3], "d": [4]}
    moved, freedom = within_strata(values, rows)
    together = within_strata(values, {"a": [0, 1], "b": [2, 3, 4]})
    assert moved.tolist() == together[0].tolist()
    assert (moved.mean(), freedom) == (pytest.approx(values.mean()), together[1])
    assert (within_strata(values, {"a": [0, 1, 2, 3], "d": [4]})[0] == within_strata(values, {"a": range(5)})[0]).all()


def test_strata_of_one_value_each_decide_nothing_but_between_bounds():
    values, groups = [0.1] * 60 + [0.5] * 60, {"has_division": [False] * 60 + [True] * 60}
    assert "of its stratum" in measured_mean(values, UP, strata=groups).undecided


def test_with_bounds_both_tests_must_reject():
    values, groups = strata((40, 100, 60))
    values = np.clip(values, -1, 1)
    both = measured_mean(values, UP, bounds=(-1.0, 1.0), strata=groups)
    known, inside = measured_mean(values, UP, bounds=(-1.0, 1.0)), measured_mean(values, UP, strata=groups)
    assert both.p_value == max(known.p_value, inside.p_value)
    assert both.low == min(known.low, inside.low)


def test_parts_and_lines_take_strata():
    values, groups = strata((40, 100, 60))
    parts = every_measured_mean({"a": values, "b": values + 1}, UP, strata=groups)
    assert parts.details["group_means"] == measured_mean(values, UP, strata=groups).details["group_means"]
    line = measured_trend(np.column_stack([np.zeros(200), values]), UP, strata=groups)
    assert line.p_value == measured_mean(values, UP, strata=groups).p_value


def test_strata_need_a_value_a_problem():
    with pytest.raises(StatisticsError, match="one value of n_operations a problem"):
        measured_mean([0.1, 0.2, 0.3], UP, strata={"n_operations": [1.0]})
