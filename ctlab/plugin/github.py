"""A run on GitHub Actions: its summary and its annotations, where the runner asks for them by its variables."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ctlab.files import append
from ctlab.lab.red_run import barred
from ctlab.plugin.pytest_outcome import ROW
from ctlab.untrusted_text import in_line

if TYPE_CHECKING:
    from ctlab.plugin.report_writer import ReportWriter
    from ctlab.reporting.ci.red_claims import RedClaim

SUMMARY = "GITHUB_STEP_SUMMARY"
"""Variable with the path of the file that a step's summary is appended to."""
ACTIONS = "GITHUB_ACTIONS"
"""Variable that is ``true`` on GitHub's runners: what a line of the log that begins with ``::`` says is done."""


def on_github(environment: Mapping[str, str]) -> bool:
    """Whether anything is asked for."""
    return bool(environment.get(SUMMARY)) or environment.get(ACTIONS) == "true"


class GithubWriter:
    """Registered as a plugin on the controller, after the writer of the report, whose rows it reads."""

    def __init__(self, writer: "ReportWriter") -> None:
        self._writer = writer
        self._failed: dict[str, tuple[str, int | None]] = {}
        self._warning = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note where a claim's test stands that failed; one that passes when it is run again has not."""
        if hasattr(report, ROW) or str(report.when) == "???":  # the latter of a worker that died
            self._failed.pop(report.nodeid, None)
            if report.failed:
                self._failed[report.nodeid] = report.location[:2]

    @pytest.hookimpl(trylast=True)  # what is registered later is called later among these: after the report
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Append the summary."""
        if not self._writer.ended or not (place := os.environ.get(SUMMARY)):
            return
        try:
            self._warning = self._append(Path(place), session.config.rootpath, int(session.exitstatus))
        except Exception as error:  # the verdicts are there, and are shown whatever becomes of the summary
            reason = getattr(error, "strerror", None) or error
            self._warning = f"warning: no summary in {SUMMARY} ({place}): {reason}"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Write the annotations, and what became of the summary."""
        if self._warning:
            terminalreporter.write_line(in_line(self._warning))
        if self._writer.ended and os.environ.get(ACTIONS) == "true":
            from ctlab.reporting.ci.workflow_commands import error_commands

            red = self._red(terminalreporter.config.rootpath)
            for command in error_commands(red, self._writer.reasons):
                terminalreporter.write_line(command)

    def _append(self, place: Path, root: Path, exit_code: int) -> str:
        """Append the summary to what the step has written already; return a warning where nothing more fits."""
        from ctlab.reporting.ci.step_summary import LIMIT, Summary, step_summary

        settings, subject = self._writer.claims.settings, self._writer.claims.lab.subject
        written = place.stat().st_size if place.exists() else 0
        text = step_summary(
            Summary(
                subject=subject.name,
                rows=self._writer.dated(),
                red=self._red(root),
                others=self._writer.reasons,
                report=self._writer.folder,
                accepting=settings.accept,
                interrupted=self._writer.interrupted,
                exit_code=exit_code,
            ),
            LIMIT - written - 1,
        )
        if not text:
            return f"warning: no summary in {SUMMARY}: the step has filled its {LIMIT:,} bytes"
        append(place, ("\n" + text if written else text).encode())
        return ""

    def _red(self, root: Path) -> list["RedClaim"]:
        from ctlab.reporting.ci.red_claims import red_claim

        top = repository(root)
        found = []
        for row in self._writer.dated():
            if row["status"] != "error" and row["nodeid"] not in self._failed:
                continue
            file, line = self._failed.get(row["nodeid"], ("", None))
            found.append(
                red_claim(
                    row,
                    barred=barred(self._writer.claims, row),
                    file=_from(top, root / file) if file else "",
                    line=None if line is None else line + 1,  # pytest counts from 0
                )
            )
        return found


def repository(folder: Path) -> Path:
    """Return the root of the repository that a folder is in, the folder itself outside of any."""
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)


def _from(top: Path, file: Path) -> str:
    path = Path(os.path.normpath(file))
    return (path.relative_to(top) if path.is_relative_to(top) else path).as_posix()
