"""Containers: each kind of file is read, with a byte order mark too, and what is wrong with one is a sentence."""

import codecs
import json

import pytest

from ctlab.errors import ProblemSetError
from ctlab.problems import load_problems

ROWS = [{"question": f"How many are {n} and 1?", "answer": f"<<{n}+1={n + 1}>>\n#### {n + 1}"} for n in (1, 2)]
NAMED = {f"example{at}": row for at, row in enumerate(ROWS, start=1)}
LINES = "".join(json.dumps(row) + "\n" for row in ROWS)
CSV = 'question,answer,level\n"How many are 1 and 1?","<<1+1=2>>\n#### 2",a\nHow many are 2 and 1?,#### 3,b\n'
TEXTS = {
    "a.jsonl": LINES,
    "a.ndjson": LINES,
    "lines.json": LINES,
    "list.json": json.dumps(ROWS, indent=1),
    "compact.json": json.dumps(ROWS),
    "named.json": json.dumps(NAMED, indent=1),
    "named-compact.json": json.dumps(NAMED) + "\n",
    "wrapped.json": json.dumps({"version": 2, "examples": ROWS}),
    "list.data": json.dumps(ROWS),
    "a.csv": CSV,
    "windows.csv": CSV.replace("\n", "\r\n"),
    "semicolons.csv": CSV.replace(",", ";"),
    "a.tsv": CSV.replace(",", "\t"),
    "a.txt": "How many are 1 and 1?||<<1+1=2>> #### 2\n\nHow many are 2 and 1?||<<2+1=3>> #### 3\n",
}


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8], ids=["plain", "BOM"])
@pytest.mark.parametrize("name", TEXTS)
def test_a_file_is_read_with_a_mark_and_without(tmp_path, name, mark):
    file = tmp_path / name
    file.write_bytes(mark + TEXTS[name].encode())
    problems = load_problems(file)
    assert [problem.question for problem in problems] == ["How many are 1 and 1?", "How many are 2 and 1?"]
    assert [problem.gold_text for problem in problems] == ["2", "3"]


def test_numbers_stay_as_they_are_written(tmp_path):
    file = tmp_path / "a.json"
    file.write_text('[{"question": "a?", "gold": 18.50, "weight": 0.50}]', encoding="utf-8")
    problem = load_problems(file)[0]
    assert (str(problem.gold_number), problem.fields["weight"]) == ("18.50", 0.5)


def test_lists_stand_in_cells_as_json(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text('question,choices,answer\n[1] what?,"[""red"", ""blue""]",B\n', encoding="utf-8")
    problem = load_problems(file)[0]
    assert (problem.question, problem.options, problem.gold) == ("[1] what?", ("red", "blue"), "blue")


def test_parquet_is_read_with_its_nested_columns(tmp_path):
    import pyarrow
    from pyarrow import parquet

    choices = {"text": ["red", "blue"], "label": ["A", "B"]}
    table = pyarrow.Table.from_pylist([{"question": "a?", "choices": choices, "answerKey": "B", "level": 0.5}])
    parquet.write_table(table, tmp_path / "a.parquet")
    problem = load_problems(tmp_path / "a.parquet")[0]
    assert (problem.gold, problem.options, dict(problem.fields)) == ("blue", ("red", "blue"), {"level": 0.5})
    (tmp_path / "none").write_bytes((tmp_path / "a.parquet").read_bytes())
    assert load_problems(tmp_path / "none")[0] == problem


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.json", "[1, 2]", "row 1: a row is a JSON object, not 1"),
        ("a.json", '"text"', "a JSON file of problems is a list of rows"),
        ("a.json", "[{]", "it is not JSON"),
        ("a.json", "[]", "is empty"),
        ("a.json", '[{"question": "a?", "gold": 1}, {"question": "b?"}]', "a.json, row 2: a row with the columns"),
        ("a.csv", "question,gold\na?,1\nb?\n", "a.csv, line 3: it has 1 cells, and the first line names 2 columns"),
        ("a.csv", 'question,gold\n"a?,1\n', "a.csv, line 2: it is no CSV"),
        ("a.csv", "gold,gold\n1,1\n", "two columns are called 'gold'"),
        ("a.csv", 'question,gold\n"a\nb",1\nc?,many\n', "a.csv, line 4: .* a number such as"),
        ("a.parquet", "PAR1 and no more", "it cannot be read as parquet"),
        ("a.txt", "a?||#### 1\nb? #### 2\n", "a.txt, line 2: a line is question"),
        ("a.txt", "just words\n", "in no known format: .*; it begins with 'just words"),
        ("a.txt", "", "in no known format: .*; it is empty"),
    ],
)
def test_what_is_wrong_with_a_file_is_one_sentence(tmp_path, name, content, reason):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(ProblemSetError, match=reason) as caught:
        load_problems(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_columns_of_any_name_can_be_named(tmp_path):
    (tmp_path / "a.csv").write_text("prompt,label,question\nHow many?,3,seven\n", encoding="utf-8")
    problem = load_problems(f"{tmp_path}/a.csv?question=prompt&gold=label")[0]
    assert (problem.question, problem.gold, dict(problem.fields)) == ("How many?", "3", {})
    with pytest.raises(ProblemSetError, match='line 2: there is no column "answer", it has "prompt", "label"'):
        load_problems(f"{tmp_path}/a.csv?question=prompt&gold=answer")


@pytest.mark.parametrize("query", ["", "gold", "colour=red", "gold=a&gold=b", "gold="])
def test_what_stands_behind_the_question_mark_is_known(tmp_path, query):
    (tmp_path / "a.csv").write_text("prompt,label\nHow many?,3\n", encoding="utf-8")
    with pytest.raises(ProblemSetError, match="behind the question mark"):
        load_problems(f"{tmp_path}/a.csv?{query}")


def test_a_file_may_have_a_question_mark_in_its_name(tmp_path):
    (tmp_path / "what?gold=1.jsonl").write_text(LINES, encoding="utf-8")
    assert len(load_problems(tmp_path / "what?gold=1.jsonl")) == 2


def test_an_id_on_the_hub_is_found_in_the_data_folder_first(tmp_path, monkeypatch):
    folder = tmp_path / "owner" / "name"
    folder.mkdir(parents=True)
    (folder / "validation.csv").write_text(CSV, encoding="utf-8")
    monkeypatch.setenv("CTLAB_DATA", str(tmp_path))
    problems = load_problems("owner/name?split=validation")
    assert (problems.name, len(problems)) == ("owner/name/validation", 2)


def test_an_id_and_its_configuration_are_asked_for_on_the_hub(monkeypatch):
    datasets = pytest.importorskip("datasets")
    asked = []

    def load(*args, **kwargs):
        asked.append((args, kwargs))
        return ROWS

    monkeypatch.delenv("CTLAB_DATA", raising=False)
    monkeypatch.setattr(datasets, "load_dataset", load)
    assert len(load_problems("openai/gsm8k:socratic?split=train")) == 2
    assert asked == [(("openai/gsm8k", "socratic"), {"split": "train"})]


def test_a_mistyped_file_is_not_looked_for_on_the_hub(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("data/mine", "other/mine.csv"):
        with pytest.raises(ProblemSetError, match="does not exist"):
            load_problems(name)
