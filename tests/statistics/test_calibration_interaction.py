"""The calibrated function is the shipped one, and keeps its level in a few runs of each null."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import ndtr

from benchmarks.calibration_adjusted import ADJUSTED
from benchmarks.calibration_adjusted import samples as adjusted_samples
from benchmarks.calibration_interaction import NULLS, judged, judged_by_a_straight_line, judged_cells, samples
from benchmarks.calibration_question import ALPHA, STRICT, answers
from benchmarks.calibration_simulated import most
from benchmarks.straight_line import straight_line_z
from ctlab.statistics import interaction
from ctlab.statistics.moderators.loss_scale import LogOdds, Points
from ctlab.statistics.moderators.score import Slopes


@pytest.mark.parametrize("scale", ["log-odds", "points"])
@pytest.mark.parametrize("name", ["five values, stepped baseline", "length, curved baseline"])
def test_the_calibrated_test_is_the_shipped_one(name, scale):
    cells, feature, before, after = next(samples(NULLS[name], scale, 200, 0.0, 40, 0))
    slopes = Slopes.of({"log-odds": LogOdds, "points": Points}[scale](), cells, cells.counts(before, after))
    z = slopes.z(np.zeros(len(before)))
    features = tuple(SimpleNamespace(n_tokens=each) for each in feature.tolist())
    question = SimpleNamespace(direction="increase", margin=0.0, alpha=0.05)
    for run in range(2):
        pair = answers("0", before[run], features), answers("1", after[run], features)
        effect = interaction("n_tokens", *pair, question, scale=scale)
        assert effect.p_value == pytest.approx(ndtr(-z[run]), rel=1e-9)
        assert effect.estimate == pytest.approx(slopes.estimate()[run] / slopes.spread)


@pytest.mark.parametrize("name", NULLS)
def test_a_few_runs_of_each_null(name):
    for scale in ("log-odds", "points"):
        found = judged(NULLS[name], scale, 200, runs=400, seed=5)
        for shares in (found.increase, found.decrease):
            assert shares[0] <= most(ALPHA, 400)
            assert shares[1] <= most(STRICT, 400)


def test_a_straight_line_takes_a_step_for_an_interaction():
    found = judged_by_a_straight_line(NULLS["five values, stepped baseline"], 1319, 0.0, 200)
    assert max(found.increase[0], found.decrease[0]) > 0.8


def test_the_straight_line_is_the_clustered_logistic_model():
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    _, feature, before, after = next(samples(NULLS["five values, straight baseline"], "log-odds", 200, 0.3, 40, 0))
    n, scaled = 200, (feature - feature.mean()) / feature.std()
    treated, twice = np.repeat([0.0, 1.0], n), np.tile(scaled, 2)
    design = np.column_stack([np.ones(2 * n), treated, twice, treated * twice])
    clusters = {"groups": np.tile(np.arange(n), 2), "use_correction": False}
    right = np.concatenate([before[0], after[0]]).astype(float)
    fitted = GLM(right, design, family=Binomial()).fit(cov_type="cluster", cov_kwds=clusters)
    assert straight_line_z(feature, before[:1], after[:1])[0] == pytest.approx(
        -fitted.params[3] / fitted.bse[3], rel=1e-5
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", ADJUSTED)
def test_a_few_runs_adjusted_for_a_continuous_feature(name):
    for scale in ("log-odds", "points"):
        found = judged_cells(adjusted_samples(ADJUSTED[name], scale, 200, 0.0, 400), scale)
        for shares in (found.increase, found.decrease):
            assert shares[0] <= most(ALPHA, 400)
            assert shares[1] <= most(STRICT, 400)


def test_tenths_alone_are_seen_to_err():
    name = "chosen on: length, the loss jumps in its top 3 %"
    found = judged_cells(adjusted_samples(ADJUSTED[name], "log-odds", 1319, 0.0, 400, tenths=True), "log-odds")
    assert found.increase[0] > most(ALPHA, 400)
