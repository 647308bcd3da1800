"""What identifies a run, before and without any answer."""

import json

import pytest

from ctlab.interventions import BASELINE, Condition, Intervention
from ctlab.lab.experiment import Experiment
from ctlab.settings import Settings
from tests.fakes import FakeEngine, FakeLog
from tests.plugin.suite import problems

CT0 = Condition(name="ct0_blocked", interventions=(Intervention(keys=("CT0",), readers="later"),))


@pytest.fixture
def make(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "problems.jsonl").write_text(problems(5), encoding="utf-8")

    def make_experiment(engine=None, **fields):
        given = {"recorded": {}, "store": tmp_path / "store", "report": tmp_path / "reports"}
        settings = Settings(problems=str(tmp_path / "problems.jsonl"), **{**given, **fields})
        return Experiment(settings, {CT0.name: CT0}, engine or FakeEngine(), FakeLog())

    return make_experiment


@pytest.fixture
def recorded(tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text("\n".join(json.dumps({"problem_index": i, "output": "#### 5"}) for i in range(5)))
    return path


def test_baseline_is_always_known(make):
    assert make().conditions == {"baseline": BASELINE, "ct0_blocked": CT0}


def test_a_run_is_identified_by_model_condition_and_decoding(make):
    key = make().key("ct0_blocked")
    assert key == make(limit=3).key("ct0_blocked")  # an answer does not depend on the other problems
    other = FakeEngine()
    other.digest = "another"
    changed = [make(other).key("ct0_blocked"), make().key("baseline"), make(dtype="bfloat16").key("ct0_blocked")]
    assert len({key, *changed}) == 4
    assert make().model_key.condition == ""


def test_a_verdict_is_about_a_model_its_problems_and_its_decoding(make, recorded):
    whole = make().subject
    assert (whole.model, whole.padding, whole.max_new_tokens) == ("fake-model", "exact", 64)
    assert make(limit=3).subject.problems != whole.problems
    of_answers = make(recorded={"baseline": recorded}).subject
    assert of_answers.model.startswith("recorded-")
    assert (of_answers.padding, of_answers.dtype, of_answers.max_new_tokens) == ("recorded", "recorded", 0)


def test_recorded_answers_may_be_of_a_condition_that_is_not_known(make, recorded):
    mine = recorded.with_name("mine.jsonl")
    mine.write_bytes(recorded.read_bytes() + b"\n")
    experiment = make(recorded={"baseline": recorded, "mine": mine})
    experiment.check()
    assert experiment.unknown == {"mine"}
    assert experiment.conditions["mine"] == Condition(name="mine")
    assert experiment.key("mine") != experiment.key("baseline")
