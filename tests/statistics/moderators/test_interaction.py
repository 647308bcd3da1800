import json
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import ndtr

from ctlab.claims import Claim, Direction, Kind
from ctlab.errors import ClaimError, StatisticsError
from ctlab.statistics import interaction
from ctlab.statistics.moderators.loss_slope import Sample, slopes_of
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


def test_agrees_with_a_saturated_logistic_model_where_cells_are_large():
    import pandas as pd
    from statsmodels.formula.api import gee
    from statsmodels.genmod.cov_struct import Independence
    from statsmodels.genmod.families import Binomial

    baseline, treated = runs(n=4000)
    effect = interaction("n_operations", baseline, treated, CLAIM)
    n = 4000
    frame = pd.DataFrame(
        {
            "right": [*map(float, baseline.has("CORRECT")), *map(float, treated.has("CORRECT"))],
            "treated": np.repeat([0, 1], n),
            "operations": np.tile([each.n_operations for each in baseline.features], 2),
            "problem": np.tile(np.arange(n), 2),
        }
    )
    model = gee("right ~ C(operations) + treated + treated:operations", "problem", frame, family=Binomial(),
                cov_struct=Independence()).fit()  # fmt: skip
    assert effect.estimate == pytest.approx(-model.params["treated:operations"], abs=0.01)
    # The score's variance is taken at each supposed β, Wald's at the estimate: a few percent apart.
    assert effect.high - effect.low == pytest.approx(2 * 1.6448536 * model.bse["treated:operations"], rel=0.06)


def test_a_larger_loss_with_the_feature_is_positive():
    effect = interaction("n_operations", *runs(slope=0.5), CLAIM)
    assert effect.low > 0.2
    assert effect.p_value < 1e-6
    assert effect.details["other_scale"]["unit"] == "points"
    assert effect.details["other_scale"]["low"] > 0
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


def stepped(seed, n, loss):
    """The baseline falls from .97 to .60 behind one operation, and the condition costs the same everywhere."""
    generator = np.random.default_rng(seed)
    operations = np.arange(n) % 5 + 1
    logit = np.where(operations == 1, 3.476, 0.405)
    before, after = (generator.random(n) < 1 / (1 + np.exp(-(logit - cost))) for cost in (0.0, loss))
    features = tuple(SimpleNamespace(n_operations=int(k), has_division=bool(k > 1)) for k in operations)
    return FakeRun("baseline", labels(before), features), FakeRun("ct0_blocked", labels(after), features)


def test_a_problem_without_the_feature_that_is_adjusted_for_moves_no_other():
    baseline, treated = runs(n=400)
    for each in baseline.features:
        each.n_tokens = each.n_operations % 3
    baseline.features[7].n_tokens = None
    rest = [row for row in range(400) if row != 7]
    without = [
        FakeRun(run.name, tuple(run.labels[row] for row in rest), tuple(run.features[row] for row in rest))
        for run in (baseline, treated)
    ]
    found = interaction("n_operations", baseline, treated, CLAIM, adjust=("n_tokens",))
    expected = interaction("n_operations", *without, CLAIM, adjust=("n_tokens",))
    assert (found.estimate, found.low, found.p_value) == (expected.estimate, expected.low, expected.p_value)
    assert found.details["left_out"] == 1


def test_a_step_in_the_baseline_is_no_interaction():
    found = [interaction("n_operations", *stepped(seed, 1319, 1.5), CLAIM).p_value <= 0.05 for seed in range(20)]
    # A straight baseline calls nearly all of them significant; of 20 at 5 %, more than four are one in 390.
    assert sum(found) <= 4


def test_the_claim_says_scale_and_adjustment():
    claim = Claim(
        id="c", family="f", statement="s", kind=Kind.INTERACTION, direction=Direction.INCREASE, feature="has_division",
        scale="points", adjust=("n_operations",), conditions=("baseline", "ct0_blocked"),
    )  # fmt: skip
    held = SimpleNamespace(claim=claim, direction="increase", margin=0.0, alpha=0.05)
    effect = interaction("has_division", *runs(), held)
    assert (effect.unit, effect.details["adjusted_for"]) == ("points", ["n_operations"])
    assert effect.null == "β ≤ 0 for the interaction of condition and has_division, adjusted for n_operations"
    plain = interaction("has_division", *runs(), CLAIM, scale="points", adjust=("n_operations",))
    assert plain.to_json() == effect.to_json()
    with pytest.raises(ClaimError, match="adjusts for n_operations, and the statistic was told to adjust for nothing"):
        interaction("has_division", *runs(), held, adjust=())
    with pytest.raises(ClaimError, match="names the scale 'points', and the statistic was given 'log-odds'"):
        interaction("has_division", *runs(), held, scale="log-odds")


def test_what_goes_with_the_number_of_operations_is_adjusted_away():
    generator = np.random.default_rng(3)
    baseline, treated = runs(seed=3, slope=0.6)
    features = tuple(
        SimpleNamespace(n_operations=each.n_operations, has_division=bool(generator.random() < each.n_operations / 6))
        for each in baseline.features
    )
    pair = FakeRun("baseline", baseline.labels, features), FakeRun("ct0_blocked", treated.labels, features)
    assert interaction("has_division", *pair, CLAIM).p_value < 0.001
    adjusted = interaction("has_division", *pair, CLAIM, adjust=("n_operations",))
    assert adjusted.low < 0 < adjusted.high
    assert "within each value of what is adjusted for" in adjusted.method


def test_without_the_level_that_moves_it_most():
    features = tuple(SimpleNamespace(n_operations=row % 4 + 1, has_division=row % 4 > 0) for row in range(800))
    generator = np.random.default_rng(1)
    before = generator.random(800) < 0.8
    # Problems with four operations lose nearly everything, the others a fifth.
    after = before & (generator.random(800) < [0.1 if each.n_operations == 4 else 0.8 for each in features])
    pair = FakeRun("baseline", labels(before), features), FakeRun("ct0_blocked", labels(after), features)
    without = interaction("n_operations", *pair, CLAIM).details["without"]
    assert (without["group"], without["n"]) == ("n_operations = 4", 600)
    # The others lose the same; with 98 % sure.
    assert abs(without["estimate"]) < 2.33 * (without["high"] - without["low"]) / 2 / 1.645
    alone = interaction("has_division", *pair, CLAIM).details["without"]
    assert (alone["group"], alone["estimate"]) == ("n_operations = 1", None)
    assert alone["undecided"] == "every problem has the same value of the feature"


def test_lack_of_fit_of_a_straight_line():
    bent = stepped(0, 1319, 0.0)
    after = np.array(bent[1].has("CORRECT")) & (np.arange(1319) % 5 > 0)
    effect = interaction("n_operations", bent[0], FakeRun("t", labels(after), bent[1].features), CLAIM)
    assert effect.details["lack_of_fit"]["df"] == 3
    assert effect.details["lack_of_fit"]["p"] < 1e-6
    assert interaction("n_operations", *runs(slope=0.3), CLAIM).details["lack_of_fit"]["p"] > 0.001
    assert interaction("has_division", *runs(), CLAIM).details["lack_of_fit"] is None


def test_a_level_that_is_all_right_before_stays_in():
    features = tuple(SimpleNamespace(n_operations=row % 3 + 1) for row in range(300))
    generator = np.random.default_rng(2)
    before = (generator.random(300) < 0.7) | (np.arange(300) % 3 == 1)
    after = generator.random(300) < 0.6
    pair = FakeRun("b", labels(before), features), FakeRun("t", labels(after), features)
    effect = interaction("n_operations", *pair, CLAIM)
    assert effect.estimated
    assert effect.undecided == ""


def test_a_feature_whose_variance_lies_in_few_problems_decides_nothing():
    baseline, treated = runs(n=400)
    far = tuple(SimpleNamespace(max_number=1.0 + row % 40 if row > 8 else 5000.0) for row in range(400))
    effect = interaction("max_number", FakeRun("b", baseline.labels, far), FakeRun("t", treated.labels, far), CLAIM)
    assert "one level of fewer than 50 problems holds over two thirds" in effect.undecided
    assert effect.estimated


def test_what_is_adjusted_for_may_leave_nothing():
    effect = interaction("multi_step", *runs(), CLAIM, adjust=("n_operations",))
    assert effect.undecided.startswith("every problem has the same value of the feature as all with the same adj")


def test_bad_input():
    with pytest.raises(StatisticsError, match="'n_operations' cannot be adjusted for itself"):
        interaction("n_operations", *runs(), CLAIM, adjust=("n_operations",))
    with pytest.raises(StatisticsError, match="is in log-odds or points, got the scale 'lengths'"):
        interaction("n_operations", *runs(), CLAIM, scale="lengths")
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


def lengths(cut=None, n=1319, seed=0):
    """A feature that goes with the length, which alone modifies the loss: in its top 3 %, where no tenth ends."""
    generator = np.random.default_rng(seed)
    u = generator.normal(size=n)
    tokens = np.round(np.exp(3.8 + 0.4 * u))
    other = np.round(4 * (0.8 * u + 0.6 * generator.normal(size=n))) if cut is None else cut(tokens)
    loss = np.where(u < 1.881, 0.3, 2.8)
    before, after = (generator.random(n) < 1 / (1 + np.exp(shift - 0.8)) for shift in (0.0, loss))
    features = tuple(
        SimpleNamespace(n_tokens=float(token), max_number=float(value))
        for token, value in zip(tokens, other, strict=True)
    )
    return FakeRun("baseline", labels(before), features), FakeRun("ct0_blocked", labels(after), features)


def slope_of_lengths(seed):
    baseline, treated = lengths(seed=seed)
    values, tokens = (
        np.array([getattr(each, name) for each in baseline.features]) for name in ("max_number", "n_tokens")
    )
    before, after = (np.array(run.has("CORRECT")) for run in (baseline, treated))
    return slopes_of(Sample(values=values, before=before, after=after, adjusted=(tokens,)), "log-odds")[1]


def test_what_a_length_does_inside_its_tenths_is_not_the_features():
    adjusted = [ndtr(-slope_of_lengths(seed).z(np.zeros(1))[0]) for seed in range(25)]
    # On tenths alone 12 % of such samples have p up to .05, and their mean p is .36
    assert np.mean(adjusted) == pytest.approx(0.5, abs=3 * 0.29 / 5)
    effect = interaction("max_number", *lengths(), CLAIM, adjust=("n_tokens",))
    assert effect.details["adjusted_in_tenths"] == ["n_tokens"]
    assert "less a spline of what takes more than ten values" in effect.method


def test_a_feature_that_the_adjusted_one_says_decides_nothing():
    threshold = interaction("max_number", *lengths(lambda tokens: (tokens >= 50) * 1.0), CLAIM, adjust=("n_tokens",))
    assert "the feature still goes with it" in threshold.undecided
    itself = interaction("max_number", *lengths(lambda tokens: 2 * np.log(tokens)), CLAIM, adjust=("n_tokens",))
    assert itself.undecided
