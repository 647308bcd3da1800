"""An export comes back whole, has the same bytes for the same content, and takes along what belongs to it."""

import json
import os
import shutil
import zipfile

import pytest

from ctlab.errors import InputError, StoreError
from ctlab.records.judgement import Verdict
from ctlab.records.look import Look
from ctlab.store import GenerationStore, append_looks, read_looks
from ctlab.store.exporting import export
from ctlab.store.holdings import Filter, holdings
from ctlab.store.importing import import_file
from ctlab.store.uses import note_use, read_uses
from ctlab.store.verifying import verify
from tests.store.answers import Engine, answer
from tests.store.tended import (
    CODES,
    CONDITIONS,
    IDS,
    KNOWN,
    damage,
    derived_key,
    filled,
    folder,
    inputs,
    keys,
    rubbish,
    tree,
    use,
)

EVERYTHING = {name: tuple(answer(name, each) for each in IDS) for name in CONDITIONS}


def look(claim, model="model"):
    return Look(
        claim_id=claim,
        claimed="a",
        statement="s",
        verdict=Verdict.SUPPORTED,
        model=model,
        problems="p",
        source="p",
        n=7,
        conditions=("c",),
        date="2026-03-10T00:00:00Z",
    )


@pytest.fixture
def store(tmp_path):
    store = filled(tmp_path / "store")
    filled(tmp_path / "store", model="another")
    append_looks(store.root, [look("one"), look("two", "another"), look("three", "third")])
    return store


def exported(store, target, which=None):
    chosen = (which or Filter()).chosen(holdings(store.root, KNOWN))
    export(store.root, target, chosen, known=KNOWN, codes=CODES)
    return target


def taken_in(root, source):
    return import_file(root, source, lambda _: None)


def test_everything_comes_back_and_nothing_is_generated(store, tmp_path):
    file = exported(store, tmp_path / "paper.zip")
    done = taken_in(tmp_path / "new", file)
    assert (done.there, done.kept, done.differing, done.mended, done.looks) == (0, 0, [], [], 2)
    new = GenerationStore(tmp_path / "new")
    assert new.read(keys(), IDS) == EVERYTHING
    assert new.read(keys(model="another"), IDS) == EVERYTHING
    for name in CONDITIONS:
        for kind, of in (("outcomes", inputs(name)), ("certificate", "")):
            key = derived_key(kind, name, CODES[kind])
            assert new.derived.read_json(key, of, lambda value: value) == store.derived.read_json(key, of, lambda v: v)
    assert list(verify(new.root, CODES)) == []
    assert {each.claim_id for each in read_looks(new.root, print)} == {"one", "two"}, (
        "looks at the models that are in it"
    )
    named = [(h.model_name, h.problems_name, h.condition_name, h.held) for h in holdings(new.root, KNOWN)]
    assert named == [(h.model_name, h.problems_name, h.condition_name, h.held) for h in holdings(store.root, KNOWN)]
    assert all(h.used for h in holdings(new.root, KNOWN)), "taken in is used: gc leaves it alone for a while"


def test_the_same_content_has_the_same_bytes(store, tmp_path):
    one = exported(store, tmp_path / "one.zip").read_bytes()
    shutil.copytree(store.root, tmp_path / "copy")
    for path in (tmp_path / "copy").rglob("*"):
        os.utime(path, (0, 0))
    rubbish(GenerationStore(tmp_path / "copy"))
    assert exported(GenerationStore(tmp_path / "copy"), tmp_path / "two.zip").read_bytes() == one
    taken_in(tmp_path / "new", tmp_path / "one.zip")
    assert exported(GenerationStore(tmp_path / "new"), tmp_path / "three.zip").read_bytes() == one


def test_names_of_before_come_back_in_their_order(store, tmp_path):
    """A condition that was edited is another run of the same name; one that was renamed is the same run."""
    run = keys()["baseline"].unrecorded.digest
    for day, name in (("2026-04-01", "old"), ("2026-05-01", "new")):
        note_use(folder(store), use(), [(name, run), (name, keys()["ct0_blocked"].unrecorded.digest)], day)
    one = exported(store, tmp_path / "one.zip")
    taken_in(tmp_path / "new", one)
    again = exported(GenerationStore(tmp_path / "new"), tmp_path / "again.zip")
    assert again.read_bytes() == one.read_bytes()
    ((_, found),) = read_uses(folder(GenerationStore(tmp_path / "new")))
    assert found.runs[run].names == ("new", "old", "baseline")


def test_the_index_says_what_is_in_it_to_a_person_with_any_zip_program(store, tmp_path):
    with zipfile.ZipFile(exported(store, tmp_path / "paper.zip")) as archive:
        assert archive.testzip() is None
        index = json.loads(archive.read("index.json"))
        names = archive.namelist()
        of_no_machine = {(info.date_time, info.external_attr, info.create_system) for info in archive.infolist()}
    assert of_no_machine == {((1980, 1, 1, 0, 0, 0), 0o100644 << 16, 3)}
    assert (index["format"], index["version"], index["store"]) == ("ctlab store export", 1, 1)
    assert [row["path"] for row in index["files"]] == names[:-1] == sorted(names[:-1])
    assert {(row["model_name"], row["condition_name"], row["held"], row["wanted"]) for row in index["contents"]} == {
        (model, name, 7, 7) for model in ("tiny", "Another") for name in CONDITIONS
    }
    assert index["made"] == [{"device": "", "versions": {}}]
    assert not [name for name in names if "lock" in name or "digests" in name], "nothing of this machine"


def test_a_filter_takes_some_runs_out_of_shared_shards(store, tmp_path):
    which = Filter(models=("tiny",), conditions=("baseline", "ct0_blocked"))
    taken_in(tmp_path / "new", exported(store, tmp_path / "some.zip", which))
    new = GenerationStore(tmp_path / "new")
    some = {name: keys()[name] for name in CONDITIONS[:2]}
    assert new.read(some, IDS) == {name: EVERYTHING[name] for name in some}
    assert new.missing(keys(), IDS) == {"ct4_blocked": IDS}
    assert new.missing(keys(model="another"), IDS)
    assert len(list((folder(new) / "derived").iterdir())) == 4
    assert {each.claim_id for each in read_looks(new.root, print)} == {"one"}
    assert list(verify(new.root, CODES)) == []


def test_what_no_run_of_today_reads_stays_behind(store, tmp_path):
    rubbish(store)
    store.derived.write_json(derived_key("timing", "baseline", "1"), "", {"seconds": 1})
    taken_in(tmp_path / "new", exported(store, tmp_path / "paper.zip"))
    kinds = {path.name.rsplit("-", 2)[0] for path in (folder(GenerationStore(tmp_path / "new")) / "derived").iterdir()}
    assert kinds == {"outcomes", "certificate"}
    assert list(verify(tmp_path / "new", CODES)) == []


def test_what_an_earlier_source_certified_goes_with_its_answers(tmp_path):
    """A run holds answers to the source that made them: without its certificate they would be VOID elsewhere."""
    store = filled(tmp_path / "store", source="code 6")
    assert list(verify(store.root, CODES)) == []
    taken_in(tmp_path / "new", exported(store, tmp_path / "paper.zip"))
    new = GenerationStore(tmp_path / "new")
    for name in CONDITIONS:
        certified = derived_key("certificate", name, "code 6")
        assert new.derived.read_json(certified, "", lambda value: value) == {"passed": True}
    assert list(verify(new.root, CODES)) == []


@pytest.mark.parametrize("which", ["*.parquet", "*.json"])
def test_damaged_answers_are_not_handed_on(store, tmp_path, which):
    damage(next(iter(sorted(folder(store).glob(which)))))
    with pytest.raises(StoreError):
        exported(store, tmp_path / "paper.zip")
    assert not (tmp_path / "paper.zip").exists()


def test_an_empty_store_and_a_place_that_cannot_be_written(store, tmp_path):
    with pytest.raises(StoreError, match="holds no answers; there is nothing to export"):
        exported(GenerationStore(tmp_path), tmp_path / "paper.zip")
    with pytest.raises(InputError, match="cannot write"):
        exported(store, tmp_path / "store" / "looks.jsonl" / "paper.zip")


def test_a_store_that_is_read_only_can_be_exported(store, tmp_path):
    before = tree(store.root)
    exported(store, tmp_path / "paper.zip")
    assert tree(store.root) == before


def test_taking_in_once_more_changes_nothing(store, tmp_path):
    file = exported(store, tmp_path / "paper.zip")
    first = taken_in(tmp_path / "new", file)
    before = tree(tmp_path / "new")
    again = taken_in(tmp_path / "new", file)
    assert (again.written, again.there, again.looks) == (0, first.written, 0)
    assert tree(tmp_path / "new") == before


def test_into_a_store_that_has_part_of_it(store, tmp_path):
    file = exported(store, tmp_path / "paper.zip")
    new = GenerationStore(tmp_path / "new")
    new.collect(keys(CONDITIONS[:2]), IDS, Engine(size=3))
    before = tree(new.root)
    taken_in(new.root, file)
    assert before.items() <= tree(new.root).items(), "nothing that was there is another thing now"
    assert new.read(keys(), IDS) == EVERYTHING
    assert list(verify(new.root, CODES)) == []


def test_answers_that_are_here_in_other_shards_are_not_kept_twice(store, tmp_path):
    file = exported(store, tmp_path / "paper.zip", Filter(models=("tiny",)))
    new = filled(tmp_path / "new", size=3)
    shards = {path.name for path in folder(new).glob("*.parquet")}
    done = taken_in(new.root, file)
    assert {path.name for path in folder(new).glob("*.parquet")} == shards
    assert (done.written, done.differing) == (0, [])


def test_answers_that_differ_are_left_out_and_said(store, tmp_path):
    file = exported(store, tmp_path / "paper.zip", Filter(models=("tiny",)))

    def other(missing):
        for batch in Engine(size=4)(missing):
            yield {name: [answer("another answer", each.problem_id) for each in run] for name, run in batch.items()}

    new = GenerationStore(tmp_path / "new")
    new.collect(keys(["baseline"]), IDS[:1], other)
    before = tree(new.root)
    done = taken_in(new.root, file)
    (sentence,) = done.differing
    assert "1 answer of it are other ones here under the same key" in sentence
    assert before.items() <= tree(new.root).items()
    assert new.read(keys(["baseline"]), IDS[:1])["baseline"] == (answer("another answer", IDS[0]),)
    assert not [finding for finding in verify(new.root, CODES) if finding.state.is_damage]


def test_what_is_damaged_here_is_mended(store, tmp_path):
    file = exported(store, tmp_path / "paper.zip")
    for which in ("*.parquet", "*.json", "derived/*"):
        path = next(iter(sorted(folder(store).glob(which))))
        content = path.read_bytes()
        damage(path)
        done = taken_in(store.root, file)
        assert path.read_bytes() == content
        assert bool(done.mended) == (which != "derived/*"), "a derived value is made again, not kept aside"
    assert not [finding for finding in verify(store.root, CODES) if finding.state.is_damage]
