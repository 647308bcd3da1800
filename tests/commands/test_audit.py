"""`ctlab audit`: a sheet is drawn, filled in and read back; what cannot be used is said in one sentence."""

import csv
import json

import pytest
from statsmodels.stats.proportion import proportion_confint

from ctlab.commands.audit_sheet import HEAD, Agreement
from ctlab.commands.main import COMMANDS, main

LABELS = ("CALC_ERROR", "LOGIC_ERROR", "FORM_BROKEN", "CORRECT")


@pytest.fixture
def run(tmp_path):
    """The folder of a report with 200 answers, a fourth of them right."""
    rows = [
        {
            "condition": "baseline" if k % 2 else "ct0_blocked",
            "problem_id": f"p{k:03}",
            "question": f'How many, "{k}"?\nSay it, in figures.',
            "gold": "7",
            "outcome": LABELS[k // 2 % 4],
            "text": "= 5" if LABELS[k // 2 % 4] == "FORM_BROKEN" else f"The answer is: {k}",
        }
        for k in range(200)
    ]
    (tmp_path / "error_taxonomy_full.json").write_text(json.dumps(rows), encoding="utf-8")
    return tmp_path


def sheet(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def fill(path, label):
    head, *rows = sheet(path)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *([*row[:-1], label(row)] for row in rows)])


def test_a_sheet_is_drawn_filled_in_and_read_back(run, capsys):
    assert main(["audit", str(run), "--sample", "60", "--seed", "1"]) == 0
    head, *rows = sheet(run / "audit.csv")
    assert (tuple(head), len(rows)) == (HEAD, 60)
    assert {row[-2] for row in rows} == {"CALC_ERROR", "LOGIC_ERROR", "FORM_BROKEN"}, "wrong answers only"
    assert all(row[-1] == "" for row in rows)
    assert {row[4] for row in rows if row[-2] == "FORM_BROKEN"} == {"'= 5"}, "no formula for a spreadsheet"
    fill(run / "audit.csv", lambda row: {"CALC_ERROR": "calc error", "LOGIC_ERROR": "UNEXPLAINED"}.get(row[-2], ""))
    capsys.readouterr()
    assert main(["audit", str(run / "audit.csv")]) == 0
    calc, logic = (sum(row[-2] == label for row in rows) for label in ("CALC_ERROR", "LOGIC_ERROR"))
    low, high = proportion_confint(calc, calc + logic, method="wilson")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["label", "read", "agreed", "95", "%", "interval", "(Wilson)"]
    assert [line.split()[:3] for line in lines[1:]] == [
        ["FORM_BROKEN", "0", "0"],
        ["CALC_ERROR", str(calc), str(calc)],
        ["LOGIC_ERROR", str(logic), "0"],
        ["all", str(calc + logic), str(calc)],
    ]
    assert f"{100 * calc / (calc + logic):.1f} % [{100 * low:.1f} to {100 * high:.1f} %]" in lines[-1]


def test_the_interval_is_wilsons():
    assert Agreement(read=70, agreed=34).interval == pytest.approx(proportion_confint(34, 70, method="wilson"))


def test_a_seed_is_a_draw(run):
    for name, seed in (("one", "1"), ("again", "1"), ("other", "2")):
        assert main(["audit", str(run), "--sample", "20", "--seed", seed, "--output", str(run / name)]) == 0
    assert sheet(run / "one") == sheet(run / "again") != sheet(run / "other")


def test_one_condition_only_and_no_more_than_there_are(run):
    assert main(["audit", str(run), "--sample", "500", "--condition", "baseline"]) == 0
    _, *rows = sheet(run / "audit.csv")
    assert {row[0] for row in rows} == {"baseline"}
    assert len(rows) == 75


def wrong(run, capsys, *arguments):
    """What is said on wrong use, in one line."""
    with pytest.raises(SystemExit) as ended:
        raise SystemExit(main(["audit", *arguments]))
    assert ended.value.code == 4
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_wrong_use_is_one_sentence_and_exit_code_four(run, capsys):
    assert "holds no error_taxonomy_full.json" in wrong(run, capsys, str(run / "nowhere"))
    assert "--sample: must be a whole number from 1, not '0'" in wrong(run, capsys, str(run), "--sample", "0")
    assert "has no condition 'ct9'" in wrong(run, capsys, str(run), "--condition", "ct9")
    assert main(["audit", str(run)]) == 0
    capsys.readouterr()
    assert "is there already and may hold your labels" in wrong(run, capsys, str(run))
    assert "the column your_label is empty in every row" in wrong(run, capsys, str(run / "audit.csv"))
    fill(run / "audit.csv", lambda row: "CORRECT")
    assert "row 2: your_label 'CORRECT' is no label of a wrong answer" in wrong(run, capsys, str(run / "audit.csv"))
    (run / "audit.csv").write_text("a,b\n", encoding="utf-8")
    assert "is no sheet of `ctlab audit`" in wrong(run, capsys, str(run / "audit.csv"))
    (run / "audit.csv").write_text(",".join(HEAD) + "\na;b\n", encoding="utf-8")
    assert "row 2 has 1 cells and not 7" in wrong(run, capsys, str(run / "audit.csv"))
    assert "nothing.csv: it cannot be read (No such file or directory); save the sheet as CSV in UTF-8" in wrong(
        run, capsys, "--read", str(run / "nothing.csv")
    )
    (run / "error_taxonomy_full.json").write_text("[]", encoding="utf-8")
    assert "there is no wrong answer to read" in wrong(run, capsys, str(run))


def test_the_help_lists_what_exists(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert all(f" {command.name} " in said for command in COMMANDS)
