"""Files that are handed over by mistake are told by how they begin, and data never is one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.errors import InputError
from ctlab.inputs import parse_json, read_json, read_json_lines, read_text
from ctlab.mistaken_files import told_by_entries, told_by_keys, told_by_start, why_no_json

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 1048576\n"


@pytest.mark.parametrize(
    ("start", "what", "step"),
    [
        (LFS, "Git LFS", "git lfs pull"),
        (b"/annex/objects/MD5E-s1", "git-annex", "git annex get"),
        (b"<!DOCTYPE html>\n<html>", "web page (HTML)", "download"),
        (b"\xef\xbb\xbf\n <!-- saved -->\n<HTML lang='en'>", "web page (HTML)", "download"),
        (b"<?xml version='1.0'?><html>", "web page (HTML)", "download"),
        (b"<?xml version='1.0'?><rows>", "XML", "CSV or JSONL"),
        (b"\x1f\x8b\x08", "gzip", "unpack"),
        (b"SQLite format 3\x00", "SQLite", "CSV or JSONL"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office", "CSV (UTF-8)"),
        (b":W&B\xbe\xee", "Weights & Biases", "table.json"),
        (b"\x80\x04\x95\x10", "pickle", "CSV or JSONL"),
        (b"\x00" * 257 + b"ustar\x00", "tar archive", "unpack"),
    ],
)
def test_what_a_file_is_comes_with_the_step_that_helps(start, what, step):
    is_what, _, then = told_by_start(start).partition("; ")
    assert what in is_what
    assert step in then


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none(), min_size=1))
def test_rows_of_json_are_never_something_else(row):
    assert told_by_start(json.dumps(row).encode()) == ""


@pytest.mark.parametrize("start", [b"id,question\n1,<b>How</b>", b"BZ,question\n", b"PK,gold\n", b"question,gold", b""])
def test_a_table_is_never_something_else(start):
    assert told_by_start(start) == ""


def test_archives_and_objects_are_told_by_what_they_hold():
    assert "Excel" in told_by_entries(["[Content_Types].xml", "xl/workbook.xml"])
    assert told_by_entries(["samples/1.json"]) == ""
    assert "notebook" in told_by_keys({"cells", "metadata", "nbformat", "nbformat_minor"})
    assert "ctlab compare" in told_by_keys({"ctlab", "claims", "families", "conditions"})
    assert told_by_keys({"id", "question"}) == ""


@pytest.mark.parametrize(
    ("text", "why", "step"),
    [
        ("{'id': 1}", "what Python prints", "json.dumps"),
        ('{"id": 1, "answer": "18', "ends within a value", "mend the file"),
        ('[{"id": 1}, {"id"', "ends within a value", "mend the file"),
        ("id,question,gold", "reads like a table", ".csv"),
        ("```json\n{}\n```", "fence of Markdown", "leave"),
        (LFS.decode(), "Git LFS", "git lfs pull"),
    ],
)
def test_why_a_text_is_no_json(text, why, step):
    with pytest.raises(InputError) as caught:
        parse_json(text, "a.json", error=InputError)
    assert why in str(caught.value)
    assert step in str(caught.value)


def test_any_other_slip_keeps_the_readers_word():
    assert why_no_json('{"a": 1,, "b": 2}', "Expecting property name", 8) == (
        "it is not JSON (Expecting property name)",
        "",
    )


def test_every_reader_of_json_says_so(tmp_path):
    (tmp_path / "a.json").write_bytes(LFS)
    for read in (read_json, read_json_lines):
        with pytest.raises(InputError, match="git lfs pull"):
            list(read(tmp_path / "a.json", error=InputError))


def test_bytes_that_are_no_text_are_named(tmp_path):
    (tmp_path / "a.toml").write_bytes(b"\x1f\x8b\x08\x00\xff")
    with pytest.raises(InputError, match=r"packed with gzip; unpack it"):
        read_text(tmp_path / "a.toml", error=InputError)
