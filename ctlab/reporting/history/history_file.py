"""history.jsonl: one line a run, added to and never rewritten, so that two runs may end at once.

A line is written in one call and in ASCII, so that one that was cut off spoils no other; who adds the next one begins
a line of its own.
"""

import json
from pathlib import Path

from ctlab.errors import InputError, StoreError
from ctlab.files import append, ends_in_a_line
from ctlab.inputs import read_lines
from ctlab.reporting.history.run_row import same_subject
from ctlab.reporting.model.history_row import HistoryRun, RunSubject
from ctlab.reporting.model.reading import read

MOST_RUNS = 20
"""Earlier runs that a report takes along, the last ones: a line of 21 points is read at a glance."""
_ADVICE = "it is left out; delete the line, or leave it"


def add_run(file: Path, run: HistoryRun) -> None:
    """Add a run's line; StoreError says in one sentence why it cannot be."""
    text = json.dumps(run.to_json(), ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    try:
        torn = not ends_in_a_line(file)
        append(file, b"\n" * torn + text.encode() + b"\n")
    except OSError as error:
        raise StoreError(f"this run is not in {file}: {error.strerror or error}") from error


def read_history(file: Path) -> tuple[list[HistoryRun], list[str]]:
    """Read the runs of a history, oldest first, and a sentence for each line that is none."""
    runs: list[HistoryRun] = []
    bad: list[str] = []
    try:
        for number, value in read_lines(file, bad.append, error=InputError, advice=_ADVICE):
            try:
                runs.append(read(HistoryRun, value, f"{file}, line {number}"))
            except InputError as error:
                bad.append(f"{str(error).rstrip('.')}; {_ADVICE}")
    except InputError as error:  # of the whole file
        bad.append(str(error))
    return sorted(runs, key=lambda run: (run.started, run.run)), bad


def earlier_runs(runs: list[HistoryRun], subject: RunSubject) -> list[HistoryRun]:
    """The last runs of a subject, oldest first."""
    return [run for run in runs if same_subject(run.subject, subject)][-MOST_RUNS:]
