"""A run that says nothing for a while says that it is still at it, and leaves the cursor where it was."""

import os
import time

import pytest

from ctlab.lab import still_working
from ctlab.lab.still_working import StillWorking


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Watch with short pauses; return what makes one and what it wrote so far."""
    monkeypatch.setattr(still_working, "_SILENT_S", 0.05)
    monkeypatch.setattr(still_working, "_LIVE_S", 0.02)
    monkeypatch.setattr(still_working, "_LOOK_S", 0.005)
    file = tmp_path / "terminal"
    monkeypatch.setattr(still_working, "_copy_of_stderr", lambda: os.open(file, os.O_CREAT | os.O_WRONLY))
    return lambda column, live: StillWorking(lambda: column, live=live), lambda: file.read_bytes().decode()


@pytest.mark.parametrize("column", [0, 12])
def test_a_live_line_goes_away_and_the_cursor_comes_back(written, column):
    make, text = written
    still = make(column, True)
    with still.at("ct0-lowers"):
        time.sleep(0.2)
    still.close()
    shown = text()
    assert shown.count("ctlab: ct0-lowers: ") >= 2
    assert "\x1b[2K" in shown.rpartition("ct0-lowers")[2]  # cleared at the end
    assert shown.count("\n") == shown.count("\x1b[1A") == (shown.count("\x1b[2K") if column else 0)
    assert shown.count(f"\x1b[{column}C") == (shown.count("\n") if column else 0)


def test_plain_lines_say_what_was_begun_last_and_are_whole(written):
    make, text = written
    still = make(0, False)
    with still.at("ct0-lowers"):
        still.heard("certifying 3 conditions")
        time.sleep(0.12)
        still.heard("generated 3 answers in 1 s")
        time.sleep(0.12)
    still.close()
    lines = text().splitlines()
    assert lines[0].startswith("ctlab: certifying 3 conditions: ")
    assert lines[-1].startswith("ctlab: ct0-lowers: ")
    assert all(line.endswith(" so far") for line in lines)


def test_a_count_of_what_is_done_does_not_end_it(written):
    make, text = written
    still = make(0, False)
    with still.at("ct0-lowers"):
        still.heard("generating 3 conditions")
        still.heard("1,316 of 9,400 answers (14%), about 34 s left")
        time.sleep(0.12)
    still.close()
    assert all(line.startswith("ctlab: generating 3 conditions: ") for line in text().splitlines())
    assert text()


def test_who_speaks_is_not_spoken_for(written):
    make, text = written
    still = make(0, False)
    with still.at("ct0-lowers"):
        for _ in range(20):
            time.sleep(0.01)
            still.heard()
    still.close()
    assert text() == ""
