"""The executor ray: one sentence where it cannot be used, and the same answers and verdicts where it can."""

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import ctlab
from ctlab.errors import CertificateError, CtlabError, InputError
from ctlab.interventions import Condition, Intervention, Patch
from ctlab.lab.executors import MeasuringEngine, ScoringEngine, SharingEngine, TraceableEngine
from ctlab.lab.executors.chosen_engine import chosen_engine
from ctlab.lab.executors.local_model import ModelEngine
from ctlab.lab.executors.ray_cluster import LostWorkerError, in_words
from ctlab.lab.executors.ray_engine import RayEngine
from ctlab.lab.run_maker import RunMaker
from ctlab.lab.share_out import share_out
from ctlab.records.generation import answers_digest
from ctlab.settings import Settings
from fixtures.conditions import conditions as suite_conditions
from tests.fakes import FakeEngine, FakeLog

ROOT = Path(__file__).parents[3]
needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="Ray is not installed: pip install 'ctlab[ray]'"
)


@pytest.fixture
def settings(tmp_path):
    return Settings(
        recorded={}, store=tmp_path / "store", report=tmp_path / "reports", executor="ray", limit=70, ray_cpus=1
    )


@pytest.fixture
def machines(monkeypatch):
    """An engine that sees these machines, of whatever cluster."""

    def engine(settings, *found):
        made = chosen_engine(settings)
        vars(made)["_nodes"] = list(found)
        return made

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    return engine


def test_without_ray_the_next_step_is_said(settings, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"needs Ray, which is not installed; pip install 'ctlab\[ray\]'"):
        chosen_engine(settings)


def test_it_does_what_the_local_engine_does(settings, machines):
    engine = machines(settings)
    for protocol in (MeasuringEngine, ScoringEngine, SharingEngine, TraceableEngine):
        assert isinstance(engine, protocol)
    assert engine.digest == ModelEngine(settings).digest
    assert engine.card() == ModelEngine(settings).card()


def test_nothing_is_asked_of_ray_where_nothing_is_missing(settings, machines, monkeypatch):
    """Asking what an engine can do must not connect to a cluster, and a warm run needs none."""
    monkeypatch.setattr("ctlab.lab.executors.ray_engine.connect", lambda ray, address: pytest.fail("connected"))
    engine = chosen_engine(replace(settings, ray_address="127.0.0.1:1"))
    assert isinstance(engine, SharingEngine)
    lab = RunMaker(engine._settings, {}, engine, FakeLog())
    monkeypatch.setattr("ctlab.lab.share_out.SharedStore.complete", lambda store, keys, ids: True)
    share_out(lab, ["baseline"], lambda names: pytest.fail("certified"))


def test_the_settings_decide_where_answers_are_of_and_not_this_machine(settings, machines):
    assert machines(settings).environment == "cpu, explicit attention"
    assert machines(replace(settings, device="cuda")).environment == "cuda, explicit attention"


@pytest.mark.parametrize(
    ("changes", "found", "workers", "words"),
    [
        ({}, [{"CPU": 2.0}, {"CPU": 3.0}, {"GPU": 1.0}], 5, "by 5 workers of Ray, 1 CPU each"),
        ({"ray_cpus": 2}, [{"CPU": 2.0}, {"CPU": 3.0}], 2, "by 2 workers of Ray, 2 CPUs each"),
        ({"ray_cpus": None}, [{"CPU": 2.0}, {"CPU": 3.0}], 1, "by 1 worker of Ray, 3 CPUs each"),
        ({"ray_cpus": None}, [{"CPU": 64.0}], 16, "by 16 workers of Ray, 4 CPUs each"),
        ({"device": "cuda"}, [{"CPU": 8.0, "GPU": 8.0}, {"CPU": 8.0}], 8, "by 8 workers of Ray, a GPU each"),
    ],
)
def test_a_worker_has_a_gpu_or_so_many_cpus(settings, machines, changes, found, workers, words):
    engine = machines(replace(settings, **changes), *found)
    assert (engine.workers(), engine.words()) == (workers, words)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ray_cpus": 8}, r"no machine of .* has 8 CPUs for a worker; give --ctlab-ray-cpus with fewer"),
        ({"device": "cuda"}, r"no machine of .* has a GPU for a worker; give --ctlab-device cpu"),
    ],
)
def test_a_cluster_without_room_is_said(settings, machines, changes, said):
    with pytest.raises(InputError, match=said):
        machines(replace(settings, **changes), {"CPU": 2.0})._started(1)


def test_a_notebook_asks_for_it_as_the_command_line_does(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    with pytest.raises(InputError, match=r"executor must be one of local, ray, slurm, not 'cloud'"):
        ctlab.Lab("tiny", "tiny", executor="cloud", store=tmp_path)
    with pytest.raises(InputError, match=r"workers load the model that --ctlab-model names, and here an engine"):
        ctlab.Lab(FakeEngine(), "tiny", executor="ray", store=tmp_path)
    lab = ctlab.Lab("tiny", "tiny", limit=5, executor="ray", ray_cpus=2, store=tmp_path)
    assert lab._run.lab.engine.__class__.__name__ == "RayEngine"


@needs_ray
def test_what_ray_says_is_one_sentence():
    from ray import exceptions

    cause = CertificateError("as it was said")
    failed = exceptions.RayTaskError("answer", "traceback", cause).as_instanceof_cause()
    with pytest.raises(CertificateError, match=r"^as it was said$") as found, in_words():
        raise failed
    assert found.value is cause
    with (
        pytest.raises(CtlabError, match=r"a worker of Ray failed: KeyError: 'x'; what was finished is kept"),
        in_words(),
    ):
        raise exceptions.RayTaskError("answer", "traceback", KeyError("x")).as_instanceof_cause()
    with pytest.raises(CtlabError, match=r"has no ctlab; install the same ctlab on every machine"), in_words():
        raise exceptions.RaySystemError("No module named 'ctlab'")
    with pytest.raises(LostWorkerError, match=r"ended again and again over the same") as lost, in_words():
        raise exceptions.ActorDiedError()
    assert lost.value.for_good
    with pytest.raises(LostWorkerError) as lost, in_words():
        raise exceptions.ActorUnavailableError("gone", None)
    assert not lost.value.for_good
    with pytest.raises(KeyError), in_words():
        raise KeyError("our own mistake")


@needs_ray
@pytest.mark.slow
def test_an_address_where_nobody_answers_is_refused_at_once(settings):
    engine = chosen_engine(replace(settings, ray_address="127.0.0.1:1"))
    with pytest.raises(
        InputError, match=r"no Ray cluster can be used at 127\.0\.0\.1:1 \(.*refused\); give the one that"
    ):
        _ = engine.workers()


@needs_ray
@pytest.mark.slow
@pytest.mark.parametrize(
    "error", [RuntimeError("Version mismatch: Ray: 2.1"), ConnectionError("no"), ImportError("grpc")]
)
def test_a_cluster_of_another_version_is_refused(settings, monkeypatch, error):
    import ray

    def refuse(**options):
        raise error

    monkeypatch.setattr(ray, "init", refuse)
    with pytest.raises(InputError, match=rf"no Ray cluster can be used at auto \({error}\); .* same versions of Ray"):
        _ = chosen_engine(replace(settings, ray_address="auto")).workers()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """The address of a cluster of two CPUs; this process is no part of it before an engine asks."""
    import tempfile

    from ray.cluster_utils import Cluster

    # The paths of its sockets may not be long, as those of pytest's folders are.
    with tempfile.TemporaryDirectory(prefix="ct", dir="/tmp") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        # Ray notes the latest cluster below its own folder, which must be there, and is not to be a person's.
        patch.setenv("RAY_TMPDIR", folder)
        Path(folder, "ray").mkdir()
        patch.setenv("RAY_worker_niceness", "0")
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
        small = {"num_cpus": 2, "object_store_memory": 80_000_000, "include_dashboard": False, "temp_dir": folder}
        made = Cluster(initialize_head=True, head_node_args=small)
        yield made.address
        import ray

        ray.shutdown()
        made.shutdown()


def lab_of(settings, store, conditions):
    settings = replace(settings, store=settings.store.parent / store)
    return RunMaker(settings, {each.name: each for each in conditions}, chosen_engine(settings), FakeLog())


def digests(lab, names):
    lab.plan(names)
    return {name: answers_digest(lab.run(name).generations) for name in names}


SAMPLE = ("baseline", "no_op", "ct0_blocked", "ct0_from_answer", "question_control_answer")
OWN = (
    Condition(name="zeroed", interventions=(Patch(thoughts=("CT2",), by="zero"),)),
    Condition(name="mean", interventions=(Patch(thoughts=("CT1",), by="mean"),)),
    Condition(name="resampled", interventions=(Patch(thoughts=("CT3",), by="resample"),)),
    Condition(name="early", num_thoughts=2),
    Condition(name="halved", interventions=(Intervention(keys=("CT4",), readers="later", keep=0.5),)),
)


@needs_ray
@pytest.mark.slow
def test_two_workers_answer_what_one_process_does(settings, cluster):
    """Conditions of every kind; the driver loads no model, and a worker that ends is started again."""
    known = [*suite_conditions(), *OWN]
    names = tuple(name for name in (*SAMPLE, *(each.name for each in OWN)) if name in {c.name for c in known})
    assert len(names) > len(OWN) + 2
    alone = lab_of(replace(settings, executor="local"), "alone", known)
    lab = lab_of(replace(settings, ray_address=cluster), "shared", known)
    engine, ended = lab.engine, []
    honest = engine.answer_elsewhere

    def end_one(job, shards):
        for answered in honest(job, shards):
            if not ended:
                ended.append(engine._actors[0])
                engine._ray.kill(ended[0], no_restart=False)
            yield answered

    engine.answer_elsewhere = end_one
    assert digests(lab, names) == digests(alone, names)
    assert ended
    assert "by 2 workers of Ray, 1 CPU each" in " ".join(lab.log.lines)
    assert engine._loaded is None
    for name in names:
        mine, other = lab.certificate(name), alone.certificate(name)
        assert mine.passed
        assert replace(mine, checks=()) == replace(other, checks=())
        assert list(lab.origins(name)) == list(alone.origins(name))
    again = lab.answer_again("ct0_blocked", lab.problems.ids[:3])
    assert again == {answer.problem_id: answer for answer in lab.run("ct0_blocked").generations[:3]}


@needs_ray
@pytest.mark.slow
def test_a_sweep_is_answered_by_all_workers(tmp_path, cluster, monkeypatch):
    honest, who = RayEngine.answer_elsewhere, []

    def seen(self, job, shards):
        for answered in honest(self, job, shards):
            who.append(answered.where)
            yield answered

    def swept(name, **executor):
        lab = ctlab.Lab("tiny", "tiny", limit=130, store=tmp_path / name, progress=False, **executor)
        return ctlab.sweep(lab, positions="all", readers="answer"), lab._run.engine

    monkeypatch.setattr(RayEngine, "answer_elsewhere", seen)
    alone, _ = swept("alone", executor="local")
    found, engine = swept("shared", executor="ray", ray_address=cluster, ray_cpus=1)
    assert found.made == 7 * 130
    assert len(set(who)) == 2, "two workers"
    assert np.array_equal(found.outcomes.labels, alone.outcomes.labels)
    assert np.array_equal(found.outcomes.lengths, alone.outcomes.lengths)
    assert found.certificate.passed
    assert "rows-of-the-run" in {check.name for check in found.certificate.baseline.checks}
    assert engine._loaded is None


@needs_ray
@pytest.mark.slow
def test_claims_have_the_verdicts_of_a_single_process(tmp_path, cluster):
    def judged(name, *options):
        command = [
            sys.executable,
            "-m",
            "pytest",
            "hypotheses",
            "-k",
            "ct0_lowers_accuracy",
            "-q",
            "-p",
            "no:cacheprovider",
        ]
        command += ["--ctlab-limit=70", f"--ctlab-store={tmp_path / name}", f"--ctlab-report={tmp_path / name}-reports"]
        done = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        (report,) = (tmp_path / f"{name}-reports").glob("latest/report.json")
        claims = json.loads(report.read_text())["claims"]
        return [(claim["id"], claim["verdict"], claim["effect"]) for claim in claims if claim["effect"] is not None]

    there = judged("ray", "--ctlab-executor=ray", f"--ctlab-ray-address={cluster}", "--ctlab-ray-cpus=1")
    assert there == judged("local")
    assert there
