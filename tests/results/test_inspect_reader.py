"""Inspect's own reader: what it makes of real logs is what is made of them here, and it is asked only where needed."""

import io
import json
import sys
import zipfile
from types import ModuleType

import pytest

from ctlab import read_results
from ctlab.errors import RecordedError
from tests.shared_data import shared

LOG = {"status": "success", "eval": {"model": "m"}}
SAMPLE = {"id": 1, "epoch": 1, "input": "How many?", "target": "18", "output": {"completion": "18"}}


@pytest.fixture
def unknown(tmp_path):
    """An archive whose entries are compressed by a method that is not read here."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("header.json", json.dumps(LOG))
        archive.writestr("samples/1_epoch_1.json", json.dumps(SAMPLE))
    (tmp_path / "a.eval").write_bytes(out.getvalue())
    return tmp_path / "a.eval"


def installed(monkeypatch, read_eval_log):
    module = ModuleType("inspect_ai.log")
    module.read_eval_log = read_eval_log
    monkeypatch.setitem(sys.modules, "inspect_ai", ModuleType("inspect_ai"))
    monkeypatch.setitem(sys.modules, "inspect_ai.log", module)


class FakeLog:
    def model_dump(self, mode):
        return {**LOG, "samples": [SAMPLE]}


def test_without_the_library_the_refusal_says_how_to_get_it(unknown, monkeypatch):
    monkeypatch.setitem(sys.modules, "inspect_ai", None)
    with pytest.raises(RecordedError, match=r"compressed by method 14, which is not known here; pip install 'ctlab\["):
        read_results(unknown)


def test_with_it_such_an_archive_is_read(unknown, monkeypatch):
    installed(monkeypatch, lambda path: FakeLog())
    assert [(row.problem, row.answer) for row in read_results(unknown)] == [("1", "18")]


def test_what_it_cannot_read_is_a_sentence(unknown, monkeypatch):
    def fails(path):
        raise KeyError("no\nsuch thing")

    installed(monkeypatch, fails)
    with pytest.raises(RecordedError, match=r"a\.eval: Inspect cannot read it either"):
        read_results(unknown)


@pytest.mark.slow  # where the library is installed: importing it takes seconds
def test_both_readers_make_the_same_of_every_real_log():
    log, scorer = pytest.importorskip("inspect_ai.log"), pytest.importorskip("inspect_ai.scorer")
    files = [path for path in shared("data/field/tools").rglob("*") if "inspect" in str(path) and path.is_file()]
    assert len(files) == 10
    for path in files:
        theirs, number = log.read_eval_log(str(path)), scorer.value_to_float()
        rows = {(row.problem, row.repeat): row for row in read_results(path)}
        assert len(rows) == len(theirs.samples)
        for sample in theirs.samples:
            row = rows[str(sample.id), sample.epoch - 1]
            (score,) = sample.scores.values()
            assert (row.answer, row.gold, row.score) == (sample.output.completion, sample.target, number(score.value))
