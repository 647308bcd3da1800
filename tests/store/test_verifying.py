"""`verify` reads everything, names what is wrong by path and reason, and changes nothing."""

import json
import re
from dataclasses import replace

import pytest

from ctlab.models.checkpoints.file_digests import FileDigests
from ctlab.store import GenerationStore
from ctlab.store.verifying import State, verify
from tests.store.answers import Engine
from tests.store.tended import CODES, CONDITIONS, IDS, damage, derived_key, filled, folder, inputs, keys, rubbish, tree


@pytest.fixture
def store(tmp_path):
    return filled(tmp_path / "store")


def found(store):
    return {finding.place: finding for finding in verify(store.root, CODES)}


def test_a_sound_store_has_nothing_wrong(store):
    filled(store.root, model="another")
    before = tree(store.root)
    assert found(store) == {}
    assert tree(store.root) == before


@pytest.mark.parametrize(
    ("which", "state", "said"),
    [
        ("*/*.parquet", State.DAMAGED, "checksum does not match"),
        ("*/[0-9a-f]*.json", State.DAMAGED, "cannot be read as the entry|describes another shard"),
        ("*/derived/outcomes-*", State.DAMAGED, "is damaged .* a run makes it again"),
        ("*/uses/*", State.DAMAGED, "checksum does not match"),
    ],
)
def test_a_flipped_byte_is_named_wherever_it_is(store, which, state, said):
    path = next(iter(sorted((store.root / "v1").glob(which))))
    damage(path)
    before = tree(store.root)
    findings = list(found(store).values())
    blamed = {finding.place for finding in findings if finding.state == state}
    place = path.relative_to(store.root).as_posix()
    # An entry is blamed for its shard, because it is what is set aside with it.
    assert blamed & {place, place.replace(".parquet", ".json")}
    assert any(re.search(said, finding.reason) for finding in findings)
    assert tree(store.root) == before


@pytest.mark.parametrize("position", range(0, 400, 23))
def test_any_byte_of_an_answer_or_a_derived_value_counts(store, position):
    for which in ("*/*.parquet", "*/derived/*"):
        path = next(iter(sorted((store.root / "v1").glob(which))))
        content = path.read_bytes()
        damage(path, position)
        assert any(finding.state.is_damage for finding in found(store).values()), f"{which} at {position}"
        path.write_bytes(content)


def test_what_is_left_over_or_old_is_said_and_is_no_damage(store):
    files = rubbish(store)
    (store.root / "v2" / ("0" * 16)).mkdir(parents=True)
    (store.root / "v2" / ("0" * 16) / "answers").write_text("")
    (store.root / "thesis.txt").write_text("")
    states = {name: found(store)[path.relative_to(store.root).as_posix()].state for name, path in files.items()}
    assert states == {
        "set aside": State.SET_ASIDE,
        "first form": State.OTHER,
        "part": State.TEMPORARY,
        "shard without entry": State.TEMPORARY,
        "damaged": State.DAMAGED,
        "old code": State.OLD_CODE,
        "orphaned": State.ORPHANED,
    }
    assert found(store)[f"v2/{'0' * 16}/answers"].state == State.OTHER
    assert "version v2 of the store, and this ctlab reads v1" in found(store)[f"v2/{'0' * 16}/answers"].reason
    assert found(store)["thesis.txt"].state == State.UNKNOWN


def test_labels_of_other_answers_are_orphaned(store):
    wrong = derived_key("outcomes", "baseline", "code 2")
    store.derived.write_json(wrong, inputs("ct0_blocked"), ["CORRECT"])
    (finding,) = found(store).values()
    assert (finding.state, finding.reason) == (State.ORPHANED, "made from other answers than are here; no run takes it")


def test_an_envelope_in_another_s_place_is_damage(store):
    one, other = (store.derived.path(derived_key("outcomes", name, "code 2")) for name in CONDITIONS[:2])
    one.write_bytes(other.read_bytes())
    (finding,) = found(store).values()
    assert (finding.state, finding.place) == (State.DAMAGED, one.relative_to(store.root).as_posix())
    assert "belongs elsewhere" in finding.reason


def copy_shards(source, target):
    for shard in folder(source).glob("*.parquet"):
        for path in (shard, shard.with_suffix(".json")):
            (folder(target) / path.name).write_bytes(path.read_bytes())


def test_the_same_answers_in_two_shards_do_no_harm(store, tmp_path):
    copy_shards(filled(tmp_path / "other", size=7), store)
    assert found(store) == {}


def test_two_shards_that_disagree_are_damage(store, tmp_path):
    def lie(missing):
        for batch in Engine()(missing):
            yield {name: tuple(replace(each, text="a lie") for each in run) for name, run in batch.items()}

    liar = GenerationStore(tmp_path / "liar")
    liar.collect(keys(), IDS, lie)
    copy_shards(liar, store)
    assert any("another shard has other answers" in finding.reason for finding in found(store).values())


def test_a_damaged_line_of_looks_is_named_by_its_number(store):
    (store.root / "looks.jsonl").write_text('{"claim_id": 1}\n')
    (finding,) = found(store).values()
    assert (finding.place, finding.state) == ("looks.jsonl, line 1", State.DAMAGED)


def test_the_memory_of_digests_is_read(store, tmp_path):
    (tmp_path / "weights").write_bytes(b"weights")
    memory = FileDigests(store.root)
    memory.digest(tmp_path / "weights")
    memory.save()
    assert found(store) == {}
    for content in (
        b"[",
        b"{}",
        b'{"form": 1}',
        (store.root / "file-digests.json").read_bytes().replace(b"files", b"filez"),
    ):
        (store.root / "file-digests.json").write_bytes(content)
        assert found(store)["file-digests.json"].state == State.DAMAGED


def test_hidden_states_are_held_to_their_list(store):
    folder = store.root / "states" / ("0" * 16)
    folder.mkdir(parents=True)
    (folder / "states-0.safetensors").write_bytes(b"")
    assert found(store)[f"states/{'0' * 16}/states.json"].state == State.TEMPORARY
    (folder / "states.json").write_text('{"shards": ["states-0.safetensors"]}')
    assert found(store) == {}
    for content in ('{"shards": ["states-1.safetensors"]}', "{}", "["):
        (folder / "states.json").write_text(content)
        assert found(store)[f"states/{'0' * 16}/states.json"].state == State.DAMAGED


def test_findings_are_json(store):
    rubbish(store)
    assert json.dumps([[str(each.state), each.reason] for each in found(store).values()])
