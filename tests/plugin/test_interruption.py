"""A run that is ended half-way: what was generated is kept, the next run goes on from there."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.plugin.suite import calls, report, rows, run, write_suite


@pytest.fixture
def slow(pytester, monkeypatch):
    """A suite of three batches, the engine resting for a long time after each."""
    monkeypatch.setenv("FAKE_PAUSE", "600")
    write_suite(pytester)
    yield pytester
    monkeypatch.delenv("FAKE_PAUSE")


def started(pytester, *args):
    """Start a run and wait until its first batch is in the store."""
    process = pytester.popen(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *args],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    deadline = time.monotonic() + 180
    while not list(pytester.path.glob(".ctlab/store/v1/*/*.json")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return process


def generated(pytester):
    return [line for line in calls(pytester) if line.startswith("generate")]


@pytest.mark.parametrize(
    "workers", [pytest.param((), id="no-xdist"), pytest.param(("-n2",), id="n2", marks=pytest.mark.slow)]
)
def test_ctrl_c_keeps_what_was_generated_and_says_so(slow, monkeypatch, workers):
    process = started(slow, *workers)
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=180)
    assert process.returncode == pytest.ExitCode.INTERRUPTED, output
    assert "3 not judged (the run ended before it): ct0-lowers, ct0-raises, ct4-changes" in output
    assert report(slow)["interrupted"] is True
    assert {row["status"] for row in rows(slow).values()} == {"not_run"}
    assert len(generated(slow)) == 1

    monkeypatch.setenv("FAKE_PAUSE", "0")
    result = run(slow)
    result.assert_outcomes(passed=3)
    assert generated(slow)[1:] == [f"generate {n} baseline ct0_blocked no_op ct4_blocked" for n in (50, 20)]


def test_a_killed_run_is_taken_up_where_it_was(slow, monkeypatch):
    process = started(slow)
    process.kill()
    process.communicate(timeout=180)
    monkeypatch.setenv("FAKE_PAUSE", "0")
    result = run(slow)
    result.assert_outcomes(passed=3)
    assert generated(slow)[1:] == [f"generate {n} baseline ct0_blocked no_op ct4_blocked" for n in (50, 20)]
