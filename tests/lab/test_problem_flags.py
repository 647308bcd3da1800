"""What the audit of the problems finds goes wherever the verdict goes: header, terminal, report, page."""

import json

import pytest

from tests.plugin.suite import report, rows, run, write_suite

WRONG = {"question": "What is 500 plus 500?", "gold": 1001, "solution": "That is <<500+500=1000>>1000 in all."}


@pytest.fixture
def suite(pytester):
    write_suite(pytester, n=40)
    return pytester


def add(suite, *problems):
    file = suite.path / "problems.jsonl"
    file.write_text(file.read_text("utf-8") + "".join(json.dumps(row) + "\n" for row in problems), encoding="utf-8")


def test_a_set_that_fails_its_audit_is_said_beside_every_verdict(suite):
    add(suite, WRONG)
    done = run(suite, "-k", "ct0")
    found = "problems: 1 of 1 gold answers is not what their worked solution ends with"
    done.stdout.fnmatch_lines([f"ctlab: {found}; * – ctlab problems *problems.jsonl"])
    done.stdout.fnmatch_lines(["ct0-lowers *[[]*problems]*", "ct0-raises *[[]*problems]*"])
    judged = [row for row in rows(suite).values() if row["status"] == "judged"]
    assert len(judged) == 2
    assert all(f"{found} (ctlab problems lists them)" in row["flags"] for row in judged)
    (finding,) = report(suite)["problems"]["audit"]
    assert (finding["check"], finding["fails"], finding["problems"]) == ("gold-against-solution", True, [41])
    assert any(note.startswith(found) for note in report(suite)["notes"])
    page = (suite.path / "reports" / "latest" / "index.html").read_text(encoding="utf-8")
    assert page.count(found) >= 3, "in the notes, and beside both verdicts"


def test_problems_that_only_repeat_are_said_once_and_a_limit_is_audited_alone(suite):
    add(suite, WRONG)
    done = run(suite, "-k", "ct0", "--ctlab-limit", "40")
    done.stdout.fnmatch_lines(["ctlab: problems: 40 questions are 1 with other numbers and names, *"])
    assert not any(flag.startswith("problems") for row in rows(suite).values() for flag in row["flags"])
    assert report(suite)["problems"]["audit"] == []


def test_nothing_is_said_where_nothing_is_wrong(suite):
    lines = ["Sam", "Where is he", "Count to", "Add up"]
    text = "".join(json.dumps({"question": f"{line} {n}?", "gold": n}) + "\n" for n, line in enumerate(lines))
    (suite.path / "problems.jsonl").write_text(text, encoding="utf-8")
    done = run(suite, "-k", "ct0")
    assert "problems:" not in done.stdout.str()
