"""Probes prove themselves, and fail to when they look one position beside the right one."""

import numpy as np
import pytest
import torch

from ctlab.certify import certify_probes, recomputed_states
from ctlab.engine import decoding_of
from ctlab.interventions import BASELINE, Condition
from ctlab.models import load_model
from ctlab.probes import attention_mass, recorder
from ctlab.probes.attention_mass import AttentionMass
from ctlab.probes.divergence import Divergence
from ctlab.probes.raw_states import StateShards
from ctlab.probes.state_slices import read_states
from ctlab.probes.watched_pass import WatchedPass
from ctlab.problems import Problem
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_coconut, write_codi

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
CONDITIONS = [
    BASELINE,
    *(
        Condition.from_json({"name": name, "interventions": [form]})
        for name, form in {
            "ct0_blocked": {"keys": ["CT0"], "readers": "later"},
            "ct1_halved": {"keys": ["CT1"], "readers": "later", "keep": 0.5, "heads": [0]},
            "control": {"keys": "question-control", "readers": "later"},
            "ct0_zeroed": {"thoughts": ["CT0"], "by": "zero"},
            "ct1_resampled": {"thoughts": ["CT1"], "by": "resample"},
        }.items()
    ),
]


@pytest.fixture(scope="module", params=["gpt2", "llama", "coconut"])
def model(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "coconut":
        form = write_coconut(folder, seed=3)
    else:
        form = write_codi(folder, kind=request.param, seed=3)
    return load_model(folder, settings=form, allow_pickle=True)


def failed(model, **options):
    decoding = decoding_of(model, max_new_tokens=4, **options)
    found = certify_probes(model, PROBLEMS, CONDITIONS, decoding)
    assert list(found) == [condition.name for condition in CONDITIONS]
    return {check.name for checks in found.values() for check in checks if not check.passed}


def test_every_family_passes(model):
    assert failed(model) == set()


def test_half_precision_passes_with_its_own_rounding(model):
    assert failed(model.cast("bfloat16")) == set()


def test_baseline_is_measured_beside_conditions_that_lack_it(model):
    found = certify_probes(model, PROBLEMS, CONDITIONS[1:2], decoding_of(model, max_new_tokens=2))
    assert list(found) == ["ct0_blocked"]
    assert {check.name for check in found["ct0_blocked"]} >= {"probe-mass", "probe-expected", "probe-paths"}


def test_as_published_says_that_nothing_was_recomputed_where_padding_is_read(model):
    found = certify_probes(model, PROBLEMS, CONDITIONS, decoding_of(model, padding="as-published"))
    assert ("not recomputed" in found["baseline"][0].detail) == (model.as_published.batch > 1)
    assert failed(model, padding="as-published") == set()


def test_as_published_a_segment_that_is_forgotten_is_found(model, monkeypatch):
    honest = attention_mass.segment_matrix

    def forgetful(layout, position):
        into = honest(layout, position)
        into[:, 1] = 0  # begin
        return into

    monkeypatch.setattr(attention_mass, "segment_matrix", forgetful)
    found = failed(model, padding="as-published")
    assert "probe-rows-sum-to-one" in found
    assert found == {"probe-rows-sum-to-one"} or model.as_published.batch == 1  # there all else is recomputed too


def test_attention_summed_one_position_off_is_found(model, monkeypatch):
    honest = attention_mass.segment_matrix
    monkeypatch.setattr(
        attention_mass, "segment_matrix", lambda layout, position: np.roll(honest(layout, position), 1, axis=0)
    )
    assert "probe-mass" in failed(model)


def test_a_forgotten_head_is_found(model, monkeypatch):
    honest = AttentionMass._kinds
    monkeypatch.setattr(
        AttentionMass,
        "_kinds",
        lambda self, step, last: honest(self, step, last)[:, :1].expand_as(honest(self, step, last)),
    )
    assert failed(model) & {"probe-mass", "probe-expected"}


def test_renormalisation_without_the_factors_is_found(model, monkeypatch):
    honest = attention_mass.relative_factors
    monkeypatch.setattr(attention_mass, "relative_factors", lambda *given: np.ones_like(honest(*given)))
    assert "probe-expected" in failed(model)


def test_states_compared_with_the_wrong_row_are_found(model, monkeypatch):
    honest = recorder.ReferenceRows.of

    def shifted(*args):
        rows = honest(*args)
        rolled = torch.roll(rows.reference_row, 1)
        return recorder.ReferenceRows(row_of=rows.row_of, reference=rows.reference, reference_row=rolled)

    monkeypatch.setattr(recorder.ReferenceRows, "of", shifted)
    assert "probe-paths" in failed(model)


def test_levels_in_another_order_are_found(model, monkeypatch):
    honest = Divergence.add
    monkeypatch.setattr(Divergence, "add", lambda self, path, level, state: honest(self, path, max(level, 1), state))
    assert "probe-paths" in failed(model)


def test_thoughts_read_one_position_late_are_found(model, monkeypatch):
    def late(self, step):
        return [step.new - 1] if self.layout.begin < step.width <= self.layout.begin + self.layout.thoughts else []

    monkeypatch.setattr(WatchedPass, "makers", late)
    assert "probe-decoded" in failed(model)


def rows_rolled(states):
    return states.roll(1, 1)  # another problem's


def positions_rolled(states):
    return states.roll(1, 2)


def levels_rolled(states):
    return states.roll(1, 3)


def conditions_rolled(states):
    return states.roll(1, 0)


def columns_rolled(states):
    return states.roll(1, 4)


def scaled(states):
    return states * 1.7


@pytest.mark.parametrize(
    "sabotage", [rows_rolled, positions_rolled, levels_rolled, conditions_rolled, columns_rolled, scaled]
)
def test_kept_states_that_are_others_are_found_by_their_own_check(model, monkeypatch, sabotage):
    honest = StateShards.write
    monkeypatch.setattr(StateShards, "write", lambda self, ids, states: honest(self, ids, sabotage(states)))
    assert failed(model) == {"probe-states"}


def test_states_read_at_another_level_are_found(model, monkeypatch):
    monkeypatch.setattr(
        recomputed_states,
        "read_states",
        lambda folder, name, ids, place: np.roll(read_states(folder, name, ids, place), 1, 1),
    )
    assert failed(model) == {"probe-states"}
