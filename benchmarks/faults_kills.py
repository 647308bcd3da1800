"""Runs that are killed or interrupted while their report is written, at random moments: what is left of them.

Ctrl-C (SIGINT to the process group), SIGTERM and SIGKILL in turn, at a moment drawn evenly from the time that a report
takes, seen from outside: from the first entry in the folder of reports to the link to it.
"""

import json
import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.faults_forked import Forked
from benchmarks.faults_outcomes import Outcome, Row, row
from benchmarks.faults_suite import finish, judged, signal_group, start, write_suite

WITHOUT = ("-p", "no:hypothesispytest")
"""Hypothesis is imported at the end of every run, by its plugin: seconds in which Ctrl-C is not ours to take."""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
_REPORT = re.compile(r"\d{4}-\d\d-\d\d-\d{6}(-\d+)?\Z")
_TRACEBACK = re.compile(r"Traceback \(most recent call last\)|^KeyboardInterrupt$|^INTERNALERROR", re.MULTILINE)
_PATIENCE_S, _LOOK_S = 120.0, 0.002
_AND_THE_TABLE = 1.1
"""Once the report is there, the table of verdicts is still to be printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """What a run left that was ended while it wrote its report."""

    signal: str
    """Name of the signal."""
    after_s: float
    """Seconds after the first sign of the report."""
    in_time: bool
    """Whether the run was still writing; one that had ended by then is no trial."""
    half: int
    """Folders called like a report in which files are missing that its report.json lists, or report.json itself."""
    unfinished: int
    """Entries that are marked as unfinished by their name."""
    traceback: bool
    """Whether a traceback was printed."""
    table: bool
    """Whether the table of verdicts was printed."""
    latest_is_whole: bool
    """Whether ``latest`` is missing or names a whole report."""
    end: str
    """The end of what was printed, where there is a traceback in it."""


Run = subprocess.Popen[str] | Forked
"""A run that was started."""
Start = Callable[..., Run]
"""Starts pytest on a suite, with arguments and, as ``more``, variables of the environment."""


def kills(folder: Path, count: int, *, seed: int = 13, start: Start = start) -> Iterator[Kill]:
    """Yield ``count`` trials in a folder of their own; those that came too late are repeated, and not yielded."""
    draw = random.Random(seed)
    suite = write_suite(folder)
    finish(start(suite))  # what is generated is there from now on
    length = time_of_a_report(suite, start=start)
    done = 0
    while done < count:
        trial = _trial(suite, SIGNALS[done % len(SIGNALS)], draw.uniform(0, length), start)
        if trial.in_time:
            done += 1
            yield trial


def left_over(folder: Path, start: Start = start) -> tuple[int, int]:
    """Run the killed suite once more to its end; return how many half and unfinished folders there are then."""
    reports = folder / "reports"
    finish(start(folder))
    return len(_half(reports)), len(_unfinished(reports))


def _trial(suite: Path, how: signal.Signals, after_s: float, start: Start) -> Kill:
    reports = suite / "reports"
    before = fresh(reports)
    process = start(suite, *WITHOUT)
    wait_for_a_report(reports, before)
    time.sleep(after_s)
    in_time = process.poll() is None
    signal_group(process, how) if how == signal.SIGINT else process.send_signal(how)
    code, output = finish(process)
    latest = reports / "latest"
    traceback = has_traceback(output)
    return Kill(
        signal=how.name,
        after_s=round(after_s, 3),
        # A run that has said all and is about to end takes no harm, and no notice either.
        in_time=in_time and (code != 1 or how != signal.SIGINT),
        half=len(_half(reports)),
        unfinished=len(_unfinished(reports)),
        traceback=traceback,
        end=around(output) if traceback else "",
        table=judged(output),
        latest_is_whole=not latest.is_symlink() or _is_whole(latest.resolve()),
    )


def has_traceback(output: str) -> bool:
    """Whether a run printed a traceback, or was interrupted where nobody took it; pytest's own line is none."""
    return bool(_TRACEBACK.search(output))


def around(output: str) -> str:
    """What a run printed around its first traceback, its end where there is none."""
    traceback = _TRACEBACK.search(output)
    return output[max(0, traceback.start() - 1500) : traceback.start() + 1500] if traceback else output[-3000:]


def time_of_a_report(suite: Path, *args: str, start: Start = start) -> float:
    """Seconds from the first sign of a report to the end of a run, about: nothing disturbs it."""
    reports = suite / "reports"
    before = fresh(reports)
    process = start(suite, *WITHOUT, *args)
    began = wait_for_a_report(reports, before)
    while process.poll() is None and not (reports / "latest").exists():
        time.sleep(_LOOK_S)
    whole = time.monotonic()
    finish(process)
    return (whole - began) * _AND_THE_TABLE


def fresh(reports: Path) -> set[str]:
    """Remove whole reports, whose pictures the next one would only copy; return the names that are left."""
    for path in reports.iterdir():
        if path.name == "latest":
            path.unlink()
        elif _REPORT.match(path.name) and _is_whole(path):
            shutil.rmtree(path)
    return {path.name for path in reports.iterdir()}


def wait_for_a_report(reports: Path, before: set[str]) -> float:
    """Wait until a run begins its report; return when that was, on the monotonic clock."""
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        if {path.name for path in reports.iterdir()} - before:
            return time.monotonic()
        time.sleep(_LOOK_S)
    raise TimeoutError(f"no report was begun within {_PATIENCE_S:g} s")


def _half(reports: Path) -> list[Path]:
    return [path for path in reports.iterdir() if _REPORT.match(path.name) and not _is_whole(path)]


def _unfinished(reports: Path) -> list[Path]:
    return [path for path in reports.iterdir() if path.name.endswith(".part")]


def _is_whole(folder: Path) -> bool:
    try:
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return all((folder / name).is_file() for name in report["files"])


def summary(trials: Sequence[Kill]) -> dict[str, int]:
    """Count what went wrong."""
    ctrl_c = [trial for trial in trials if trial.signal == "SIGINT"]
    halves = [0, *(trial.half for trial in trials)]
    return {
        "kills": len(trials),
        "half folders made": sum(max(0, after - before) for before, after in pairwise(halves)),
        "latest not whole": sum(not trial.latest_is_whole for trial in trials),
        "Ctrl-C": len(ctrl_c),
        "Ctrl-C with a traceback": sum(trial.traceback for trial in ctrl_c),
        "Ctrl-C without the table": sum(not trial.table for trial in ctrl_c),
    }


def report_rows(folder: Path, count: int, seed: int = 13, start: Start = start) -> Iterator[Row]:
    """Kill ``count`` runs while they report: a row each signal, and a row for the run that comes afterwards."""
    trials = list(kills(folder, count, seed=seed, start=start))
    halves = pairwise([0, *(trial.half for trial in trials)])
    outcomes = [_outcome(trial, after > before) for trial, (before, after) in zip(trials, halves, strict=True)]
    for how in SIGNALS:
        those = [(trial, outcome) for trial, outcome in zip(trials, outcomes, strict=True) if trial.signal == how.name]
        findings = [f"{trial}: {outcome}" for trial, outcome in those if outcome is not Outcome.RECOVERED]
        yield row(f"{how.name} while a report is written", [outcome for _, outcome in those], findings)
    left = left_over(folder, start)
    yield row("the run after all of them", [Outcome.LOST if any(left) else Outcome.RECOVERED], [f"left: {left}"])


def _outcome(trial: Kill, half: bool) -> Outcome:
    if half or not trial.latest_is_whole:
        return Outcome.WRONG
    if trial.traceback:
        return Outcome.TRACEBACK
    # Who presses Ctrl-C waits for the verdicts; who kills a run does not.
    return Outcome.LOST if trial.signal == "SIGINT" and not trial.table else Outcome.RECOVERED
