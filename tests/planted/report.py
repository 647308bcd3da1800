"""Runs the role family over a planted model, as anybody runs claims, and reads the report that it writes."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ctlab.interventions import Condition
from ctlab.problems import load_problems
from tests.planted.engine import PlantedEngine
from tests.planted.model import Found
from tests.planted.problem_file import PER_LENGTH, write_problems

ROOT = Path(__file__).parents[2]


def report_of(found: Found, folder: Path) -> Mapping[str, Any]:
    """Run ``pytest hypotheses/test_roles.py`` with the model in a process of its own, and return report.json."""
    return _report(_problems(found, folder), folder, "-p", "tests.planted.plugin", model=found.address)


def recorded_report_of(found: Found, folder: Path, conditions: Sequence[Condition]) -> Mapping[str, Any]:
    """Write the model's answers under conditions to files, judge these as recorded answers, and return report.json."""
    problems = _problems(found, folder)
    asked = load_problems(str(problems))
    options = []
    for each in conditions:
        file = folder / f"{each.name}.jsonl"
        answers = (answer for batch in PlantedEngine(found).batches(asked, [each]) for answer in batch[each.name])
        rows = (
            {"problem_index": row, "output": answer.text, "condition": each.name} for row, answer in enumerate(answers)
        )
        file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
        options.append(f"--ctlab-recorded={each.name}={file}")
    return _report(problems, folder, *options)


def _problems(found: Found, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return write_problems(folder / "problems.jsonl", getattr(found.make(), "per_length", PER_LENGTH))


def _report(problems: Path, folder: Path, *options: str, model: str = "") -> Mapping[str, Any]:
    report = folder / "report"
    command = [sys.executable, "-m", "pytest", "hypotheses/test_roles.py", *options]
    command += ["-p", "no:cacheprovider", "-p", "no:hypothesispytest", f"--ctlab-problems={problems}"]
    command += [f"--ctlab-store={folder / 'store'}", f"--ctlab-report={report}"]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    known = {**os.environ, "PLANTED_MODEL": model, "PYTHONPATH": path}
    done = subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, check=False)
    # A claim that is refuted fails its test (1), and is as good a verdict as any; anything else is no run.
    if done.returncode not in (0, 1):
        raise RuntimeError(f"pytest of {problems} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    read: Mapping[str, Any] = json.loads((report / "latest" / "report.json").read_text("utf-8"))
    return read
