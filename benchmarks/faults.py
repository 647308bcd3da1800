"""Harms what ctlab reads, keeps and runs, says what came of it, and writes that into ``docs/reliability.md``.

``python -m benchmarks.faults`` does everything, ``python -m benchmarks.faults kills fuzz`` these parts of the document
only. A part stands between ``<!-- NAME -->`` and ``<!-- /NAME -->``. The exit code is 1 where anything was lost or
wrong, or ended in a traceback. ``--quick`` is a short trial, which is written nowhere unless ``--out`` says so.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from benchmarks import faults_identity, faults_models
from benchmarks.faults_endurance import KINDS, Sample, endurance, grown, growth_table
from benchmarks.faults_forked import start_forked
from benchmarks.faults_hostile import hostile_rows
from benchmarks.faults_inputs import file_rows
from benchmarks.faults_kills import report_rows
from benchmarks.faults_kills_runs import acceptance_rows, generation_rows
from benchmarks.faults_kills_store import publishing_rows, tending_rows
from benchmarks.faults_outcomes import Outcome, Row, row, table, tried
from benchmarks.faults_plugins import plugin_rows
from benchmarks.fuzz import fuzz
from ctlab.claims.registry import utc_now

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "reliability.md"
SEED = 13
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a part of the document says."""

    rows: tuple[Row, ...]
    """Its table."""
    more: str = ""
    """What stands below its table, as Markdown."""
    findings: tuple[str, ...] = ()
    """What is wrong beside the rows."""

    @property
    def wrong(self) -> list[str]:
        """Everything that must not be."""
        return [*(finding for each in self.rows if each.harm for finding in each.findings), *self.findings]

    @property
    def harm(self) -> bool:
        """Whether anything must not be."""
        return any(each.harm for each in self.rows) or bool(self.findings)


def identity(folder: Path, quick: bool) -> Part:
    template = faults_identity.make(folder / "store")
    return _part(tried(faults_identity.STORE_FAULTS, template, 1 if quick else 40, SEED))


def models(folder: Path, quick: bool) -> Part:
    template = faults_models.make(folder / "model")
    return _part(tried(faults_models.MODEL_FAULTS, template, 1 if quick else 40, SEED))


def kills(folder: Path, quick: bool) -> Part:
    return apart(_kills, folder, quick)


def _kills(folder: Path, quick: bool) -> Part:
    few = 1 if quick else None
    return _part(
        [
            *report_rows(folder / "report", few or 99, start=start_forked),
            *generation_rows(folder / "generation", few or 24, start=start_forked),
            *acceptance_rows(folder / "acceptance", few or 24, start=start_forked),
            *publishing_rows(folder, few or 30),
            *tending_rows(folder, few),
        ]
    )


def hostile(folder: Path, quick: bool) -> Part:
    return _part(hostile_rows(folder, 1 if quick else None))


def files(folder: Path, quick: bool) -> Part:
    return _part(file_rows(folder, 1 if quick else None))


def plugins(folder: Path, quick: bool) -> Part:
    return _part(plugin_rows(folder, 1 if quick else None))


def repeated(folder: Path, quick: bool) -> Part:
    runs = len(KINDS) + 2 if quick else 500
    return growth(apart(endurance, folder, runs, 40), lasting=not quick)


def apart(work: Callable[..., T], *args: Any) -> T:
    """Work in a fresh process: what is forked there, or measured, has nothing of the other parts in it."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *args).result()


def growth(samples: Sequence[Sample], *, lasting: bool) -> Part:
    """Say of repeated runs how many of each kind there were, and what grew; of a few runs nothing can be said."""
    numbers = Counter(sample.kind for sample in samples)
    rows = [row(f"repeated runs: {kind}", [Outcome.UNNOTICED] * count) for kind, count in numbers.items()]
    return Part(rows=tuple(rows), more=growth_table(samples), findings=tuple(grown(samples)) if lasting else ())


def texts(folder: Path, quick: bool) -> Part:
    rows, failures = fuzz(0, 60 if quick else 100_000)
    return Part(rows=tuple(rows), findings=tuple(map(str, failures)))


PARTS = {
    "identity": identity,
    "models": models,
    "kills": kills,
    "hostile": hostile,
    "files": files,
    "plugins": plugins,
    "endurance": repeated,
    "fuzz": texts,
}


def _part(rows: Iterable[Row]) -> Part:
    """Collect rows, each printed as it comes."""
    found = []
    for each in rows:
        print(f"  {each.fault}: " + ", ".join(f"{n:,} {outcome}" for outcome, n in each.outcomes.items()), flush=True)
        found.append(each)
    return Part(rows=tuple(found))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts that are asked for, print their tables and write them; 1 where one of them found harm."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; default: all")
    parser.add_argument("--quick", action="store_true", help="one or a few of each: does it run?")
    parser.add_argument("--out", type=Path, help=f"document to write into ({DOCUMENT.name}; none if quick)")
    options = parser.parse_args(arguments)
    names = options.parts or list(PARTS)
    if unknown := [name for name in names if name not in PARTS]:
        parser.error(f"unknown part {unknown[0]!r}; parts are {', '.join(PARTS)}")
    out = options.out or (None if options.quick else DOCUMENT)
    if out is not None:
        for name in names:
            replaced(out, name, "")  # no hour of work for a document that has no place for it
    harm = [name for name in names if measured(name, options.quick, out)]
    if harm:
        print(f"lost, wrong or a traceback in: {', '.join(harm)}")
    return 1 if harm else 0


def measured(name: str, quick: bool, out: Path | None) -> bool:
    """Run a part, print it and write it; return whether it found harm."""
    commit, began = state(), time.monotonic()
    print(f"{name} …", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        part = PARTS[name](Path(folder), quick)
    content = written(part, commit, time.monotonic() - began, quick)
    print(f"\n{content}\n")
    for finding in part.wrong:
        print(finding)
    if out is not None:
        out.write_text(replaced(out, name, content), encoding="utf-8")
    return part.harm


def written(part: Part, commit: str, seconds: float, quick: bool) -> str:
    """Write a part as Markdown."""
    minutes = max(1, round(seconds / 60))
    taken = f"{utc_now()[:10]}, {commit}, {minutes} {'minute' if minutes == 1 else 'minutes'}"
    stamp = f"*Measured {taken}{', a quick trial' if quick else ''}.*"
    return "\n\n".join(filter(None, (table(part.rows), part.more, stamp)))


def state() -> str:
    """Say which commit this is, and whether anything of it was changed."""

    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""

    commit = git("rev-parse", "--short", "HEAD")
    changed = git("status", "--porcelain", "--", "ctlab", "benchmarks", "tests")
    return f"commit {commit}{' and changes' if changed else ''}" if commit else "of no commit"


def replaced(document: Path, name: str, content: str) -> str:
    """Return a document with the part between its marks replaced."""
    before, _, rest = document.read_text(encoding="utf-8").partition(f"<!-- {name} -->\n")
    _, mark, after = rest.partition(f"<!-- /{name} -->")
    if not mark:
        sys.exit(f"{document} has no part {name!r}; write `<!-- {name} -->` and `<!-- /{name} -->` where it belongs.")
    return f"{before}<!-- {name} -->\n{content}\n{mark}{after}"


if __name__ == "__main__":
    raise SystemExit(main())
