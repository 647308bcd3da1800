"""A store that workers add to beside each other: nothing lost, nothing made that is there, nothing swept meanwhile."""

import os
from pathlib import Path

import pytest

from ctlab.records.provenance import UNRECORDED
from ctlab.store.manifest import entry_path, shard_path
from ctlab.store.shared_store import SharedStore
from ctlab.store.survey import Part, part_of
from tests.store.answers import Engine, answer, key

IDS = tuple(f"p{i}" for i in range(7))
KEYS = {name: key(name) for name in ("baseline", "ct0_blocked")}
EVERYTHING = {name: tuple(answer(name, each) for each in IDS) for name in KEYS}


@pytest.fixture
def store(tmp_path):
    return SharedStore(tmp_path / "store", lambda text: None)


def add(store, ids, engine):
    return store.add(KEYS, ids, engine, lambda: UNRECORDED, "source")


def never(missing):
    raise AssertionError(f"asked for {missing}")


def test_workers_add_parts_and_who_asked_reads_the_whole(store):
    first, second = Engine(), Engine()
    assert add(store, IDS[:4], first) == 8
    assert add(SharedStore(store.root), IDS, second) == 6
    assert not {each for _, each in first.asked} & {each for _, each in second.asked}
    assert store.collect(KEYS, IDS, never) == EVERYTHING


def test_what_was_added_since_the_last_look_is_seen(store):
    other = SharedStore(store.root)
    assert add(store, IDS[:2], Engine()) == 4
    assert add(other, IDS[2:4], Engine()) == 4
    assert add(store, IDS[:4], never) == 0


def test_an_entry_is_read_once(store, monkeypatch):
    add(store, IDS, Engine())
    add(store, IDS, never)
    monkeypatch.setattr("ctlab.store.shared_store.read_entry", never)
    assert add(store, IDS, never) == 0


@pytest.mark.parametrize(
    "spoil",
    [lambda entry, shard: entry.write_bytes(b"{"), lambda entry, shard: shard.unlink()],
    ids=["its entry", "its shard"],
)
def test_what_is_damaged_is_answered_again(store, spoil):
    add(store, IDS, Engine(size=7))
    folder = store.folder(KEYS["baseline"])
    (name,) = [path.stem for path in folder.glob("*.json")]
    spoil(entry_path(folder, name), shard_path(folder, name))
    assert add(SharedStore(store.root), IDS, Engine(size=7)) == 14
    assert store.collect(KEYS, IDS, never) == EVERYTHING


def test_mending_sets_aside_what_is_damaged_and_says_what_is_missing(store):
    add(store, IDS, Engine(size=4))
    folder = store.folder(KEYS["baseline"])
    first = min(folder.glob("*.parquet"))
    first.write_bytes(b"no shard")
    missing = store.mended(KEYS, IDS)
    assert missing.keys() == KEYS.keys()
    assert 0 < len(missing["baseline"]) < 7
    assert (folder / "set-aside" / first.name).exists()


def test_workers_stand_beside_each_other_and_nothing_is_swept_beside_them(store):
    """Who hands work out waits for no worker of an earlier one: it looks, and leaves what one has half written."""
    half, looked = [], []

    def slow(missing):
        for batch in Engine(size=4)(missing):
            if not half:
                half.append(store.folder(KEYS["baseline"]) / ("0" * 32 + ".parquet"))
                half[0].write_bytes(b"a shard whose entry is still to come")
                os.utime(half[0], (0, 0))  # so old that only the lock keeps it
                assert add(SharedStore(store.root), IDS[:1], Engine()) == 2  # another worker meanwhile
                looked.append(SharedStore(store.root).mended(KEYS, IDS))
                assert half[0].exists()
            yield batch

    add(store, IDS, slow)
    assert looked == [dict.fromkeys(KEYS, IDS[1:])]
    assert SharedStore(store.root).mended(KEYS, IDS) == {}
    assert not half[0].exists()


def test_a_mark_is_there_as_long_as_it_is_needed(store):
    with store.marked(KEYS) as mark:
        assert (store.root / mark).is_file()
        assert part_of(mark) == Part.TEMPORARY
    assert not (store.root / mark).exists()
    assert part_of(str(Path(mark).with_name("jobs.txt"))) == Part.UNKNOWN
