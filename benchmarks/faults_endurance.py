"""Repeated runs of every kind in one process: whether memory, open files, threads or temporary files grow.

    python -m benchmarks.faults endurance

Kinds of runs take turns: warm, cold, a selection, a plan, accepting, interrupted by Ctrl-C, refused, and collected
only. After each the process is measured; slopes are those of least squares over all but the first fifth of the runs,
in which what is loaded once is loaded. Reports are deleted as they come: that they take room is no leak.
"""

import contextlib
import gc
import io
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pytest

from benchmarks.faults_suite import ROOT, write_suite

_PAGE = os.sysconf("SC_PAGE_SIZE")


class _CtrlC:
    """A plugin: Ctrl-C as the second test of a run begins."""

    def __init__(self) -> None:
        self.begun = 0

    def pytest_runtest_call(self) -> None:
        self.begun += 1
        if self.begun == 2:
            raise KeyboardInterrupt


KINDS: dict[str, tuple[tuple[str, ...], int]] = {
    "warm": ((), 0),
    "selection": (("-k", "lowers"), 0),
    "cold": (("--ctlab-store=cold",), 0),
    "plan": (("--ctlab-plan",), 0),
    "interrupted": ((), 2),
    "accepting": (("--ctlab-accept",), 0),
    "refused": (("--ctlab-limit=0",), 4),
    "collected": (("--collect-only",), 0),
}
"""Arguments and exit code of each kind of run."""


LABELS = {
    "memory_kib": "memory, KiB",
    "files": "open files",
    "threads": "threads",
    "temporary": "temporary and unfinished files",
}
FLAT = {"memory_kib": 16.0, "files": 0.001, "threads": 0.001, "temporary": 0.001}
"""Growth a run up to which a number counts as flat: of memory, 16 MiB in a thousand runs; of the others, one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A process after a run."""

    kind: str
    """Kind of the run."""
    memory_kib: float
    """Memory that it holds, in KiB."""
    files: int
    """Files, pipes and sockets that it has open."""
    threads: int
    """Its threads."""
    temporary: int
    """Files in the folder for temporary files, and unfinished ones where reports and answers are kept."""


def endurance(folder: Path, runs: int, minutes: float) -> list[Sample]:
    """Run the suite ``runs`` times in this process, or until time is up; RuntimeError where a run ends otherwise."""
    suite = write_suite(folder / "suite")
    temporary = folder / "tmp"
    temporary.mkdir()
    os.environ["TMPDIR"], tempfile.tempdir = str(temporary), None
    sys.path[:0] = [str(ROOT), str(suite)]
    samples: list[Sample] = []
    kinds = list(KINDS)
    deadline = time.monotonic() + 60 * minutes
    with contextlib.chdir(suite):
        _run("registering", ("--ctlab-register",), 0)
        _run("accepting", *KINDS["accepting"])  # from here on every whole run is green
        while len(samples) < runs and time.monotonic() < deadline:
            kind = kinds[len(samples) % len(kinds)]
            _run(kind, *KINDS[kind])
            for path in (suite / "cold", suite / "reports"):
                _keep_unfinished(path)
            samples.append(_sample(kind, temporary, suite))
    return samples


def _run(kind: str, args: Sequence[str], expected: int) -> None:
    plugins = [_CtrlC()] if kind == "interrupted" else []
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = pytest.main(["-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-q", *args], plugins=plugins)
    if code != expected:
        raise RuntimeError(f"a run ({kind}) ended with {code}, not {expected}:\n{said.getvalue()[-4000:]}")


def _keep_unfinished(folder: Path) -> None:
    """Delete what a run is meant to leave."""
    if folder.is_dir():
        for path in folder.iterdir():
            if path.name.endswith(".part"):
                continue
            path.unlink() if path.is_symlink() or path.is_file() else shutil.rmtree(path)


def _sample(kind: str, temporary: Path, suite: Path) -> Sample:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return Sample(
        kind=kind,
        memory_kib=pages * _PAGE / 1024,
        files=len(list(Path("/proc/self/fd").iterdir())),
        threads=threading.active_count(),
        temporary=sum(1 for _ in temporary.rglob("*")) + sum(1 for _ in suite.rglob("*.part")),
    )


def slopes(samples: Sequence[Sample]) -> dict[str, float]:
    """Growth a run of each number that is measured, by least squares, without the first fifth of the runs."""
    later = samples[len(samples) // 5 :]
    numbers = [name for name in asdict(later[0]) if name != "kind"]
    return {name: float(np.polyfit(range(len(later)), [getattr(s, name) for s in later], 1)[0]) for name in numbers}


def growth_table(samples: Sequence[Sample]) -> str:
    """Write what was measured after the first fifth of the runs and at the end, and its growth a run, in Markdown."""
    first, last = samples[len(samples) // 5], samples[-1]
    lines = ["| measured | after a fifth | at the end | ratio | growth a run |", "| --- |" + " ---: |" * 4]
    for name, slope in slopes(samples).items():
        before, after = getattr(first, name), getattr(last, name)
        ratio = f"{after / before:.3f}" if before else "–"
        lines.append(f"| {LABELS[name]} | {before:,.0f} | {after:,.0f} | {ratio} | {round(slope, 3) + 0.0:+.3f} |")
    return "\n".join(lines)


def grown(samples: Sequence[Sample]) -> list[str]:
    """What is not flat, in words."""
    rates = slopes(samples).items()
    return [f"{LABELS[name]} grow by {slope:.3f} a run" for name, slope in rates if slope > FLAT[name]]
