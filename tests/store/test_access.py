"""Stores of other versions, and stores that can only be read."""

import os

import pytest

from ctlab.errors import ReadOnlyStoreError, StoreError
from ctlab.records import RunKey
from ctlab.records.derived_key import DerivedKey
from ctlab.store import GenerationStore
from ctlab.store.access import is_read_only, other_engine, other_version
from tests.store.answers import Engine, answer, key

IDS = ("p0", "p1")
KEYS = {"baseline": key("baseline")}


@pytest.fixture
def complete(tmp_path):
    GenerationStore(tmp_path).collect(KEYS, IDS, Engine())
    return tmp_path


@pytest.fixture
def read_only(complete, monkeypatch):
    """As access(2) answers of a store that is mounted for reading; modes mean nothing to root, who may run this."""
    monkeypatch.setattr(os, "access", lambda *args: False)
    return GenerationStore(complete, refuse_to_speak)


def refuse_to_speak(text):
    raise AssertionError(f"said without need: {text}")


@pytest.mark.parametrize(
    ("folders", "words"),
    [
        ((), ""),
        (("v1",), ""),
        (("v1", "v2"), ""),
        (("v2", "states"), "was written by a newer ctlab (version 2 of the store, this ctlab has version 1)"),
        (("v0",), "was written by an older ctlab (version 0 of the store, this ctlab has version 1)"),
        (("versions",), ""),
    ],
)
def test_a_store_of_another_version_is_said_by_name(tmp_path, folders, words):
    for name in folders:
        (tmp_path / name).mkdir()
    assert words in other_version(tmp_path)
    assert bool(other_version(tmp_path)) == bool(words)


@pytest.mark.parametrize(("now", "words"), [("1", ""), ("2", "an older engine (version 1"), ("0", "a newer engine")])
def test_answers_of_another_engine_alone_are_said(complete, now, words):
    asked = RunKey(model=key("baseline").model, condition="x", decoding=key("baseline").decoding, engine=now)
    said = other_engine(complete, asked)
    assert words in said
    assert bool(said) == bool(words)


def test_a_complete_store_that_can_only_be_read_answers(read_only):
    assert read_only.collect(KEYS, IDS, Engine()) == {"baseline": tuple(answer("baseline", each) for each in IDS)}
    assert ["can only be read" in remark for remark in read_only.check(KEYS["baseline"])] == [True]


def test_what_is_missing_in_it_is_one_sentence_and_nothing_is_generated(read_only):
    engine = Engine()
    with pytest.raises(ReadOnlyStoreError, match=r"can only be read, and 1 of 3 answers under condition 'baseline'"):
        read_only.collect(KEYS, (*IDS, "p2"), engine)
    assert not engine.asked


def refuse_to_write(monkeypatch, message, cause):
    def refused(*args):
        raise StoreError(message) from cause

    monkeypatch.setattr("ctlab.store.derived_records.publish", refused)


def labels(code):
    return DerivedKey(kind="labels", run=KEYS["baseline"], code=code)


def test_what_follows_from_answers_is_known_to_this_process(read_only, monkeypatch):
    refuse_to_write(monkeypatch, "cannot write", PermissionError(13, "Permission denied"))
    read_only.derived.write_json(labels("1"), "of these", [{"a": 1}])
    assert read_only.derived.read_json(labels("1"), "of these", list) == [{"a": 1}]
    assert read_only.derived.has(labels("1"))
    assert read_only.derived.read_json(labels("2"), "of these", list) is None


def test_a_record_that_cannot_be_kept_is_said_once_and_is_no_error(complete, monkeypatch):
    said = []
    store = GenerationStore(complete, said.append)
    refuse_to_write(monkeypatch, "cannot write x: No space left on device", OSError(28, "No space left on device"))
    for code in ("1", "2"):
        store.derived.write_json(labels(code), "", 3)
    assert len(said) == 1
    assert "No space left on device" in said[0]
    assert store.derived.read_json(labels("2"), "", int) == 3


def test_a_store_that_is_not_there_is_not_read_only(tmp_path):
    assert not is_read_only(tmp_path / "new")
