"""Learned probes in the lab: states are kept once, fits by everything that decides them."""

import json
from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch

import ctlab.lab.learned_probes as learned_probes
from ctlab.errors import AnswerKindError, CertificateError, InputError
from ctlab.lab.kept_states import KeptStates
from ctlab.lab.learned_probes import LearnedProbes, learner
from ctlab.lab.run_maker import RunMaker
from ctlab.lab.tending import codes_of_today
from ctlab.measures import StepOperation, StepResult
from ctlab.probes.raw_states import StateShards
from ctlab.records import Check
from ctlab.records.measurement import thought_names
from ctlab.settings import Settings
from tests.fakes import FakeEngine, FakeLog, note
from tests.lab.test_run_maker import calls
from tests.reporting.fake_measurements import CONDITIONS, fake_measurements

N, LEVELS, WIDTH = 160, 4, 12
FIRST = StepResult(step=1, modulo=2)


class StatesFake(FakeEngine):
    """States of CT1 at level 2 hold the label; all others are noise."""

    sound = True

    def certify_probes(self, problems, conditions):
        check = Check(name="probe-states", passed=self.sound, detail="0.3")
        return {condition.name: (check,) for condition in conditions}

    def measure(self, problems, conditions, *, progress=None, keep_states=None):
        note("measure", "kept" if keep_states else "plain", *(condition.name for condition in conditions))
        if keep_states is not None:
            states = torch.from_numpy(np.random.default_rng(0).normal(size=(len(conditions), N, 7, LEVELS, WIDTH)))
            states[:, :, 1, 2, 0] += torch.tensor([6.0 * FIRST.of(each) for each in problems])
            shards = StateShards(keep_states, [condition.name for condition in conditions])
            for rows in (range(100, N), range(100)):  # in another order than the problems
                shards.write([problems[row].id for row in rows], states[:, list(rows)])
        names = tuple(condition.name for condition in conditions if condition.interventions)
        found = fake_measurements(tuple(problem.id for problem in problems), names)
        lengths = np.full(N, 9, dtype=np.int32)
        return {name: replace(each, question_tokens=lengths) for name, each in found.items()}


@pytest.fixture
def make(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    draw = np.random.default_rng(1)
    rows = []
    for number in range(N):
        first, total = int(draw.integers(2, 90)), int(draw.integers(2, 90))
        solution = f"<<{total}+{first}={total + first}>> <<{total + first}-1={total + first - 1}>>"
        question = f"Box {number}: {first} is put to {total}, and one is lost. How many?"
        rows.append({"question": question, "answer": f"{solution}\n#### {total + first - 1}"})
    file = tmp_path / "problems.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    def make_lab(engine=None, limit=None):
        settings = Settings(
            problems=str(file), recorded={}, store=tmp_path / "store", report=tmp_path / "reports", limit=limit
        )
        lab = RunMaker(settings, CONDITIONS, engine or StatesFake(), FakeLog())
        return LearnedProbes(lab, lab.probes)

    return make_lab


def read(probes, label=FIRST, **asked):
    return probes.fit(label, **{"thought": "CT1", "level": 2, "draws": 19, **asked})


def test_a_probe_reads_its_own_position_and_level_alone(make):
    probes = make()
    assert read(probes).accuracy > 0.9
    assert abs(read(probes, level=1).accuracy - 0.5) < 0.25
    assert abs(read(probes, thought="CT0").accuracy - 0.5) < 0.25
    assert read(probes, level=-2) == read(probes)


def test_states_are_kept_once_and_fits_are_read_again(make, monkeypatch):
    found = read(make())
    assert calls() == ["measure plain baseline", "measure kept baseline"]
    read(make(), level=1)
    assert len(calls()) == 2
    monkeypatch.setattr("ctlab.measures.learned_probe.fit_probe", None)  # no fit is made
    assert read(make()) == found
    assert thought_names(6)[1] == found.thought


@dataclass(frozen=True)
class OtherLabels:
    """The words of another label, and labels of its own."""

    words = FIRST.words

    def of(self, problem):
        return 1 - FIRST.of(problem)

    def type_of(self, problem):
        return problem.id


@pytest.mark.parametrize(
    ("label", "asked"),
    [
        (OtherLabels(), {}),
        (StepResult(step=1, modulo=3), {}),
        (FIRST, {"seed": 1}),
        (FIRST, {"share": 0.4}),
        (FIRST, {"draws": 20}),
        (FIRST, {"by_type": True}),
        (FIRST, {"thought": "CT2"}),
        (FIRST, {"level": 3}),
        (FIRST, {"condition": "ct0_blocked"}),
    ],
)
def test_each_thing_that_decides_a_fit_is_in_its_key(make, monkeypatch, label, asked):
    keys = []
    probes = make()
    derived = probes._experiment.store.derived
    honest = derived.read_json
    monkeypatch.setattr(derived, "read_json", lambda key, *rest: (keys.append(key), honest(key, *rest))[1])
    read(probes)
    read(probes, label, **asked)
    mine = [key.digest for key in keys if key.kind == "learned-probe"]
    assert len(mine) == len(set(mine)) == 2


def test_a_fit_of_other_source_is_made_again(make, monkeypatch):
    read(make())
    monkeypatch.setattr(learned_probes, "learner", lambda: "of tomorrow")
    made = []
    monkeypatch.setattr("ctlab.measures.learned_probe.Ridge.of", lambda states: made.append(states) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        read(make())
    assert len(made) == 1
    assert codes_of_today()["learned-probe"] == learner()


def test_states_of_another_version_of_the_probes_are_kept_apart(make, monkeypatch):
    probes = make()
    folder = KeptStates(probes._experiment, ["baseline"]).folder
    monkeypatch.setattr("ctlab.lab.kept_states.VERSION", "of tomorrow")
    assert KeptStates(probes._experiment, ["baseline"]).folder != folder


def test_states_that_nothing_proves_are_not_read(make, monkeypatch):
    monkeypatch.setattr(StatesFake, "sound", False)
    with pytest.raises(CertificateError, match="probe-states"):
        read(make())


def test_a_label_that_no_problem_has_skips_the_claim(make):
    with pytest.raises(AnswerKindError, match="has a label: operation of step 7"):
        read(make(), StepOperation(step=7))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"label": "operation"}, "a label such as StepOperation.* not 'operation'"),
        ({"level": "last"}, "not 'last'; -1 is the last"),
        ({"by_type": "yes"}, "by_type is True or False, not 'yes'"),
        ({"seed": "x"}, "a whole number from 0, not 'x'"),
    ],
)
def test_what_no_probe_can_be_asked_is_said(make, asked, said):
    with pytest.raises(InputError, match=said):
        read(make(), **asked)


def test_a_level_that_is_not_there_is_said(make):
    with pytest.raises(InputError, match=r"0 \(what a position is fed\) to 3 .* not 4; -1 is the last"):
        read(make(), level=4)
