from dataclasses import replace

import numpy as np
import pytest

from ctlab.records import measurement
from ctlab.store import GenerationStore, MeasurementStore
from tests.probes.measured import make
from tests.store.answers import key

KEYS = {"ct0_blocked": key("a"), "ct4_blocked": key("b")}


@pytest.fixture
def said():
    return []


@pytest.fixture
def store(tmp_path, said):
    return MeasurementStore(GenerationStore(tmp_path, said.append), "problems-1", said.append)


def produce(asked):
    def made(names):
        asked.append(names)
        return {name: make(len(name), condition=name) for name in names}

    return made


def refuse(names):
    raise AssertionError(f"measured again: {names}")


def test_what_is_there_is_not_measured_again_and_comes_back_unrounded(store):
    asked = []
    assert store.missing(KEYS) == ("ct0_blocked", "ct4_blocked")
    first = store.collect(KEYS, produce(asked))
    assert asked == [("ct0_blocked", "ct4_blocked")]
    assert store.missing(KEYS) == ()
    again = store.collect(KEYS, refuse)
    for name in KEYS:
        np.testing.assert_array_equal(first[name].mass, again[name].mass)
        assert again[name].condition == name


def test_only_what_is_missing_is_measured(store):
    store.collect({"ct0_blocked": key("a")}, produce([]))
    asked = []
    store.collect(KEYS, produce(asked))
    assert asked == [("ct4_blocked",)]


def test_another_problem_set_has_measurements_of_its_own(store, tmp_path, said):
    store.collect(KEYS, produce([]))
    assert MeasurementStore(GenerationStore(tmp_path), "problems-2", said.append).missing(KEYS) == tuple(KEYS)


def test_conditions_with_the_same_interventions_share_one(store):
    store.collect({"ct0_blocked": key("a")}, produce([]))
    assert store.collect({"other_name": key("a")}, refuse)["other_name"].condition == "other_name"


def test_a_damaged_one_is_said_and_measured_again(store, said, tmp_path):
    store.collect({"ct0_blocked": key("a")}, produce([]))
    (path,) = tmp_path.rglob("records/*")
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    asked = []
    store.collect({"ct0_blocked": key("a")}, produce(asked))
    assert asked == [("ct0_blocked",)]
    assert "is damaged" in said[0]


def test_one_of_another_version_is_measured_again(store, monkeypatch):
    store.collect({"ct0_blocked": key("a")}, produce([]))
    monkeypatch.setattr("ctlab.store.measurement_store.VERSION", measurement.VERSION + "x")
    assert store.missing({"ct0_blocked": key("a")}) == ("ct0_blocked",)


def test_a_whole_file_that_is_no_measurement_is_set_aside(store, said, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("ctlab.records.measurement.Measurement.to_bytes", lambda self: b"something else")
        store.collect({"ct0_blocked": key("a")}, produce([]))
    asked = []
    store.collect({"ct0_blocked": key("a")}, produce(asked))
    assert asked == [("ct0_blocked",)]
    assert "not a measurement" in said[0]


def test_a_name_is_all_that_changes():
    one = make(1)
    assert one.called("ct0_blocked") is one
    other = one.called("elsewhere")
    assert replace(other, condition="ct0_blocked").mass is one.mass
