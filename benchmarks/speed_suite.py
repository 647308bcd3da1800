"""How long a person waits for this suite's claims: nothing stored, everything stored, one claim, only collecting."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.speed_work import How, Row

ONE_CLAIM = "ct0-lowers-accuracy"
"""A claim about two conditions, with controls, as most are."""


def suite(how: How) -> list[Row]:
    """Time `pytest hypotheses/` as a process, cold once and the others repeatedly."""
    root = Path(__file__).resolve().parent.parent
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        settings = [f"--ctlab-store={folder}/store", f"--ctlab-report={folder}/reports"]
        collect = [*settings, "--collect-only"]
        one = [*settings, "-k", ONE_CLAIM]
        _run(root, collect, how)  # byte code is compiled once, not at every run
        for name, options, repeat in (
            ("cold", settings, 1),
            ("warm", settings, how.repeat),
            ("one claim, warm", one, how.repeat),
            ("collect", collect, how.repeat),
        ):
            found = [_run(root, options, how) for _ in range(repeat)]
            walls, processors = zip(*found, strict=True)
            rows.append(
                {
                    "pytest hypotheses/": name,
                    "wall_seconds": statistics.median(walls),
                    "cpu_seconds": statistics.median(processors),
                    "cpu_spread": max(processors) - min(processors),
                }
            )
    return rows


def _run(root: Path, options: list[str], how: How) -> tuple[float, float]:
    """Wall and processor seconds of one run, start of the interpreter included."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["OMP_NUM_THREADS"] = str(how.threads)
    before, start = _processor(), time.perf_counter()
    command = [sys.executable, "-m", "pytest", "hypotheses/", "-q", *options]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - start
    if done.returncode != 0:
        raise SystemExit(f"pytest hypotheses/ ended with {done.returncode}; nothing was timed\n{done.stdout[-2000:]}")
    return wall, _processor() - before


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
