"""history.jsonl: lines that outlive what can happen to a file, and runs of one subject."""

import json
from multiprocessing import get_context

import pytest

from ctlab.errors import StoreError
from ctlab.reporting.history.history_file import MOST_RUNS, add_run, earlier_runs, read_history
from ctlab.reporting.history.run_row import history_run
from ctlab.reporting.schema import complete
from tests.reporting.fake_report import fake_report


def run(name="2026-01-02-030405", **fields):
    return history_run(complete({**fake_report(conditions=2), **fields}), name)


def test_what_is_added_is_read_back(tmp_path):
    file = tmp_path / "history.jsonl"
    add_run(file, run())
    assert read_history(file) == ([run()], [])
    line = json.loads(file.read_text(encoding="ascii"))
    assert line["claims"]["ct0-lowers-accuracy"]["verdict"] == "SUPPORTED"
    assert line["subject"]["n"] == 1319


def test_only_claims_that_were_judged_are_kept():
    claims = complete(fake_report(conditions=2)).claims
    assert set(run().claims) == {claim.id for claim in claims if claim.verdict is not None}


def test_no_file_is_no_run(tmp_path):
    assert read_history(tmp_path / "history.jsonl") == ([], [])


@pytest.mark.parametrize("kept", [1, 40, -2])
def test_a_torn_line_is_named_and_costs_no_other(tmp_path, kept):
    """Cut off by a full disk or a power cut: the next run begins a line of its own."""
    file = tmp_path / "history.jsonl"
    add_run(file, run("first"))
    whole = file.read_bytes()
    file.write_bytes(whole + whole[:kept])
    add_run(file, run("last"))
    runs, bad = read_history(file)
    assert [each.run for each in runs] == ["first", "last"]
    (sentence,) = bad
    assert f"{file}, line 2: " in sentence
    assert sentence.endswith("it is left out; delete the line, or leave it")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"[]", "must be an object"),
        (b'{"run": "x"}', "started is missing"),
        (b"\xff\xfe", "it is not JSON"),
        (b"\x00" * 40, "it is not JSON"),
        (b'{"run": 1e999}', "beyond what a float holds"),
        (b"[" * 5000, "deep"),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, said):
    file = tmp_path / "history.jsonl"
    file.write_bytes(line + b"\n")
    add_run(file, run())
    runs, (sentence,) = read_history(file)
    assert len(runs) == 1
    assert "line 1" in sentence
    assert said in sentence
    assert "\n" not in sentence


def add_many(file, first):
    for number in range(first, first + 25):
        add_run(file, run(f"{number:03}"))


@pytest.mark.slow  # two processes that import what reads reports
def test_runs_that_end_at_once_lose_nothing(tmp_path):
    file = tmp_path / "history.jsonl"
    processes = [get_context("spawn").Process(target=add_many, args=(file, first)) for first in (0, 100)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    runs, bad = read_history(file)
    assert (len(runs), len({each.run for each in runs}), bad) == (50, 50, [])


def test_a_link_or_folder_in_its_place_is_a_sentence(tmp_path):
    (tmp_path / "elsewhere").write_text("kept\n")
    (tmp_path / "history.jsonl").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="this run is not in"):
        add_run(tmp_path / "history.jsonl", run())
    assert (tmp_path / "elsewhere").read_text() == "kept\n"
    folder = tmp_path / "folder.jsonl"
    folder.mkdir()
    with pytest.raises(StoreError, match="this run is not in"):
        add_run(folder, run())
    assert "a folder" in read_history(folder)[1][0]


def test_runs_of_another_subject_are_left_out_and_of_the_same_the_last_are_taken(tmp_path):
    file = tmp_path / "history.jsonl"
    model = fake_report()["model"]
    for number in range(MOST_RUNS + 5):
        add_run(file, run(f"{number:03}", model={**model, "id": f"called {number}"}))
        add_run(file, run("other", model={**model, "digest": "other"}))
    runs, _ = read_history(file)
    mine = earlier_runs(runs, run().subject)
    assert [each.run for each in mine] == [f"{number:03}" for number in range(5, MOST_RUNS + 5)]
