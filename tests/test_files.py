"""A file is there as a whole or not at all, and nothing that somebody put in the way is followed."""

import ast
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

import ctlab
from ctlab import files
from ctlab.claims import Registry
from ctlab.errors import InputError, RegistryError, StoreError
from ctlab.files import append, check_writable, point, publish, replacing, set_aside

GUESSED = "0" * 16


@pytest.fixture
def guessed(monkeypatch):
    """The part of temporary names that nobody can guess is guessed."""
    monkeypatch.setattr(files.secrets, "token_hex", lambda n: GUESSED)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_is_written_is_there_and_nothing_else(tmp_path):
    path = tmp_path / "new" / "file"
    publish(path, b"first")
    publish(path, b"second")
    assert path.read_bytes() == b"second"
    assert names(path.parent) == ["file"]
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask


@pytest.mark.parametrize("target", ["victim", "nowhere"])
def test_a_link_planted_at_the_temporary_name_is_not_followed(tmp_path, guessed, target):
    (tmp_path / "victim").write_text("mine")
    planted = tmp_path / f"file.{GUESSED}.part"
    planted.symlink_to(tmp_path / target)
    with pytest.raises(StoreError, match=r"cannot write .*file: File exists; everything finished before is kept"):
        publish(tmp_path / "file", b"content")
    assert (tmp_path / "victim").read_text() == "mine"
    assert names(tmp_path) == [planted.name, "victim"]  # what is not ours is left alone


def test_a_link_at_the_place_itself_is_replaced_and_not_followed(tmp_path):
    (tmp_path / "victim").write_text("mine")
    (tmp_path / "file").symlink_to(tmp_path / "victim")
    publish(tmp_path / "file", b"content")
    assert (tmp_path / "victim").read_text() == "mine"
    assert not (tmp_path / "file").is_symlink()


def test_temporary_names_differ_between_writes_of_one_process(tmp_path):
    with replacing(tmp_path / "file") as one, replacing(tmp_path / "file") as other:
        assert one.name != other.name
        assert {str(tmp_path / name) for name in names(tmp_path)} == {str(one.name), str(other.name)}


def full_disk(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("error", "advice", "message"),
    [
        (StoreError, {}, "No space left on device; everything finished before is kept"),
        (RegistryError, {"error": RegistryError, "advice": "do this"}, "No space left on device; do this"),
    ],
)
def test_a_full_disk_is_one_sentence_and_leaves_the_old_file(tmp_path, monkeypatch, error, advice, message):
    path = tmp_path / "file"
    publish(path, b"old")
    monkeypatch.setattr(files.os, "fsync", full_disk)
    with pytest.raises(error, match=message):
        publish(path, b"new", **advice)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["file"]


LIMITED = """
import resource, signal, sys
from pathlib import Path
from ctlab.errors import StoreError
from ctlab.files import publish

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    publish(Path(sys.argv[1]), b"x" * 5000)
except StoreError as error:
    print(error)
"""


def test_a_write_that_breaks_off_leaves_nothing(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "file")], capture_output=True, text=True, check=True
    )
    assert "cannot write" in done.stdout
    assert "File too large" in done.stdout
    assert names(tmp_path) == []


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_block_that_fails_leaves_the_old_file(tmp_path, error):
    (tmp_path / "file").write_text("old")

    def fail():
        with replacing(tmp_path / "file") as file:
            file.write(b"half")
            raise error

    with pytest.raises(error):
        fail()
    assert (tmp_path / "file").read_text() == "old"
    assert names(tmp_path) == ["file"]


WRITER = """
import sys
from pathlib import Path
from ctlab.files import publish

for _ in range(200):
    publish(Path(sys.argv[1]), sys.argv[2].encode() * 20_000)
"""


def test_with_several_writers_a_reader_sees_one_of_their_files_as_a_whole(tmp_path):
    path = tmp_path / "file"
    publish(path, b"a" * 20_000)
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), letter]) for letter in "ab"]
    reads = 0
    while any(writer.poll() is None for writer in writers):
        content = path.read_bytes()
        assert content in (b"a" * 20_000, b"b" * 20_000)
        reads += 1
    assert [writer.returncode for writer in writers] == [0, 0]
    assert reads > 10
    assert names(tmp_path) == ["file"]


def test_a_link_points_to_the_last_target(tmp_path):
    for target in ("one", "two"):
        point(tmp_path / "latest", target)
        assert (tmp_path / "latest").readlink() == Path(target)
    assert names(tmp_path) == ["latest"]


def test_a_link_that_cannot_take_its_place_leaves_nothing_behind(tmp_path):
    (tmp_path / "latest").mkdir()
    with pytest.raises(OSError, match="directory"):
        point(tmp_path / "latest", "one")
    assert names(tmp_path) == ["latest"]


def test_a_file_planted_at_the_temporary_name_of_a_link_is_left_alone(tmp_path, guessed):
    planted = tmp_path / f"latest.{GUESSED}.part"
    planted.write_text("mine")
    with pytest.raises(FileExistsError):
        point(tmp_path / "latest", "one")
    assert planted.read_text() == "mine"


def test_setting_aside_keeps_the_name_and_forgives_what_is_gone(tmp_path):
    (tmp_path / "file").write_text("content")
    for _ in range(2):
        set_aside(tmp_path / "file", tmp_path / "aside")
    assert (tmp_path / "aside" / "file").read_text() == "content"


@pytest.mark.parametrize("planted", [".registry.toml.{pid}", "registry.toml.{pid}.part"])
def test_the_registry_is_not_written_through_a_planted_link(tmp_path, planted):
    (tmp_path / "victim").write_text("mine")
    (tmp_path / planted.format(pid=os.getpid())).symlink_to(tmp_path / "victim")
    Registry().save(tmp_path / "registry.toml")
    assert (tmp_path / "victim").read_text() == "mine"
    assert Registry.load(tmp_path / "registry.toml") == Registry()


def test_recorded_answers_are_not_written_through_a_planted_link(tmp_path, monkeypatch):
    from ctlab.outcomes import study_writer as study

    monkeypatch.setattr(study, "study_form", lambda run, model: {"model": model})
    (tmp_path / "victim").write_text("mine")
    (tmp_path / "study.json.partial").symlink_to(tmp_path / "victim")
    study.write_study(None, "fake", tmp_path / "study.json")
    assert (tmp_path / "victim").read_text() == "mine"
    assert (tmp_path / "study.json").read_text() == '{\n "model": "fake"\n}\n'
    with pytest.raises(InputError, match="choose another place for it"):
        study.write_study(None, "fake", tmp_path / "victim" / "study.json")


def test_what_is_appended_goes_into_the_file_itself_and_never_through_a_link(tmp_path):
    append(tmp_path / "file", b"one\n")
    append(tmp_path / "file", b"two\n")
    assert (tmp_path / "file").read_bytes() == b"one\ntwo\n"
    (tmp_path / "victim").write_text("mine")
    for target in ("victim", "nowhere"):
        (tmp_path / "link").symlink_to(tmp_path / target)
        with pytest.raises(OSError, match="Too many levels of symbolic links"):
            append(tmp_path / "link", b"theirs")
        (tmp_path / "link").unlink()
    assert (tmp_path / "victim").read_text() == "mine"
    assert names(tmp_path) == ["file", "victim"]


ONLY_IN_FILES = {"replace", "rename", "getpid", "mkstemp", "NamedTemporaryFile", "symlink_to", "symlink"}


def renames(tree):
    """Calls that put something in place of something else: a path is replaced with one argument, text with two."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of_text = node.func.attr == "replace" and (len(node.args) != 1 or node.keywords)
            if node.func.attr in ONLY_IN_FILES and not of_text:
                yield node.lineno


def test_nothing_else_writes_beside_and_renames():
    folder = Path(ctlab.__file__).parent
    # A lock names its process in its file; a report is a folder, which is renamed when it is whole.
    may = {"files.py", "store/locks.py", "reporting/publish.py"}
    places = [
        f"{path.relative_to(folder)}:{line}"
        for path in sorted(folder.rglob("*.py"))
        if str(path.relative_to(folder)) not in may
        for line in renames(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert places == []


BY_PATH = {"save_file", "save_pretrained", "savetxt", "to_csv", "extractall", "imsave"}
"""Functions of libraries that write to a path."""
WRITES_ELSEWHERE = {
    "models/checkpoints/tokenizer_keys.py": "into a temporary folder that nobody else can enter",
    "models/tiny/checkpoint_writer.py": "the embedded model, by its maker in a working tree",
    "models/tiny/training_loop.py": "the same",
    "models/tiny_graphs/graph_checkpoint.py": "the same, of the models of graphs",
    "problems/tiny/embedded_set.py": "the embedded set, by its maker in a working tree",
    "problems/tiny_graphs/graph_sets.py": "the embedded sets of graphs, by their maker in a working tree",
    "probes/raw_states.py": "save_file to the name that `replacing` gives",
    "reporting/unfinished.py": "a folder that has no name yet, which it opens to lock it",
    "store/locks.py": "who holds a lock, into the file that is locked, opened without following a link",
}
"""Modules that write without `ctlab.files`, and where."""


def writes(tree):
    """Calls that open a file for writing or hand a path to somebody who does."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        owner = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
        texts = [n.value for argument in [*node.args, *node.keywords] for n in ast.walk(argument) if is_text(n)]
        opened = name in ("open", "fdopen") and any(set("wax+") & set(text) and len(text) < 4 for text in texts)
        flags = owner == "os" and name == "open" and "O_RDONLY" not in ast.unparse(node)
        # Functions of our own are called write_bytes too: those are called bare, or on the module that has them.
        written = name in ("write_text", "write_bytes") and owner not in ("", "records")
        moved = owner == "shutil" or (owner, name) == ("torch", "save")
        if opened or flags or written or moved or name in BY_PATH:
            yield node.lineno


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_nothing_else_writes():
    folder = Path(ctlab.__file__).parent
    places = {
        str(path.relative_to(folder)): list(writes(ast.parse(path.read_text(encoding="utf-8"))))
        for path in sorted(folder.rglob("*.py"))
    }
    assert {name for name, lines in places.items() if lines} == {"files.py", *WRITES_ELSEWHERE}


@pytest.mark.parametrize(("content", "step"), [(b"PK\x05\x06", "ctlab store import answers"), (b"hello", "another")])
def test_a_file_where_a_folder_is_needed_is_told_from_one_that_cannot_be_written_to(tmp_path, content, step):
    (tmp_path / "answers.zip").write_bytes(content)
    with pytest.raises(StoreError, match=f"answers.zip is a file, and a folder is needed here; .*{step}"):
        check_writable(tmp_path / "answers.zip")
