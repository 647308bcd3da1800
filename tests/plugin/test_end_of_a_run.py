"""How a run ends: Ctrl-C and kills while the report is written, a controller that is killed, `latest` in the way."""

import os
import signal
import subprocess
import time

import pytest

from benchmarks.faults_kills import kills, left_over, summary
from benchmarks.faults_suite import finish, start, write_suite
from tests.plugin.suite import run
from tests.plugin.suite import write_suite as write_small_suite


@pytest.fixture
def small(pytester):
    write_small_suite(pytester)
    return pytester


@pytest.mark.slow
def test_what_is_killed_while_it_reports_leaves_no_half_report(tmp_path):
    said = summary(list(kills(tmp_path / "suite", 6)))
    # Ctrl-C while other people's code runs at the end (Hypothesis imports its plugin there) can show their traceback,
    # once in fifty kills: counted in docs/long.md, and no half report.
    said.pop("Ctrl-C with a traceback")
    assert said == {**dict.fromkeys(said, 0), "kills": 6, "Ctrl-C": 2}
    assert left_over(tmp_path / "suite") == (0, 0)


def test_ctrl_c_while_the_report_is_made_still_shows_the_verdicts(small, monkeypatch):
    import ctlab.lab.report

    def interrupted(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(ctlab.lab.report, "run_report", interrupted)
    result = run(small)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(
        ["ct0-lowers *SUPPORTED*", "ct0-raises *REFUTED*", "no report: interrupted while it was written; *"]
    )
    assert "Traceback" not in result.stdout.str() + result.stderr.str()


def test_a_ctrl_c_before_acceptance_says_that_nothing_was_accepted(small, monkeypatch):
    import ctlab.plugin.report_writer

    def interrupted(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(ctlab.plugin.report_writer, "accept", interrupted)
    result = run(small, "--ctlab-accept")
    result.stdout.fnmatch_lines(["no report, and no verdict was accepted: interrupted *"])


def test_a_folder_called_latest_is_said_before_anything_is_generated(small):
    (small.path / "reports" / "latest").mkdir(parents=True)
    result = run(small)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: ctlab: *latest is a folder, and ctlab keeps a link of that name *"])
    assert not (small.path / "calls.log").exists()


@pytest.mark.slow
def test_workers_end_within_a_second_of_their_controller(tmp_path):
    suite = write_suite(tmp_path / "suite")
    controller = start(suite, "-n", "2", more={"FAKE_PAUSE": "600"})
    deadline = time.monotonic() + 180
    while not list(suite.glob(".ctlab/store/v1/*/*.json")):  # one worker generates, the other waits for its lock
        assert time.monotonic() < deadline
        time.sleep(0.1)
    workers = _children(controller.pid)
    assert len(workers) == 2
    controller.kill()
    killed = time.monotonic()
    while any(map(_runs, workers)) and time.monotonic() < killed + 10:
        time.sleep(0.02)
    took = time.monotonic() - killed
    for worker in filter(_runs, workers):
        os.kill(worker, signal.SIGKILL)
    finish(controller)
    assert took < 1


def _children(pid):
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=True)
    return [int(line) for line in listed.stdout.split()]


def _runs(pid):
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip()) and not listed.stdout.strip().startswith("Z")


def test_the_name_of_a_folder_cannot_write_lines_of_its_own(small):
    result = run(small, "--ctlab-report", "r\n\nct0-lowers  SUPPORTED  -99.0 points\n::error::x")
    assert not [line for line in result.outlines if line.startswith(("ct0-lowers  SUPPORTED  -99", "::error"))]
    result.stdout.fnmatch_lines(["report: r[[]U+000A][[]U+000A]ct0-lowers  SUPPORTED  *[[]U+000A]::error::x/*"])
