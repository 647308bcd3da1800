"""Rows of predictions that are made when they are read: the same as a list of them, by condition and by problem too."""

import json

import pytest

from ctlab.errors import InputError
from ctlab.reporting.report_files import write_rows
from ctlab.reporting.summaries.prediction_rows import PredictionRows, Predictions, prediction_row
from tests.reporting.small_runs import problems, run

ASKED = problems(6)
RUNS = {"baseline": run("baseline", ASKED, wrong=[5]), "ct0_blocked": run("ct0_blocked", ASKED[:4], wrong=[0, 1])}
OWN = {"LOUD": {"baseline": [True] * 6, "ct0_blocked": [False, True, False, False]}}
LISTED = [
    prediction_row(each, index) | {"own": {"LOUD": OWN["LOUD"][name][index]}}
    for name, each in RUNS.items()
    for index in range(len(each.ids))
]


def test_rows_read_as_a_list_of_them():
    rows = PredictionRows(RUNS, OWN)
    assert list(rows) == LISTED
    assert rows == LISTED
    assert rows != LISTED[1:]
    assert [rows[place] for place in range(len(rows))] == LISTED
    assert rows[-1] == LISTED[-1]
    assert rows[5:8] == LISTED[5:8]
    assert "own" not in PredictionRows(RUNS)[0]
    with pytest.raises(IndexError):
        rows[10]


def test_predictions_are_found_by_condition_and_by_problem_in_rows_of_either_kind():
    made, listed = (Predictions(rows, "rows") for rows in (PredictionRows(RUNS, OWN), LISTED))
    assert list(made.conditions) == list(listed.conditions) == ["baseline", "ct0_blocked"]
    for name in RUNS:
        assert made.of(name) == listed.of(name)
        assert [row.text for row in made.of(name)] == [said.text for said in RUNS[name].generations]
    chosen = {ASKED[1].id, ASKED[5].id}
    assert made.about(chosen) == listed.about(chosen)
    assert [(row.condition, row.index) for row in made.about(chosen)] == [
        ("baseline", 1),
        ("baseline", 5),
        ("ct0_blocked", 1),
    ]


def test_rows_are_written_as_they_come_and_not_at_all_where_one_cannot_be(tmp_path):
    write_rows(tmp_path / "rows.json", PredictionRows(RUNS, OWN))
    assert json.loads((tmp_path / "rows.json").read_bytes()) == LISTED
    assert (tmp_path / "rows.json").read_bytes().count(b"\n") == len(LISTED) + 2
    write_rows(tmp_path / "none.json", [])
    assert (tmp_path / "none.json").read_bytes() == b"[\n\n]\n"
    with pytest.raises(InputError, match="finite"):
        write_rows(tmp_path / "bad.json", [{"a": 1}, {"a": float("nan")}])
    assert not list(tmp_path.glob("bad*"))
