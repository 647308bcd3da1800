"""A sweep whose engine has workers: they answer it, audit whom the sweep says, and nothing is otherwise."""

import numpy as np
import pytest

import ctlab
from ctlab.lab.executors import SharingEngine, worker
from ctlab.lab.executors.loaded_model import LoadedModelEngine
from ctlab.lab.executors.worker import answer_shard
from ctlab.records.row_audit import CHECK
from ctlab.settings import Settings
from tests.sweeps.making import ALL, PROBLEMS, TOKENS, give_rows_of_the_next_cell, model

__all__ = ["model"]


class Shared(LoadedModelEngine):
    """Its workers are this process."""

    def __init__(self, *given):
        super().__init__(*given)
        self.shards = []

    def workers(self):
        return 2

    def words(self):
        return "by 2 workers of nobody"

    def answer_elsewhere(self, job, shards):
        for shard in shards:
            self.shards.append(shard)
            yield answer_shard(job, shard)


@pytest.fixture
def shared(model, monkeypatch, tmp_path):
    monkeypatch.setattr(worker, "_workers", [])
    monkeypatch.setattr(worker, "_engine", [])
    monkeypatch.setattr(worker, "ModelEngine", lambda settings: LoadedModelEngine(settings, model))
    return Shared(Settings(recorded={}, store=tmp_path, report=tmp_path, max_new_tokens=TOKENS), model)


def swept(engine, store):
    return ctlab.sweep(engine, PROBLEMS, max_new_tokens=TOKENS, progress=False, store=store, **ALL)


def test_workers_answer_what_one_process_does(shared, model, tmp_path):
    assert isinstance(shared, SharingEngine)
    alone, found = swept(model, tmp_path / "alone"), swept(shared, tmp_path / "shared")
    answers = alone.outcomes.labels.size
    assert sum(shard.answers for shard in shared.shards) == answers
    assert (found.made, alone.made) == (answers, answers)
    assert np.array_equal(found.outcomes.labels, alone.outcomes.labels)
    assert np.array_equal(found.outcomes.lengths, alone.outcomes.lengths)
    assert found.certificate.passed
    assert found.certificate.sampled.keys() == alone.certificate.sampled.keys()


def test_rows_of_the_sample_are_audited_by_the_workers(shared, tmp_path):
    found = swept(shared, tmp_path)
    audited = [any(check.name == CHECK for check in each.checks) for each in found.certificate.sampled.values()]
    assert audited
    assert all(audited)
    assert any(check.name == CHECK for check in found.certificate.baseline.checks)


def test_rows_of_the_next_cell_are_seen(shared, tmp_path, monkeypatch):
    give_rows_of_the_next_cell(monkeypatch)
    assert "rows-of-the-run" in swept(shared, tmp_path).outcomes.failure


def test_what_is_there_is_handed_out_to_nobody(shared, model, tmp_path):
    first = swept(model, tmp_path)
    again = swept(shared, tmp_path)
    assert shared.shards == []
    assert again.made == 0
    assert np.array_equal(first.outcomes.labels, again.outcomes.labels)


def test_without_a_store_it_is_one_workers(shared, model):
    found = swept(shared, None)
    assert shared.shards == []
    assert np.array_equal(found.outcomes.labels, swept(model, None).outcomes.labels)
