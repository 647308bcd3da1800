"""What a plan says before anything runs, and what it knows of time."""

from dataclasses import replace

import pytest

import ctlab
from ctlab.lab.executors import ModelEngine
from ctlab.sweeps import sweep_job, sweep_plan
from tests.fakes import FakeEngine
from tests.sweeps.making import ALL, PROBLEMS, TOKENS, model, swept

__all__ = ["model"]


def planned(of, **asked):
    return ctlab.sweep(
        of, PROBLEMS, plan=True, max_new_tokens=TOKENS, progress=False, **{**ALL, "readers": ["later", "CT2"], **asked}
    )


def test_a_plan_answers_nothing_and_is_printed_as_a_table(model, monkeypatch):
    monkeypatch.setattr(sweep_plan.SweepJob, "answers", lambda *given: pytest.fail("answered"))
    said = str(planned(model)).splitlines()
    assert [line.split()[0] for line in said] == [
        *("cells", "conditions", "problems", "answers", "plans", "positions", "certified", "time", "memory")
    ]
    assert said[0].split(None, 1)[1] == (
        "60 (3 positions × 3 layers × 4 heads × 2 readers, 12 places without an edge left out)"
    )
    assert said[1].split(None, 1)[1] == "61, the baseline among them"
    assert said[3].split(None, 1)[1] == "427, 0 of them in the store"
    assert said[4].split(None, 1)[1] == "one, which the baseline shares"
    assert "recomputed" in said[6]
    assert (
        said[7].split(None, 1)[1] == "not measured: known once a run of this model has come to its end with this store"
    )
    assert said[8].split(None, 1)[1] == "1.3 kB of labels and lengths; no text is held"


def test_time_is_known_from_the_last_sweep_or_the_last_run(model, tmp_path):
    assert planned(model, store=tmp_path).seconds is None
    lab = ctlab.Lab(model, PROBLEMS, store=tmp_path, max_new_tokens=TOKENS, progress=False)
    lab.run("ct0_blocked", "ct1_blocked")
    by_run = planned(model, store=tmp_path)
    assert by_run.seconds == pytest.approx(by_run.missing / lab._run.lab.answers_per_second())
    found = swept(model, positions="all", heads=None, store=tmp_path)
    by_sweep = planned(model, store=tmp_path)
    speed = by_sweep.job.positions_per_second()
    assert by_sweep.seconds == pytest.approx(by_sweep.positions.shared * by_sweep.missing / by_sweep.answers / speed)
    assert found.made == 9 * 7  # the baseline was there
    assert "at the speed that this model had here last" in str(by_sweep)


def test_what_is_in_the_store_is_not_missing(model, tmp_path):
    swept(model, store=tmp_path)
    again = planned(model, store=tmp_path, readers=None)
    # Cells without a reader are those of the reader "later".
    assert again.missing == 0
    assert "nothing is to be answered" in str(again)
    assert planned(model, store=tmp_path).missing == 24 * 7


@pytest.mark.slow
def test_a_large_sweep_is_planned_without_a_weight(tmp_path, monkeypatch):
    """6 × 16 × 32 cells × 1,319 problems, of a model of that shape."""
    honest, card = sweep_job.model_shape, ModelEngine.card
    monkeypatch.setattr(sweep_job, "model_shape", lambda *given: replace(honest(*given), layers=16, heads=32))
    monkeypatch.setattr(ModelEngine, "card", lambda self: card(self) | {"num_layers": 16, "num_heads": 32})
    monkeypatch.setattr(ModelEngine, "_model", lambda self: pytest.fail("weights were loaded"))
    found = ctlab.sweep("tiny", "tiny", plan=True, store=tmp_path, progress=False, **ALL)
    assert (len(found.grid), found.problems, found.answers) == (3072, 1319, 3073 * 1319)
    assert len(found.recomputed) == 154
    assert found.positions.alone > 3 * found.positions.shared
    assert found.memory == 3073 * 1319 * 3
    assert found.to_json()["groups"] == len(found.tiles.groups) > 10
    assert "the baseline before, in a pass of its own" in str(found)


def test_of_an_engine_of_ones_own_positions_are_not_known(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = ctlab.sweep(FakeEngine(), PROBLEMS, positions="all", plan=True, progress=False)
    assert found.positions is None
    assert "not known of an engine of your own" in str(found)


def test_progress_tells_how_far_it_is_and_what_is_read(model, tmp_path, capsys):
    for _ in range(2):
        ctlab.sweep(model, PROBLEMS, positions="all", store=tmp_path, max_new_tokens=TOKENS)
    said = capsys.readouterr().err
    assert "generating 3 cells × 7 problems" in said
    assert "generated 28 answers" in said
    assert "labelling 3 cells × 7 problems" in said
    assert "labelled 28 answers" in said
