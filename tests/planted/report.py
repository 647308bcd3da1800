"""Runs the role family over a planted model, as anybody runs claims, and reads the report that it writes."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.planted.model import Found
from tests.planted.problem_file import PER_LENGTH, write_problems

ROOT = Path(__file__).parents[2]


def report_of(found: Found, folder: Path) -> Mapping[str, Any]:
    """Run ``pytest hypotheses/test_roles.py`` with the model in a process of its own, and return report.json."""
    folder.mkdir(parents=True, exist_ok=True)
    problems = write_problems(folder / "problems.jsonl", getattr(found.make(), "per_length", PER_LENGTH))
    report = folder / "report"
    command = [sys.executable, "-m", "pytest", "hypotheses/test_roles.py", "-p", "tests.planted.plugin"]
    command += ["-p", "no:cacheprovider", "-p", "no:hypothesispytest", f"--ctlab-problems={problems}"]
    command += [f"--ctlab-store={folder / 'store'}", f"--ctlab-report={report}"]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    known = {**os.environ, "PLANTED_MODEL": found.address, "PYTHONPATH": path}
    done = subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, check=False)
    # A claim that is refuted fails its test (1), and is as good a verdict as any; anything else is no run.
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{found.name}: pytest ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    read: Mapping[str, Any] = json.loads((report / "latest" / "report.json").read_text("utf-8"))
    return read
