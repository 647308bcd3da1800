"""A small suite of claims as somebody else would write it, answered by an engine without weights."""

import importlib
import json
import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jinja2
import matplotlib.pyplot
import numpy
import pandas
import pyarrow.parquet
import pytest
import scipy.stats
import tomlkit

import ctlab.engine.edge_factors
import ctlab.engine.layout
import ctlab.lab.declared_own
import ctlab.lab.report
import ctlab.lab.run_maker
import ctlab.models.checkpoints.audit
import ctlab.models.checkpoints.known
import ctlab.models.families.base
import ctlab.models.families.published_checkpoints
import ctlab.models.thought_program
import ctlab.problems.audit.set_audit
import ctlab.problems.tiny.embedded_set
import ctlab.reporting
import ctlab.statistics.means.descriptives

for found in pkgutil.walk_packages(ctlab.reporting.__path__, "ctlab.reporting."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)

KEPT = (jinja2, matplotlib, numpy, pandas, pyarrow, scipy, tomlkit, ctlab)
"""pytester forgets what an inner run imported: compiled modules cannot be imported twice, the others take time.

Of ctlab that is what a run without a model imports: a hundred modules, a third of the time of a run. Imported here,
they are those of a process in which no test has replaced anything yet.
"""

INI = """
[pytest]
strict = true
pythonpath = .
testpaths = FOLDER
ctlab_registry = FOLDER.registry
ctlab_problems = problems.jsonl
filterwarnings =
    error:::(ctlab|bench|fakes|test_|FOLDER)
    # pytest: an inner run in the same process finds ctlab imported already, and marks it for rewriting all the same
    ignore:Module already imported so cannot be rewritten:pytest.PytestAssertRewriteWarning
"""
CONFTEST = 'pytest_plugins = ("bench",)\n'
BENCH = """
import pytest
from ctlab.interventions import Condition, Intervention
from fakes import FakeEngine

CONDITIONS = (
    Condition(name="ct0_blocked", interventions=(Intervention(keys=("CT0",), readers="later"),)),
    Condition(name="ct4_blocked", interventions=(Intervention(keys=("CT4",), readers="later"),)),
    Condition(name="no_op", interventions=(Intervention(keys=("CT0",), readers="later", keep=1.0),), no_op=True),
)

def pytest_ctlab_conditions(card):
    return CONDITIONS

def pytest_ctlab_engine(settings):
    return FakeEngine()

@pytest.fixture(scope="session")
def ct0_blocked(run):
    return run("ct0_blocked")

@pytest.fixture(scope="session")
def ct4_blocked(run):
    return run("ct4_blocked")
"""
REGISTRY = """
from ctlab.claims import Claim, Control, Direction, Family, Shows

LOWERS = Claim(
    id="ct0-lowers", family="demo", statement="Hiding CT0 lowers accuracy.", direction=Direction.DECREASE,
    conditions=("baseline", "ct0_blocked"), controls=(Control(condition="no_op", shows=Shows.NO_OP),),
)
RAISES = Claim(
    id="ct0-raises", family="demo", statement="Hiding CT0 raises accuracy.", direction=Direction.INCREASE,
    conditions=("baseline", "ct0_blocked"),
)
SAME = Claim(
    id="ct4-changes", family="demo", statement="Hiding CT4 changes accuracy.", direction=Direction.CHANGE,
    conditions=("baseline", "ct4_blocked"),
)
FAMILIES = (Family(name="demo", claims=(LOWERS, RAISES, SAME)),)
"""
TESTS = """
import pytest
from ctlab.claims import Verdict
from ctlab.statistics import rate_difference
from FOLDER.registry import LOWERS, RAISES, SAME

@pytest.mark.claim(LOWERS)
def test_ct0_lowers(claim, baseline, ct0_blocked):
    effect = rate_difference("CORRECT", baseline, ct0_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED

@pytest.mark.claim(RAISES)
def test_ct0_raises(claim, baseline, ct0_blocked):
    effect = rate_difference("CORRECT", baseline, ct0_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED

@pytest.mark.claim(SAME)
def test_ct4_changes(claim, baseline, ct4_blocked):
    effect = rate_difference("CORRECT", baseline, ct4_blocked, claim)
    assert claim.judge(effect) == Verdict.SUPPORTED
"""


def problems(n: int) -> str:
    """JSONL of additions."""
    rows = (f'{{"question": "What is {i} plus {i + 3}?", "gold": "{2 * i + 3}"}}' for i in range(1, n + 1))
    return "\n".join(rows) + "\n"


def write_suite(
    pytester: pytest.Pytester, *, n: int = 120, tests: str = TESTS, registry: str = REGISTRY, folder: str = "hypotheses"
) -> None:
    """Write the suite into pytester's folder: one claim SUPPORTED, one REFUTED, one INCONCLUSIVE."""
    fakes = (Path(__file__).parents[1] / "fakes.py").read_text(encoding="utf-8")
    pytester.makeini(INI.replace("FOLDER", folder))
    pytester.makepyfile(conftest=CONFTEST, bench=BENCH, fakes=fakes)
    (pytester.path / "problems.jsonl").write_text(problems(n), encoding="utf-8")
    claims = pytester.mkdir(folder)
    (claims / "registry.py").write_text(registry, encoding="utf-8")
    (claims / "test_demo.py").write_text(tests.replace("FOLDER", folder), encoding="utf-8")


# Neither is part of the suite: one writes a cache, the other imports Hypothesis at the end of every run (2 s here).
_WITHOUT = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest")


def run(pytester: pytest.Pytester, *args: str) -> pytest.RunResult:
    """Run the suite in this process."""
    # Its claims are in a package of the name of ours, which another test may have imported.
    ours = {name: sys.modules.pop(name) for name in [*sys.modules] if name.partition(".")[0] == "hypotheses"}
    try:
        return pytester.runpytest_inprocess(*_WITHOUT, *args)
    finally:
        sys.modules.update(ours)


def run_process(pytester: pytest.Pytester, *args: str) -> pytest.RunResult:
    """Run the suite in a process of its own."""
    return pytester.runpytest_subprocess(*_WITHOUT, *args)


def report(pytester: pytest.Pytester) -> dict[str, Any]:
    """The last run's report."""
    found: dict[str, Any] = json.loads((pytester.path / "reports" / "latest" / "report.json").read_text("utf-8"))
    return found


def rows(pytester: pytest.Pytester) -> dict[str, dict[str, Any]]:
    """The last run's claims by id."""
    return {row["id"]: row for row in report(pytester)["claims"]}


def calls(pytester: pytest.Pytester) -> list[str]:
    """What the engine was asked for, by any process."""
    log = pytester.path / "calls.log"
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


def git(suite, *arguments):
    """Run git in the suite's folder and return what it printed; the test is skipped where there is none."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    done = subprocess.run(["git", *identity, *arguments], cwd=suite.path, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(suite, folder="demo_claims"):
    """Commit the suite's claims and registry, and return the commit: the proof of order that a reader has."""
    git(suite, "init", "-q")
    git(suite, "add", folder)
    git(suite, "commit", "-q", "-m", "what we claim")
    return git(suite, "rev-parse", "HEAD")
