"""Handing out what is missing: workers answer it, failed certificates are left out, and gaps are refused."""

from dataclasses import replace

import pytest

from ctlab.errors import CertificateError, StoreError
from ctlab.interventions import Condition, Intervention
from ctlab.lab.executors import SharingEngine, worker
from ctlab.lab.executors.shards import Answered
from ctlab.lab.executors.worker import answer_shard
from ctlab.lab.run_maker import RunMaker
from ctlab.lab.share_out import share_out_certified
from ctlab.records.generation import answers_digest
from ctlab.settings import Settings
from tests.fakes import FakeEngine, FakeLog
from tests.plugin.suite import problems

CT0 = Condition(name="ct0_blocked", interventions=(Intervention(keys=("CT0",), readers="later"),))
CT4 = Condition(name="ct4_blocked", interventions=(Intervention(keys=("CT4",), readers="later"),))
NAMES = ("baseline", "ct0_blocked", "ct4_blocked")


class SharingFake(FakeEngine):
    """Its workers are this process; ``lost`` shards are said to be answered and are not."""

    def __init__(self, lost=()):
        super().__init__(size=40)
        self.lost, self.handed_out = lost, []

    def workers(self):
        return 2

    def words(self):
        return "by 2 workers of nobody"

    def answer_elsewhere(self, job, shards):
        for number, shard in enumerate(shards):
            self.handed_out.append(shard)
            if number in self.lost:
                yield Answered(shard=shard.digest, made=shard.answers, seconds=0.1, where="nowhere")
            else:
                yield answer_shard(job, shard)


@pytest.fixture
def make(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(worker, "_workers", [])
    monkeypatch.setattr(worker, "_engine", [])
    monkeypatch.setattr(worker, "ModelEngine", lambda settings: FakeEngine(size=20))
    (tmp_path / "problems.jsonl").write_text(problems(150), encoding="utf-8")

    def lab(engine, store="store", names=NAMES):
        settings = Settings(
            problems=str(tmp_path / "problems.jsonl"), recorded={}, store=tmp_path / store, report=tmp_path / "reports"
        )
        made = RunMaker(settings, {each.name: each for each in (CT0, CT4)}, engine, FakeLog())
        made.plan(names)
        return made

    return lab


def digests(lab, names=NAMES):
    return {name: answers_digest(lab.run(name).generations) for name in names}


def test_workers_answer_what_one_process_does(make):
    engine = SharingFake()
    assert isinstance(engine, SharingEngine)
    lab = make(engine)
    assert digests(lab) == digests(make(FakeEngine(size=40), "alone"))
    assert sum(shard.answers for shard in engine.handed_out) == 450
    assert lab.answered
    assert lab.answers_per_second() > 0
    assert "generating 3 conditions × 150 problems in 3 shards, by 2 workers of nobody" in lab.log.lines
    assert "generated 450 answers" in lab.log.lines[-1]


def test_what_is_there_is_handed_out_to_nobody(make):
    digests(make(FakeEngine(size=40)))
    engine = SharingFake()
    lab = make(engine)
    digests(lab)
    assert engine.handed_out == []
    assert not lab.answered


def test_the_rest_of_a_broken_off_run_is_handed_out_and_nothing_else(make, tmp_path):
    first = make(SharingFake(lost=(1,)))
    with pytest.raises(StoreError):
        first.run("baseline")
    before = (tmp_path / "calls.log").read_text().count("certify")
    engine = SharingFake()
    assert digests(make(engine)) == digests(make(FakeEngine(size=40), "alone"))
    assert [shard.answers for shard in engine.handed_out] == [192]
    certified = (tmp_path / "calls.log").read_text().count("certify")
    assert certified == before + 1, "only by the single process, in its own store"


def test_a_gap_is_refused_in_one_sentence(make):
    lab = make(SharingFake(lost=(0, 1)))
    with pytest.raises(StoreError, match=r"lacks 128 of 150 answers of condition 'baseline' .* run again"):
        lab.run("baseline")
    with pytest.raises(StoreError, match=r"lacks 128 of 150"):
        lab.run("ct0_blocked")
    assert len(lab.engine.handed_out) == 3, "what went wrong once is not tried again for every claim"


def test_a_failed_certificate_costs_its_condition_alone(make, monkeypatch):
    monkeypatch.setenv("FAKE_SABOTAGED", "ct0_blocked")
    engine = SharingFake()
    lab = make(engine)
    assert len(lab.run("baseline").generations) == 150
    with pytest.raises(CertificateError, match=r"'ct0_blocked' failed: removed-edges-are-zero"):
        lab.run("ct0_blocked")
    assert {name for shard in engine.handed_out for name in shard.conditions} == {"baseline", "ct4_blocked"}


def test_a_certificate_that_failed_is_tried_again_by_the_next_run(make, monkeypatch):
    monkeypatch.setenv("FAKE_SABOTAGED", "ct0_blocked")
    with pytest.raises(CertificateError):
        make(SharingFake()).run("ct0_blocked")
    monkeypatch.delenv("FAKE_SABOTAGED")
    assert make(SharingFake()).run("ct0_blocked").certificate.passed


def test_what_was_damaged_since_is_answered_by_the_engine_itself(make):
    lab = make(SharingFake())
    digests(lab)
    shard = min(lab.settings.store.rglob("*.parquet"))
    shard.write_bytes(b"no shard")
    again = make(SharingFake())
    assert digests(again) == digests(lab)


def test_a_store_that_can_only_be_read_is_handed_out_to_nobody(make, monkeypatch):
    from ctlab.errors import ReadOnlyStoreError

    engine = SharingFake()
    lab = make(engine)
    monkeypatch.setattr("ctlab.store.generation_store.is_read_only", lambda root: True)
    with pytest.raises(ReadOnlyStoreError):
        lab.run("baseline")
    assert engine.handed_out == []


class Telling(FakeEngine):
    """Notes whose rows it was asked to audit."""

    def __init__(self, told):
        super().__init__(size=20)
        self.told = told

    def batches(self, problems, conditions, *, among=None, audited=None):
        self.told.append(audited)
        return super().batches(problems, conditions, among=among)


GROUPS = [["baseline"], ["ct0_blocked", "ct4_blocked"]]


def test_what_who_asks_has_certified_no_worker_certifies_again(make, monkeypatch, tmp_path):
    engine, told = SharingFake(), []
    monkeypatch.setattr(worker, "ModelEngine", lambda settings: Telling(told))
    lab = make(engine)
    assert share_out_certified(lab, GROUPS, ["baseline", "ct4_blocked"])["answers"] == 450
    assert set(told) == {("baseline", "ct4_blocked")}
    assert not (tmp_path / "calls.log").exists() or "certify" not in (tmp_path / "calls.log").read_text()
    assert lab.missing(NAMES) == {}
    assert max(len(shard.conditions) for shard in engine.handed_out) == 2
    assert not lab.answered, "how fast a sweep is says nothing of an ordinary run"
    assert share_out_certified(lab, GROUPS, ["baseline"])["answers"] == 0
    assert digests(lab) == digests(make(FakeEngine(size=40), "alone"))


def test_a_gap_in_what_is_certified_elsewhere_is_refused_too(make, monkeypatch):
    monkeypatch.setattr(worker, "ModelEngine", lambda settings: Telling([]))
    with pytest.raises(StoreError, match=r"lacks \d+ of 150 answers of condition 'baseline'"):
        share_out_certified(make(SharingFake(lost=(2,))), GROUPS, [])


def test_an_engine_without_workers_is_handed_nothing(make):
    assert share_out_certified(make(FakeEngine()), GROUPS, [])["answers"] == 0


def test_a_job_says_what_a_worker_must_agree_in(make, monkeypatch):
    engine, jobs = SharingFake(), []
    honest = SharingFake.answer_elsewhere

    def seen(self, job, shards):
        jobs.append(job)
        yield from honest(self, job, shards)

    monkeypatch.setattr(SharingFake, "answer_elsewhere", seen)
    lab = make(engine)
    lab.run("baseline")
    (job,) = jobs
    assert job.keys == lab.keys(NAMES)
    assert job.versions["torch"]
    assert job.mark.startswith("v1/")
    assert not (lab.settings.store / job.mark).exists()
    assert job.digest != replace(job, source="another").digest
    assert job.digest != replace(job, audited=()).digest != replace(job, audited=("baseline",)).digest
