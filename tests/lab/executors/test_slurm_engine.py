"""Arrays of Slurm: handed in, left, come back to, ended in every way; tasks are real processes, Slurm is a fake."""

import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from ctlab.errors import CertificateError, CtlabError
from ctlab.interventions import BASELINE, Condition, Intervention, Patch
from ctlab.lab.executors import slurm_array, slurm_engine
from ctlab.lab.executors.chosen_engine import chosen_engine
from ctlab.lab.run_maker import RunMaker
from ctlab.lab.share_out import queued_lines
from ctlab.records.generation import answers_digest
from ctlab.settings import Settings
from tests.fakes import FakeEngine, FakeLog
from tests.lab.executors import fake_slurm
from tests.plugin.suite import problems

pytest.importorskip("submitit", reason="the executor slurm needs submitit (pip install 'ctlab[slurm]')")
ROOT = Path(__file__).parents[3]
CT0 = Condition(name="ct0_blocked", interventions=(Intervention(keys=("CT0",), readers="later"),))
MEAN = Condition(name="mean", interventions=(Patch(thoughts=("CT1",), by="mean"),))
NAMES = ("baseline", "ct0_blocked", "mean")
WITHOUT_WEIGHTS = """
import os
if os.environ.get("SUBMITIT_EXECUTOR"):  # a task, whose model has no weights
    from ctlab.lab.executors import worker
    from tests.fakes import FakeEngine
    worker.ModelEngine = lambda settings: FakeEngine(size=20)
"""


class Asking(slurm_engine.SlurmEngine):
    """Who asks tasks whose model has no weights."""

    digest = FakeEngine.digest
    environment = ""

    def card(self):
        return FakeEngine().card()

    def trust(self):
        return ""


class AskingHere(Asking):
    """The same by submitit's own executor, which starts processes of this machine."""

    cluster = "local"

    def _states(self, kept):
        return {task: "RUNNING" for record in kept for task in record.tasks if _runs(int(task))}


def _runs(process):
    try:
        return os.waitpid(process, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return False


@pytest.fixture
def slurm(tmp_path, monkeypatch):
    """A cluster of this machine, whose tasks answer without weights."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(WITHOUT_WEIGHTS, encoding="utf-8")
    (tmp_path / "problems.jsonl").write_text(problems(150), encoding="utf-8")
    fake_slurm.install(tmp_path / "bin")
    (tmp_path / "known").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAKE_SLURM", str(tmp_path / "known"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "site"), str(ROOT), *filter(None, sys.path)]))
    monkeypatch.setattr(slurm_engine, "_POLL_S", 0.1)
    monkeypatch.setattr(slurm_engine, "_SLOWEST_POLL_S", 0.1)
    yield
    fake_slurm.scancel(*(task.partition("_")[0] for task in fake_slurm.tasks()))


def lab_of(tmp_path, kind=Asking, store="store", **options):
    settings = Settings(
        problems=str(tmp_path / "problems.jsonl"), recorded={}, store=tmp_path / store, report=tmp_path, device="cpu"
    )
    if kind is not FakeEngine:
        settings = replace(settings, executor="slurm", slurm={"tasks": "2", **options})
    engine = FakeEngine() if kind is FakeEngine else kind(settings)
    return RunMaker(settings, {each.name: each for each in (CT0, MEAN)}, engine, FakeLog())


def digests(lab, names=NAMES):
    lab.plan(names)
    return {name: answers_digest(lab.run(name).generations) for name in names}


def left(tmp_path, monkeypatch, **options):
    """Start a run and interrupt it once something is answered; return its lab."""
    lab = lab_of(tmp_path, **options)

    def interrupted(seconds):
        if [*tmp_path.glob("store/v1/*/*.json")]:
            raise KeyboardInterrupt
        time.sleep(0.02)

    with monkeypatch.context() as patched:
        patched.setattr(slurm_engine, "time", type("Time", (), {"sleep": interrupted, "monotonic": time.monotonic}))
        with pytest.raises(KeyboardInterrupt):
            digests(lab)
    return lab


def test_an_array_answers_what_one_process_answers(slurm, tmp_path):
    alone, lab = (
        lab_of(tmp_path, FakeEngine, "alone"),
        lab_of(tmp_path, partition="gpu", time="02:00:00", exclusive="true"),
    )
    assert digests(lab) == digests(alone)
    assert lab.certificate("mean").passed
    (script,) = (tmp_path / "known").glob("*.sh")
    asked = script.read_text()
    for line in ("--partition=gpu", "--time=02:00:00", "--exclusive\n", "--job-name=ctlab", "--array=0-1%2"):
        assert f"#SBATCH {line}" in asked
    assert "wckey" not in asked
    assert "tasks=" not in asked
    (said,) = [line for line in lab.log.lines if line.startswith("generating")]
    assert said.endswith("by at most 2 tasks of Slurm at once")


@pytest.mark.slow
def test_who_leaves_comes_back_to_the_same_tasks(slurm, tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_PAUSE", "0.4")
    lab = left(tmp_path, monkeypatch)
    assert lab.log.lines[-1] == (
        "2 tasks of Slurm job 1 go on without this process: run the same again to wait for what they answer, or end "
        "them (scancel 1)"
    )
    back = lab_of(tmp_path)
    (line,) = queued_lines(back, NAMES)
    assert line.startswith("on Slurm: job 1, tasks ")
    assert line.endswith("asked for 450 answers of these conditions")
    assert digests(back) == digests(lab_of(tmp_path, FakeEngine, "alone"))
    assert len(list((tmp_path / "known").glob("*.sh"))) == 1
    assert queued_lines(lab_of(tmp_path), NAMES) == []


@pytest.mark.slow
def test_who_wants_more_asks_for_the_rest_alone(slurm, tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_PAUSE", "0.4")
    lab = lab_of(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(slurm_engine, "_answered", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            digests(lab, ("baseline",))
    handed = handed_in(monkeypatch)
    digests(lab_of(tmp_path))
    assert {name for shard in handed for name in shard.conditions} == {"ct0_blocked", "mean"}
    assert len(list((tmp_path / "known").glob("*.sh"))) == 2


def handed_in(monkeypatch):
    """The shards that are handed in from now on."""
    real, handed = slurm_array.hand_in, []

    def hand_in(job, parts, cluster):
        handed.extend(shard for part in parts for shard in part)
        return real(job, parts, cluster)

    monkeypatch.setattr(slurm_array, "hand_in", hand_in)
    return handed


def _interrupt(*_):
    raise KeyboardInterrupt


@pytest.mark.slow
@pytest.mark.parametrize("how", ["kill-9", "timeout"])
def test_tasks_that_end_early_are_named_and_the_rest_is_asked_for_again(slurm, tmp_path, monkeypatch, how):
    monkeypatch.setenv("FAKE_PAUSE", "0.6")
    left(tmp_path, monkeypatch)
    if how == "kill-9":
        for _, process in fake_slurm.tasks().values():
            os.killpg(process, signal.SIGKILL)
    else:
        fake_slurm.scancel("1", state="TIMEOUT")  # a task that was cancelled differs by this word alone
    state = {"kill-9": "FAILED", "timeout": "TIMEOUT"}[how]
    again = lab_of(tmp_path)
    engine, job, shards = asked_again(again)
    while any(now in ("PENDING", "RUNNING") for now, _ in fake_slurm.tasks().values()):
        time.sleep(0.02)
    with monkeypatch.context() as patched:
        patched.setattr(slurm_array, "hand_in", lambda job, parts, cluster: slurm_array.records(job.store)[-1])
        with pytest.raises(
            CtlabError, match=rf"2 tasks of Slurm ended before .*1_0 {state}.*run again, which asks only"
        ):
            list(engine.answer_elsewhere(job, shards))
    monkeypatch.setenv("FAKE_PAUSE", "0")
    missing, handed = sum(again.missing(NAMES).values()), handed_in(monkeypatch)
    assert digests(again) == digests(lab_of(tmp_path, FakeEngine, "alone"))
    assert 0 < sum(shard.answers for shard in handed) == missing


def asked_again(lab):
    from tests.lab.executors.test_worker import job_of, shards

    return lab.engine, job_of(lab), shards(lab)


def test_what_slurm_refuses_is_one_sentence(slurm, tmp_path, monkeypatch):
    with pytest.raises(CtlabError, match=r"Slurm did not take .*invalid partition specified: nowhere.*--ctlab-slurm"):
        digests(lab_of(tmp_path, partition="nowhere"))
    assert list((tmp_path / "store" / "jobs").iterdir()) == [], "nothing stays of what was not taken"
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CtlabError, match=r"there is no srun here; start this on a machine from which sbatch works"):
        digests(lab_of(tmp_path, store="other"))
    assert list((tmp_path / "other" / "jobs").iterdir()) == []


@pytest.mark.slow
def test_what_is_not_answers_is_asked_of_one_task(slurm, tmp_path):
    lab = lab_of(tmp_path)
    found = lab.engine.certify(lab.problems.problems[:8], [lab.conditions["ct0_blocked"]])
    assert found["ct0_blocked"].passed
    assert list((tmp_path / "store" / "jobs").iterdir()) == [], "nothing stays of what was answered"


@pytest.mark.slow
def test_a_condition_whose_certificate_failed_is_refused_and_the_others_answered(slurm, tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_SABOTAGED", "ct0_blocked")
    lab = lab_of(tmp_path)
    names = ("baseline", "mean")
    lab.plan(NAMES)
    found = {name: answers_digest(lab.run(name).generations) for name in names}
    assert found == digests(lab_of(tmp_path, FakeEngine, "alone"), names)
    with pytest.raises(CertificateError, match=r"'ct0_blocked' failed: removed-edges-are-zero"):
        lab.run("ct0_blocked")


@pytest.mark.slow
def test_where_the_queue_does_not_answer_no_task_is_taken_for_ended(slurm, tmp_path, monkeypatch):
    monkeypatch.setenv("FAKE_PAUSE", "0.3")
    left(tmp_path, monkeypatch)
    (tmp_path / "bin" / "squeue").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    assert digests(lab_of(tmp_path)) == digests(lab_of(tmp_path, FakeEngine, "alone"))
    assert len(list((tmp_path / "known").glob("*.sh"))) == 1


@pytest.mark.slow
def test_submitits_own_executor_answers_the_same(slurm, tmp_path):
    lab = lab_of(tmp_path, AskingHere)
    assert digests(lab) == digests(lab_of(tmp_path, FakeEngine, "alone"))


@pytest.mark.slow
def test_the_embedded_model_answers_the_same_in_an_array(slurm, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *filter(None, sys.path)]))

    def lab_at(store, **how):
        settings = Settings(recorded={}, store=tmp_path / store, report=tmp_path, limit=70, **how)
        return RunMaker(settings, {each.name: each for each in (BASELINE, CT0)}, chosen_engine(settings), FakeLog())

    names = ("baseline", "ct0_blocked")
    lab = lab_at("store", executor="slurm", slurm={"tasks": "2"})
    assert digests(lab, names) == digests(lab_at("alone"), names)
    assert lab.certificate("ct0_blocked").passed
