"""Measurements in the lab: kept as long as their version, proven as the source is today."""

from dataclasses import replace

import pytest

from ctlab.errors import CertificateError
from ctlab.lab.measurements import pass_line
from ctlab.lab.run_maker import RunMaker
from ctlab.records import Check
from ctlab.settings import Settings
from tests.fakes import FakeEngine, FakeLog, note
from tests.lab.test_run_maker import calls
from tests.plugin.suite import problems
from tests.probes.measured import make as made_up
from tests.reporting.fake_measurements import CONDITIONS, fake_measurements

NAMES = ["baseline", "ct0_blocked", "ct4_blocked"]


class MeasuringFake(FakeEngine):
    proves = True

    def certify_probes(self, problems, conditions):
        note("prove", *(condition.name for condition in conditions))
        check = Check(name="probe-mass", passed=True, detail="0")
        return {condition.name: (check,) for condition in conditions} if self.proves else {}

    def measure(self, problems, conditions, *, progress=None, keep_states=None):
        note("measure", *(condition.name for condition in conditions))
        names = tuple(condition.name for condition in conditions if condition.interventions)
        return fake_measurements(tuple(problem.id for problem in problems), names)


@pytest.fixture
def make(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "problems.jsonl").write_text(problems(12), encoding="utf-8")

    def make_lab(engine=None):
        settings = Settings(
            problems=str(tmp_path / "problems.jsonl"),
            recorded={},
            store=tmp_path / "store",
            report=tmp_path / "reports",
        )
        lab = RunMaker(settings, CONDITIONS, engine or MeasuringFake(), FakeLog())
        lab.probes.plan(NAMES)
        return lab

    return make_lab


def test_all_that_is_planned_is_proven_and_measured_in_one_pass(make):
    lab = make()
    assert [lab.probes.measurement(name).condition for name in NAMES] == NAMES
    assert calls() == [f"prove {' '.join(NAMES)}", f"measure {' '.join(NAMES)}"]
    assert make().probes.measurement("ct0_blocked").condition == "ct0_blocked"
    assert len(calls()) == 2


def test_measurements_of_another_source_are_proven_again_and_not_measured(make, monkeypatch):
    make().probes.measurement("ct0_blocked")
    monkeypatch.setattr("ctlab.lab.measurements.source_digest", lambda *modules: "of tomorrow")
    lab = make()
    assert lab.probes.available(NAMES) == {}
    for name in NAMES:
        lab.probes.measurement(name)
        assert lab.probes.checks(name)[0].passed
    assert calls()[2:] == [f"prove {' '.join(NAMES)}"]
    assert list(lab.probes.available(NAMES)) == NAMES


def test_a_measurement_that_nothing_proves_does_not_count(make, monkeypatch):
    make().probes.measurement("ct0_blocked")
    monkeypatch.setattr("ctlab.lab.measurements.source_digest", lambda *modules: "of tomorrow")
    monkeypatch.setattr(MeasuringFake, "proves", False)
    with pytest.raises(CertificateError, match=r"probes' certificate of .*'ct0_blocked' failed: it was not made"):
        make().probes.measurement("ct0_blocked")


def test_a_reader_is_told_in_which_of_several_passes_thoughts_were_measured():
    once = made_up()
    assert pass_line({}) == pass_line({"ct0_blocked": once}) == ""
    line = pass_line({"ct0_blocked": replace(once, at_pass=3)})
    assert line.startswith("thoughts are measured in the last of 4 passes over them")
