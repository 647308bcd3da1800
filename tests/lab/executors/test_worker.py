"""A worker answers its shard as one process would, twice without harm, and refuses where it is not who was asked."""

from collections import Counter
from dataclasses import replace

import pytest

from ctlab.errors import CertificateError, CtlabError, StoreError
from ctlab.interventions import BASELINE, Condition, Intervention, Patch
from ctlab.lab.answer_sources import certifier
from ctlab.lab.executors import worker
from ctlab.lab.executors.chosen_engine import chosen_engine
from ctlab.lab.executors.shards import Job, Question, shards_of
from ctlab.lab.executors.worker import answer_question, answer_shard
from ctlab.lab.run_maker import RunMaker
from ctlab.records.generation import answers_digest
from ctlab.records.provenance import here
from ctlab.settings import Settings
from ctlab.store.manifest import Entry, read_entries
from tests.fakes import FakeEngine, FakeLog
from tests.plugin.suite import problems

CT0 = Condition(name="ct0_blocked", interventions=(Intervention(keys=("CT0",), readers="later"),))
MEAN = Condition(name="mean", interventions=(Patch(thoughts=("CT1",), by="mean"),))
NAMES = ("baseline", "ct0_blocked", "mean")


@pytest.fixture(autouse=True)
def _forgetful(monkeypatch):
    """A process that has answered nothing yet."""
    monkeypatch.setattr(worker, "_workers", [])
    monkeypatch.setattr(worker, "_engine", [])


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """The lab that asks, with an engine without weights here and in the worker."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "problems.jsonl").write_text(problems(150), encoding="utf-8")
    monkeypatch.setattr(worker, "ModelEngine", lambda settings: FakeEngine(size=20))

    def make(store):
        settings = Settings(
            problems=str(tmp_path / "problems.jsonl"), recorded={}, store=tmp_path / store, report=tmp_path / "reports"
        )
        return RunMaker(settings, {each.name: each for each in (CT0, MEAN)}, FakeEngine(size=40), FakeLog())

    return make


def job_of(lab, names=NAMES):
    return Job(
        settings=lab.settings,
        problems=lab.problems,
        conditions=tuple(lab.conditions[name] for name in names),
        keys=lab.keys(names),
        source=certifier(),
        versions=here("").versions,
    )


def shards(lab, names=NAMES):
    missing = lab.store.missing(lab.keys(names), lab.problems.ids)
    return shards_of(missing, lab.problems.problems, lab.conditions, workers=2, padding=lab.settings.padding)


def digests(lab, names=NAMES):
    lab.plan(names)
    return {name: answers_digest(lab.run(name).generations) for name in names}


def rows(lab, names=NAMES):
    folder = lab.store.folder(lab.key("baseline"))
    entries = [entry for _, entry in read_entries(folder) if isinstance(entry, Entry)]
    return Counter((digest, each) for entry in entries for digest in entry.digests for each in entry.problem_ids)


def test_what_workers_answer_is_what_one_process_answers(fake):
    alone, lab = fake("alone"), fake("shared")
    job = job_of(lab)
    made = [answer_shard(job, shard).made for shard in shards(lab)]
    assert sum(made) == 3 * 150
    assert lab.missing(NAMES) == {}
    certificates = [lab.certificate(name) for name in NAMES]
    assert digests(lab) == digests(alone)
    assert [each.passed for each in certificates] == [True] * 3
    entries = lab.store.entries(lab.keys(NAMES), lab.problems.ids)["mean"]
    assert {entry.source for entry in entries} == {certifier()}
    assert not [line for line in lab.log.lines if line.startswith("generat")]


def test_a_worker_that_answers_otherwise_is_seen(fake, monkeypatch):
    monkeypatch.setattr(worker, "ModelEngine", lambda settings: FakeEngine(size=20, wrong={"mean": 0.5}))
    lab = fake("shared")
    for shard in shards(lab):
        answer_shard(job_of(lab), shard)
    found, expected = digests(lab), digests(fake("alone"))
    assert found["mean"] != expected["mean"]


def test_a_shard_twice_is_answered_once(fake):
    lab = fake("shared")
    job, asked = job_of(lab), shards(lab)
    for shard in [*asked, *asked]:
        answer_shard(job, shard)
    assert set(rows(lab).values()) == {1}


def test_two_workers_with_the_same_shard_at_once_are_harmless(fake, monkeypatch):
    alone, lab = fake("alone"), fake("shared")
    job, asked = job_of(lab), shards(lab)
    monkeypatch.setattr(
        "ctlab.store.shared_store.SharedStore._there", lambda self, keys, ids: {k.digest: {} for k in keys.values()}
    )  # each looked before the other kept anything
    assert [answer_shard(job, shard).made for shard in asked] == [answer_shard(job, shard).made for shard in asked]
    assert set(rows(lab).values()) == {1}, "the same answers are the same file"
    assert digests(lab) == digests(alone)


def test_half_a_shard_is_finished_and_not_made_anew(fake):
    lab = fake("shared")
    first, *_ = asked = shards(lab)
    half = replace(first, problem_ids=first.problem_ids[:30])
    job = job_of(lab)
    assert answer_shard(job, half).made == 60
    assert answer_shard(job, first).made == first.answers - 60
    assert sum(answer_shard(job, shard).made for shard in asked) == 3 * 150 - first.answers


def test_what_draws_on_others_is_asked_with_the_whole_set(fake, tmp_path):
    lab = fake("shared")
    answer_shard(job_of(lab), shards(lab)[-1])
    assert "among 150" in (tmp_path / "calls.log").read_text()


def test_a_condition_whose_certificate_failed_is_not_answered(fake, monkeypatch):
    monkeypatch.setenv("FAKE_SABOTAGED", "ct0_blocked")
    lab = fake("shared")
    with pytest.raises(CertificateError, match=r"'ct0_blocked' failed: removed-edges-are-zero"):
        answer_shard(job_of(lab), shards(lab)[0])
    assert rows(lab) == Counter()
    assert lab.certificate("ct0_blocked").passed is False


def test_a_condition_is_certified_once(fake, tmp_path):
    lab = fake("shared")
    for shard in shards(lab):
        answer_shard(job_of(lab), shard)
    lines = (tmp_path / "calls.log").read_text().splitlines()
    assert [line for line in lines if line.startswith("certify")] == ["certify baseline ct0_blocked", "certify mean"]


def test_a_worker_with_other_code_refuses(fake):
    lab = fake("shared")
    shard = shards(lab)[0]
    with pytest.raises(CtlabError, match=r"other libraries than who asks \(torch .* / 1\.0\), .*same versions"):
        answer_shard(replace(job_of(lab), versions={**here("").versions, "torch": "1.0"}), shard)
    with pytest.raises(CtlabError, match=r"other source of ctlab than who asks \(\w{16} / of tomorrow\)"):
        answer_shard(replace(job_of(lab), source="of tomorrow"), shard)
    other = {name: replace(key, model="another") for name, key in job_of(lab).keys.items()}
    with pytest.raises(CtlabError, match=r"another model for condition 'baseline' than who asks \(fake-model / anoth"):
        answer_shard(replace(job_of(lab), keys=other), shard)
    assert rows(lab) == Counter()


def question_of(lab, method="provenance", *given):
    return Question(
        settings=lab.settings,
        method=method,
        given=given,
        options={},
        model=lab.engine.digest,
        source=certifier(),
        versions=here("").versions,
    )


def test_a_question_is_answered_by_the_same_code_and_model_alone(fake, tmp_path):
    """What a worker certifies or measures is kept as that of who asks, as its answers are."""
    lab = fake("shared")
    conditions = [lab.conditions["ct0_blocked"]]
    asked = question_of(lab, "certify", lab.problems.problems[:8], conditions)
    with pytest.raises(CtlabError, match=r"other libraries than who asks \(torch .* / 1\.0\)"):
        answer_question(replace(asked, versions={**here("").versions, "torch": "1.0"}))
    with pytest.raises(CtlabError, match=r"other source of ctlab than who asks \(\w{16} / of tomorrow\)"):
        answer_question(replace(asked, source="of tomorrow"))
    with pytest.raises(CtlabError, match=r"another model than who asks \(fake-model / another\); let every machine"):
        answer_question(replace(asked, model="another"))
    assert not (tmp_path / "calls.log").exists()
    assert answer_question(asked)["ct0_blocked"].passed
    (batch,) = answer_question(question_of(lab, "batches", lab.problems.problems[:8], conditions))
    assert len(batch["ct0_blocked"]) == 8


def test_a_worker_that_sees_another_store_refuses(fake):
    lab = fake("shared")
    store = worker.SharedStore(lab.settings.store)
    with store.marked(lab.keys(NAMES)) as mark:
        job = replace(job_of(lab), mark=mark)
        elsewhere = replace(job, settings=replace(job.settings, store=lab.settings.store.parent / "elsewhere"))
        with pytest.raises(
            StoreError, match=r"does not see the store .*elsewhere that who asks writes to; give a folder"
        ):
            answer_shard(elsewhere, shards(lab)[0])
        answer_shard(job, shards(lab)[0])
    assert not (lab.settings.store / mark).exists()
    assert rows(lab) != Counter()


def test_who_asks_for_workers_brings_no_engine_of_their_own(fake):
    settings = replace(fake("shared").settings, executor="ray")
    with pytest.raises(CtlabError, match=r"--ctlab-executor ray: workers load the model that --ctlab-model names"):
        chosen_engine(settings, FakeEngine())


def verdicts(certificate):
    return [(check.name, check.passed) for check in certificate.checks if check.name != "rows-of-the-run"]


@pytest.mark.slow
@pytest.mark.parametrize("padding", ["exact", "as-published"])
def test_the_embedded_model_answers_the_same_in_shards(tmp_path, padding):
    names = ("baseline", "ct0_blocked", "mean")

    def lab_at(store):
        settings = Settings(recorded={}, store=tmp_path / store, report=tmp_path, limit=140, padding=padding)
        return RunMaker(
            settings, {each.name: each for each in (BASELINE, CT0, MEAN)}, chosen_engine(settings), FakeLog()
        )

    alone, lab = lab_at("alone"), lab_at("shared")
    job = job_of(lab, names)
    for shard in reversed(shards(lab, names)):
        answer_shard(job, shard)
    assert digests(lab, names) == digests(alone, names)
    for name in names:
        mine, other = lab.certificate(name), alone.certificate(name)
        # What a check measured is rounded otherwise where other conditions are certified in the same pass.
        assert verdicts(mine) == verdicts(other)
        assert mine.passed
