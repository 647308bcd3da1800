"""A run's report takes along the runs before it, and is added to them."""

import json

import pytest

from ctlab.reporting.documents.write import render
from ctlab.reporting.history.keeping import publish_and_keep
from tests.reporting.fake_report import fake_report


def report(**fields):
    return {**fake_report(conditions=2), "outcomes": {}, "problem_sensitivity": {}, "error_taxonomy": {}, **fields}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Two runs, the second of which has another estimate, then one of other problems."""
    root = tmp_path_factory.mktemp("reports")
    second = report(started="2026-01-03T03:04:05+00:00")
    effect = second["claims"][0]["effect"]
    second["claims"][0]["effect"] = {**effect, "estimate": effect["estimate"] + 0.01}
    other = report(started="2026-01-04T03:04:05+00:00")
    other["problems"] = {**other["problems"], "digest": "other"}
    for each in (report(started="2026-01-02T03:04:05+00:00"), second, other):
        publish_and_keep(root, each, {})
    return root


def page(root, day):
    return (root / f"2026-01-0{day}-030405" / "index.html").read_text(encoding="utf-8")


def test_a_line_is_drawn_from_two_runs_of_one_subject_on(root):
    assert [page(root, day).count("Over 2 runs") > 0 for day in (2, 3, 4)] == [False, True, False]
    assert "SUPPORTED in each" in page(root, 3)


def test_the_page_is_made_of_the_report_alone(root):
    """Whatever was added to the history since, and wherever the folder is now."""
    before = page(root, 3)
    render(root / "2026-01-03-030405")
    assert page(root, 3) == before


def test_every_run_is_a_line(root):
    lines = [json.loads(line) for line in (root / "history.jsonl").read_text().splitlines()]
    assert [line["run"] for line in lines] == [f"2026-01-0{day}-030405" for day in (2, 3, 4)]


def test_a_run_that_judged_nothing_is_not_added(tmp_path):
    claims = [row for row in report()["claims"] if row["status"] != "judged"]
    publish_and_keep(tmp_path, report(claims=claims), {})
    assert not (tmp_path / "history.jsonl").exists()


def test_a_bad_line_is_said_in_one_line_and_the_report_is_there(tmp_path):
    (tmp_path / "history.jsonl").write_bytes(b"{\x1b[2J\n")
    said = []
    folder = publish_and_keep(tmp_path, report(), {"say": said.append})
    assert (folder / "index.html").is_file()
    (sentence,) = said
    assert "line 1" in sentence
    assert sentence.isprintable()
    assert len((tmp_path / "history.jsonl").read_bytes().splitlines()) == 2
