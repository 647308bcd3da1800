import json

import pytest

from ctlab.reporting import write_report
from ctlab.reporting.compare.__main__ import main
from ctlab.reporting.compare.comparison import compare_reports
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
    assert comparison["verdicts_changed"] == 2
    assert (rows["ct0-lowers-accuracy"]["before"], rows["ct0-lowers-accuracy"]["after"]) == ("SUPPORTED", "REFUTED")
    assert rows["attention-redistributes"]["after"] == "absent"
    assert [row["id"] for row in comparison["claims"] if row["restated"]] == ["ct4-leaves-errors-alone"]


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
    printed = capsys.readouterr().out
    assert "2 verdicts of 15 changed; 1 input changed. 1 claim was restated" in printed
    assert "ct0-lowers-accuracy" in printed
    assert {path.name for path in tmp_path.iterdir()} == {"comparison.json", "comparison.md", "comparison.html"}
    assert main([before, after, "--strict"]) == 1
    assert main([before, before, "--strict"]) == 0
    assert main([before, str(tmp_path / "nowhere")]) == 4
    assert "cannot be read" in capsys.readouterr().err


def test_accuracies_of_unlike_problems_are_not_paired(folders, tmp_path):
    report = fake_report(conditions=1, n=100)
    predictions = fake_predictions(report)
    write_report({**report, "outcomes": {}, "problem_sensitivity": {}}, tmp_path, predictions=predictions)
    row = compare_reports(folders[0], tmp_path)["conditions"][0]
    assert row["paired"] is None
