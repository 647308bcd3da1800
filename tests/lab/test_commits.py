"""Which commit brought a line, held against git itself."""

import os
import shutil
import subprocess

import pytest

from ctlab.lab.commits import commits_of, head, is_before, last_commit_date, versions_of, why_no_history

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


@needs_git
def test_a_commit_that_is_dated_before_one_it_builds_on_says_so(file):
    file.write_text("one\nbetween\ntwo\nthree\n")
    git(file.parent, "commit", "-qam", "set back", date="2025-06-01T12:00:00Z")
    file.write_text("one\nbetween\ntwo\nthree\nfour\n")
    git(file.parent, "commit", "-qam", "and again", date="2025-06-02T12:00:00Z")
    found = commits_of(file)
    assert [found[k].youngest for k in (1, 2, 4, 5)] == ["", "", "2026-02-01T12:00:00Z", "2026-02-01T12:00:00Z"]
    assert (found[2].not_before, found[5].not_before) == ("2026-02-01T12:00:00Z", "2026-02-01T12:00:00Z")


@needs_git
def test_order_is_by_ancestry(file):
    first, second = git(file.parent, "rev-parse", "HEAD~1"), git(file.parent, "rev-parse", "HEAD")
    assert is_before(file, first, second)
    assert is_before(file, first, first)
    assert not is_before(file, second, first)
    git(file.parent, "checkout", "-q", "-b", "side", first)
    git(file.parent, "commit", "-q", "--allow-empty", "-m", "aside")
    side = git(file.parent, "rev-parse", "HEAD")
    assert not is_before(file, second, side)
    assert not is_before(file, side, second)


@needs_git
def test_every_committed_state_is_read_merged_sides_included(file):
    git(file.parent, "checkout", "-q", "-b", "side", "HEAD~1")
    file.write_text("one\ntwo\nßide\n", encoding="utf-8")
    git(file.parent, "commit", "-qam", "aside", date="2026-03-01T12:00:00Z")
    git(file.parent, "checkout", "-q", "-")
    git(file.parent, "merge", "-q", "-s", "ours", "side", date="2026-04-01T12:00:00Z")
    texts = {text for _, text in versions_of(file)}
    assert texts == {"one\ntwo\n", "one\nbetween\ntwo\n", "one\ntwo\nßide\n"}


@needs_git
def test_why_there_is_no_history_is_said(file, tmp_path_factory, monkeypatch):
    assert why_no_history(file) == ""
    clone = tmp_path_factory.mktemp("clone")
    git(clone, "clone", "-q", "--depth=1", f"file://{file.parent}", "shallow")
    assert "cut off (shallow clone): git fetch --unshallow" in why_no_history(clone / "shallow" / file.name)
    monkeypatch.setenv("PATH", str(clone))
    assert why_no_history(file).startswith("no history is at hand")
    assert list(versions_of(file)) == []


@needs_git
def test_another_repository_that_the_environment_names_is_not_asked(file, tmp_path_factory, monkeypatch):
    other = tmp_path_factory.mktemp("other")
    git(other, "init", "-q")
    (other / file.name).write_bytes(file.read_bytes())
    git(other, "add", ".")
    git(other, "commit", "-qm", "long ago", date="2020-01-01T12:00:00Z")
    before = commits_of(file)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(file.parent))
    assert commits_of(file) == before


@needs_git
def test_nothing_that_the_repository_names_is_run(file):
    script, canary = file.parent / "script.sh", file.parent / "canary"
    script.write_text(f"#!/bin/sh\ntouch {canary}\ncat $1\n")
    script.chmod(0o755)
    (file.parent / ".gitattributes").write_text("*.toml diff=x\n")
    git(file.parent, "config", "diff.x.textconv", str(script))
    git(file.parent, "config", "core.fsmonitor", str(script))
    assert commits_of(file)[1].digest
    assert [text for _, text in versions_of(file)] == ["one\nbetween\ntwo\n", "one\ntwo\n"]
    assert not canary.exists()


@needs_git
def test_the_commit_that_a_run_stands_at(file, tmp_path_factory):
    git(file.parent, "commit", "-q", "--allow-empty", "-am", "all")
    digest = git(file.parent, "rev-parse", "HEAD")
    assert head(file) == digest
    file.write_text("another\n")
    assert head(file) == f"{digest} (files changed since)"
    assert head(tmp_path_factory.mktemp("alone") / "registry.toml") == ""
