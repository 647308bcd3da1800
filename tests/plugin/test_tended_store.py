"""Claims on a store that was tended: what the store's commands do costs no generation and moves no verdict."""

import json
import shutil
import time
from importlib import import_module
from pathlib import Path

import pytest

from ctlab.commands.main import main
from tests.plugin.suite import calls, rows, run, write_suite
from tests.plugin.test_measured_claims import ARGUMENTS, REGISTRY, TESTS

pytestmark = pytest.mark.slow
"""Suites run in processes or whole, seconds each."""

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture
def suite(pytester, monkeypatch):
    write_suite(pytester, folder="demo_claims")
    monkeypatch.chdir(pytester.path)
    return pytester


@pytest.fixture
def store(capsys):
    """Run `ctlab store` and return what it printed as JSON."""

    def store(*arguments):
        capsys.readouterr()
        code = main(["store", *map(str, arguments), "--json"])
        assert code == 0
        (found,) = json.loads(capsys.readouterr().out).values()
        return found

    return store


def judged(suite):
    """The last run's claims, without the time that each took."""
    return {name: {**row, "seconds": None} for name, row in rows(suite).items()}


def generated(suite):
    return [line for line in calls(suite) if line.startswith("generate")]


def test_names_days_and_rows_are_those_of_the_run(suite, store):
    run(suite)
    found = store("ls")
    assert {(row["model_name"], row["problems_name"], row["held"], row["wanted"]) for row in found} == {
        ("fake", "problems", 120, 120)
    }
    assert [row["condition_name"] for row in found] == ["baseline", "ct0_blocked", "ct4_blocked", "no_op"]
    assert {row["used"] for row in found} == {time.strftime("%Y-%m-%d", time.gmtime())}


def test_every_derived_value_of_a_run_is_of_today_s_code(suite, store):
    run(suite)
    assert store("verify") == []
    assert store("gc", "--older-than", "0") == []
    kinds = {row["kind"] for row in store("size") if row["kind"]}
    assert kinds == {"certificate", "forms", "outcomes", "timing", "value"}


def test_gc_moves_no_verdict_and_costs_no_answer(suite, store, monkeypatch):
    run(suite)
    before, asked = judged(suite), generated(suite)
    # As a year later, when the labels are of another code: what follows from answers is made again.
    # An inner run in this process leaves other modules behind than it found.
    tending = import_module("ctlab.lab.tending")
    monkeypatch.setattr(tending, "codes_of_today", lambda: {"outcomes": "another", "certificate": "another"})
    removed = store("gc", "--older-than", "0", "--yes")
    assert len(removed) >= 4
    assert store("gc", "--answers", "--no-registry", "--yes", "--older-than", "0") == []
    run(suite)
    assert judged(suite) == before
    assert generated(suite) == asked


def test_what_was_exported_is_judged_elsewhere_as_it_was_here(suite, store):
    run(suite)
    before, asked = judged(suite), generated(suite)
    store("export", "paper.zip")
    shutil.rmtree(".ctlab")
    store("import", "paper.zip")
    run(suite)
    assert judged(suite) == before
    assert generated(suite) == asked
    certified = [line for line in calls(suite) if line.startswith("certify")]
    assert len(certified) == 1, "certificates came along"


def test_labels_of_recorded_answers_are_no_orphans(suite, store):
    run(suite)
    for name in ("baseline", "ct0_blocked"):
        lines = [
            json.dumps({"question": f"What is {i} plus {i + 3}?", "answer": str(2 * i + 3)}) for i in range(1, 121)
        ]
        Path(f"{name}.jsonl").write_text("\n".join([*lines[:-1], lines[-1] + (" " if name == "baseline" else "")]))
    run(suite, *(f"--ctlab-recorded={name}={name}.jsonl" for name in ("baseline", "ct0_blocked")))
    assert store("gc", "--older-than", "0") == []
    assert store("verify") == []


def test_a_store_of_the_last_release_is_listed_and_what_it_derived_is_said_and_goes(suite, store):
    write = DATA / "store_2431155"
    shutil.copytree(write, "old")
    found = store("ls", "--ctlab-store", "old")
    assert [(row["condition_name"], row["held"]) for row in found] == [("", 24)] * 4
    reasons = {finding["reason"] for finding in store("verify", "--ctlab-store", "old")}
    assert reasons == {"a derived value in the form before envelopes; nothing reads it, and it was made again"}
    store("gc", "--ctlab-store", "old", "--older-than", "0", "--yes")
    assert store("verify", "--ctlab-store", "old") == []
    store("export", "old.zip", "--ctlab-store", "old")
    store("import", "old.zip", "--ctlab-store", "new")
    assert store("verify", "--ctlab-store", "new") == []
    assert len(store("ls", "--ctlab-store", "new")) == 4


@pytest.mark.slow
def test_measured_claims_are_judged_elsewhere_without_the_model(pytester, monkeypatch, store):
    write_suite(pytester, folder="demo_claims", registry=REGISTRY, tests=TESTS)
    bench = pytester.path / "bench.py"
    bench.write_text(bench.read_text("utf-8").replace("return FakeEngine()", "return None"), encoding="utf-8")
    monkeypatch.chdir(pytester.path)
    run(pytester, *ARGUMENTS, "--ctlab-keep-states")
    before = judged(pytester)
    assert store("verify") == []
    kinds = {row["kind"] for row in store("size") if row["kind"]}
    assert {"measurement", "probe-certificate", "certificate", "outcomes"} <= kinds
    store("export", "paper.zip")
    shutil.rmtree(".ctlab")
    store("import", "paper.zip")
    again = run(pytester, *ARGUMENTS)
    assert "measuring" not in again.stderr.str()
    assert "generat" not in again.stderr.str()
    assert judged(pytester) == before
