"""docs/adding/kind.md, followed to the letter on a copy: its blocks are written where they say, and its tests pass."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECIPE = (ROOT / "docs" / "adding" / "kind.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```\w+ (\S+)\n(.*?)```", RECIPE, re.DOTALL)
PLACES = {
    "from ctlab.claims.kinds.median": "from ctlab.claims.kinds.more_than",
    "    MEDIAN": "\n    @property",
    "    Median": ')\n"""One class a kind',
    "| `median`": "| `every mean`",
}
"""Before what a line goes that is added to a file."""


def follow(root):
    """Do what the recipe says below a folder, and return the files that it touched."""
    for name, content in BLOCKS:
        path = root / name
        if not path.exists():
            path.write_text(content, encoding="utf-8")
            continue
        text = path.read_text(encoding="utf-8")
        for line in content.splitlines():
            (before,) = (place for start, place in PLACES.items() if line.startswith(start))
            assert text.count(before) == 1
            text = text.replace(before, f"{line}\n{before}")
        path.write_text(text, encoding="utf-8")
    return {name for name, _ in BLOCKS}


def test_it_names_six_files():
    assert len({name for name, _ in BLOCKS}) == 6


@pytest.mark.slow
def test_the_recipe_works_as_it_stands(tmp_path):
    for name in ("benchmarks", "ctlab", "tests", "docs", "hypotheses", "fixtures"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "pytest.ini", "conftest.py"):
        shutil.copy(ROOT / name, tmp_path)
    touched = follow(tmp_path)
    python = {name for name in touched if name.endswith(".py")}
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    tests = ["tests/claims/kinds", "tests/statistics/means/test_median.py", "tests/test_architecture.py"]
    for command in (["pytest", "-q", "-p", "no:cacheprovider", *tests], ["ruff", "check", *sorted(python)]):
        found = subprocess.run(
            [sys.executable, "-m", *command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert found.returncode == 0, found.stdout + found.stderr
