"""The memory of file digests is a shortcut: damaged in whatever way, it never says what a file does not hold."""

import os

import pytest

from ctlab.errors import CheckpointError
from ctlab.files import sha256
from ctlab.models.checkpoints import file_digests
from ctlab.models.checkpoints.file_digests import FileDigests


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "weights"
    path.write_bytes(b"the weights of a model")
    return path


def test_what_is_remembered_is_not_read_again_and_says_since_when(file, tmp_path, monkeypatch):
    first = FileDigests(tmp_path)
    assert first.digest(file) == sha256(file.read_bytes())
    assert first.oldest == ""
    first.save()
    monkeypatch.setattr(file_digests, "_sha256", pytest.fail)
    again = FileDigests(tmp_path)
    assert again.digest(file) == sha256(file.read_bytes())
    assert again.oldest


def test_a_changed_file_of_the_same_size_and_time_is_read_again(file, tmp_path):
    memory = FileDigests(tmp_path)
    memory.digest(file)
    memory.save()
    state = file.stat()
    file.write_bytes(b"the weights of a Model")
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert FileDigests(tmp_path).digest(file) == sha256(b"the weights of a Model")


def test_what_is_forgotten_is_read_again(file, tmp_path):
    memory = FileDigests(tmp_path)
    memory.remember(file, "0" * 64)
    memory.save()
    assert FileDigests(tmp_path).digest(file) == "0" * 64
    memory.forget([file])
    memory.save()
    assert FileDigests(tmp_path).digest(file) == sha256(file.read_bytes())


def test_no_damage_of_the_memory_gives_another_digest(file, tmp_path):
    memory = FileDigests(tmp_path)
    memory.digest(file)
    memory.save()
    kept = tmp_path / "file-digests.json"
    good, true = kept.read_bytes(), sha256(file.read_bytes())
    for place in range(len(good)):
        for content in (good[:place], good[:place] + bytes([good[place] ^ 1 << place % 8]) + good[place + 1 :]):
            kept.write_bytes(content)
            assert FileDigests(tmp_path).digest(file) == true


def test_a_file_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(CheckpointError, match=r"none cannot be read: No such file"):
        FileDigests(tmp_path).digest(tmp_path / "none")
