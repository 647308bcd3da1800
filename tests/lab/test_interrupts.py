"""Ctrl-C that waits; the process that leaves with its parent is tried with real workers (tests/plugin)."""

import signal
import subprocess
import sys
import threading
import time

import pytest

from ctlab.lab.interrupts import interrupts_held

ORPHAN = """
import os, subprocess, sys
from subprocess import DEVNULL, PIPE
code = "import time; from ctlab.lab.interrupts import leave_with_parent; "
code += "leave_with_parent(); print(1, flush=True); time.sleep(60)"
child = subprocess.Popen([sys.executable, "-c", code], stdout=PIPE, stderr=DEVNULL)
child.stdout.readline()
print(child.pid, flush=True)
os.kill(os.getpid(), 9)
"""


def test_an_interrupt_waits_until_the_block_has_ended_and_is_known():
    with interrupts_held() as held:
        signal.raise_signal(signal.SIGINT)
        assert held == [signal.SIGINT]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_somebody_else_s_handler_keeps_its_interrupts():
    taken = []
    before = signal.signal(signal.SIGINT, lambda *args: taken.append(args))
    try:
        with interrupts_held() as held:
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    assert (len(taken), held) == (1, [])


def test_another_thread_holds_nothing():
    done = []

    def hold():
        with interrupts_held() as held:
            done.append(list(held))

    thread = threading.Thread(target=hold)
    thread.start()
    thread.join()
    assert done == [[]]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_process_leaves_with_its_parent():
    done = subprocess.run([sys.executable, "-c", ORPHAN], capture_output=True, text=True, check=False)
    orphan = int(done.stdout)
    deadline = time.monotonic() + 1
    while _lives(orphan) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _lives(orphan)


def _lives(pid):
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip()) and not listed.stdout.strip().startswith("Z")
