"""Files that are no results, in every way that files are broken: one sentence each, and never a traceback."""

import gzip
import io
import json
import math
import os
import re
import zipfile

import pytest

from ctlab import read_results
from ctlab.errors import RecordedError
from ctlab.results import FORMATS

ROW = {"id": 0, "question": "How many?", "prediction": "18", "gold": "18", "correct": True}
LM_EVAL = {"doc_id": 0, "doc": {}, "target": "1", "resps": [["1"]], "filtered_resps": ["1"], "metrics": ["em"]}


def zipped(*entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


def lines(*rows):
    return "\n".join(map(json.dumps, rows)).encode()


CASES = {
    "empty": ("a.json", b"", "a.json is empty: it holds no answers"),
    "blank": ("a.jsonl", b"\xef\xbb\xbf \n\n", "a.jsonl is empty: it holds no answers"),
    "truncated document": ("a.json", b'[{"id": 0, "prediction": "1"}, {"id"', "a.json, line 1: it is not JSON"),
    "truncated line": ("a.jsonl", lines(ROW) + b'\n{"id": 1, "pred', "a.jsonl, line 2: it is not JSON"),
    "web page": ("a.json", b"<!DOCTYPE html><html><body>404</body></html>", "a.json is a web page (HTML), not data"),
    "web page without a type": ("a.csv", b"\n<html>", "a.csv is a web page (HTML), not data"),
    "gzip": ("a.json", gzip.compress(lines(ROW)), "a.json is packed with gzip; unpack it"),
    "gzip called a log": ("a.eval", gzip.compress(lines(ROW)), "a.eval is packed with gzip"),
    "zstd": ("a.jsonl", b"\x28\xb5\x2f\xfd\x00", "a.jsonl is packed with Zstandard"),
    "utf-16": ("a.json", json.dumps([ROW]).encode("utf-16"), "it is UTF-16 text, and text is read as UTF-8"),
    "utf-16 lines": ("a.jsonl", lines(ROW).decode().encode("utf-16"), "it is UTF-16 text"),
    "latin-1": ("a.csv", "id,prediction\n0,sé\n".encode("latin-1"), "line 2: the byte 0xe9 is no UTF-8"),
    "binary": ("a.bin", bytes(range(256)), "a.bin is binary and in no format that is known here"),
    "picture": ("a.json", b"\x89PNG\r\n\x1a\n\x00\x00", "a.json is a PNG picture; give the numbers behind it"),
    "zip of something": (
        "a.eval",
        zipped(("readme.txt", "hello")),
        "a.eval is a zip archive without Inspect's entries",
    ),
    "cut zip": ("a.eval", zipped(("header.json", "{}"))[:40], "a.eval: it is no whole zip archive"),
    "log without samples": (
        "a.eval",
        zipped(("_journal/start.json", '{"eval": {}}')),
        "holds no samples (its status is 'started')",
    ),
    "json log without samples": (
        "a.json",
        b'{"version": 2, "status": "error", "eval": {"model": "m"}}',
        "a.json holds no samples (its status is 'error')",
    ),
    "cut parquet": ("a.parquet", b"PAR1\x00\x00", "a.parquet: it is no whole parquet file"),
    "no table": ("a.csv", b"hello", "a.csv holds no rows"),
    "ragged": ("a.csv", b"id,prediction\n0,1,2\n", "line 2: it has 3 cells, and the first line names 2 columns"),
    "open quote": ("a.csv", b'id,prediction\n0,"1\n', "a.csv, line 2: it is no CSV"),
    "column twice": ("a.csv", b"id,id\n0,1\n", "the column 'id' stands twice in its first line"),
    "pointer of Git LFS": (
        "a.csv",
        b"version https://git-lfs.github.com/spec/v1\noid",
        "a.csv is a pointer of Git LFS",
    ),
    "notebook": ("a.ipynb", b'{"cells": [], "nbformat": 4}', "a.ipynb is a Jupyter notebook"),
    "report": ("a.json", b'{"ctlab": "1", "claims": [], "families": []}', "a.json is a report of ctlab; two reports"),
    "printed": ("a.jsonl", b"{'id': 1}", "a.jsonl, line 1: it is what Python prints"),
    "table": ("a.jsonl", b"id,answer\n1,2\n", "a.jsonl, line 1: it is not JSON, and reads like a table"),
    "no rows": ("a.json", b"[]", "a.json is in no known format of results: no keys were found in it"),
    "values": ("a.json", b"[1, 2]", "a.json is a list of values such as 1, and its rows have no names; write objects"),
    "lists": ("a.json", b'[["1", "18"]]', "a.json is a list of lists, and its rows have no names; write objects"),
    "workbook": ("a.csv", zipped(("xl/workbook.xml", "")), "a.csv is an Excel workbook; save its sheet as CSV"),
    "no header": ("a.csv", b"1,The answer is 5\n2,The answer is 6\n", "its first line names no columns ('1', 'The"),
    "a list in between": ("a.json", json.dumps([ROW, []]).encode(), "a.json, row 2: a row is an object, not []"),
    "a line that is a list": ("a.jsonl", lines(ROW, []), "a.jsonl, line 2: a row is a JSON object, not []"),
    "key twice": ("a.json", b'[{"id": 0, "id": 1, "prediction": "1"}]', "'id' stands twice in one object"),
    "long number": ("a.json", b'[{"id": 0, "prediction": ' + b"9" * 400 + b"}]", "a whole number of 400 digits"),
    "deep": ("a.json", b"[" * 100_000, "more than 100 deep"),
    "summary": ("a.json", b'{"results": {}, "configs": {}, "versions": {}}', "give samples_*.jsonl beside it"),
    "stranger": ("a.json", b'{"epochs": 3, "loss": 1}', "its keys are 'epochs', 'loss'; known are study"),
    "nearly": (
        "a.json",
        b'{"result_details": [], "n_problem": 0}',
        'nearest is study (a JSON object with "results_detail"',
    ),
    "empty id": ("a.csv", b"id,prediction\n,1\n", "line 2: its 'id' is empty; every row needs one"),
    "no score": ("a.jsonl", lines({**LM_EVAL, "em": "good"}), "line 1: a score is true, false or a number, not 'good'"),
    "no answer": ("a.jsonl", lines({**LM_EVAL, "resps": 3}), '"resps" holds the answer in a list of lists'),
    "epoch": (
        "a.json",
        b'{"status": "success", "eval": {}, "samples": [{"id": 1, "epoch": 0}]}',
        'a sample has an "id" and an "epoch" from 1',
    ),
    "cut log": (
        "a.txt",
        b"Question 0 Starts...\nQ: a\nThe answer is: 1\nQuestion 0 Ends\nPrediction=1.0; Groundtruth=1.0\n"
        b"Question 1 Starts...\nQ: b\nThe ans",
        "a.txt, question 1: the log stops within this question",
    ),
    "cut predictions": (
        "a.json",
        b'{"n_samples": 2, "predictions": [{"sample_idx": 0, "predicted": "1"}]}',
        "says n_samples 2 but holds 1 predictions",
    ),
    "orders to a terminal": ("a.json", b'{"\\u001b[2Jevil": 1}', "its keys are '\\x1b[2Jevil'"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_file_that_is_no_results_is_one_sentence(tmp_path, case):
    name, content, message = CASES[case]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RecordedError) as caught:
        read_results(tmp_path / name)
    said = str(caught.value)
    assert message in said
    assert name in said
    assert "\n" not in said
    assert "\x1b" not in said


@pytest.mark.parametrize("suffix", ["json", "jsonl"])
def test_what_is_not_a_number_is_no_answer(tmp_path, suffix):
    """pandas writes an empty cell as NaN, which is no JSON but lies in many files."""
    rows = [{"id": 0, "prediction": "1", "gold": "1"}, {"id": 1, "prediction": math.nan, "gold": math.nan}]
    content = json.dumps(rows).encode() if suffix == "json" else lines(*rows)
    (tmp_path / f"a.{suffix}").write_bytes(content)
    results = read_results(tmp_path / f"a.{suffix}")
    assert [(row.answer, row.gold) for row in results] == [("1", "1"), ("", None)]
    assert any(re.match(r"without an answer: (row|line) 2; read as wrong", note) for note in results.notes)


def test_a_name_that_gives_orders_is_made_visible(tmp_path):
    path = tmp_path / "a\x1b[2J.json"
    path.write_bytes(b"")
    with pytest.raises(RecordedError) as caught:
        read_results(path)
    assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("suffix", ["csv", "json", "jsonl"])
def test_a_byte_order_mark_is_read(tmp_path, suffix):
    content = {"csv": "id,prediction\n0,18\n", "json": json.dumps([ROW]), "jsonl": json.dumps(ROW)}[suffix]
    (tmp_path / f"a.{suffix}").write_text(content, encoding="utf-8-sig")
    assert [(row.problem, row.answer) for row in read_results(tmp_path / f"a.{suffix}")] == [("0", "18")]


def test_folders(tmp_path):
    with pytest.raises(RecordedError, match="is a folder in which no result file of a known tool was found"):
        read_results(tmp_path)
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "samples_gsm8k_1.jsonl").write_bytes(lines({**LM_EVAL, "em": 1.0}))
    assert [row.score for row in read_results(tmp_path)] == [1.0]
    (tmp_path / "model" / "samples_gsm8k_2.jsonl").write_bytes(lines({**LM_EVAL, "em": 1.0}))
    with pytest.raises(
        RecordedError, match=r"a folder of 2 result files; give one of them: 'model/samples_gsm8k_1.jsonl'"
    ):
        read_results(tmp_path)


def test_what_is_not_there(tmp_path):
    with pytest.raises(RecordedError, match=r"none\.csv cannot be read: No such file or directory"):
        read_results(tmp_path / "none.csv")
    with pytest.raises(RecordedError, match="cannot be read"):
        read_results(f"{tmp_path}/a\0.csv")


def test_a_pipe_or_a_device_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "samples_1.jsonl")
    for path in (tmp_path / "samples_1.jsonl", tmp_path, "/dev/zero"):
        with pytest.raises(
            RecordedError, match=r"^\w++(\.jsonl)?: it is a folder, a pipe or a device.*write what it holds"
        ):
            read_results(path)


def test_every_format_has_a_name_of_its_own_and_says_what_it_is():
    names = [known.name for known in FORMATS]
    assert len(set(names)) == len(names)
    assert all(known.described and "\n" not in known.described for known in FORMATS)


def test_a_folder_of_reports_is_sent_to_the_other_command(tmp_path):
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "report.json").write_text("{}", encoding="utf-8")
    for folder in (tmp_path, tmp_path / "first"):
        with pytest.raises(
            RecordedError, match=r"a folder of ctlab's reports, not of results.*ctlab compare BEFORE AFTER"
        ):
            read_results(folder)


def test_a_header_that_stands_again_is_left_out_and_said(tmp_path):
    (tmp_path / "a.csv").write_text("id,prediction\n0,1\nid,prediction\n1,2\n", encoding="utf-8")
    results = read_results(tmp_path / "a.csv")
    assert [row.problem for row in results] == ["0", "1"]
    assert "left out: line 3, the header again (two files joined?)" in results.notes


def test_an_error_that_stands_for_an_answer_is_said(tmp_path):
    said = ["18", "ERROR: timed out", "TimeoutError()", "", "an error of 5 % is an error: 18"]
    (tmp_path / "a.jsonl").write_bytes(lines(*({"id": n, "prediction": text} for n, text in enumerate(said))))
    first, second, _ = read_results(tmp_path / "a.jsonl").notes[::-1]
    assert first.startswith("an error for an answer: line 2, line 3, such as 'ERROR: timed out'; read as wrong")
    assert second.startswith("without an answer: line 4; read as wrong, and left out where a column error says")


@pytest.mark.parametrize(
    "text", ["TIMEOUT", "timed out", "[timeout]", "<timeout>", "Time-out", "Request failed with status 504", "HTTP 503"]
)
def test_however_a_program_writes_that_it_failed(tmp_path, text):
    (tmp_path / "a.jsonl").write_bytes(lines(*({"id": n, "prediction": said} for n, said in enumerate(["18", text]))))
    assert any(note.startswith("an error for an answer: line 2") for note in read_results(tmp_path / "a.jsonl").notes)


def test_answers_that_speak_of_time_or_requests_are_answers(tmp_path):
    said = ["Times: 18", "Requests failed 3 times, so 18", "A timeout of 5 s: 18"]
    (tmp_path / "a.jsonl").write_bytes(lines(*({"id": n, "prediction": text} for n, text in enumerate(said))))
    assert not any("an error" in note for note in read_results(tmp_path / "a.jsonl").notes)
