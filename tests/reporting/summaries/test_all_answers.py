"""All conditions' answers: what is written comes back, by problem and by row, and is the same for the same run."""

import json

import pyarrow.parquet as pq
import pytest

from ctlab.errors import PairingError
from ctlab.reporting import write_report
from ctlab.reporting.answer_files import ANSWER_ROWS, ANSWERS, write_answers
from ctlab.reporting.model import read
from ctlab.reporting.model.problem_answers import AllAnswers
from ctlab.reporting.report_parts import Parts
from ctlab.reporting.summaries.all_answers import AnswerTable
from tests.reporting.fake_report import fake_report
from tests.reporting.small_runs import problems, run

EVIL = "</script>\x1b[31m\u202e\u2028 \ud800 −5"


@pytest.fixture
def table():
    asked = problems(6)
    return AnswerTable(
        {
            "baseline": run("baseline", asked, wrong=[5]),
            "ct0_blocked": run("ct0_blocked", asked, wrong=[0, 1], text=EVIL),
            "late": run("late", asked[:4]),
        },
        features={"grade": ["a", "b", "a", None, "b", "a"], "rank": [1, 2.5, None, 4, 5, 6]},
        own={"LOUD": {name: [False, True, False, False, False, False] for name in ("baseline", "ct0_blocked", "late")}},
    )


def test_json_holds_each_different_answer_once(table, tmp_path):
    write_answers(tmp_path, table)
    answers = read(AllAnswers, json.loads((tmp_path / ANSWERS).read_bytes()), ANSWERS)
    assert answers.conditions == ("baseline", "ct0_blocked", "late")
    assert [len(problem.answers) for problem in answers.problems] == [2, 2, 1, 1, 1, 2]
    assert answers.problems[0].given == (0, 1, 0)
    assert answers.problems[4].given == (0, 0, None), "a condition that was not asked"
    assert answers.problems[0].under(1).text == EVIL
    assert answers.problems[0].features["grade"] == "a"
    assert answers.problems[1].answers[0].own == {"LOUD": True}


def test_parquet_has_a_row_a_problem_and_condition(table, tmp_path):
    write_answers(tmp_path, table)
    rows = pq.read_table(tmp_path / ANSWER_ROWS).to_pylist()
    assert len(rows) == 6 + 6 + 4
    changes = {(row["problem_id"], row["condition"]): row["change"] for row in rows}
    ids = [problem.id for problem in problems(6)]
    assert changes[ids[0], "ct0_blocked"] == "broken"
    assert changes[ids[5], "ct0_blocked"] == "fixed"
    assert changes[ids[2], "ct0_blocked"] == "unchanged"
    assert changes[ids[2], "baseline"] is None
    assert rows[1]["text"] == EVIL.replace("\ud800", "?")
    assert rows[0]["explanations"] == [{"outcome": "CORRECT", "detail": "equals the gold answer"}]
    assert [rows[0][name] for name in ("feature_grade", "feature_rank", "feature_multi_step", "own_LOUD")] == [
        "a",
        1.0,
        False,
        False,
    ]


def test_the_same_run_has_the_same_bytes(table, tmp_path):
    first = [path.read_bytes() for path in write_answers(tmp_path, table)]
    assert first == [path.read_bytes() for path in write_answers(tmp_path / "again", table)]


def test_groups_of_rows_follow_one_another(table, tmp_path, monkeypatch):
    whole = pq.read_table(write_answers(tmp_path, table)[1])
    monkeypatch.setattr("ctlab.reporting.answer_files._AT_ONCE", 2)
    file = pq.ParquetFile(write_answers(tmp_path, table)[1])
    assert file.num_row_groups == 3
    assert file.read().equals(whole)


def test_no_runs_are_refused():
    with pytest.raises(PairingError, match="no runs"):
        AnswerTable({})


def test_of_too_many_answers_no_page_is_made_and_a_note_says_so(table, tmp_path, monkeypatch):
    for most, pages in ((2**26, ["answers.html"]), (100, [])):
        monkeypatch.setattr("ctlab.reporting.answer_files.MOST_ON_A_PAGE", most)
        folder, parts = tmp_path / str(most), Parts()
        folder.mkdir()
        write_report(fake_report(conditions=3), folder, answers=table, parts=parts)
        assert [path.name for path in folder.glob("answers.html")] == pages
        report = json.loads((folder / "report.json").read_bytes())
        assert [name for name in report["files"] if name == "answers.html"] == pages
        assert any("too many answers for a page" in note for note in report["notes"]) == (not pages)
        assert parts.missing == []
