"""Damage never becomes another result: a few trials of every fault; ``benchmarks`` can make thousands."""

import shutil
from random import Random

import pytest

from benchmarks import faults_identity, faults_models
from benchmarks.faults_identity import STORE_FAULTS
from benchmarks.faults_models import MODEL_FAULTS
from benchmarks.faults_outcomes import Outcome
from ctlab.store.envelope import Envelope

pytestmark = pytest.mark.slow
"""Suites run in processes or whole, seconds each."""

HARMLESS = {Outcome.RECOVERED, Outcome.UNNOTICED, Outcome.REFUSED}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return faults_identity.make(tmp_path_factory.mktemp("faults") / "store")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return faults_models.make(tmp_path_factory.mktemp("faults") / "model")


def outcome(fault, template, folder, seed):
    return fault(shutil.copytree(template, folder), Random(seed))


@pytest.mark.parametrize("name", STORE_FAULTS)
def test_a_damaged_store_gives_the_right_values_or_a_sentence(store, tmp_path, name):
    found = {outcome(STORE_FAULTS[name], store, tmp_path / str(seed), seed) for seed in range(2)}
    assert found <= HARMLESS


@pytest.mark.parametrize("name", MODEL_FAULTS)
def test_a_damaged_model_or_picture_is_never_taken_for_a_whole_one(model, tmp_path, name):
    assert outcome(MODEL_FAULTS[name], model, tmp_path / "copy", 1) in HARMLESS


def test_a_store_that_checks_nothing_is_found_out(store, tmp_path, monkeypatch):
    """The trials can fail: without a look at its key and its inputs a derived value makes the result wrong."""
    monkeypatch.setattr(Envelope, "checked", lambda envelope, key, inputs: envelope.body)
    replaced = STORE_FAULTS["answers replaced, derived values kept"]
    assert outcome(replaced, store, tmp_path / "replaced", 1) == Outcome.WRONG
    exchanged = STORE_FAULTS["two derived values exchanged"]
    found = {outcome(exchanged, store, tmp_path / str(seed), seed) for seed in range(8)}
    assert found & {Outcome.WRONG, Outcome.TRACEBACK}
