"""docs/adding/outcome.md, followed to the letter on a copy of the example suite, says what it says it does."""

import re
import shutil
from pathlib import Path

import pytest

from ctlab import formatting
from tests.plugin.suite import report

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "adding" / "outcome.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_recipe_for_an_outcome(pytester):
    shutil.copytree(ROOT / "docs" / "example", pytester.path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__*"))
    for name, block in re.findall(r"```python (\S+)\n(.*?)```", PAGE, re.DOTALL):
        with (pytester.path / name).open("a", encoding="utf-8") as file:
            file.write(f"\n\n{block}")
    (command,) = re.findall(r"`pytest (claims/test_own.py .*?)`", PAGE)
    found = pytester.runpytest_subprocess("-p", "no:cacheprovider", *command.split())
    (shown,) = re.findall(r"```\n(ct1-.*?)```", PAGE, re.DOTALL)
    assert shown in found.stdout.str()
    table = report(pytester)["error_taxonomy"]["conditions"]
    for condition in ("baseline", "ct1_from_answer"):
        cell = table[condition]["own"]["REPEATS_A_NUMBER"]
        assert f"{cell['count']} ({formatting.percent(cell['rate'])})" in PAGE
    assert (pytester.path / "reports" / "latest" / "own_outcomes.png").is_file()
