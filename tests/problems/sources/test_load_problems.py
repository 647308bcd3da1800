import gzip
import json

import pytest

import ctlab
from ctlab.errors import ProblemSetError
from ctlab.problems import KNOWN_SETS, Problem, load_problems
from ctlab.problems.sources import SOURCES
from ctlab.problems.sources.datasets_hub import KNOWN
from tests.shared_data import shared

ROW = {"question": "How many are 1 and 2?", "answer": "1+2=<<1+2=3>>3\n#### 3"}


def write(path, *rows):
    path.write_text("".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_the_embedded_problems():
    problems = load_problems("tiny")
    assert (problems.name, len(problems)) == ("tiny", 1319)
    assert problems.digest == load_problems("tiny").digest


def test_problems_given_as_a_list():
    problems = ctlab.load_problems([Problem(question="1 and 2?", gold=3)])
    assert len(problems) == 1
    assert load_problems(problems) is problems


def test_both_row_forms(tmp_path):
    rows = [
        ROW,
        {"question": "a?", "gold": 1},
        {"question": "b?", "gold": "1,200"},
        {"question": "c?", "gold": 18.5},
        {"question": "d?", "gold": 18.0},
        {"question": "e\N{LINE SEPARATOR}?", "gold": 3, "answer": "<<1+2=3>>"},
    ]
    problems = load_problems(write(tmp_path / "mine.jsonl", *rows, "\n"))
    assert problems.name == "mine"
    assert [str(problem.gold_number) for problem in problems] == ["3", "1", "1200", "18.5", "18", "3"]
    assert problems[0].graph is not None
    assert problems[5].graph is not None


def test_gsm8k_from_a_file():
    problems = load_problems(shared("data/gsm8k/test.jsonl"))
    assert (problems.name, len(problems)) == ("gsm8k/test", 1319)
    assert problems[0].gold_number.value == 18


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{not json}\n", "it is not JSON"),
        ("[1, 2]\n", r"a row is a JSON object, not \[1, 2\]"),
        ('{"question": "a?"}\n', 'nearest is question and answer, for which it lacks "answer"'),
        ('{"question": "", "gold": 1}\n', 'needs a "question"'),
        ('{"question": 7, "gold": 1}\n', 'needs a "question"'),
        ('{"question": "a \\ud800?", "gold": 1}\n', "half a surrogate pair"),
        ('{"question": "a?", "answer": "1+2=<<1+2=3>>3"}\n', "ends with ####"),
        ('{"question": "a?", "answer": "so #### many"}\n', "a number such as"),
        ('{"question": "a?", "gold": [1]}\n', '"gold" is a number or its text'),
        ('{"question": "a?", "gold": NaN}\n', '"gold" is a number|a number such as'),
        ("[" * 100_000 + "\n", "more than 100 deep"),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, reason):
    file = write(tmp_path / "mine.jsonl", ROW, line)
    with pytest.raises(ProblemSetError, match=reason) as caught:
        load_problems(file)
    assert "mine.jsonl, line 2" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_duplicate_question_names_both_rows(tmp_path):
    with pytest.raises(ProblemSetError, match=r"mine.jsonl: lines 1 and 2 ask the same question"):
        load_problems(write(tmp_path / "mine.jsonl", ROW, ROW))


def test_an_empty_file(tmp_path):
    with pytest.raises(ProblemSetError, match="is empty"):
        load_problems(write(tmp_path / "mine.jsonl", "\n\n"))


def test_a_file_that_is_no_text(tmp_path):
    file = tmp_path / "mine.jsonl"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProblemSetError, match="it is UTF-16 text"):
        load_problems(file)


def test_a_file_needs_no_suffix_when_it_begins_with_an_object(tmp_path):
    assert len(load_problems(write(tmp_path / "mine.txt", "\n", ROW))) == 1


@pytest.mark.parametrize("content", [b"", b"[1, 2]\n", b"\x01\x02PNG\r\n"])
def test_a_file_in_no_known_format(tmp_path, content):
    (tmp_path / "mine.bin").write_bytes(content)
    with pytest.raises(ProblemSetError, match=r"is in no known format: known are tiny, tiny-2, tiny-3, ") as caught:
        load_problems(tmp_path / "mine.bin")
    assert all(known.described in str(caught.value) for known in SOURCES)


@pytest.mark.parametrize("name", ["gsm9k", "", "no/such.jsonl", "missing.jsonl", "../tiny", "gsm8k/../../etc"])
def test_an_unknown_set(name):
    with pytest.raises(ProblemSetError, match=r"unknown problem set|does not exist"):
        load_problems(name)


@pytest.mark.parametrize("split", ["dev", "../test", ""])
def test_an_unknown_split(split, tmp_path):
    with pytest.raises(ProblemSetError, match="split"):
        load_problems("gsm8k", split=split)
    with pytest.raises(ProblemSetError, match="split"):
        load_problems("tiny", split=split)


def test_every_known_set_has_an_address():
    assert tuple(KNOWN) == KNOWN_SETS
    assert all(known.hub_id.count("/") == 1 and "test" in known.splits for known in KNOWN.values())


def test_a_known_set_is_read_from_the_data_folder(tmp_path, monkeypatch):
    (tmp_path / "gsm8k").mkdir()
    write(tmp_path / "gsm8k" / "test.jsonl", ROW)
    monkeypatch.setenv("CTLAB_DATA", str(tmp_path))
    problems = load_problems("gsm8k")
    assert (problems.name, len(problems)) == ("gsm8k", 1)


def test_gsm8k_by_name_from_the_shared_data(monkeypatch):
    monkeypatch.setenv("CTLAB_DATA", str(shared("data")))
    assert (len(load_problems("gsm8k")), len(load_problems("gsm8k", split="train"))) == (1319, 7473)


def test_a_folder_in_the_hub_s_own_layout(tmp_path):
    datasets = pytest.importorskip("datasets")
    folder = tmp_path / "mine" / "data"
    folder.mkdir(parents=True)
    datasets.disable_progress_bars()
    datasets.Dataset.from_list([ROW, {"question": "b?", "answer": "#### 2"}]).to_parquet(
        str(folder / "test-00000-of-00001.parquet")
    )
    problems = load_problems(tmp_path / "mine")
    assert (problems.name, len(problems)) == ("mine", 2)


def test_an_unreachable_hub_is_one_clear_sentence(monkeypatch):
    datasets = pytest.importorskip("datasets")

    def offline(*args, **kwargs):
        raise ConnectionError("the hub is not reachable\nand a long trace")

    monkeypatch.delenv("CTLAB_DATA", raising=False)
    monkeypatch.setattr(datasets, "load_dataset", offline)
    with pytest.raises(ProblemSetError, match=r"'svamp' cannot be loaded .*not reachable.*CTLAB_DATA") as caught:
        load_problems("svamp")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_brings_the_nearest_beside_it(tmp_path):
    (tmp_path / "problems.jsonl").write_text("{}")
    with pytest.raises(ProblemSetError, match=r"does not exist; did you mean 'problems.jsonl'\?\Z"):
        load_problems(tmp_path / "problem.jsonl")
    with pytest.raises(ProblemSetError, match=r"does not exist; give one that does\Z"):
        load_problems(tmp_path / "another.csv")
    with pytest.raises(ProblemSetError, match=r"does not exist; nor does its folder '.*none'\Z"):
        load_problems(tmp_path / "none" / "problem.jsonl")


def test_a_packed_file_says_so(tmp_path):
    (tmp_path / "problems.jsonl.gz").write_bytes(gzip.compress(b'{"question": "a", "gold": 1}'))
    with pytest.raises(ProblemSetError, match=r"problems.jsonl.gz' is packed with gzip; unpack it"):
        load_problems(tmp_path / "problems.jsonl.gz")


def two_halves(tmp_path, **more):
    """Two files that both count from q1, joined."""
    rows = [{"id": f"q{n % 2 + 1}", "question": f"{n}?", "gold": n, **more} for n in range(4)]
    (tmp_path / "all.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(tmp_path / "all.jsonl")


def test_ids_that_stand_twice_are_refused_with_their_lines(tmp_path):
    with pytest.raises(ProblemSetError, match=r"all.jsonl: id 'q1' stands at line 1 and line 3, .* 1 other id"):
        load_problems(two_halves(tmp_path))
    assert len(load_problems(f"{two_halves(tmp_path)}?id=")) == 4


def test_a_column_beside_the_id_may_tell_rows_apart(tmp_path):
    rows = [{"id": n // 2, "instance": n % 2, "question": f"{n}?", "gold": n} for n in range(4)]
    (tmp_path / "symbolic.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert len(load_problems(str(tmp_path / "symbolic.jsonl"))) == 4
    with pytest.raises(ProblemSetError, match="id 'q1' stands at"):
        load_problems(two_halves(tmp_path, instance=1))


def test_the_column_of_ids_can_be_named(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("row,question,gold\n7,a?,1\n7,b?,2\n", encoding="utf-8")
    assert len(load_problems(str(path))) == 2
    with pytest.raises(ProblemSetError, match="row '7' stands at line 2 and line 3"):
        load_problems(f"{path}?id=row")
    with pytest.raises(ProblemSetError, match="there is no column 'rows'"):
        load_problems(f"{path}?id=rows")


def test_a_run_stops_at_the_first_row_and_counts_the_others(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('question,gold\na?,1\nb?,\nc?,"3,5"\nquestion,gold\nd?,42 apples\n', encoding="utf-8")
    with pytest.raises(
        ProblemSetError, match=r"a.csv, line 3: gold answer: it is empty .*\(2 more lines like it: ctlab"
    ):
        load_problems(str(path))


def test_a_number_with_what_is_counted_is_read_and_a_spreadsheet_of_decimal_commas(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("question;gold\na?;42 apples\nb?;3,5\n", encoding="utf-8-sig")
    assert [str(problem.gold_number) for problem in load_problems(str(path))] == ["42", "3.5"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.jsonl", b"<!DOCTYPE html><html>", r"is a web page \(HTML\), not data; download"),
        ("a.csv", b"version https://git-lfs.github.com/spec/v1\noid", "fetch it with git lfs pull"),
        ("a.parquet", b"id,question\n", r"is called parquet and is none \(it begins with 'id,question'\)"),
        ("a.json", b'{"cells": [{"a": 1}], "nbformat": 4}', "is a Jupyter notebook"),
        ("a.jsonl", b'{"cells": [{"a": 1}], "nbformat": 4}', "it is a Jupyter notebook"),
        ("a.jsonl", b"id,question,gold\n1,a?,2\n", "reads like a table; give the file the suffix .csv"),
    ],
)
def test_what_holds_no_problems_is_named_with_the_step_that_helps(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ProblemSetError, match=said):
        load_problems(str(tmp_path / name))
