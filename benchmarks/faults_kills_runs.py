"""Runs that are killed while they generate or accept, at random moments, and the runs that take them up.

Nothing that was published may be made again, and nothing that was said to be accepted may be missing; the run that
comes afterwards must end as if nothing had happened.
"""

import json
import random
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.faults_kills import (
    SIGNALS,
    WITHOUT,
    Run,
    Start,
    around,
    fresh,
    has_traceback,
    time_of_a_report,
    wait_for_a_report,
)
from benchmarks.faults_outcomes import HARM, Outcome, Row, row
from benchmarks.faults_suite import EXPECTED, counts, finish, judged, signal_group, start, write_suite
from ctlab.claims import Registry
from ctlab.claims.registered import What
from ctlab.records import Generation
from ctlab.store.manifest import Entry
from ctlab.store.shards import decode

_PAUSE_S = "0.3"
"""Rest after each of the three batches: a run whose engine takes no time would generate all of them in one moment."""
_PATIENCE_S, _LOOK_S = 120.0, 0.002
_Came = tuple[Outcome, str] | None
"""What came of a kill, and what was printed; None where it came too late."""
_ACCEPTED = re.compile(r"accepted (\d+) verdicts? into registry\.toml")


def generation_rows(folder: Path, count: int, seed: int = 13, start: Start = start) -> Iterator[Row]:
    """Kill ``count`` runs while they generate, one signal after another, and take each up."""
    suite = write_suite(folder)
    process = _generating(suite, start)
    began = time.monotonic()
    finish(process)
    window, truth = time.monotonic() - began, _answers(suite)

    def trial(draw: random.Random, place: int) -> _Came:
        shutil.rmtree(suite / ".ctlab")
        output = _killed(_generating(suite, start), place, draw.uniform(0, window))
        if output is None:
            return None
        published = len(_answers(suite))
        (suite / "calls.log").unlink()
        _, afterwards = finish(start(suite))
        if published + _generated(suite) != len(truth):
            return Outcome.LOST, output
        return _end(output, afterwards, right=counts(afterwards) == EXPECTED and _answers(suite) == truth)

    yield _tried("killed while it generates", trial, count, seed)


def acceptance_rows(folder: Path, count: int, seed: int = 13, start: Start = start) -> Iterator[Row]:
    """Kill ``count`` runs while they report and then accept; what the registry held before is still in it."""
    suite = write_suite(folder)
    for args in (("--ctlab-register",), ()):
        finish(start(suite, *args))
    registry, reports = suite / "claims_here" / "registry.toml", suite / "reports"
    before, registered = registry.read_bytes(), _events(registry)
    window = time_of_a_report(suite, "--ctlab-accept", start=start)
    accepted = _events(registry)

    def trial(draw: random.Random, place: int) -> _Came:
        registry.write_bytes(before)
        earlier = fresh(reports)
        process = start(suite, *WITHOUT, "--ctlab-accept")
        wait_for_a_report(reports, earlier)
        output = _killed(process, place, draw.uniform(0, window))
        if output is None:
            return None
        events = _events(registry)
        if not registered <= events or (_ACCEPTED.search(output) and events != accepted):
            return Outcome.LOST, output
        if events not in (registered, accepted):
            return Outcome.WRONG, output
        _, afterwards = finish(start(suite, "--ctlab-accept"))
        return _end(output, afterwards, right=_events(registry) == accepted)

    yield _tried("killed while it reports and accepts", trial, count, seed)


def _tried(fault: str, trial: Callable[[random.Random, int], _Came], count: int, seed: int) -> Row:
    """Try until ``count`` kills came in time; a trial is None where the run had ended by then."""
    draw = random.Random(seed)
    came: list[tuple[Outcome, str]] = []
    while len(came) < count:
        if (those := trial(draw, len(came))) is not None:
            came.append(those)
    bad = [f"{fault}, kill {n}: {outcome}\n{around(said)}" for n, (outcome, said) in enumerate(came) if outcome in HARM]
    return row(fault, [outcome for outcome, _ in came], bad)


def _killed(process: Run, place: int, after_s: float) -> str | None:
    """End a run after some time by one signal of three; return what it printed, None where it had ended by itself."""
    time.sleep(after_s)
    in_time = process.poll() is None
    signal_group(process, SIGNALS[place % len(SIGNALS)])
    _, output = finish(process)
    return output if in_time else None


def _end(output: str, afterwards: str, *, right: bool) -> tuple[Outcome, str]:
    said = output + afterwards
    if not (right and judged(afterwards)):
        return Outcome.WRONG, said
    return (Outcome.TRACEBACK if has_traceback(said) else Outcome.RECOVERED), said


def _generating(suite: Path, start: Start) -> Run:
    """Start a run whose engine has rests, and wait until it was asked for its first batch."""
    log = suite / "calls.log"
    log.unlink(missing_ok=True)
    process = start(suite, *WITHOUT, more={"FAKE_PAUSE": _PAUSE_S})
    deadline = time.monotonic() + _PATIENCE_S
    while not (log.is_file() and "generate" in log.read_text(encoding="utf-8")):
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing was generated within {_PATIENCE_S:g} s")
        time.sleep(_LOOK_S)
    return process


def _generated(suite: Path) -> int:
    """Count the answers that the engine was asked for."""
    log = suite / "calls.log"
    calls = [line.split() for line in log.read_text(encoding="utf-8").splitlines()] if log.is_file() else []
    return sum(int(words[1]) * len(words[2:]) for words in calls if words[0] == "generate")


def _answers(suite: Path) -> dict[tuple[str, str], Generation]:
    """Every answer that is published, by digest of its run and problem."""
    found = {}
    for path in sorted((suite / ".ctlab" / "store").glob("v1/*/*.json")):
        try:
            entry = Entry.from_json(json.loads(path.read_bytes()))
        except (ValueError, KeyError):  # no entry: names, uses
            continue
        runs = decode(path.with_suffix(".parquet").read_bytes(), entry.digests, entry.digests)
        found |= {(digest, answer.problem_id): answer for digest, those in runs.items() for answer in those}
    return found


def _events(path: Path) -> Counter[tuple[str, What]]:
    """What a registry says happened to its claims; raises where it cannot be read."""
    versions = Registry.load(path).claims
    return Counter((name, event.what) for name, those in versions.items() for each in those for event in each.history)
