"""What identifies a run, before and without any answer."""

import json
from types import SimpleNamespace

import pytest

from ctlab.interventions import BASELINE, Condition, Intervention
from ctlab.lab.answers_seen import AnswersSeen
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


MATCHED = Condition.from_json({"name": "matched", "interventions": [{"thoughts": ["CT0"], "by": "matched", "step": 1}]})


def test_a_run_of_donors_is_another_where_worked_solutions_are_others(make, tmp_path):
    """The ids are those of the questions alone: with other solutions other problems lend their thoughts."""

    def keys(*results):
        rows = [
            {"question": f"q{number}?", "gold": str(result), "solution": f"<<{result - 1}+1={result}>>"}
            for number, result in enumerate(results)
        ]
        (tmp_path / "problems.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        experiment = make()
        experiment.conditions["matched"] = MATCHED
        assert experiment.problems[0].graph is not None
        return experiment.key("matched").condition, experiment.key("ct0_blocked").condition

    (first, hidden), (again, _), (other, same) = keys(5, 6, 7, 5), keys(5, 6, 7, 5), keys(5, 5, 6, 6)
    assert first == again
    assert first != other
    assert hidden == same


def test_a_run_of_a_contrast_is_another_where_other_problems_are_of_its_groups(make, tmp_path):
    moved = {"thoughts": ["CT0"], "by": "add-difference", "factor": 1, "contrast": "has_multiplication >= 1"}
    form = {"name": "moved", "interventions": [moved]}

    def key(*signs):
        rows = [
            {"question": f"q{number}?", "gold": "4", "solution": f"<<2{sign}2=4>>"} for number, sign in enumerate(signs)
        ]
        (tmp_path / "problems.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        experiment = make()
        experiment.conditions["moved"] = Condition.from_json(form)
        experiment.remember({"moved": experiment.conditions["moved"]})
        assert experiment.known.runs["moved"] >= {experiment.key("moved").condition}
        return experiment.key("moved").condition

    assert key(*"++**") == key(*"++**") != key(*"+*+*")


def test_answers_of_donors_are_found_whatever_solutions_they_were_made_with(make, tmp_path):
    """Who registers after they were seen is told so: the store notes each run's digest, as ids do not tell it."""
    experiment = make()
    experiment.conditions["matched"] = MATCHED
    experiment.remember({MATCHED.definition: MATCHED, CT0.definition: CT0})
    digest = experiment.key("matched").condition
    assert experiment.known.runs == {MATCHED.definition: {digest}}
    limited = make(limit=3)
    limited.conditions["matched"] = MATCHED
    assert limited.key("matched").condition != digest
    seen = AnswersSeen(SimpleNamespace(lab=limited, registered=None))
    assert seen._run_digests([MATCHED]) == {MATCHED.digest, digest}
