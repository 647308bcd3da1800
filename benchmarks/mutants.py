"""Are there tests that notice? Small seeded changes of the code, one at a time, each with the tests nearest to it.

    python -m benchmarks.mutants --count 60 --seed 1 ctlab/claims ctlab/statistics ctlab/certify
    python -m benchmarks.mutants --kind "pairs shifted" ctlab/statistics      every mutant of one kind
    python -m benchmarks.mutants --list ctlab/claims/judge.py                 only say what there is

Nothing is changed in the checkout: tracked files are copied into a temporary folder, changed there one at a time, and
tested with the copy first on PYTHONPATH. A mutant meets the test file of its own module, then its room's tests, then
the plugin's, each with `-x` and without the slow ones, until one fails. What survives all three either wants a test or
changes nothing that can be noticed; docs/mutants.md has the ones so far.

Why not a library. mutmut (3.8) changes the bodies of functions that have no decorator: neither a constant of a module
(fewer than five errors are rare) nor a property (a claim's share of α), and one in seven of its mutants is a message.
It writes all mutants of a module into that module, so what digests source code sees another one; and it draws no
sample. cosmic-ray (8.7) has one test command for all mutants, changes files where they stand, and writes eleven changes
for each plus sign, thousands for these rooms; neither removes a call nor shifts pairs. Both would need a driver as long
as this one.
"""

import argparse
import importlib.util
import json
import os
import queue
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.mutants_operators import Mutant, mutants_of

ROOT = Path(__file__).parents[1]
LAST = "tests/plugin"
"""Tests that every mutant meets in the end: the software as a user sees it."""
PATIENCE, SPARE = 4.0, 60.0
"""A run that takes four times as long as without a mutant, and a minute more, hangs; a busy machine takes twice."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mutant."""

    mutant: Mutant
    """The mutant."""
    fate: str
    """`killed`, `survived` or `timed out`."""
    by: str = ""
    """The first test that failed, or the tests that took too long."""


@dataclass(frozen=True, slots=True)
class Tests:
    """What one pytest run said."""

    fate: str
    """`survived` when all passed, else `killed` or `timed out`."""
    by: str
    """The first test that failed."""
    seconds: float
    """Wall time."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", metavar="PATH", help="packages or modules, from the repository's root")
    parser.add_argument("--count", type=int, help="how many mutants to draw (default: all)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the draw")
    parser.add_argument("--kind", help="only mutants of this kind")
    parser.add_argument("--jobs", type=int, choices=(1, 2), default=1, help="mutants at a time")
    parser.add_argument("--list", action="store_true", help="print the mutants and run nothing")
    parser.add_argument("--json", type=Path, help="file for the outcomes; what it has already is not tested again")
    options = parser.parse_args()
    mutants = drawn(options.paths, options.count, options.seed, options.kind)
    if options.list:
        print(*mutants, sep="\n")
        return
    # A shell's background jobs ignore interrupts, and so would the tests of what an interrupt does.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    outcomes = campaign(mutants, options.jobs, options.json)
    counts = Counter(outcome.fate for outcome in outcomes)
    print(f"\n{len(outcomes)} mutants: " + ", ".join(f"{count} {fate}" for fate, count in sorted(counts.items())))
    for outcome in outcomes:
        if outcome.fate == "survived":
            print(f"survived  {outcome.mutant}")


def drawn(paths: Iterable[str], count: int | None, seed: int, kind: str | None = None) -> list[Mutant]:
    """Return mutants of these packages or modules: all, or so many places with one change each, drawn by the seed."""
    mutants: list[Mutant] = []
    for path in paths:
        whole = ROOT / path
        for file in sorted(whole.rglob("*.py")) if whole.is_dir() else [whole]:
            mutants += mutants_of(str(file.relative_to(ROOT)), file.read_text(encoding="utf-8"))
    mutants = [mutant for mutant in mutants if kind in (None, mutant.kind)]
    if count is None:
        return mutants
    random.Random(seed).shuffle(mutants)
    # A constant can change both ways and a comparison twice; drawn one by one, they would crowd out the rest.
    places = {(mutant.path, mutant.start, mutant.end): mutant for mutant in reversed(mutants)}
    return sorted(list(places.values())[-count:])


def stages(path: str) -> list[str]:
    """Return what tests a mutated file meets, the nearest first: its own module's, its room's, the plugin's."""
    module = Path(path).relative_to("ctlab")
    own = Path("tests") / module.parent / f"test_{module.name}"
    room = Path("tests") / module.parts[0]
    there = [str(place) for place in (own, room) if (ROOT / place).exists()]
    return list(dict.fromkeys([*there, LAST]))


def campaign(mutants: Sequence[Mutant], jobs: int = 1, file: Path | None = None) -> list[Outcome]:
    """Test every mutant and print what became of it; with a file, begin where an earlier campaign ended."""
    outcomes = read(file) if file is not None and file.exists() else {}
    left = [mutant for mutant in mutants if mutant not in outcomes]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        trees: queue.Queue[Path] = queue.Queue()
        for number in range(jobs):
            trees.put(copy_of_the_tree(Path(folder) / str(number)))
        limits = time_limits(Path(folder) / "0", left)

        def judged(mutant: Mutant) -> Outcome:
            tree = trees.get()
            try:
                return judge(mutant, tree, limits)
            finally:
                trees.put(tree)

        with ThreadPoolExecutor(jobs) as pool:
            for outcome in pool.map(judged, left):
                print(f"{outcome.fate:9}  {outcome.mutant}  {outcome.by}".rstrip(), flush=True)
                outcomes[outcome.mutant] = outcome
                if file is not None:
                    keep(outcomes.values(), file)
    return [outcomes[mutant] for mutant in mutants]


def keep(outcomes: Iterable[Outcome], file: Path) -> None:
    """Write outcomes, one row each."""
    rows = [{**asdict(outcome.mutant), "fate": outcome.fate, "by": outcome.by} for outcome in outcomes]
    file.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(file: Path) -> dict[Mutant, Outcome]:
    """Return the outcomes that an earlier campaign wrote."""
    outcomes = {}
    for row in json.loads(file.read_text(encoding="utf-8")):
        fate, by = row.pop("fate"), row.pop("by")
        outcomes[Mutant(**row)] = Outcome(Mutant(**row), fate, by)
    return outcomes


def copy_of_the_tree(target: Path) -> Path:
    """Copy what git tracks, as it stands in the checkout."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


def time_limits(tree: Path, mutants: Sequence[Mutant]) -> dict[str, float]:
    """Run all tests that will be needed without a mutant; seconds after which each counts as hanging."""
    limits = {}
    for tests in dict.fromkeys(tests for mutant in mutants for tests in stages(mutant.path)):
        sound = run_tests(tests, tree)
        if sound.fate != "survived":
            sys.exit(f"{tests} fails without any mutant ({sound.by}); mend that first.")
        print(f"{tests}: {sound.seconds:.0f} s without a mutant", flush=True)
        limits[tests] = PATIENCE * sound.seconds + SPARE
    return limits


def judge(mutant: Mutant, tree: Path, limits: dict[str, float]) -> Outcome:
    """Put a mutant into a tree, run its tests from near to far until some fail, and take it out again."""
    file = tree / mutant.path
    source = file.read_text(encoding="utf-8")
    write(file, mutant.apply(source))
    try:
        for tests in stages(mutant.path):
            ran = run_tests(tests, tree, limits[tests])
            if ran.fate != "survived":
                return Outcome(mutant, ran.fate, ran.by)
    finally:
        write(file, source)
    return Outcome(mutant, "survived")


def write(file: Path, source: str) -> None:
    """Write a module and forget its compiled form, which is told from another only by size and second."""
    file.write_text(source, encoding="utf-8")
    Path(importlib.util.cache_from_source(str(file))).unlink(missing_ok=True)


def run_tests(tests: str, tree: Path, limit: float | None = None) -> Tests:
    """Run tests in a tree until the first fails; whatever they started ends with them."""
    options = ["-x", "-q", "-m", "not slow and not long", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *options, tests]
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    start = time.monotonic()
    with subprocess.Popen(
        command, cwd=tree, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    ) as process:
        try:
            said = process.communicate(timeout=limit)[0].decode(errors="replace")
        except subprocess.TimeoutExpired:
            return Tests("timed out", tests, time.monotonic() - start)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    seconds = time.monotonic() - start
    if process.returncode in (0, 5):  # 5: every test is a slow one
        return Tests("survived", "", seconds)
    named = [line.split(" ", 1)[1] for line in said.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    by = named[0].partition(" - ")[0] if named else f"{tests}, exit code {process.returncode}"
    return Tests("killed", by, seconds)


if __name__ == "__main__":
    main()
