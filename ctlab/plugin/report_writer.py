"""Collects what became of every claim and writes the report; lives on the controller only."""

import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from ctlab import formatting
from ctlab.claims import Claim
from ctlab.errors import CtlabError, StoreError
from ctlab.interventions import BASELINE
from ctlab.kept_values import keeping
from ctlab.lab.claim_rows import of_repeats, unjudged
from ctlab.lab.claim_run import ClaimRun
from ctlab.lab.gate import NOTHING_ACCEPTED, may_look
from ctlab.lab.interrupts import interrupts_held
from ctlab.lab.red_run import UNTESTED, red_reasons
from ctlab.lab.registration import Registrations
from ctlab.lab.seen_verdicts import accept, note_looks
from ctlab.plugin.pytest_outcome import ROW
from ctlab.plugin.session import ClaimSession
from ctlab.plugin.terminal import resume_line, write_claims
from ctlab.reporting.prose.hesitation_words import hesitation_line
from ctlab.reporting.report_parts import Parts, said
from ctlab.untrusted_text import in_line, visible

_ENDED = "the run ended before it"
_NAMED = 6
"""Claims that are named where none is selected: those of a suite of the usual size, and no page of a large one's."""


class ReportWriter:
    """Registered as a plugin: its methods are the hooks of the end of a run."""

    def __init__(self, session: ClaimSession, plugins: pytest.PytestPluginManager) -> None:
        self._session, self._plugins = session, plugins
        self.claims = session.claims
        self.ended = False
        """Whether a run that held claims came to its end, or was interrupted."""
        self.interrupted = False
        self.folder = ""
        """Where the report is; empty where there is none."""
        self.reasons: list[str] = []
        """Why the run is red although no test of it failed, and what its report lacks."""
        self._began = time.time()
        self._collected: dict[str, dict[str, Any]] = {}
        self._finished: dict[str, dict[str, Any]] = {}
        self._crashed: dict[str, str] = {}
        self._unjudged: dict[str, dict[str, Any]] = {}  # rows of claims that were not collected, each made once
        self._deselected: dict[str, str] = {}  # ids of tests to ids of their claims
        self._workers_collected = False
        self._lines: list[str] = []
        self._accepted = False
        self._pytest: pytest.Session | None = None
        self._notes: list[str] = []
        self._old_names: list[str] = []
        self._misuse: dict[str, None] = {}

    @pytest.hookimpl(tryfirst=True)  # before pytest writes the test's letter
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take a claim's row from its report; a worker that died leaves a report without one."""
        row = getattr(report, ROW, None)
        if row is not None:
            resume_line(self._plugins.get_plugin("terminalreporter"), report)
            self._finished[report.nodeid] = row
        elif str(report.when) == "???":  # what pytest-xdist writes on the report of a test whose worker died
            self._crashed[report.nodeid] = "the worker that ran it crashed"

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Note that workers collected tests: one that is interrupted never tells which claims they judge."""
        self._workers_collected = self._workers_collected or (bool(ids) and self._session.in_use)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Merge what a worker collected; every worker collects the same. One that died tells nothing."""
        if output := getattr(node, "workeroutput", {}).get("ctlab"):
            self._merge(output)

    def _merge(self, process: Mapping[str, Any]) -> None:
        self._collected.update(process["collected"])
        self._deselected.update(process["deselected"])
        self._old_names += self._session.old_names(process["old_names"])
        self._misuse.update(dict.fromkeys(process["misuse"]))

    @pytest.hookimpl(trylast=True)  # after pytest-xdist, which ends its workers in this hook
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int | pytest.ExitCode) -> None:
        """Write the report, JSON first, and accept the verdicts where that was asked for."""
        self._pytest = session
        self._merge(self._session.to_json(judges=_judges(session.config, self.claims)))
        config = session.config
        if self._misuse:  # found by workers, which ran nothing
            session.exitstatus = pytest.ExitCode.USAGE_ERROR
        if not self._concerned(config):
            return
        if exitstatus in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR):
            return
        if self.claims.registered.absent:  # seen by workers alone, each test of which has said it
            session.exitstatus = pytest.ExitCode.USAGE_ERROR
            return
        self.ended, self.interrupted = True, exitstatus == pytest.ExitCode.INTERRUPTED
        try:
            whole = self._finish(config)
        except KeyboardInterrupt:  # what was judged is shown all the same: the table needs no report
            self.interrupted = True
            self._lines.append(self._cut_short())
            session.exitstatus = pytest.ExitCode.INTERRUPTED
        else:
            if not whole:
                session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED

    def _finish(self, config: pytest.Config) -> bool:
        """Note, accept and write what was judged; return whether nothing of it went wrong or makes the run red."""
        self.reasons = red_reasons(
            self.claims, self.rows(), lambda: self._registrations, collected=bool(self._collected)
        )
        self._notes = self.claims.registered.withdrawn(self.claims.lab)
        self._lines += [*self._notes, *self.reasons]
        whole = not self.reasons
        try:
            self._lines += self._unnoted()
            if self.claims.settings.accept:
                whole = self._accept() and whole
            with self._session.still.at("writing the report"):
                missing = self._write(config)
        except Exception as error:  # the verdicts are there, and are shown whatever becomes of the report
            missing = [f"no report: {said(error)}"]
            self._lines += missing
        self.reasons += missing
        return whole and not missing

    def _accept(self) -> bool:
        """Accept the verdicts; where that fails, say so: the report is written all the same."""
        try:
            lines, whole = accept(self.claims, self.rows())
        except CtlabError as error:
            lines, whole = [f"no verdict was accepted: {error}"], False
        self._accepted = True
        self._unjudged.clear()  # the registry says something else now
        self._lines += lines
        return whole

    def _unnoted(self) -> list[str]:
        """Note what was seen, in the store; say where that cannot be, and it was not said before the run."""
        try:
            note_looks(self.claims, self.rows())
        except StoreError as error:
            store = self.claims.lab.store
            known = store.read_only and not self.claims.settings.recorded
            return [] if known else [f"what this run saw of its claims is not noted: {error}"]
        return []

    def _cut_short(self) -> str:
        unaccepted = self.claims.settings.accept and not self._accepted
        what = "no report, and no verdict was accepted" if unaccepted else "no report"
        return f"{what}: interrupted while it was written; what was generated is kept, so run again"

    @pytest.hookimpl(tryfirst=True)  # before plugins that take seconds here: Ctrl-C in them must not cost the table
    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter, exitstatus: int | pytest.ExitCode
    ) -> None:
        """Show the verdicts, what was not judged, where the report is, and old names that the header could not know."""
        for line in self._old_names:
            terminalreporter.write_line(line)
        for why in self._misuse:
            terminalreporter.write_line(f"ERROR: ctlab: {visible(why)}", red=True)
        if self._deselected and not self._collected:
            terminalreporter.write_line(visible(self._none_selected), yellow=True)
        if self._concerned(terminalreporter.config) and exitstatus != pytest.ExitCode.USAGE_ERROR:
            with interrupts_held() as held:
                write_claims(terminalreporter, self.dated(), self._lines)
            if held and self._pytest is not None:
                self._pytest.exitstatus = pytest.ExitCode.INTERRUPTED

    @property
    def _none_selected(self) -> str:
        """Say which claims there are where a selection left none: pytest says only how many tests it left out."""
        ids = list(self.claims.registered.claims)
        named = formatting.listed([*ids[:_NAMED], *([f"{len(ids) - _NAMED} more"] if len(ids) > _NAMED else [])])
        return (
            f"ctlab: no claim is selected of {len(ids)}: {named}; -k takes a claim's id, its family, its kind, "
            "a condition or a thought that it is about"
        )

    @property
    def _look(self) -> str:
        """Say of a run whose verdicts are held to none that it guards nothing; empty of others."""
        return f"not a gate: {NOTHING_ACCEPTED}" if may_look(self.claims) else ""

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """Say it in the very last line, below what pytest counts as passed."""
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if self.ended and reporter is not None and self._look:
            reporter.write_line(self._look)

    def rows(self) -> list[dict[str, Any]]:
        """Every registered claim's row, in the order of the registry; what was not selected says so."""
        rows = {row["id"]: row for row in self._collected.values()}
        for nodeid, row in self._collected.items():
            if nodeid in self._crashed:
                rows[row["id"]] = unjudged({**row, "nodeid": nodeid}, "error", self._crashed[nodeid])
        repeats: dict[str, list[dict[str, Any]]] = {}
        for row in self._finished.values():
            repeats.setdefault(row["id"], []).append(row)
        rows.update((claim_id, of_repeats(those)) for claim_id, those in repeats.items())
        registered = self.claims.registered.claims
        for claim in registered.values():
            if claim.id not in rows:
                untested = self._whole and claim.id not in self._deselected.values()
                why = (UNTESTED if untested else "not selected") if self._collected else _ENDED
                if claim.id not in self._unjudged:
                    self._unjudged[claim.id] = self.claims.row(claim)
                rows[claim.id] = unjudged(self._unjudged[claim.id], "not_run", why)
            elif rows[claim.id]["status"] == "not_run":
                rows[claim.id] = unjudged(rows[claim.id], "not_run", _ENDED)
        return [rows[name] for name in dict.fromkeys([*registered, *rows])]

    @cached_property
    def _registrations(self) -> Registrations:
        return Registrations(self.claims)

    def dated(self) -> list[dict[str, Any]]:
        """Add to each row when it was registered; here alone, because git is asked, and the answers have been seen."""
        claims = self.claims.registered.claims
        return [self._with_order(row, claims[row["id"]]) if row["id"] in claims else row for row in self.rows()]

    def _with_order(self, row: dict[str, Any], claim: Claim) -> dict[str, Any]:
        order = self._registrations.of(claim)
        row = {**row, "registration": order.words}
        return {**row, "exploratory": True, "deviation": order.late} if order.late and not row["exploratory"] else row

    @property
    def _whole(self) -> bool:
        """Whether all tests of the suite were collected, so that a claim without one has none."""
        return self._session.whole and not (self._deselected and self._session.chosen)

    def _concerned(self, config: pytest.Config) -> bool:
        """Whether this run held claims and meant to judge them."""
        return bool(self._collected or self._finished or self._workers_collected) and _judges(config, self.claims)

    def _write(self, config: pytest.Config) -> list[str]:
        """Write the report and return what it lacks, a sentence each."""
        from ctlab.lab.recorded_scores import score_lines
        from ctlab.lab.report import run_report
        from ctlab.reporting.history.keeping import publish_and_keep
        from ctlab.reporting.publish import publish

        self.claims.lab.log.say("writing the report")
        parts = Parts()
        with keeping(self.claims.lab.values):
            report, beside = run_report(self.claims, self.dated(), parts)
        report["notes"] += [*self._notes, *filter(None, [self._look]), *self.reasons]
        report |= {
            "started": datetime.fromtimestamp(self._began).astimezone().isoformat(timespec="seconds"),
            "seconds": round(time.time() - self._began, 1),
            "command": command(config),
            "interrupted": self.interrupted,
            "look": bool(self._look),
        }
        report["selection"]["deselected"] = len(self._deselected)
        beside["say"] = self._lines.append
        published = publish_and_keep if self.claims.settings.history else publish
        folder = published(self.claims.settings.report, report, beside)
        self._lines += [*baseline_line(report["conditions"]), *score_lines(report["conditions"])]
        if hesitated := hesitation_line((row["name"], row["ambiguous"]) for row in report["conditions"]):
            self._lines.append(hesitated)
        if report["forms"] is not None and not report["forms"]["known"]:
            self._lines.append(report["forms"]["said"])
        self.folder = in_line(str(from_here(folder, config.invocation_params.dir)))
        self._lines += [*parts.missing, f"report: {self.folder}"]
        return parts.missing


def _judges(config: pytest.Config, claims: ClaimRun) -> bool:
    """Whether a run means to judge, and not to list, to plan or to register."""
    asked, settings = config.option, claims.settings
    lists = asked.collectonly or asked.showfixtures or asked.show_fixtures_per_test or asked.setuponly
    return not (lists or settings.plan or settings.writes_registry_only)


def baseline_line(conditions: Iterable[Mapping[str, Any]]) -> list[str]:
    """Say how many answers are correct when nothing is disturbed: what all claims of a loss start from."""
    for row in conditions:
        if row["name"] == BASELINE.name and row["n"]:
            return [f"baseline: {formatting.accuracy(row['accuracy'], row['n'])}"]
    return []


def command(config: pytest.Config) -> str:
    """What was typed."""
    return " ".join(["pytest", *map(str, config.invocation_params.args)])


def from_here(path: Path, here: Path) -> Path:
    """Return a path as it can be opened from a folder: relative to it inside of it, whole anywhere else."""
    return path.relative_to(here) if path.is_relative_to(here) else path
