from dataclasses import replace

import numpy as np
import pytest

from ctlab.records.derived_key import DerivedKey
from ctlab.records.measurement import VERSION, Measurement
from ctlab.store import GenerationStore, MeasurementStore
from tests.probes.measured import make
from tests.store.answers import key


def derived(condition, problems="problems-1", version=VERSION):
    return DerivedKey(kind="measurement", run=key(condition), code=version, parts={"problems": problems})


ONE = {"ct0_blocked": derived("a")}
KEYS = {**ONE, "ct4_blocked": derived("b")}


@pytest.fixture
def said():
    return []


@pytest.fixture
def store(tmp_path, said):
    return MeasurementStore(GenerationStore(tmp_path, said.append), said.append, Measurement.from_bytes)


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
    store.collect(ONE, produce([]))
    asked = []
    store.collect(KEYS, produce(asked))
    assert asked == [("ct4_blocked",)]


def test_another_problem_set_has_measurements_of_its_own(store):
    store.collect(KEYS, produce([]))
    assert store.missing({"ct0_blocked": derived("a", problems="problems-2")}) == ("ct0_blocked",)


def test_conditions_with_the_same_interventions_share_one(store):
    store.collect(ONE, produce([]))
    assert store.collect({"other_name": derived("a")}, refuse)["other_name"].condition == "other_name"


def test_a_damaged_one_is_said_and_measured_again(store, said, tmp_path):
    store.collect(ONE, produce([]))
    (path,) = tmp_path.rglob("derived/*")
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    asked = []
    store.collect(ONE, produce(asked))
    assert asked == [("ct0_blocked",)]
    assert "is damaged" in said[0]


def test_one_of_another_version_is_measured_again(store):
    store.collect(ONE, produce([]))
    assert store.missing({"ct0_blocked": derived("a", version=VERSION + "x")}) == ("ct0_blocked",)


def test_a_whole_file_that_is_no_measurement_is_set_aside(store, said, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("ctlab.records.measurement.Measurement.to_bytes", lambda self: b"something else")
        store.collect(ONE, produce([]))
    asked = []
    store.collect(ONE, produce(asked))
    assert asked == [("ct0_blocked",)]
    assert "not a measurement" in said[0]


def test_a_name_is_all_that_changes():
    one = make(1)
    assert one.called("ct0_blocked") is one
    other = one.called("elsewhere")
    assert replace(other, condition="ct0_blocked").mass is one.mass
