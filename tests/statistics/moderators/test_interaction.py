import json
from types import SimpleNamespace

import numpy as np
import pytest

from ctlab.errors import StatisticsError
from ctlab.statistics import interaction
from tests.statistics.fake_runs import FakeRun, Question, labels

CLAIM = Question("increase", alpha=0.05)


def runs(seed=0, n=1200, slope=0.5, accuracy=1.5):
    """Accuracy falls with the number of operations, and the condition costs `slope` log-odds more with each."""
    generator = np.random.default_rng(seed)
    operations = generator.integers(1, 6, n)
    own = generator.normal(size=n)
    before = generator.random(n) < 1 / (1 + np.exp(-(accuracy - 0.2 * operations + own)))
    after = generator.random(n) < 1 / (1 + np.exp(-(accuracy - 0.2 * operations - slope * (operations - 1) + own)))
    features = tuple(
        SimpleNamespace(n_operations=int(k), multi_step=bool(k > 1), has_division=bool(generator.random() < 0.3))
        for k in operations
    )
    return FakeRun("baseline", labels(before), features), FakeRun("ct0_blocked", labels(after), features)


def test_agrees_with_generalised_estimating_equations_on_the_scale_of_the_feature():
    from statsmodels.genmod.cov_struct import Independence
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_estimating_equations import GEE

    baseline, treated = runs()
    effect = interaction("n_operations", baseline, treated, CLAIM)
    values = np.array([each.n_operations for each in baseline.features], dtype=float)
    n = len(values)
    correct = np.array([*baseline.has("CORRECT"), *treated.has("CORRECT")], dtype=float)
    condition = np.repeat([0.0, 1.0], n)
    design = np.column_stack([np.ones(2 * n), condition, np.tile(values, 2), condition * np.tile(values, 2)])
    problem = np.tile(np.arange(n), 2)
    result = GEE(correct, design, groups=problem, family=Binomial(), cov_struct=Independence()).fit()
    assert effect.estimate == pytest.approx(-result.params[3], rel=1e-5)
    assert effect.high - effect.low == pytest.approx(2 * 1.6448536 * result.bse[3], rel=1e-4)


def test_a_larger_loss_with_the_feature_is_positive():
    effect = interaction("n_operations", *runs(slope=0.5), CLAIM)
    assert effect.low > 0.2
    assert effect.p_value < 1e-6
    assert effect.details["points"]["estimate"] > 0
    assert effect.details["losses"][0]["group"] == "n_operations = 1"


def test_the_other_direction_mirrors():
    up = interaction("n_operations", *runs(), CLAIM)
    down = interaction("n_operations", *runs(), Question("decrease", alpha=0.05))
    assert (up.estimate, up.low) == (down.estimate, down.low)
    assert up.p_value == pytest.approx(1 - down.p_value)
    assert interaction("n_operations", *runs(), Question("change", alpha=0.05)).level == pytest.approx(0.95)


def test_yes_and_no_say_how_many():
    effect = interaction("n_operations >= 3", *runs(), CLAIM)
    assert sum(effect.groups.values()) == 1200
    assert set(effect.groups) == {"n_operations >= 3", "not n_operations >= 3"}


@pytest.mark.parametrize("after", [[False] * 60 + [True, False] * 30, [True, False] * 30 + [False] * 60])
def test_separation_decides_nothing(after):
    features = tuple(SimpleNamespace(has_division=row < 60) for row in range(120))
    before = [True, True, True, False] * 30
    effect = interaction(
        "has_division", FakeRun("baseline", labels(before), features), FakeRun("t", labels(after), features), CLAIM
    )
    assert effect.undecided.startswith("separation: problems with")
    assert effect.p_value == 1.0
    row = effect.to_json()
    assert (row["estimate"], row["low"], row["high"], row["estimated"]) == (None, None, None, False)
    assert row["details"]["losses"]
    json.dumps(row)


def test_a_constant_feature_decides_nothing():
    baseline, treated = runs()
    same = tuple(SimpleNamespace(n_operations=2) for _ in baseline.ids)
    effect = interaction("n_operations", FakeRun("b", baseline.labels, same), FakeRun("t", treated.labels, same), CLAIM)
    assert effect.undecided == "every problem has the same value of the feature"


def test_problems_without_the_feature_are_left_out_and_counted():
    baseline, treated = runs()
    features = tuple(
        SimpleNamespace(n_operations=None if row < 200 else each.n_operations)
        for row, each in enumerate(baseline.features)
    )
    effect = interaction(
        "n_operations", FakeRun("b", baseline.labels, features), FakeRun("t", treated.labels, features), CLAIM
    )
    assert (effect.n, effect.details["left_out"]) == (1000, 200)


def test_bad_input():
    with pytest.raises(StatisticsError, match="takes no margin"):
        interaction("n_operations", *runs(), Question("increase", margin=0.1))
    with pytest.raises(StatisticsError, match="no feature 'n_ops'"):
        interaction("n_ops", *runs(), CLAIM)
    baseline, treated = runs(n=60)
    nothing = tuple(SimpleNamespace(n_operations=None) for _ in baseline.ids)
    with pytest.raises(StatisticsError, match="No problem has the feature"):
        interaction(
            "n_operations", FakeRun("b", baseline.labels, nothing), FakeRun("t", treated.labels, nothing), CLAIM
        )
