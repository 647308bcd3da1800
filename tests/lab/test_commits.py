"""Which commit brought a line, held against git itself."""

import os
import shutil
import subprocess

import pytest

from ctlab.lab.commits import commits_of, last_commit_date

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder, *arguments, date="2026-01-01T12:00:00Z"):
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    environment = {**os.environ, "GIT_COMMITTER_DATE": date, "GIT_AUTHOR_DATE": date}
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True, env=environment
    )
    return done.stdout.strip()


@pytest.fixture
def file(tmp_path):
    git(tmp_path, "init", "-q")
    path = tmp_path / "registry.toml"
    path.write_text("one\ntwo\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    path.write_text("one\nbetween\ntwo\n")
    git(tmp_path, "commit", "-qam", "second", date="2026-02-01T12:00:00Z")
    return path


@needs_git
def test_each_line_has_the_commit_that_brought_it(file):
    first, second = git(file.parent, "rev-parse", "HEAD~1"), git(file.parent, "rev-parse", "HEAD")
    file.write_text("one\nbetween\ntwo\nthree\n")
    found = commits_of(file)
    assert [found[k].digest for k in (1, 2, 3, 4)] == [first, second, first, ""]
    assert found[1].words == f"in commit {first[:10]} (2026-01-01)"
    assert found[4].words == "not committed yet"
    assert last_commit_date(file) == "2026-02-01T12:00:00Z"


@needs_git
def test_a_history_that_is_cut_off_tells_nothing(file, tmp_path_factory):
    clone = tmp_path_factory.mktemp("clone")
    git(clone, "clone", "-q", "--depth=1", f"file://{file.parent}", "shallow")
    assert commits_of(clone / "shallow" / file.name) == {}


@needs_git
def test_outside_of_a_repository_nothing_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "registry.toml").write_text("one\n")
    assert commits_of(tmp_path / "registry.toml") == {}
    assert last_commit_date(tmp_path / "registry.toml") == ""


def test_without_git_nothing_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "registry.toml").write_text("one\n")
    assert commits_of(tmp_path / "registry.toml") == {}
