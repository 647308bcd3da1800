"""An entry has a checksum of itself; one of the first form is held to its shard and written anew."""

import errno
import json
from dataclasses import replace
from pathlib import Path

import pytest

from ctlab.errors import UnreadableError
from ctlab.records.provenance import UNRECORDED, Provenance
from ctlab.store import GenerationStore
from ctlab.store.manifest import Entry
from tests.store.answers import Engine, answer, key

IDS = tuple(f"p{i}" for i in range(3))
KEYS = {name: key(name) for name in ("baseline", "ct0_blocked")}
EVERYTHING = {name: tuple(answer(name, each) for each in IDS) for name in KEYS}
MADE = Provenance(versions={"torch": "2.5"}, device="cpu x86_64 AVX2")


@pytest.fixture
def said():
    return []


@pytest.fixture
def store(tmp_path, said):
    store = GenerationStore(tmp_path, said.append)
    store.collect(KEYS, IDS, Engine(size=9), lambda: MADE)
    return store


def entry_of(store):
    (path,) = store.root.glob("v1/*/*.json")
    return path


def files(store):
    return sorted(path for path in store.root.rglob("*") if path.name != "lock")


def first_form(store):
    """Write the entry as versions did that knew neither checksum nor provenance."""
    path = entry_of(store)
    form = json.loads(path.read_bytes())
    path.write_text(json.dumps({name: form[name] for name in ("sha256", "keys", "problem_ids")}))
    return path


def test_an_entry_comes_back_equal(store):
    entry = Entry.from_json(json.loads(entry_of(store).read_bytes()))
    assert entry.made == MADE
    assert Entry.from_json(json.loads(entry.to_bytes())) == entry


def test_no_flip_of_an_entry_is_read(store):
    content = entry_of(store).read_bytes()
    for place in range(len(content)):
        flipped = content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :]
        with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
            Entry.from_json(json.loads(flipped))


def test_a_damaged_entry_is_set_aside_and_said(store, said):
    path = entry_of(store)
    path.write_bytes(path.read_bytes().replace(b"float32", b"float31"))
    assert store.collect(KEYS, IDS, Engine()) == EVERYTHING
    assert "damaged" in said[0]
    assert "set aside" in said[0]


def test_an_entry_of_the_first_form_is_read_and_is_of_no_known_origin(store, said):
    first_form(store)
    assert store.read(KEYS, IDS) == EVERYTHING
    assert store.provenance(KEYS, IDS) == {name: {UNRECORDED: IDS} for name in KEYS}
    assert said == []


def test_an_entry_of_the_first_form_that_names_another_run_is_said(store, said):
    path = first_form(store)
    path.write_bytes(path.read_bytes().replace(b"ct0_blocked", b"ct0_blockee"))
    engine = Engine()
    assert store.collect(KEYS, IDS, engine) == EVERYTHING
    assert "it holds the runs" in said[0]
    assert engine.asked


def test_an_entry_of_the_first_form_is_written_anew_when_its_folder_is_written_to(store):
    path = first_form(store)
    store.collect({**KEYS, "later": key("later")}, IDS, Engine())
    form = json.loads(path.read_bytes())
    assert form["made"] == UNRECORDED.to_json()
    assert Entry.from_json(form).checked


def test_answers_of_before_environments_were_recorded_stand_in_for_any(store):
    asked = {name: replace(each, environment="cpu, explicit attention") for name, each in KEYS.items()}
    assert store.read(asked, IDS) == EVERYTHING
    store.collect({"baseline": asked["baseline"]}, ("p3",), Engine(), lambda: MADE)
    assert store.missing(KEYS, ("p3",)) == {"baseline": ("p3",), "ct0_blocked": ("p3",)}
    other = {"baseline": replace(KEYS["baseline"], environment="cuda, explicit attention")}
    assert store.missing(other, ("p3",)) == {"baseline": ("p3",)}


def test_each_condition_has_the_provenance_of_its_own_answers(tmp_path):
    other, two = Provenance(versions={"torch": "1.0"}, device="cuda"), GenerationStore(tmp_path / "two")
    for name, made in (("baseline", MADE), ("ct0_blocked", other)):
        two.collect({name: KEYS[name]}, IDS, Engine(), lambda made=made: made)
    assert two.provenance(KEYS, IDS) == {"baseline": {MADE: IDS}, "ct0_blocked": {other: IDS}}


def test_answers_of_the_very_environment_come_first(store):
    there = {"baseline": replace(KEYS["baseline"], environment="cpu")}
    said = tuple(replace(answer("baseline", each), text="of this environment") for each in IDS)
    content = {there["baseline"]: said}
    store._publish(content, {}, MADE, "")
    assert store.read(there, IDS) == {"baseline": said}
    assert store.read({"baseline": KEYS["baseline"]}, IDS) == {"baseline": EVERYTHING["baseline"]}


@pytest.mark.parametrize("suffix", [".json", ".parquet"])
def test_a_file_that_cannot_be_read_is_one_sentence_and_nothing_moves(store, said, monkeypatch, suffix):
    (victim,) = store.root.glob(f"v1/*/*{suffix}")
    before = files(store)
    read = Path.read_bytes

    def refuse(path):
        if path == victim:
            raise PermissionError(errno.EACCES, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(UnreadableError, match=r"cannot be read \(Permission denied\); damage is a failed checksum and"):
        store.collect(KEYS, IDS, Engine())
    assert files(store) == before
    assert said == []


def test_a_folder_that_cannot_be_listed_is_not_empty(store, monkeypatch):
    folder = entry_of(store).parent

    def refuse(path):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(UnreadableError, match=rf"{folder} cannot be read"):
        store.missing(KEYS, IDS)
