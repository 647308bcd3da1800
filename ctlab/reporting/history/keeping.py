"""Publishing a report with the runs before it, and keeping its own line for those that come after."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ctlab.errors import CtlabError
from ctlab.reporting.history.history_file import add_run, earlier_runs, read_history
from ctlab.reporting.history.run_row import history_run, subject
from ctlab.reporting.model.reading import read
from ctlab.reporting.model.record import Form
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.publish import publish
from ctlab.reporting.report_files import read_json
from ctlab.reporting.schema import REPORT, complete
from ctlab.untrusted_text import in_line

HISTORY = "history.jsonl"
"""Name of the file with a line a run, beside the folders of the reports."""
_ASKED = ("model", "problems", "decoding")
"""Parts of a report that say who was asked what."""
Say = Callable[[str], None]


def publish_and_keep(root: Path, report: Mapping[str, object], beside: Mapping[str, Any]) -> Path:
    """Publish a report (`publish`) that takes along the earlier runs of its subject, and add it to them.

    A run that judged nothing is not added. What is wrong with the history is said, and costs nothing else.
    """
    say: Say = beside.get("say") or logging.getLogger("ctlab.reporting").warning
    folder = publish(root, {**report, "history": _earlier(root / HISTORY, report, say)}, beside)
    _keep(root / HISTORY, folder, say)
    return folder


def _earlier(file: Path, report: Mapping[str, object], say: Say) -> list[Form]:
    """Earlier runs of the report's subject."""
    runs, bad = read_history(file)
    for sentence in bad:
        say(in_line(sentence))
    # Without what may hold things that no report can: that is looked at, and left out, when the report is written.
    asked = {name: report[name] for name in _ASKED if name in report}
    who = subject(read(Report, {**asked, "alpha": 0.05, "claims": [], "conditions": []}, REPORT))
    return [run.to_json() for run in earlier_runs(runs, who)]


def _keep(file: Path, folder: Path, say: Say) -> None:
    """Add a written report to the history; its name was given when it was whole, so that no two runs share one."""
    try:
        run = history_run(complete(read_json(folder / REPORT)), folder.name)
        if run.claims:
            add_run(file, run)
    except CtlabError as error:
        say(in_line(str(error)))
