"""`ctlab problems`: what is wrong with a set is listed, in words and as JSON, and what FAILS is exit code 1."""

import json
import subprocess
import sys

import pytest

from ctlab.commands.main import main
from ctlab.problems import load_problems

ROWS = [
    {
        "question": f"Sam has {n} cards and gets {n}. How many?",
        "answer": f"<<{n}+{n}={2 * n}>>{2 * n} cards\n#### {2 * n}",
    }
    for n in range(1, 9)
]


@pytest.fixture
def write(tmp_path):
    def written(*rows):
        file = tmp_path / "mine.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return str(file)

    return written


def test_what_fails_is_listed_and_is_exit_code_1(write, capsys):
    wrong = {"question": "a?", "answer": "That makes <<1+2=3>>3 cards\n#### 4"}
    assert main(["problems", write(*ROWS, wrong, ROWS[0], ROWS[0], {"question": "b?"})]) == 1
    said = capsys.readouterr().out
    assert said.startswith("mine: 11 problems, answer kind number, rows in the form of GSM8K\n")
    assert "FAILS  1 of 12 rows cannot be read" in said
    assert "FAILS  1 of 11 gold answers is not what their worked solution ends with" in said
    assert "line 9: gold 4, last step 3: a?" in said
    assert "lines 1, 10 and 11: Sam has 1 cards" in said
    assert "WARN   11 questions are 2 with other numbers and names, at most 10 alike" in said
    assert "1  ██████████████████████████████ 11" in said


def test_a_set_that_can_be_worked_out_and_holds_is_said_to(write, capsys):
    facts = "Sam is a lempus. Every lempus is a yumpus. True or false: Sam is"
    right = [
        {"question": f"{facts} a yumpus.", "answer": "True"},
        {"question": f"{facts} not a yumpus.", "answer": "no"},
    ]
    main(["problems", write(*right)])
    assert "2 questions say all that their answer needs: every gold answer follows" in capsys.readouterr().out
    said = "Sam is not a lempus. Sam is a lempus. True or false: Sam is a lempus."
    main(["problems", write(*right, {"question": said, "answer": "True"})])
    out = capsys.readouterr().out
    assert "FAILS  1 of 3 questions has facts that contradict each other" in out
    assert "every gold answer follows" not in out


def test_json_has_all_of_it(write, capsys):
    assert main(["problems", "--json", write(*ROWS, ROWS[0])]) == 1
    form = json.loads(capsys.readouterr().out)["problems"]
    assert (form["n"], form["kinds"], form["forms"]) == (9, {"number": 9}, ["GSM8K"])
    (finding,) = form["findings"]
    assert (finding["check"], finding["examples"][0]["places"]) == ("duplicate", [1, 9])
    assert form["sizes"] == {"of": "operations of the worked solution", "rows": {"1": 9}}


def test_long_findings_are_cut_and_listed_on_demand(write, capsys):
    rows = [{"question": f"{n}? {'why ' * 60}", "answer": f"It is 1+1=<<1+1=2>>2\n#### {n}"} for n in range(5, 11)]
    file = write(*rows)
    main(["problems", file])
    short = capsys.readouterr().out
    main(["problems", "--all", file])
    whole = capsys.readouterr().out
    assert "and 3 more (--all lists them)" in short
    assert max(map(len, short.splitlines())) < 140
    assert "more (--all" not in whole
    assert all(f"line {line}: gold {line + 4}" in whole for line in range(1, 7))


def test_a_set_that_cannot_be_read_is_wrong_use(write, tmp_path, capsys):
    for name in (write({"a": 1}), str(tmp_path / "none.jsonl"), "gsm9k"):
        assert main(["problems", name]) == 4
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 1)


def test_a_set_says_nothing_to_a_terminal_that_it_would_obey(write, capsys):
    row = {"question": "a\x1b[2J\u202e?", "answer": "That makes <<1+2=3>>3\x07\n#### 4"}
    main(["problems", write(row, row)])
    main(["problems", "--json", write(row, row)])
    assert not set("\x1b\x07\u202e") & set(capsys.readouterr().out)


def test_a_reader_that_has_read_enough_is_no_error(write):
    text = "a word and another " * 4000
    file = write(
        *({"question": f"{n}? {text}", "gold": n} for n in range(20)),
        *({"question": f"{n}? {text}"} for n in range(20)),
    )
    command = [sys.executable, "-m", "ctlab", "problems", "--json", file]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1  # what FAILS does so whoever reads it


@pytest.fixture
def colleagues(tmp_path):
    """A spreadsheet with an own name for each column and four faults."""
    rows = [[n, f"{n} and {n} more?", f"{n}+{n} = {2 * n}", str(2 * n)] for n in range(1, 61)]
    rows[9][3], rows[19][3], rows[29][0], rows[39][3] = "42 apples", '"3,5"', 29, ""
    lines = ["Nr,Task,Worked solution,Result", *(",".join(map(str, row)) for row in rows)]
    (tmp_path / "set.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path / "set.csv"


def test_one_command_names_all_faults_of_a_table_and_how_to_name_its_columns(colleagues, capsys):
    assert main(["problems", str(colleagues)]) == 1
    said = capsys.readouterr().out
    assert f'--ctlab-problems="{colleagues}?question=Task&gold=Result&solution=Worked solution"' in said
    assert "FAILS  2 of 60 rows cannot be read" in said
    assert "line 21: gold answer: '3,5' has a decimal comma; write 3.5" in said
    assert "line 41: gold answer: it is empty" in said
    assert "lines 30 and 31: Nr '29'" in said
    assert "line 11: '42 apples' is read as 42" in said


def test_what_was_repaired_is_written_as_rows_that_need_no_word(colleagues, tmp_path, capsys):
    named, out = f"{colleagues}?question=Task&gold=Result&solution=Worked solution", tmp_path / "out.jsonl"
    assert main(["problems", named, "--write", str(out)]) == 4
    assert "2 rows of" in capsys.readouterr().err
    text = colleagues.read_text(encoding="utf-8").replace('"3,5"', "3.5").replace("= 80,\n", "= 80,80\n")
    colleagues.write_text(text.replace("\n29,30 ", "\n30,30 "), encoding="utf-8")
    assert main(["problems", named, "--write", str(out)]) == 0
    before, after = load_problems(named), load_problems(str(out))
    assert (len(after), after.digest) == (60, before.digest)
    assert main(["problems", str(out), "--write", str(out)]) == 4


def test_results_handed_over_as_problems_fail(write, capsys):
    file = write(*({"question": f"{n}?", "gold": n, "answer": str(n + n % 2)} for n in range(20)))
    assert main(["problems", file]) == 1
    assert "10 of 20 gold answers are not the answer that stands beside them" in capsys.readouterr().out


TABLE = "Nr,Task,Result\n1,What is 1 + 1?,2\n2,What is 2 + 2?,4\n"


@pytest.mark.parametrize(
    ("text", "behind", "said"),
    [
        (TABLE + ",,\n,,\n", "", "note   2 empty rows left out"),
        (TABLE, "?question=Task", 'told so: --ctlab-problems="{file}?question=Task&gold=Result"'),
        (TABLE, "?id=Nr", 'told so: --ctlab-problems="{file}?id=Nr&question=Task&gold=Result"'),
        (
            "Task;Result\na?;1.200\nb?;2.500\nc?;12\n",
            "",
            "note   points are decimal marks: Result (1.200 is 1.2); where they group digits write none",
        ),
    ],
)
def test_how_a_table_was_read_is_said(tmp_path, capsys, text, behind, said):
    file = tmp_path / "own.csv"
    file.write_text(text, encoding="utf-8")
    assert main(["problems", f"{file}{behind}"]) == 0
    assert said.format(file=file) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "behind", "said"),
    [
        (f"Class 5,,\n{TABLE}", "", "if a title stands above the names of the columns, remove it"),
        (f"Class 5\n{TABLE}", "", "names 1 column; if a title stands above the names of the columns, remove it"),
        (TABLE, "?question=task&gold=Result", """there is no column "task", it has "Nr", "Task", "Result"; did you"""),
    ],
)
def test_a_table_that_cannot_be_read_says_the_next_step(tmp_path, capsys, text, behind, said):
    file = tmp_path / "own.csv"
    file.write_text(text, encoding="utf-8")
    assert main(["problems", f"{file}{behind}"]) == 4
    assert said in capsys.readouterr().err


def test_what_a_run_would_refuse_is_no_0(tmp_path):
    file = tmp_path / "own.csv"
    file.write_text(TABLE + "3,What is 1 + 1?,2\n", encoding="utf-8")
    assert main(["problems", str(file)]) == 1


def test_pairs_that_differ_in_one_result_are_shown_beside_their_problems(write, capsys):
    rows = [
        {"question": f"{a} pens and {b} more?", "answer": f"<<{a}+{b}={a + b}>>{a + b}\n#### {a + b}"}
        for a, b in ((12, 30), (25, 41), (31, 18))
    ]
    main(["problems", write(*rows), "--pairs", "1"])
    said = capsys.readouterr().out
    assert 'step 1, another result ("by": "matched", "pairs": "generated"): 3 of 3 problems' in said
    assert 'step 1, the same result ("by": "matched-same", "pairs": "generated"): ' in said
    assert "  12 pens and 30 more?\n" in said
    assert "expected with the donor's thought: " in said
    main(["problems", write(*rows), "--pairs", "2"])
    assert '"pairs": "crossed"): 0 of 3 problems' in capsys.readouterr().out
    assert main(["problems", write(*rows), "--pairs", "0"]) == 4
    assert "--pairs is a step of the worked solution" in capsys.readouterr().err


def test_pairs_together_with_json_are_refused(write, capsys):
    assert main(["problems", write(*ROWS), "--pairs", "1", "--json"]) == 4
    assert "--json" in capsys.readouterr().err
