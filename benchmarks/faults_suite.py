"""A small suite of claims in a folder of its own, for processes that are killed, interrupted or run by the hundred.

Five claims on 120 additions, answered by the engine without weights of ``tests/fakes.py``: one SUPPORTED, one REFUTED,
one INCONCLUSIVE, and two INCONCLUSIVE ones whose report has tables and pictures. A run takes three seconds.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROBLEMS = 120
EXPECTED = {"passed": 5}
"""What pytest counts in a run of the suite: one claim SUPPORTED, four not."""
CLAIMS = ("ct0-lowers", "ct0-raises", "ct4-changes", "ct0-errors", "ct0-sizes")
_COUNT = re.compile(r"(\d+) (passed|failed|skipped|error|errors|xfailed|deselected|rerun)\b")
_COUNTS = re.compile(r"\d+ [a-z]+.* in [\d.]+s")

INI = """
[pytest]
strict = true
pythonpath = .
testpaths = claims_here
addopts = -p ctlab.plugin
ctlab_registry = claims_here.registry
ctlab_problems = problems.jsonl
"""
BENCH = """
import pytest
from ctlab.interventions import Condition, Intervention
from fakes import FakeEngine

CONDITIONS = (
    Condition(name="ct0_blocked", interventions=(Intervention(keys=("CT0",), readers="later"),)),
    Condition(name="ct4_blocked", interventions=(Intervention(keys=("CT4",), readers="later"),)),
)

def pytest_ctlab_conditions(card):
    return CONDITIONS

def pytest_ctlab_engine(settings):
    return FakeEngine()

@pytest.fixture(scope="session")
def baseline(run):
    return run("baseline")

@pytest.fixture(scope="session")
def ct0_blocked(run):
    return run("ct0_blocked")

@pytest.fixture(scope="session")
def ct4_blocked(run):
    return run("ct4_blocked")
"""
REGISTRY = """
from ctlab.claims import Claim, Direction, Family, Kind

CT0 = ("baseline", "ct0_blocked")
LOWERS = Claim(
    id="ct0-lowers", family="demo", statement="Hiding CT0 lowers accuracy.", direction=Direction.DECREASE,
    conditions=CT0,
)
RAISES = Claim(
    id="ct0-raises", family="demo", statement="Hiding CT0 raises accuracy.", direction=Direction.INCREASE,
    conditions=CT0,
)
SAME = Claim(
    id="ct4-changes", family="demo", statement="Hiding CT4 changes accuracy.", direction=Direction.CHANGE,
    conditions=("baseline", "ct4_blocked"),
)
ERRORS = Claim(
    id="ct0-errors", family="demo", statement="Hiding CT0 raises the rate of errors without a known cause.",
    direction=Direction.INCREASE, conditions=CT0, outcome="UNEXPLAINED",
)
SIZES = Claim(
    id="ct0-sizes", family="demo", statement="Hiding CT0 costs more, the larger the largest number is.",
    kind=Kind.INTERACTION, direction=Direction.INCREASE, conditions=CT0, feature="max_number", scale="log-odds",
)
FAMILIES = (Family(name="demo", claims=(LOWERS, RAISES, SAME, ERRORS, SIZES)),)
"""
TESTS = """
import pytest
from ctlab.claims import Verdict
from ctlab.statistics import interaction, rate_difference
from claims_here.registry import ERRORS, LOWERS, RAISES, SAME, SIZES

@pytest.mark.claim(LOWERS)
def test_ct0_lowers(claim, baseline, ct0_blocked):
    assert claim.judge(rate_difference("CORRECT", baseline, ct0_blocked, claim)) == Verdict.SUPPORTED

@pytest.mark.claim(RAISES)
def test_ct0_raises(claim, baseline, ct0_blocked):
    assert claim.judge(rate_difference("CORRECT", baseline, ct0_blocked, claim)) == Verdict.SUPPORTED

@pytest.mark.claim(SAME)
def test_ct4_changes(claim, baseline, ct4_blocked):
    assert claim.judge(rate_difference("CORRECT", baseline, ct4_blocked, claim)) == Verdict.SUPPORTED

@pytest.mark.claim(ERRORS)
def test_ct0_errors(claim, baseline, ct0_blocked):
    assert claim.judge(rate_difference("UNEXPLAINED", baseline, ct0_blocked, claim)) == Verdict.SUPPORTED

@pytest.mark.claim(SIZES)
def test_ct0_sizes(claim, baseline, ct0_blocked):
    assert claim.judge(interaction("max_number", baseline, ct0_blocked, claim)) == Verdict.SUPPORTED
"""


def write_suite(folder: Path) -> Path:
    """Write the suite into a new folder and return it."""
    claims = folder / "claims_here"
    claims.mkdir(parents=True)
    rows = (f'{{"question": "What is {i} plus {i + 3}?", "gold": "{2 * i + 3}"}}\n' for i in range(1, PROBLEMS + 1))
    texts = {
        folder / "pytest.ini": INI,
        folder / "conftest.py": 'pytest_plugins = ("bench",)\n',
        folder / "bench.py": BENCH,
        folder / "fakes.py": (ROOT / "tests" / "fakes.py").read_text(encoding="utf-8"),
        folder / "problems.jsonl": "".join(rows),
        claims / "registry.py": REGISTRY,
        claims / "test_demo.py": TESTS,
    }
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return folder


def start(
    suite: Path,
    *args: str,
    python: str = sys.executable,
    more: Mapping[str, str] | None = None,
    cache: bool = False,
) -> subprocess.Popen[str]:
    """Start pytest on the suite, in a process group of its own, in which Ctrl-C does what it does at a terminal."""
    return subprocess.Popen(
        [python, "-m", "pytest", *(() if cache else ("-p", "no:cacheprovider")), *args],
        cwd=suite,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **(more or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=_heed_signals,
    )


def finish(process: subprocess.Popen[str], patience_s: float = 300) -> tuple[int, str]:
    """Wait for a run and return its exit code and what it printed."""
    output, _ = process.communicate(timeout=patience_s)
    return process.returncode, output


def run(suite: Path, *args: str) -> tuple[int, str]:
    """Run pytest on the suite to its end."""
    return finish(start(suite, *args))


def _heed_signals() -> None:
    # What a shell starts with `&` ignores Ctrl-C, and so does everything that it starts: the trial would be of nothing.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def signal_group(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """Send a signal to a run and to all that it started, as a terminal does."""
    with suppress(ProcessLookupError):  # it has ended meanwhile
        os.killpg(process.pid, number)


def counts(output: str) -> dict[str, int]:
    """Read pytest's last line: how many passed, failed, were skipped."""
    lines = [line for line in output.splitlines() if _COUNTS.search(line)]
    return {word: int(number) for number, word in _COUNT.findall(lines[-1])} if lines else {}


def judged(output: str) -> bool:
    """Whether the table of verdicts was printed."""
    return all(any(line.startswith(f"{name} ") for line in output.splitlines()) for name in CLAIMS)
