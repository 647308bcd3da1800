"""Runs of the suite as forks of a process that has loaded the libraries: a fifth of the time, and as good to kill.

A fork is a process of its own, in a session of its own, that starts as pytest does but for its imports. It has the
methods of `subprocess.Popen` that trials use. It ends without the interpreter's own tidying, which would be this one's.
"""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import pytest

LOADED = ("ctlab.plugin", "matplotlib.pyplot", "scipy.stats", "statsmodels.api", "pyarrow.parquet", "jinja2", "tomlkit")
_LOOK_S = 0.005


class Forked:
    """A run that was started, and what it prints."""

    def __init__(self, pid: int, output: Path) -> None:
        self.pid, self.output = pid, output
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit code, minus the signal where one ended it, or None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def communicate(self, timeout: float) -> tuple[str, None]:
        """Wait for its end and return what it printed."""
        deadline = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > deadline:
                raise TimeoutError(f"a run did not end within {timeout:g} s")
            time.sleep(_LOOK_S)
        text = self.output.read_text(encoding="utf-8")
        self.output.unlink(missing_ok=True)
        return text, None


def start_forked(suite: Path, *args: str, more: Mapping[str, str] | None = None) -> Forked:
    """Start pytest on the suite, as `benchmarks.faults_suite.start` does; not from within pytest."""
    for name in LOADED:
        import_module(name)
    handle, output = tempfile.mkstemp(prefix="run-", suffix=".txt")
    pid = os.fork()
    if pid:
        os.close(handle)
        return Forked(pid, Path(output))
    code = 1
    try:
        code = _pytest(suite, args, more or {}, handle)
    finally:
        os._exit(code)  # nothing of the parent's is unwound or tidied up here


def _pytest(suite: Path, args: tuple[str, ...], more: Mapping[str, str], output: int) -> int:
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for stream in (1, 2):
        os.dup2(output, stream)
    os.environ |= {"OMP_NUM_THREADS": "1", **more}
    os.chdir(suite)
    sys.path.insert(0, str(suite))
    sys.argv = ["pytest", *args]
    try:
        code = int(pytest.main(["-p", "no:cacheprovider", *args]))
    except KeyboardInterrupt:  # as the interpreter would, where nobody took it
        print("KeyboardInterrupt", file=sys.stderr)
        code = 130
    sys.stdout.flush()
    sys.stderr.flush()
    return code
