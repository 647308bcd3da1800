import json
import os
import subprocess
import sys

import pytest

from ctlab.errors import InputError
from ctlab.reporting import write_report
from ctlab.reporting.compare.__main__ import main
from ctlab.reporting.compare.comparison import compare, compare_reports
from ctlab.reporting.compare.comparison_view import terminal
from tests.reporting.fake_report import fake_predictions, fake_report


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    before, after = fake_report(conditions=3), fake_report(conditions=4)
    after["claims"][0]["verdict"] = "REFUTED"
    after["claims"][3]["margin"] = 0.01
    after["claims"].pop()
    after["model"]["digest"] = "other"
    made = []
    for name, report, seed in (("before", before, 0), ("after", after, 1)):
        folder = tmp_path_factory.mktemp(name)
        predictions = fake_predictions(report, seed)
        report |= {"outcomes": {}, "problem_sensitivity": {}}  # nothing to draw
        write_report(report, folder, predictions=predictions)
        made.append(folder)
    return made


@pytest.fixture(scope="module")
def comparison(folders):
    return compare_reports(*folders)


def test_verdicts(comparison):
    rows = {row["id"]: row for row in comparison["claims"]}
    assert comparison["verdicts_changed"] == 1
    assert comparison["counts"] == {"same": 11, "changed": 1, "unjudged": 2, "gone": 1}
    assert (rows["ct0-lowers-accuracy"]["before"], rows["ct0-lowers-accuracy"]["after"]) == ("SUPPORTED", "REFUTED")
    assert rows["attention-redistributes"]["after"] == "absent"
    assert not rows["attention-redistributes"]["changed"]
    (restated,) = (row for row in comparison["claims"] if row["restated"])
    assert restated["id"] == "ct4-leaves-errors-alone"
    assert restated["restatements"] == [{"what": "margin", "before": 0.0, "after": 0.01}]


def test_accuracies_are_paired_on_problems(comparison, folders):
    rows = {row["name"]: row for row in comparison["conditions"]}
    answers = [
        [row["outcome"] == "CORRECT" for row in json.loads((folder / "error_taxonomy_full.json").read_text())][:1319]
        for folder in folders
    ]
    paired = rows["baseline"]["paired"]
    assert paired["broken"] == sum(one and not other for one, other in zip(*answers, strict=True))
    assert paired["low"] <= paired["estimate"] <= paired["high"]
    assert rows["question_control"]["before"] is None
    assert rows["question_control"]["paired"] is None


def test_inputs(comparison):
    assert [row["what"] for row in comparison["inputs"] if row["changed"]] == ["model digest"]


def test_the_same_report_differs_in_nothing(folders):
    same = compare_reports(folders[0], folders[0] / "report.json")
    assert same["verdicts_changed"] == 0
    assert all(row["paired"]["estimate"] == 0 for row in same["conditions"])


def test_command_line(folders, tmp_path, capsys):
    before, after = map(str, folders)
    assert main([before, after, "--out", str(tmp_path)]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert (
        "1 of 12 verdicts that both runs have changed. 1 claim in the earlier run only. 2 claims judged in" in printed
    )
    assert printed.startswith("What went in differs: model digest.")
    assert "1 claim was restated" in printed
    assert "ct0-lowers-accuracy" in printed
    assert {path.name for path in tmp_path.iterdir()} == {"comparison.json", "comparison.md", "comparison.html"}
    assert main([before, after, "--strict"]) == 1
    assert main([before, before, "--strict"]) == 0
    assert main([before, str(tmp_path / "nowhere")]) == 4
    assert "nowhere does not exist" in capsys.readouterr().err


def test_a_run_is_paired_with_its_own_first_problems(tmp_path):
    """On the problems that both answered, though one of them answered more."""
    report = fake_report(conditions=2)
    predictions = fake_predictions(report)
    first = [row for row in predictions if row["index"] < 300]
    for name, rows in (("all", predictions), ("first", first)):
        write_report({**report, "outcomes": {}, "problem_sensitivity": {}}, tmp_path / name, predictions=rows)
    row, _ = compare_reports(tmp_path / "all", tmp_path / "first")["conditions"]
    assert (row["paired"]["n"], row["paired"]["broken"], row["paired"]["fixed"]) == (300, 0, 0)
    assert row["paired"]["low"] < 0 < row["paired"]["high"]
    assert row["flipped"] == []


def test_flipped_problems_are_counted_and_the_first_are_named(comparison, folders):
    (row,) = (row for row in comparison["conditions"] if row["name"] == "baseline")
    tables = [json.loads((folder / "error_taxonomy_full.json").read_text())[:1319] for folder in folders]
    broken = [
        one["problem_id"]
        for one, other in zip(*tables, strict=True)
        if one["outcome"] == "CORRECT" and other["outcome"] != "CORRECT"
    ]
    assert [flip["problem_id"] for flip in row["flipped"] if flip["right"] == "before"] == broken[:20]
    assert row["paired"]["broken"] == len(broken)


@pytest.mark.slow  # two processes that import what reads reports
def test_who_reads_one_line_only_is_told_no_error(folders):
    """As `… --strict | head -1`: no traceback, and the exit code is that of the comparison."""
    for command in (["ctlab.reporting.compare"], ["ctlab", "compare"]):
        read, write = os.pipe()
        os.close(read)
        arguments = [sys.executable, "-m", *command, *map(str, folders), "--strict"]
        done = subprocess.run(arguments, stdout=write, stderr=subprocess.PIPE, check=False)
        os.close(write)
        assert (done.returncode, done.stderr) == (1, b"")


def test_json_is_what_would_be_written(folders, comparison, capsys):
    assert main([*map(str, folders), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == comparison


def test_another_level_is_no_other_claim(tmp_path):
    """A family that grew judges each of its claims more strictly, and claims the same."""
    for name, alpha in (("before", 0.01), ("after", 0.005)):
        report = {**fake_report(conditions=1), "outcomes": {}, "problem_sensitivity": {}}
        report["claims"][0]["alpha"] = alpha
        write_report(report, tmp_path / name)
    row = compare_reports(tmp_path / "before", tmp_path / "after")["claims"][0]
    assert row["restatements"] == [{"what": "alpha", "before": 0.01, "after": 0.005}]
    assert not row["restated"]


def test_of_two_runs_that_are_alike_only_that_is_said(folders, capsys):
    same = str(folders[0])
    assert main([same, same]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert printed.startswith("Nothing changed: ")
    assert "any dependence" not in printed
    assert main([same, same, "--all"]) == 0
    assert "ct0-lowers-accuracy" in capsys.readouterr().out


def test_rows_of_what_did_not_move_are_left_out(folders):
    comparison = compare(*folders)
    shown = terminal(comparison).partition("Drift of effects.")[2]
    assert not any(f"\n{row.id} " in shown for row in comparison.claims if row.still and not row.cells)
    assert all(f"\n{row.name} " in shown for row in comparison.conditions if row.in_both and not row.still)


def test_a_paragraph_is_printed_twice_only_where_roles_differ(folders):
    comparison = compare(*folders).filled(explanations=("CT0 adds.", "CT0 does add."))
    assert "CT0 does add." not in terminal(comparison.filled(same_roles=True))
    assert "the same role" in terminal(comparison.filled(same_roles=True))
    assert "CT0 does add." in terminal(comparison.filled(same_roles=False))


def test_what_is_wrong_is_said_of_one_of_the_two(folders, tmp_path):
    good, bad, empty, text = folders[0], tmp_path / "bad", tmp_path / "empty", tmp_path / "README.md"
    empty.mkdir()
    text.write_text("no report")
    report = json.loads((good / "report.json").read_text())
    report["claims"][3]["effect"]["low"] = "x"
    bad.mkdir()
    (bad / "report.json").write_text(json.dumps(report))
    said = {
        bad: f"{bad}: report.json: claims[3].effect.low must be a number",
        empty: f"{empty} holds no report.json; give the folder of a report",
        text: f"{text} is no report; give the folder of one",
        tmp_path / "gone": f"{tmp_path / 'gone'} does not exist; give the folder of a report",
    }
    for place, sentence in said.items():
        for pair in ((good, place), (place, good)):
            with pytest.raises(InputError) as caught:
                compare(*pair)
            assert str(caught.value).startswith(sentence)
            assert "run the claims again" not in str(caught.value)
