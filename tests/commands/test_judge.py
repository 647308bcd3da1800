"""`ctlab judge`: exit codes, files that it writes, and a sentence for everything that is no result file."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ctlab.commands.main import main

ROOT = Path(__file__).parents[2]


def write(path, rate, *, n=100, **more):
    rows = [
        {"id": f"q{k}", "question": f"Q {k}?", "gold": "7", "answer": f"#### {7 if k < rate * n else 8}", **more}
        for k in range(n)
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return str(path)


@pytest.fixture
def files(tmp_path):
    return write(tmp_path / "a.jsonl", 0.6), write(tmp_path / "b.jsonl", 0.4)


def exit_code(arguments):
    """argparse leaves by an exception of its own."""
    try:
        return main(arguments)
    except SystemExit as stopped:
        return stopped.code


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], 0),
        (["--margin", "2"], 0),
        (["--expect", "B lower than A by 5"], 0),
        (["--expect", "B higher than A"], 1),
        (["--expect", "A and B within 45"], 1),
        (["--expect", "B not worse by 5"], 1),
        (["--expect", "B so-so"], 4),
        (["--margin", "x"], 4),
        (["--margin", "200"], 4),
        (["--alpha", "5"], 4),
        (["--score", "theirs"], 4),
        (["--kind", "letters"], 4),
        (["--by", "colour"], 4),
        (["--reference", "Q"], 4),
        (["--margin", "2", "--expect", "B > A"], 4),
        (["--json", "-", "--html", "-"], 4),
        (["--tea"], 4),
    ],
)
def test_exit_codes(files, options, code, capsys):
    assert exit_code(["judge", *files, *options]) == code
    said = capsys.readouterr()
    assert (len(said.err.splitlines()), bool(said.out)) == ((1, False) if code == 4 else (0, True))


def test_void_is_no_success(tmp_path):
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    write(first, 0.6)
    second.write_text(first.read_text().replace('"q', '"p').replace('"p1', '"q1').replace("Q ", "P "))
    second.write_text(second.read_text().replace('"question"', '"asked"'))
    assert main(["judge", str(first), str(second), "--expect", "B lower than A"]) == 1


def test_json_goes_to_the_terminal_alone_or_to_a_file(files, tmp_path, capsys):
    assert main(["judge", *files, "--json", "-"]) == 0
    form = json.loads(capsys.readouterr().out)
    assert (form["lost"], form["gained"], form["n"], form["matched_by"]) == (20, 0, 100, "id")
    written = [str(tmp_path / "out" / f"judged.{end}") for end in ("json", "md", "html")]
    options = [part for pair in zip(("--json", "--markdown", "--html"), written, strict=True) for part in pair]
    assert main(["judge", *files, *options]) == 0
    assert "20 lost, 0 gained" in capsys.readouterr().out
    assert json.loads(Path(written[0]).read_text()) == form
    assert Path(written[1]).read_text().startswith("# Result files judged")
    assert Path(written[2]).read_text().startswith("<!doctype html>")


def test_several_files_are_a_list(files, tmp_path, capsys):
    third = write(tmp_path / "c.jsonl", 0.5)
    assert main(["judge", *files, third, "--json", "-"]) == 0
    assert [form["statement"] for form in json.loads(capsys.readouterr().out)] == ["A and B differ", "A and C differ"]


def test_what_is_judged_is_not_written_over(files, capsys):
    kept = Path(files[1]).read_bytes()
    assert main(["judge", *files, "--json", files[1]]) == 4
    assert "is one of the files that are judged" in capsys.readouterr().err
    assert Path(files[1]).read_bytes() == kept


BAD = {
    "missing": None,
    "empty": b"",
    "blank": b"\n\n \n",
    "binary": bytes(range(256)) * 8,
    "utf-16": '[{"id": 1}]'.encode("utf-16"),
    "not json": b"{hello",
    "a number": b"42",
    "a text": b'"hello"',
    "nothing known": b'{"foo": 1, "bar": 2}\n',
    "an empty list": b"[]",
    "a list of numbers": b"[1, 2, 3]",
    "cut": b'[{"id": 1, "answer": "1"',
    "deep": b"[" * 5000,
    "a long number": b'{"id": ' + b"9" * 5000 + b', "answer": "1", "gold": "1"}',
    "no score, no gold": b'{"id": "q1", "answer": "7"}\n{"id": "q2", "answer": "8"}\n',
    "other ids": b'{"id": "z1", "answer": "7", "gold": "7"}\n{"id": "z2", "answer": "8", "gold": "7"}\n',
    "scores beyond": b'{"id": "q1", "score": 40}\n{"id": "q2", "score": 90}\n',
    "a score that is none": b'{"id": "q1", "score": "brilliant"}\n',
    "headers alone": b"id,answer,gold\n",
    "archive": b"PK\x03\x04 broken",
}
"""Twenty kinds of files that cannot be judged."""


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_sentence(name, files, tmp_path, capsys):
    end = {"headers alone": "csv", "archive": "eval"}.get(name, "jsonl")
    bad = tmp_path / f"bad.{end}"
    if BAD[name] is not None:
        bad.write_bytes(BAD[name])
    for order in ([files[0], str(bad)], [str(bad), files[0]]):
        assert main(["judge", *order]) == 4, name
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith("ctlab: "), line
        assert ";" in line or "," in line, "a sentence says what to do"


def test_a_folder_and_one_file_are_refused(files, tmp_path, capsys):
    assert main(["judge", files[0], str(tmp_path)]) == 4
    assert main(["judge", files[0]]) == 4
    assert main(["judge", files[0], files[0]]) == 4
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert "judging takes 2 to 26 files, not 1" in lines[1]
    assert "A and B are the same file" in lines[2]


def run(*arguments, **options):
    command = [sys.executable, "-m", "ctlab", "judge", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False, **options)


def test_help_shows_examples_and_exit_codes():
    done = run("--help", text=True)
    assert done.returncode == 0
    assert 'ctlab judge baseline.eval treated.eval --expect "B not worse than A by 2"' in done.stdout
    assert "1 it is REFUTED, INCONCLUSIVE or VOID" in " ".join(done.stdout.split())


def test_a_terminal_without_these_letters_is_no_error(files):
    done = run(*files, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, b"")


def test_nobody_who_reads_on_is_no_error(files):
    """`ctlab judge … | true`: silent, and the exit code is still what was judged."""
    read, write_end = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "ctlab", "judge", *files, "--expect", "B higher than A"]
    done = subprocess.run(command, cwd=ROOT, stdout=write_end, stderr=subprocess.PIPE, check=False)
    os.close(write_end)
    assert (done.returncode, done.stderr) == (1, b"")


def test_judging_imports_no_heavy_library(files):
    code = (
        "import sys; from ctlab.commands.main import main; main(['judge', *sys.argv[1:]]); "
        "print([m for m in ('torch', 'transformers', 'matplotlib', 'statsmodels', 'pandas', 'pyarrow', 'jinja2', "
        "'pydantic', 'scipy.stats') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, *files], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_german_spreadsheet_is_judged_by_its_numbers(tmp_path, capsys):
    """52 and 46 of 60 are right by hand: 3,5 is 3,50, and neither is 35."""
    for name, wrong in (("a", 7), ("b", 4)):
        rows = [f"{k};{k},5;{k},50" if k % wrong else f"{k};0,5;{k},50" for k in range(60)]
        (tmp_path / f"{name}.csv").write_text("\n".join(["id;answer;gold", *rows]), encoding="utf-8-sig")
    assert main(["judge", str(tmp_path / "a.csv"), str(tmp_path / "b.csv")]) == 0
    said = capsys.readouterr().out
    assert "52 of 60" in said
    assert "46 of 60" in said
    assert "A: cells are parted by semicolons, and commas are decimal marks: answer (0,5 is 0.5)" in said


def test_a_score_that_is_no_number_is_left_out_with_its_row(tmp_path, capsys):
    for name in ("a", "b"):
        rows = [{"id": k, "score": float("nan") if (name, k) == ("b", 7) else k % 2} for k in range(60)]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    main(["judge", str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl")])
    said = " ".join(capsys.readouterr().out.split())
    assert "alike of 59 problems" in said
    assert "left out: 1 answer of B (line 8): no score, or NaN, which is neither right nor wrong" in said
