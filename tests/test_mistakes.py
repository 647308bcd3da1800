"""The list of mistakes: it can be read, and what is wrong with a case, or with what came of it, is found."""

import json

import pytest

from benchmarks import mistakes
from benchmarks.mistakes import Case, judged, read_cases
from ctlab.errors import InputError

CASE = Case(
    name="a", do="true", want_exit=4, want_words=["bad.jsonl", "line \\d"], want_also=["seen"], want_not=["passed"]
)
SAID = "====\nseen\nERROR: Bad.jsonl, line 3: it is not JSON\n"


def test_our_own_list_can_be_read_and_names_no_case_twice():
    names = [(case.section, case.name) for case in read_cases(mistakes.CASES)]
    assert len(names) == len(set(names)) > 100


def test_a_case_that_came_as_wanted_is_right():
    assert judged(CASE, 4, SAID) == ("ERROR: Bad.jsonl, line 3: it is not JSON", ())


@pytest.mark.parametrize(
    ("code", "output", "wrong"),
    [
        (1, SAID, "exit code 1, not 4"),
        (4, SAID + "INTERNALERROR> x", "INTERNALERROR"),
        (4, SAID + "Traceback (most recent call last):", "Traceback"),
        (4, "seen\nbad.jsonl\nline 3", "no line with bad.jsonl and line"),  # in one line, or it is no sentence
        (4, SAID.replace("seen", ""), "no line with seen"),
        (4, SAID + "1 passed", "a line with passed"),
        (4, SAID.replace("seen", "- 2 -"), "no line with seen"),
        (4, SAID + "more\n" * 12, "14 lines for wrong use"),
    ],
)
def test_what_is_not_as_wanted_is_said(code, output, wrong):
    assert wrong in "; ".join(judged(CASE, code, output)[1])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({}, "tables named `case`"),
        ({"case": [{"name": "a"}]}, "case 1: a case is a table with `name` and `do`"),
        ({"case": [{"name": "a", "do": "x", "wants": []}]}, r"case 1 \(a\): unknown wants; known: do, files"),
        ({"case": [{"name": "a", "do": "x", "want_words": ["("]}]}, "no regular expression"),
    ],
)
def test_a_list_that_is_wrong_is_refused(tmp_path, content, said):
    (tmp_path / "mine.json").write_text(json.dumps(content))
    with pytest.raises(InputError, match=said):
        read_cases(tmp_path / "mine.json")
    assert mistakes.main([str(tmp_path / "mine.json")]) == 4


def test_a_list_is_run_and_its_table_printed(tmp_path, capsys):
    cases = [
        {"name": "right", "do": "cat mine.txt; test -s {problems} && exit 4", "want_words": ["my"]},
        {"name": "wrong", "do": "echo so; exit 3"},
    ]
    cases[0]["files"] = {"mine.txt": "my | words"}
    (tmp_path / "mine.json").write_text(json.dumps({"case": cases}))
    assert mistakes.main([str(tmp_path / "mine.json")]) == 1
    printed = capsys.readouterr().out
    assert "| right | right | 4 | my \\| words |" in printed
    assert "| wrong | WRONG: exit code 3, not 4 | 3 | so |" in printed
    assert "1 of 2 right" in printed


def test_a_minus_is_no_rule():
    assert judged(Case(name="a", do="true", want_exit=0, want_words=["^-15 "]), 0, "-15  UNEXPLAINED")[1] == ()
