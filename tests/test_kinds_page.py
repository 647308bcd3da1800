"""docs/kinds.md: every kind has a row and an example, every field a line, and its examples run as one suite."""

import re
import shutil
from dataclasses import fields
from pathlib import Path

import pytest

from ctlab import statistics
from ctlab.claims import Claim, Control, Kind
from tests.plugin.suite import report

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "kinds.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| .* \| \[`([a-z ]+)`\]\(#([a-z-]+)\) \| (.*) \|$", PAGE, re.MULTILINE)
EXAMPLES = re.findall(r"^### ([a-z ]+)$", PAGE, re.MULTILINE)


def test_every_kind_has_one_row_and_one_example():
    assert sorted(name for name, _, _ in ROWS) == sorted(map(str, Kind))
    assert [name for name, _, _ in ROWS] == EXAMPLES
    assert all(anchor == name.replace(" ", "-") for name, anchor, _ in ROWS)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_functions_of_a_row_are_those_of_its_kind(name):
    (named,) = (set(re.findall(r"`(\w+)`", functions)) for kind, _, functions in ROWS if kind == name)
    answering = set(Kind(name).rules.statistics)
    if name == Kind.DISTANCE:
        assert (named, answering) == ({"Effect"}, set())
        return
    # A difference is answered by another function where it is claimed to be none, which is a kind of its own.
    assert named == answering - ({"rate_equivalence"} if name == Kind.DIFFERENCE else set())
    assert named <= set(statistics.__all__)


@pytest.mark.parametrize(("record", "title"), [(Claim, "claim"), (Control, "control")])
def test_every_field_has_its_line(record, title):
    table = PAGE.partition(f"## Fields of a {title}\n")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == [each.name for each in fields(record)]


@pytest.mark.slow
def test_the_examples_run_as_one_suite(pytester):
    shutil.copy(ROOT / "docs" / "example" / "conftest.py", pytester.path)
    (pytester.path / "pytest.ini").write_text(
        "[pytest]\nstrict = true\npythonpath = .\ntestpaths = claims\nctlab_registry = claims.test_kinds\n"
    )
    (pytester.path / "claims").mkdir()
    for name, block in re.findall(r"```python (\S+)\n(.*?)```", PAGE, re.DOTALL):
        with (pytester.path / name).open("a", encoding="utf-8") as file:
            file.write(f"\n\n{block}")
    found = pytester.runpytest_subprocess("-p", "no:cacheprovider", "--ctlab-limit", "400")
    judged = {row["kind"]: row["verdict"] for row in report(pytester)["claims"]}
    assert sorted(judged) == sorted(map(str, Kind)), found.stdout.str()
    assert set(judged.values()) == {"SUPPORTED", "REFUTED", "INCONCLUSIVE"}, judged
    assert found.parseoutcomes().get("errors", 0) == 0, found.stdout.str()
