"""An export that anything is wrong with is refused whole, in a sentence, before anything is written."""

import json
import os
import stat
import zipfile
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctlab.errors import InputError, StoreError
from ctlab.files import sha256
from ctlab.store import export_check
from ctlab.store.exporting import export
from ctlab.store.holdings import holdings
from ctlab.store.importing import import_file
from ctlab.store.manifest import Entry
from ctlab.store.shards import encode
from tests.store.answers import answer
from tests.store.tended import CODES, KNOWN, filled, tree


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    store = filled(tmp_path_factory.mktemp("store"))
    file = tmp_path_factory.mktemp("export") / "paper.zip"
    export(store.root, file, holdings(store.root, KNOWN), known=KNOWN, codes=CODES)
    return file


class Forged:
    """Members and index of an export, to be changed and written again."""

    def __init__(self, paper):
        with zipfile.ZipFile(paper) as archive:
            self.members = {name: archive.read(name) for name in archive.namelist()}
        self.index = json.loads(self.members.pop("index.json"))
        self.kinds, self.packed, self.twice, self.unlisted = {}, set(), [], {}

    def place(self, suffix):
        return next(name for name in self.members if name.endswith(suffix) or suffix in name)

    def put(self, place, content):
        self.members[place] = content
        return self

    def write(self, path, listed=True):
        if listed:
            self.index["files"] = [
                {"path": name, "sha256": sha256(content), "size": len(content)}
                for name, content in self.members.items()
            ]
        rows = [
            *self.members.items(),
            *self.unlisted.items(),
            *self.twice,
            ("index.json", json.dumps(self.index).encode()),
        ]
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in rows:
                info = zipfile.ZipInfo(name)
                info.external_attr = self.kinds.get(name, stat.S_IFREG | 0o644) << 16
                info.compress_type = zipfile.ZIP_DEFLATED if name in self.packed else zipfile.ZIP_STORED
                archive.writestr(info, content)
        return path


def refused(path, tmp_path, said):
    store = filled(tmp_path / "here", model="mine")
    before = tree(store.root)
    with pytest.raises(InputError, match=said) as caught:
        import_file(store.root, path, lambda _: None)
    assert "\n" not in str(caught.value)
    assert tree(store.root) == before
    assert not [each for each in tmp_path.iterdir() if each.name not in ("here", "forged.zip")], (
        "nothing beside it either"
    )


def test_one_that_was_only_written_again_is_taken(paper, tmp_path):
    assert import_file(tmp_path / "new", Forged(paper).write(tmp_path / "forged.zip"), print).written


@pytest.mark.parametrize(
    "place",
    [
        "/etc/cron.d/x",
        "../x",
        "v1/0123456789abcdef/../../x",
        "v1\\0123456789abcdef\\x",
        "C:/x",
        "v1/0123456789abcdef/lock",
        "v1/0123456789abcdef/uses/0123456789abcdef",
        "file-digests.json",
        "states/0123456789abcdef/states.json",
        "v1/0123456789abcdef/x.part",
        "v2/0123456789abcdef/x",
        "thesis.txt",
    ],
)
def test_a_place_that_no_export_has(paper, tmp_path, place):
    path = Forged(paper).put(place, b"x").write(tmp_path / "forged.zip")
    refused(
        path,
        tmp_path,
        "is no place for anything that an export holds|it holds files that its index does not list|as listed",
    )


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_a_folder_a_pipe_or_a_device(paper, tmp_path, kind):
    forged = Forged(paper)
    forged.kinds[forged.place(".parquet")] = kind | 0o777
    refused(forged.write(tmp_path / "forged.zip"), tmp_path, "an export holds plain files")


def test_a_member_that_grows_when_it_is_read(paper, tmp_path):
    forged = Forged(paper).put("looks.jsonl", b"0" * 10_000_000)
    forged.packed.add("looks.jsonl")
    refused(forged.write(tmp_path / "forged.zip"), tmp_path, "is compressed; an export stores its files as they are")


@pytest.mark.parametrize(("name", "most"), [("MOST_VALUES", 10), ("MOST_BYTES", 100)])
def test_a_shard_that_grows_when_it_is_unpacked(paper, tmp_path, name, most, monkeypatch):
    monkeypatch.setattr(export_check, name, most)
    refused(Forged(paper).write(tmp_path / "forged.zip"), tmp_path, "it unpacks to .* values, and a shard has at most")


def test_the_bound_is_by_what_the_footer_says():
    """A column of one value many times is a few bytes."""
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"token_ids": pa.repeat(7, export_check.MOST_VALUES + 1)}), sink, compression="zstd")
    content = bytes(sink.getvalue())
    assert len(content) < 1_000_000
    with pytest.raises(StoreError, match="it unpacks to 16,777,217 values"):
        export_check.refuse_swollen(content)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice(paper, tmp_path):
    forged = Forged(paper)
    forged.twice.append((forged.place(".parquet"), b"other"))
    refused(forged.write(tmp_path / "forged.zip"), tmp_path, "is in it twice")


@pytest.mark.parametrize(
    ("index", "said"),
    [
        ({"format": "another"}, "not that of a store's export"),
        ({"version": 2}, "version 2 of the export, and this ctlab reads version 1"),
        ({"store": 9}, "version 9 of the store, and this ctlab reads version 1"),
        ({"version": "1"}, "version '1' of the export"),
        ({"files": [{"path": "x"}]}, "lists what is not in it as listed"),
        ({"files": [7]}, "lists what is not in it as listed"),
        ({"files": None}, "lists what is not in it as listed"),
        ({"files": 7}, "lists what is not in it as listed"),
        ({"names": {"group": 1}}, "names what it cannot"),
        ({"names": [{"group": "../.."}]}, "names what it cannot"),
        ({"names": [7]}, "names what it cannot"),
    ],
)
def test_an_index_that_says_something_else(paper, tmp_path, index, said):
    forged = Forged(paper)
    forged.write(tmp_path / "forged.zip")
    forged.index |= index
    refused(forged.write(tmp_path / "forged.zip", listed="files" not in index), tmp_path, said)


@pytest.mark.parametrize("decoding", [7, [], "exact", {"padding": "none"}, {"padding": "exact", "more": 1}])
def test_settings_that_are_none(paper, tmp_path, decoding):
    forged = Forged(paper)
    forged.index["names"][0]["decoding"] = decoding
    if decoding:
        refused(forged.write(tmp_path / "forged.zip"), tmp_path, "names what it cannot")


def test_a_derived_value_that_grows_when_it_is_unpacked(paper, tmp_path, monkeypatch):
    monkeypatch.setattr(export_check, "refuse_swollen", lambda content: None)
    monkeypatch.setattr(export_check, "MOST_BYTES", 5)
    refused(Forged(paper).write(tmp_path / "forged.zip"), tmp_path, "unpacks to more than 5 bytes")


def test_names_cannot_leave_the_store(paper, tmp_path):
    forged = Forged(paper)
    forged.index["names"][0]["problems"] = "../../../x"
    refused(forged.write(tmp_path / "forged.zip"), tmp_path, "is no place for names")


def test_a_member_that_is_not_what_the_index_says(paper, tmp_path):
    forged = Forged(paper)
    forged.write(tmp_path / "forged.zip")
    name = forged.place(".parquet")
    forged.put(name, bytes(reversed(forged.members[name])))
    refused(forged.write(tmp_path / "forged.zip", listed=False), tmp_path, "its checksum is not that of the index")


def test_a_shard_without_entry_and_an_entry_without_shard(paper, tmp_path):
    for gone, said in ((".json", "has no entry"), (".parquet", "is the entry of a shard that is not beside it")):
        forged = Forged(paper)
        del forged.members[forged.place(gone)]
        refused(forged.write(tmp_path / "forged.zip"), tmp_path, said)


def test_runs_in_a_folder_of_others(paper, tmp_path):
    forged = Forged(paper)
    forged.members = {
        "/".join(["v1", "0" * 16, *name.split("/")[2:]]): content
        for name, content in forged.members.items()
        if "derived" not in name
    }
    refused(forged.write(tmp_path / "forged.zip"), tmp_path, "lists runs of another folder")


def test_a_derived_value_of_another_key(paper, tmp_path):
    forged = Forged(paper)
    one, other = [name for name in forged.members if "/derived/outcomes" in name][:2]
    forged.put(one, forged.members[other])
    refused(forged.write(tmp_path / "forged.zip"), tmp_path, "belongs elsewhere")


def test_two_shards_that_disagree(paper, tmp_path):
    forged = Forged(paper)
    name = forged.place(".json")
    entry = Entry.from_json(json.loads(forged.members[name]))
    runs = {digest: [answer("a lie", each) for each in entry.problem_ids] for digest in entry.digests}
    lie = replace(entry, sha256=sha256(encode(runs)))
    group = name.rsplit("/", 1)[0]
    forged.put(f"{group}/{lie.name}.parquet", encode(runs)).put(f"{group}/{lie.name}.json", lie.to_bytes())
    refused(forged.write(tmp_path / "forged.zip"), tmp_path, "two of its shards disagree")


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", b"PK\x05\x06" + b"\0" * 18, b"[" * 200_000])
def test_what_is_no_export(tmp_path, content):
    (tmp_path / "forged.zip").write_bytes(content)
    refused(tmp_path / "forged.zip", tmp_path, "cannot be read as a zip file|has no index.json")


def test_an_index_of_brackets_or_of_another_text(paper, tmp_path):
    for index in (b"[" * 200_000, b"\xff", b"[]", b'{"format": ' + b"9" * 5000 + b"}"):
        with zipfile.ZipFile(tmp_path / "forged.zip", "w") as archive:
            archive.writestr("index.json", index)
        refused(tmp_path / "forged.zip", tmp_path, "its index is not")


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="a pipe or a device, and a file is needed"):
        import_file(tmp_path / "store", tmp_path / "pipe", print)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match=r"cannot read .*absent"):
        import_file(tmp_path / "store", tmp_path / "absent", print)
    assert not (tmp_path / "store").exists()


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_any_byte_that_is_another_is_refused_or_changes_nothing(paper, tmp_path_factory, data):
    """Bytes that a zip program does not look at (a date, an owner) may be any."""
    content = bytearray(paper.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    path, new = tmp_path_factory.mktemp("forged") / "forged.zip", tmp_path_factory.mktemp("new")
    path.write_bytes(content)
    try:
        import_file(new, path, lambda _: None)
    except InputError:
        assert tree(new) == {}
    else:
        sound = tmp_path_factory.mktemp("sound")
        import_file(sound, paper, lambda _: None)
        assert tree(new) == tree(sound)


@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_a_file_that_is_cut_is_refused(paper, tmp_path_factory, data):
    content = paper.read_bytes()
    path, new = tmp_path_factory.mktemp("forged") / "forged.zip", tmp_path_factory.mktemp("new")
    path.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    with pytest.raises(InputError):
        import_file(new, path, lambda _: None)
    assert tree(new) == {}
