import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctlab.errors import StoreError
from ctlab.records.generation import Generation
from ctlab.store import GenerationStore
from ctlab.store.manifest import Entry
from tests.store.answers import Engine, answer, key

IDS = tuple(f"p{i}" for i in range(7))
KEYS = {name: key(name) for name in ("baseline", "ct0_blocked")}
EVERYTHING = {name: tuple(answer(name, each) for each in IDS) for name in KEYS}


@pytest.fixture
def said():
    return []


@pytest.fixture
def store(tmp_path, said):
    return GenerationStore(tmp_path / "store", said.append)


def shards(store):
    return sorted(store.root.glob("v1/*/*.parquet"))


def entries(store):
    return sorted(store.root.glob("v1/*/*.json"))


def test_generates_once_then_reads(store):
    engine = Engine()
    assert store.collect(KEYS, IDS, engine) == EVERYTHING
    assert len(engine.asked) == len(set(engine.asked)) == 14
    assert store.collect(KEYS, IDS, engine) == EVERYTHING
    assert len(engine.asked) == 14


def test_answers_of_another_engine_are_never_taken_for_this_ones(store):
    old = {name: replace(each, engine="with a mistake") for name, each in KEYS.items()}
    store.collect(old, IDS, Engine())
    assert store.missing(KEYS, IDS) == dict.fromkeys(KEYS, IDS)
    engine = Engine()
    store.collect(KEYS, IDS, engine)
    assert len(engine.asked) == 14
    assert not store.missing(old, IDS)


def test_a_batch_is_one_shard_for_all_its_conditions(store):
    store.collect(KEYS, IDS, Engine(size=4))
    assert len(shards(store)) == len(entries(store)) == 2


def test_the_order_is_that_of_the_question(store):
    store.collect(KEYS, IDS, Engine())
    found = store.collect(KEYS, IDS[::-1], Engine())
    assert found["baseline"] == EVERYTHING["baseline"][::-1]


def test_a_limited_run_then_a_full_one_generates_only_the_rest(store):
    store.collect(KEYS, IDS[:3], Engine())
    engine = Engine()
    assert store.collect(KEYS, IDS, engine) == EVERYTHING
    assert {each for _, each in engine.asked} == set(IDS[3:])


def test_a_new_condition_does_not_generate_the_old_one_again(store):
    store.collect({"baseline": KEYS["baseline"]}, IDS, Engine())
    engine = Engine()
    assert store.collect(KEYS, IDS, engine) == EVERYTHING
    assert {name for name, _ in engine.asked} == {"ct0_blocked"}


def test_a_condition_that_changes_no_answer_does_not_take_the_baselines_place(store):
    """A no-op that is generated later says the same about the same problems; both stay."""
    told = tuple(answer("same", each) for each in IDS)
    for name in KEYS:
        store.collect({name: KEYS[name]}, IDS, lambda missing: iter([dict.fromkeys(missing, told)]))
    assert store.missing(KEYS, IDS) == {}
    assert store.read(KEYS, IDS) == dict.fromkeys(KEYS, told)


def test_two_names_for_the_same_interventions_are_generated_once(store):
    engine = Engine()
    found = store.collect({"a": key("same"), "b": key("same")}, IDS, engine)
    assert found["a"] == found["b"]
    assert len(engine.asked) == len(IDS)


def test_models_do_not_mix(store):
    store.collect({"baseline": key("baseline", model="one")}, IDS, Engine())
    engine = Engine()
    store.collect({"baseline": key("baseline", model="other")}, IDS, engine)
    assert len(engine.asked) == len(IDS)


def test_complete_and_missing_open_no_shard(store):
    assert store.missing(KEYS, IDS) == dict.fromkeys(KEYS, IDS)
    store.collect(KEYS, IDS[:3], Engine())
    assert store.complete(KEYS, IDS[:3])
    assert store.missing(KEYS, IDS) == dict.fromkeys(KEYS, IDS[3:])


def test_read_never_generates(store):
    with pytest.raises(StoreError, match=r"lacks 7 of 7 generations of condition 'baseline'; run the claims"):
        store.read(KEYS, IDS)
    store.collect(KEYS, IDS, Engine())
    assert store.read(KEYS, IDS) == EVERYTHING


def test_the_store_imports_no_torch():
    # In a process of its own: this one may hold torch for other tests.
    code = "import sys, ctlab.store, ctlab.store.shards, pyarrow.parquet; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def flip(path: Path, position: int) -> None:
    content = bytearray(path.read_bytes())
    content[position % len(content)] ^= 0xFF
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda shard, entry: flip(shard, 40), id="bit-flip"),
        pytest.param(lambda shard, entry: cut(shard), id="truncated-shard"),
        pytest.param(lambda shard, entry: shard.unlink(), id="shard-gone"),
        pytest.param(lambda shard, entry: cut(entry), id="truncated-entry"),
        pytest.param(lambda shard, entry: entry.write_text("[]"), id="foreign-entry"),
        pytest.param(lambda shard, entry: entry.write_text("{}"), id="empty-entry"),
    ],
)
def test_damage_is_set_aside_said_and_made_again(store, said, harm):
    store.collect(KEYS, IDS, Engine(size=4))
    harm(shards(store)[0], shards(store)[0].with_suffix(".json"))
    engine = Engine(size=4)
    assert store.collect(KEYS, IDS, engine) == EVERYTHING
    assert 0 < len(engine.asked) < 14
    assert len(said) == 1
    assert "set aside" in said[0]
    assert "generated again" in said[0]
    assert store.read(KEYS, IDS) == EVERYTHING


def test_an_entry_that_lies_about_its_shard_is_damage(store, said):
    store.collect(KEYS, IDS, Engine(size=9))
    (entry,) = entries(store)
    read = Entry.from_json(json.loads(entry.read_text()))
    entry.write_bytes(replace(read, problem_ids=read.problem_ids[::-1]).to_bytes())
    assert store.collect(KEYS, IDS, Engine()) == EVERYTHING
    assert "does not hold the problems that its entry lists" in said[0]


def test_what_a_killed_run_left_half_written_is_swept_away(store):
    """What is young stays for a while: where a lock does not reach another machine, somebody may be writing it."""
    store.collect(KEYS, IDS[:3], Engine())
    folder = shards(store)[0].parent
    names = [f"{age}.{suffix}" for age in ("old", "young") for suffix in ("part", "parquet")]
    for name in names:
        (folder / name).write_bytes(b"half")
        if name.startswith("old"):
            os.utime(folder / name, (0, time.time() - 61))
    store.collect(KEYS, IDS, Engine())
    assert [name for name in names if (folder / name).exists()] == ["young.part", "young.parquet"]
    assert len(shards(store)) > 1


def test_an_engine_that_stops_early_is_an_error_and_what_it_made_is_kept(store):
    with pytest.raises(StoreError, match=r"5 generations never came"):
        store.collect({"baseline": KEYS["baseline"]}, IDS, lambda missing: iter([next(Engine()(missing))]))
    assert store.complete({"baseline": KEYS["baseline"]}, IDS[:2])


def test_an_engine_that_answers_unasked_is_an_error(store):
    with pytest.raises(StoreError, match=r"came twice or unasked"):
        store.collect(KEYS, IDS[:2], lambda missing: iter([{"baseline": (answer("baseline", "p6"),)}]))


def test_a_problem_asked_for_twice_is_an_error(store):
    with pytest.raises(StoreError, match=r"'p0' is asked for twice"):
        store.collect(KEYS, ("p0", "p0"), Engine())


def test_an_unwritable_root_is_one_clear_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    store = GenerationStore(tmp_path / "file" / "store")
    with pytest.raises(StoreError, match=r"cannot write to the folder .*file"):
        store.check(key("baseline"))


def test_an_engine_s_own_error_goes_through(store):
    def broken(missing):
        raise ZeroDivisionError
        yield {}

    with pytest.raises(ZeroDivisionError):
        store.collect(KEYS, IDS, broken)


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
tokens = st.lists(st.integers(0, 2**31 - 1), max_size=5).map(tuple)


@settings(deadline=None, max_examples=30)
@given(contents=st.lists(st.tuples(tokens, texts), min_size=1, max_size=6))
def test_whatever_was_said_comes_back(tmp_path_factory, contents):
    store = GenerationStore(tmp_path_factory.mktemp("store"))
    said = tuple(Generation(problem_id=f"p{i}", token_ids=t, text=x) for i, (t, x) in enumerate(contents))
    ids = tuple(each.problem_id for each in said)
    keys = {"baseline": key("baseline")}
    store.collect(keys, ids, lambda missing: iter([{"baseline": said}]))
    assert store.read(keys, ids) == {"baseline": said}


requests = st.tuples(
    st.sets(st.sampled_from(["baseline", "ct0_blocked", "ct4_blocked"]), min_size=1),
    st.lists(st.sampled_from(IDS), unique=True, min_size=1),
    st.integers(1, 4),
)


@settings(deadline=None, max_examples=30)
@given(history=st.lists(requests, min_size=1, max_size=5))
def test_no_history_of_requests_generates_anything_twice(tmp_path_factory, history):
    store, engine = GenerationStore(tmp_path_factory.mktemp("store")), Engine()
    for names, ids, size in history:
        engine.size = size
        found = store.collect({name: key(name) for name in sorted(names)}, ids, engine)
        assert found == {name: tuple(answer(name, each) for each in ids) for name in names}
    wanted = {(name, each) for names, ids, _ in history for name in names for each in ids}
    assert sorted(engine.asked) == sorted(wanted)
