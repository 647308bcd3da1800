"""Folders of reports that nobody finished: what is swept, and what is left alone."""

import os
import subprocess
import sys
import time

import pytest

from ctlab.reporting.unfinished import sweep, unfinished

HOLDER = """
import sys, time
from pathlib import Path
from ctlab.reporting.unfinished import unfinished
with unfinished(Path(sys.argv[1]), "report") as folder:
    (folder / "report.json").write_text("{}")
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    """A process that is writing a report."""
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def names(folder):
    return [path.name for path in folder.iterdir()]


def test_what_was_not_renamed_is_deleted(tmp_path):
    with unfinished(tmp_path, "report") as folder:
        (folder / "report.json").write_text("{}", encoding="utf-8")
    assert names(tmp_path) == []


def test_what_was_renamed_stays(tmp_path):
    with unfinished(tmp_path, "report") as folder:
        folder.rename(tmp_path / "whole")
    assert names(tmp_path) == ["whole"]


def test_a_folder_is_swept_when_its_process_is_gone_and_not_before(tmp_path, holder):
    sweep(tmp_path)
    (left,) = names(tmp_path)
    assert left.startswith(".report.")
    assert left.endswith(".part")
    holder.kill()
    holder.wait()
    assert names(tmp_path) == [left]
    sweep(tmp_path)
    assert names(tmp_path) == []


def test_without_locks_only_what_was_forgotten_is_swept(tmp_path, monkeypatch):
    import fcntl

    def none(*args):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    for name, age in (("young", 60), ("old", 100_000)):
        folder = tmp_path / f".{name}.part"
        folder.mkdir()
        os.utime(folder, (time.time() - age, time.time() - age))
    sweep(tmp_path)
    assert names(tmp_path) == [".young.part"]
    with unfinished(tmp_path, "report") as folder:
        assert folder.is_dir()


def test_only_what_ctlab_makes_is_swept(tmp_path):
    (tmp_path / "mine.part").mkdir()
    (tmp_path / ".mine.part").write_text("a file", encoding="utf-8")
    (tmp_path / ".linked.part").symlink_to(tmp_path / "mine.part")
    sweep(tmp_path)
    assert sorted(names(tmp_path)) == [".linked.part", ".mine.part", "mine.part"]


def test_a_link_that_never_became_latest_is_swept_when_it_is_old(tmp_path):
    for name, age in (("latest.1.part", 0), ("latest.2.part", 100)):
        (tmp_path / name).symlink_to("somewhere")
        os.utime(tmp_path / name, (time.time() - age, time.time() - age), follow_symlinks=False)
    sweep(tmp_path)
    assert names(tmp_path) == ["latest.1.part"]
