"""Other people's plugins and pytest's own options beside ctlab: a table of what is given and what pytest must count.

A combination runs on the small suite of ``faults_suite`` with a warm store, in a virtual environment of its own kind:
one for plugins that get along, one each for those that do not. The environments borrow the packages of the one that
runs this, so that only the plugins are installed.
"""

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.faults_outcomes import Outcome, Row, row
from benchmarks.faults_suite import EXPECTED, INI, counts, finish, judged, run, start, write_suite

TOGETHER = (
    *(
        "pytest-randomly",
        "pytest-random-order",
        "pytest-cov",
        "pytest-html",
        "pytest-sugar",
        "pytest-timeout",
        "syrupy",
    ),
    *(
        "pytest-asyncio",
        "pytest-benchmark",
        "pytest-repeat",
        "pytest-rerunfailures",
        "pytest-xdist",
        "hypothesis",
        "anyio",
    ),
)
"""Installed side by side; what changes a run merely by being there is blocked where it is not tried."""
ENVIRONMENTS: Mapping[str, Sequence[str]] = {"together": TOGETHER, "flaky": ("flaky",)}
_QUIET = ("-p", "no:randomly", "-p", "no:sugar")


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """What is given to pytest, and what it must say."""

    name: str
    """Name in the table."""
    args: tuple[str, ...] = ()
    """Arguments of the command line."""
    counts: Mapping[str, int] = field(default_factory=lambda: EXPECTED)
    """What pytest counts."""
    code: int = 0
    """Exit code; 0 because no verdict of the suite is accepted: each run of it is a look."""
    environment: str = "together"
    """Which plugins are installed."""
    table: bool = True
    """Whether the verdicts of all claims are shown."""
    ini: str = ""
    """More lines of the ini file."""

    @property
    def group(self) -> str:
        """What it is a combination with: a plugin, or options of pytest's own."""
        return "options of pytest's own" if self.name.startswith(("-", "no cache")) else self.name.split()[0].strip(",")


_THREE = {word: 3 * number for word, number in EXPECTED.items()}
_COLLECTED: Mapping[str, int] = {}
COMBINATIONS: tuple[Combination, ...] = (
    Combination(name="all of them installed", args=_QUIET),
    Combination(name="randomly", args=("-p", "no:sugar", "-p", "no:random_order", "--randomly-seed=1")),
    Combination(name="random-order", args=(*_QUIET, "--random-order")),
    Combination(name="cov", args=(*_QUIET, "--cov=claims_here")),
    Combination(name="cov, two workers", args=(*_QUIET, "--cov=claims_here", "-n2")),
    Combination(name="html", args=(*_QUIET, "--html=page.html")),
    Combination(name="sugar", args=("-p", "no:randomly")),
    Combination(name="timeout", args=(*_QUIET, "--timeout=120")),
    Combination(name="timeout by thread", args=(*_QUIET, "--timeout=120", "--timeout-method=thread")),
    Combination(name="syrupy", args=(*_QUIET, "--snapshot-update")),
    Combination(name="asyncio, automatic", args=(*_QUIET, "--asyncio-mode=auto")),
    Combination(
        name="asyncio, errors for our warnings", args=_QUIET, ini="filterwarnings = error:::(ctlab|claims_here)\n"
    ),
    Combination(name="anyio", args=(*_QUIET, "-p", "anyio")),
    Combination(name="benchmark", args=(*_QUIET, "--benchmark-skip")),
    Combination(name="hypothesis", args=(*_QUIET, "--hypothesis-show-statistics")),
    Combination(name="rerunfailures", args=(*_QUIET, "--reruns=2")),
    Combination(name="rerunfailures, two workers", args=(*_QUIET, "--reruns=2", "-n2")),
    Combination(name="repeat", args=(*_QUIET, "--count=3"), counts=_THREE),
    Combination(name="repeat, two workers", args=(*_QUIET, "--count=3", "-n2"), counts=_THREE),
    Combination(name="repeat by session", args=(*_QUIET, "--count=3", "--repeat-scope=session"), counts=_THREE),
    Combination(name="flaky", args=("--force-flaky", "--max-runs=3"), environment="flaky"),
    Combination(name="flaky, two workers", args=("--force-flaky", "--max-runs=3", "-n2"), environment="flaky"),
    *(Combination(name=f"xdist -n{n}", args=(*_QUIET, f"-n{n}")) for n in (0, 1, 2)),
    *(
        Combination(name=f"xdist --dist {how}", args=(*_QUIET, "-n2", "--dist", how))
        for how in ("load", "loadscope", "loadfile", "loadgroup", "worksteal")
    ),
    Combination(name="no cache provider", args=(*_QUIET, "-p", "no:cacheprovider")),
    Combination(name="--lf", args=(*_QUIET, "--lf")),
    Combination(name="--ff", args=(*_QUIET, "--ff")),
    Combination(name="--sw", args=(*_QUIET, "--sw")),
    Combination(name="-x", args=(*_QUIET, "-x")),
    Combination(name="--collect-only", args=(*_QUIET, "--collect-only"), counts=_COLLECTED, table=False),
    Combination(name="--co -q", args=(*_QUIET, "--co", "-q"), counts=_COLLECTED, table=False),
    Combination(name="--setup-plan", args=(*_QUIET, "--setup-plan"), counts=_COLLECTED, table=False),
    Combination(name="-s", args=(*_QUIET, "-s")),
    *(Combination(name=f"--tb={how}", args=(*_QUIET, f"--tb={how}")) for how in ("short", "line", "native", "no")),
    Combination(name="--durations", args=(*_QUIET, "--durations=3")),
    Combination(name="--junitxml", args=(*_QUIET, "--junitxml=junit.xml")),
    Combination(
        name="-W error, without asyncio", args=(*_QUIET, "-p", "no:asyncio", "-p", "no:pytest_asyncio", "-W", "error")
    ),
    Combination(name="--import-mode=importlib", args=(*_QUIET, "--import-mode=importlib")),
    Combination(name="-v -ra", args=(*_QUIET, "-v", "-ra")),
    Combination(
        name="-p no:ctlab.plugin",
        args=(*_QUIET, "-p", "no:ctlab.plugin"),
        counts={"error": 1},
        code=2,
        table=False,
    ),
)
"""All of them; the first line that is wrong is a finding."""


def make_environment(folder: Path, packages: Sequence[str]) -> Path:
    """Make a virtual environment with plugins in it and return its Python; OSError where they cannot be installed."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    own = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    # What runs this lends its packages; what is installed here comes before them.
    (Path(own.stdout.strip()) / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    done = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", *packages], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise OSError(f"{', '.join(packages)} cannot be installed: {done.stderr.strip().splitlines()[-1:]}")
    return python


def differences(suite: Path, python: Path, given: Combination) -> list[str]:
    """Run a combination; say what is not as the table has it."""
    (suite / "pytest.ini").write_text(INI + given.ini, encoding="utf-8")
    shutil.rmtree(suite / ".pytest_cache", ignore_errors=True)  # what failed under another combination
    code, output = finish(start(suite, *given.args, python=str(python), cache=True))
    wrong = []
    if code != given.code:
        wrong.append(f"exit code {code}, not {given.code}")
    if (found := counts(output)) != dict(given.counts):
        wrong.append(f"counted {found}, not {dict(given.counts)}")
    if given.table and not judged(output):
        wrong.append("not every verdict is shown as it is")
    if "INTERNALERROR" in output or "judged twice" in output:
        wrong.append("an internal error, or a claim judged twice")
    return [f"{each}\n{output[-3000:]}" for each in wrong]


def plugin_rows(folder: Path, most: int | None = None) -> Iterator[Row]:
    """Run every combination, or the first ``most``; a row for what has the same first word."""
    suite = write_suite(folder / "suite")
    run(suite)  # its answers are in its store from now on
    rows: dict[str, list[tuple[Outcome, str]]] = {}
    pythons: dict[str, Path] = {}
    for given in COMBINATIONS[:most]:
        if given.environment not in pythons:
            pythons[given.environment] = make_environment(folder / given.environment, ENVIRONMENTS[given.environment])
        wrong = differences(suite, pythons[given.environment], given)
        traceback = any("Traceback (most recent call last)" in each or "INTERNALERROR" in each for each in wrong)
        outcome = (Outcome.TRACEBACK if traceback else Outcome.WRONG) if wrong else Outcome.UNNOTICED
        rows.setdefault(given.group, []).append((outcome, f"{given.name}: {wrong[0]}" if wrong else ""))
    for group, came in rows.items():
        yield row(f"beside {group}", [outcome for outcome, _ in came], [why for _, why in came if why])
