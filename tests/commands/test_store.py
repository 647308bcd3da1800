"""`ctlab store` as people type it: what is printed, JSON, exit codes, nothing removed without --yes."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ctlab.claims import Registry, Subject
from ctlab.commands.main import main
from ctlab.commands.store import ACTIONS
from ctlab.store import GenerationStore
from ctlab.store.uses import Use
from tests.store.answers import answer
from tests.store.tended import CONDITIONS, IDS, PROBLEMS, damage, filled, folder, keys, rubbish, tree

ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A store where the command looks for it, with a derived value of each kind that today's code would read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("ctlab.lab.tending.codes_of_today", lambda: {"outcomes": "code 2", "certificate": "code 7"})
    return filled(tmp_path / ".ctlab" / "store")


@pytest.fixture
def run(capsys):
    """Run the command and return its exit code, what it printed, and what it complained of."""

    def run(*arguments):
        capsys.readouterr()
        code = main(["store", *map(str, arguments)])
        return code, *capsys.readouterr()

    return run


def registry(path):
    path.parent.mkdir(exist_ok=True)
    subject = Subject(
        model="model",
        problems=PROBLEMS,
        padding="exact",
        dtype="float32",
        max_new_tokens=64,
        model_name="codi",
        problems_name="seven",
        n=7,
        ids=frozenset(each[:8] for each in IDS),
    )
    Registry(subjects={subject.name: subject}).save(path)
    return path


def test_ls(store, run):
    code, out, _ = run("ls")
    lines = out.splitlines()
    assert code == 0
    assert lines[0].startswith("model tiny (model): exact, float32, at most 64 tokens; engine 1")
    assert lines[1].split() == ["problems", "condition", "rows", "last", "use", "size"]
    assert [line.split()[2:6] for line in lines[2:5]] == [[name, "7", "of", "7"] for name in CONDITIONS]
    assert lines[-1].startswith("3 runs, 21 answers, ")
    code, out, _ = run("ls", "--condition", "baseline", "--json")
    (row,) = json.loads(out)["holdings"]
    assert (row["condition_name"], row["held"], row["wanted"], row["used"]) == ("baseline", 7, 7, "2026-03-10")


def test_ls_calls_a_model_by_the_name_that_the_registry_has(store, run, tmp_path):
    registry(tmp_path / "hypotheses" / "registry.toml")
    assert run("ls")[1].startswith("model codi (model): ")
    assert run("ls", "--model", "codi")[0] == 0
    assert run("ls", "--model", "cody")[::2] == (
        1,
        "ctlab: nothing here is of model 'cody'; `ctlab store ls` lists what is\n",
    )


def test_a_name_from_elsewhere_does_not_rule_the_terminal(store, run):
    derived = folder(store) / "uses"
    use = Use.from_bytes(next(derived.iterdir()).read_bytes())
    evil = replace(use, model_name="tiny\x1b[2J", problems_name="a\nb")
    next(derived.iterdir()).write_bytes(evil.to_bytes())
    _, out, _ = run("ls")
    assert "\x1b" not in out
    assert "tiny\N{REPLACEMENT CHARACTER}[2J" in out


def test_verify(store, run):
    code, out, _ = run("verify")
    assert (code, out.startswith("read 1")) == (0, True), out
    assert "all as it was written" in out
    rubbish(store)
    code, out, err = run("verify")
    assert code == 1
    assert out.splitlines()[0].startswith("damaged: v1/")
    assert "1 file of" in err
    assert "cannot be relied on" in err
    states = [finding["state"] for finding in json.loads(run("verify", "--json")[1])["findings"]]
    assert sorted(states) == sorted(
        ["damaged", "orphaned", "old code", "other version", "set aside", "left over", "left over"]
    )


def test_size_adds_up_to_every_byte(store, run):
    rubbish(store)
    rows = json.loads(run("size", "--json")[1])["sizes"]
    files = [path for path in store.root.rglob("*") if path.is_file()]
    assert sum(row["size"] for row in rows) == sum(path.stat().st_size for path in files)
    assert sum(row["files"] for row in rows) == len(files)
    assert {(row["part"], row["kind"]) for row in rows} >= {
        ("answers", ""),
        ("derived", "outcomes"),
        ("derived", "certificate"),
        ("set aside", ""),
        ("temporary", ""),
        ("first form", ""),
        ("notes", ""),
    }
    assert run("size")[1].splitlines()[-1].split()[0] == "all"


def test_gc_shows_and_with_yes_removes(store, run):
    before = tree(store.root)
    rubbish(store)
    every = tree(store.root)
    code, out, _ = run("gc")
    assert (code, out.splitlines()) == (
        0,
        ["kept: 7 files younger than 1 day (--older-than)", "nothing to remove"],
    )
    code, out, _ = run("gc", "--older-than", "0")
    assert tree(store.root) == every
    assert out.splitlines()[-1] == "nothing was removed; with --yes it is"
    assert "derived by code that is not today's" in out
    removed = json.loads(run("gc", "--older-than", "0", "--yes", "--json")[1])["removed"]
    assert len(removed) == 6, "what somebody may be writing stays for an hour"
    assert {place for place in tree(store.root) if not place.endswith(".part")} == before.keys()
    assert GenerationStore(store.root).read(keys(), IDS) == {
        n: tuple(answer(n, each) for each in IDS) for n in CONDITIONS
    }


def test_gc_takes_answers_only_on_demand_and_never_without_knowing_what_a_registry_names(store, run, tmp_path):
    assert run("gc", "--model", "model")[::2] == (
        4,
        "ctlab: --model, --problems, --condition and --run choose answers; add --answers\n",
    )
    code, _, err = run("gc", "--answers")
    assert (code, "no registry is at" in err, "--no-registry" in err) == (4, True, True)
    code, _, err = run("gc", "--answers", "--registry", tmp_path / "absent.toml")
    assert (code, "there is no registry" in err) == (4, True)
    code, out, _ = run("gc", "--answers", "--no-registry", "--yes")
    assert (code, "kept: 2 shards read or written within 30 days" in out) == (0, True)
    registry(tmp_path / "hypotheses" / "registry.toml")
    code, out, _ = run("gc", "--answers", "--yes")
    assert "kept: 2 shards with answers that hypotheses/registry.toml names" in out


@pytest.mark.parametrize("days", ["1", "0", "x", "-3", "9" * 20])
def test_answers_of_yesterday_cannot_be_asked_for(store, run, days):
    with pytest.raises(SystemExit) as ended:
        run("gc", "--answers", "--unused", days)
    assert ended.value.code == 4


def test_export_and_import(store, run, tmp_path):
    code, out, _ = run("export", "paper.zip")
    assert code == 0
    assert out.startswith("paper.zip: 21 answers of tiny (model) in 3 runs; ")
    assert out.splitlines()[1].startswith("sha256 ")
    code, _, err = run("export", "paper.zip")
    assert (code, "paper.zip is there already" in err) == (4, True)
    code, out, _ = run("import", "paper.zip", "--ctlab-store", "new")
    assert (code, out.startswith("paper.zip into "), " new, 0 here already" in out) == (0, True, True)
    assert run("import", "paper.zip", "--ctlab-store", "new")[1].endswith("0 files new, 10 here already\n")
    assert run("verify", "--ctlab-store", "new")[0] == 0


def test_import_of_other_answers_says_so_and_fails(store, run, tmp_path):
    run("export", "paper.zip")
    other = GenerationStore(tmp_path / "other")
    other.collect(keys(), IDS, lambda missing: iter([{n: [answer("x", each) for each in IDS] for n in missing}]))
    code, out, err = run("import", "paper.zip", "--ctlab-store", "other")
    assert code == 1
    assert "are other ones here under the same key" in out
    assert "2 shards of paper.zip hold other answers" in err


def test_what_is_no_store_or_no_export_is_a_sentence(store, run, tmp_path):
    for arguments in (["ls"], ["verify"], ["size"], ["gc"], ["export", "x.zip"]):
        code, out, err = run(*arguments, "--ctlab-store", "absent")
        assert (code, out) == (4, ""), arguments
        assert err.startswith("ctlab: there is no store at"), arguments
    (tmp_path / "notes.txt").write_text("no export")
    code, _, err = run("import", "notes.txt")
    assert code == 4
    assert "nothing was imported" in err


@pytest.mark.skipif(os.geteuid() == 0, reason="a folder that root may not write to does not exist")
def test_a_store_that_is_read_only_is_listed_verified_and_exported(store, run):
    for path in [*store.root.rglob("*"), store.root]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        for arguments in (["ls"], ["verify"], ["size"], ["gc"], ["export", "paper.zip"]):
            assert run(*arguments)[0] == 0, arguments
    finally:
        for path in [store.root, *store.root.rglob("*")]:
            path.chmod(0o755)


def test_nothing_but_gc_and_import_writes(store, run):
    """What root can run as well: the folder is as it was, its times included."""
    rubbish(store)

    def state():
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_ino) for path in store.root.rglob("*")}

    before = state()
    for arguments in (["ls"], ["verify"], ["size"], ["gc"], ["export", "paper.zip"], ["gc", "--older-than", "0"]):
        run(*arguments)
        assert state() == before, arguments


def test_ls_of_a_damaged_store_lists_what_is_whole(store, run):
    damage(next(iter(sorted(folder(store).glob("*.json")))))
    code, out, _ = run("ls")
    assert (code, "of 7" in out) == (0, True)


def test_every_action_is_in_the_help_and_none_needs_torch():
    done = subprocess.run(
        [sys.executable, "-m", "ctlab", "store", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert all(f"    {action.name} " in done.stdout for action in ACTIONS)
    code = "import sys, ctlab.commands.main; sys.exit(any(m in sys.modules for m in ('torch', 'numpy', 'pyarrow')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
