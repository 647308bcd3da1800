"""Labels of several runs at once are those of each alone, and each is worked out once."""

from dataclasses import replace

import pytest

from ctlab.lab import classifier as module
from ctlab.lab.classifier import Classifier
from ctlab.lab.run_maker import RunMaker
from ctlab.outcomes import classify
from ctlab.outcomes.forms import UNKNOWN
from ctlab.settings import Settings
from tests.fakes import FakeEngine, FakeLog
from tests.lab.test_classifier import PROBLEMS, TEXTS, outcomes, said


def test_runs_that_are_labelled_together_have_the_labels_of_each_alone(tmp_path):
    from ctlab.store import GenerationStore

    store, done = GenerationStore(tmp_path), []
    runs = {name: (outcomes(name), said(name)) for name in TEXTS}
    together = Classifier(store.derived, PROBLEMS, UNKNOWN).classify_together(runs, done.append)
    assert {name: tuple(labels) for name, labels in together.items()} == {
        name: tuple(classify(problem, text) for problem, text in zip(PROBLEMS, TEXTS[name], strict=True))
        for name in TEXTS
    }
    assert sum(done) == 4
    again = Classifier(store.derived, PROBLEMS, UNKNOWN)
    assert {name: again.classify(outcomes(name), said(name)) for name in TEXTS} == together


@pytest.fixture
def maker(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = Settings(problems="tiny", limit=30, recorded={}, store=tmp_path / "store", report=tmp_path / "reports")
    from fixtures.conditions import conditions

    known = {each.name: each for each in conditions()}
    wanted = {name: known[name] for name in ("baseline", "ct0_blocked", "ct4_blocked")}
    return lambda: RunMaker(settings, wanted, FakeEngine(), FakeLog())


def test_planned_runs_are_labelled_at_once_and_read_from_the_store_afterwards(maker, monkeypatch):
    asked = []
    monkeypatch.setattr(
        module, "classify", lambda problem, *others: asked.append(problem) or classify(problem, *others)
    )
    lab, names = maker(), ("baseline", "ct0_blocked", "ct4_blocked")
    lab.plan(names)
    lab.run("ct4_blocked")
    first = len(asked)
    assert first >= 30
    runs = {name: lab.run(name) for name in names}
    assert len(asked) == first
    later = maker()
    later.plan(names)
    assert {name: later.run(name).classifications for name in names} == {
        n: run.classifications for n, run in runs.items()
    }
    assert len(asked) == first


def test_labels_at_hand_are_those_of_the_answers_that_are_asked_about(maker):
    lab = maker()
    lab.plan(("baseline", "ct0_blocked"))
    lab.run("baseline")
    assert "ct0_blocked" in lab._labelling._done
    others = [replace(each, text="The answer is: 5") for each in lab._answers("ct0_blocked")]
    found = lab._labelling.labels("ct0_blocked", lab.forms, others, {})
    assert tuple(found) == tuple(classify(each, "The answer is: 5", lab.forms.known) for each in lab.problems)
