"""What vouches for answers that were in the store already, and what is kept beside a sweep's own."""

import pytest

import ctlab
from ctlab.interventions import Condition
from ctlab.sweeps import SweepCertificate, proving, sweep_job
from ctlab.sweeps.cell_sample import sampled_cells
from tests.sweeps.making import PROBLEMS, TOKENS, give_rows_of_the_next_cell, model, swept

__all__ = ["model"]
FEW = {"positions": "all", "layers": [0, 1], "heads": None}


@pytest.fixture
def by_other_source(monkeypatch):
    """Sweep as source of another digest would."""

    def sweep(*given, **more):
        with monkeypatch.context() as patch:
            for module in (proving, sweep_job):
                patch.setattr(module, "certifier", lambda: "0123456789ab")
            return swept(*given, **more)

    return sweep


def test_answers_of_other_source_stand_by_the_certificate_of_that_sweep(model, tmp_path, by_other_source):
    by_other_source(model, **FEW, store=tmp_path)
    found = swept(model, **FEW, store=tmp_path)
    assert found.made == 0
    assert found.certificate.passed, found.certificate.failure()


def test_without_its_certificate_nothing_vouches_for_them(model, tmp_path, by_other_source, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(sweep_job.SweepJob, "keep_proof", lambda self, proof: None)
        by_other_source(model, **FEW, store=tmp_path)
    found = swept(model, **FEW, store=tmp_path)
    unsampled = [cell for cell in range(6) if cell not in found.certificate.sampled]
    assert list(found.certificate.stored) == unsampled
    assert {found.certified(cell) for cell in unsampled} == {"nothing"}
    assert "answers of other source of ctlab than today's" in found.certificate.failure()


def test_a_certificate_of_a_sweep_survives_its_store(model, tmp_path):
    found = swept(model, **FEW, store=tmp_path)
    again = SweepCertificate.from_json(found.certificate.to_json())
    assert again == found.certificate
    kinds = {path.name.partition("-")[0] for path in tmp_path.rglob("derived/*")}
    assert "sweep" in kinds


def test_the_baseline_is_certified_with_its_rows(model, tmp_path):
    for more in ({}, {"store": tmp_path}):
        proof = swept(model, **FEW, **more).certificate.baseline
        assert proof is not None
        assert proof.passed
        assert [check.name for check in proof.checks][-1] == "rows-of-the-run"


def test_every_sampled_cell_has_rows_that_were_recomputed(model):
    found = swept(model, **FEW)
    for certificate in found.certificate.sampled.values():
        assert certificate.checks[-1].name == "rows-of-the-run"
        assert certificate.checks[-1].passed


def test_a_condition_that_was_certified_under_another_name_is_a_cell_all_the_same(model, tmp_path):
    lab = ctlab.Lab(model, PROBLEMS, store=tmp_path, max_new_tokens=TOKENS, progress=False)
    (cell, *_) = swept(model, **FEW).outcomes.grid.cells
    lab.run(Condition(name="called_otherwise", interventions=cell.condition.interventions))
    found = swept(model, **FEW, store=tmp_path, share=1.0)
    assert found.certificate.passed, found.certificate.failure()
    names = [certificate.condition for certificate in found.certificate.sampled.values()]
    assert names == [each.condition.name for each in found.outcomes.grid.cells]


def test_a_row_that_failed_once_fails_every_later_sweep_of_these_answers(model, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        give_rows_of_the_next_cell(patch)
        first = swept(model, store=tmp_path)
    failed = {cell for cell, each in first.certificate.sampled.items() if not each.passed}
    assert failed
    grid = first.outcomes.grid
    seed = next(each for each in range(1, 1000) if failed.isdisjoint(sampled_cells(grid, share=0.05, seed=each)))
    again = swept(model, store=tmp_path, seed=seed)
    assert again.made == 0
    assert again.certificate.rows.keys() == failed
    assert "check rows-of-the-run: of the 7 rows" in again.outcomes.failure
    assert {again.certificate.of(cell) for cell in failed} == {"nothing"}
    assert not again.certificate.checks[1].passed
    assert SweepCertificate.from_json(again.certificate.to_json()) == again.certificate
