"""What identifies a result, seen from a whole run of a suite."""

import errno
import os
from pathlib import Path

import pytest

from tests.plugin.suite import calls, report, rows, run, run_process, write_suite

UNREADABLE = """
import errno, os
from pathlib import Path
read = Path.read_bytes

def refuse(path):
    if path.suffix == {suffix!r}:
        raise OSError(errno.EIO, os.strerror(errno.EIO))
    return read(path)

Path.read_bytes = refuse
"""


@pytest.fixture
def suite(pytester):
    write_suite(pytester, folder="demo_claims")
    return pytester


def contents():
    """Of every file but locks, in which who holds one signs."""
    files = [path for path in Path(".ctlab/store").rglob("*") if path.is_file() and not path.name.endswith("lock")]
    return {path: path.read_bytes() for path in files}


@pytest.mark.parametrize("suffix", [".parquet", pytest.param(".json", marks=pytest.mark.slow)])
def test_a_stored_file_that_cannot_be_read_is_one_sentence_and_exit_code_4(suite, suffix):
    run(suite)
    before = contents()
    asked = len(calls(suite))
    assert before
    bench = suite.path / "conftest.py"
    bench.write_text(bench.read_text(encoding="utf-8") + UNREADABLE.format(suffix=suffix), encoding="utf-8")
    result = run_process(suite)
    assert result.ret == 4
    text = result.stdout.str() + result.stderr.str()
    assert f"{suffix} cannot be read ({os.strerror(errno.EIO)}); damage is a failed checksum and nothing else" in text
    assert "Traceback" not in text
    assert len(calls(suite)) == asked
    assert contents() == before


def test_a_report_says_with_what_each_condition_was_made(suite):
    run(suite)
    made = {row["name"]: row["made"] for row in report(suite)["conditions"]}
    assert made["baseline"] == [{"versions": {}, "device": "", "answers": 120}]
    assert rows(suite)["ct0-lowers"]["verdict"] == "SUPPORTED"
    assert not any(flag.startswith("mixed") for flag in rows(suite)["ct0-lowers"]["flags"])
