"""What claims say in the terminal: header, progress, letters and words, the table at the end.

pytest's own categories stay as they are: its summary, its exit code and other plugins know no others.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from textwrap import wrap
from typing import Any

import pytest

from ctlab import formatting
from ctlab.lab.claim_run import ClaimRun
from ctlab.lab.gate import NOTHING_ACCEPTED, may_look
from ctlab.lab.legend import WORDS, legend
from ctlab.lab.log import ConsoleLog
from ctlab.lab.still_working import StillWorking
from ctlab.untrusted_text import visible

LETTERS = {"SUPPORTED": "S", "REFUTED": "R", "INCONCLUSIVE": "I", "VOID": "V"}
COLOURS = {"SUPPORTED": "green", "REFUTED": "red", "INCONCLUSIVE": "yellow", "VOID": "red"}

_SENTENCES = 3  # what the first thought does, where else, and what all do: a terminal has room for no more
_COLUMNS = 80  # of a terminal that nobody widened, and of most logs; prose is not to be broken inside a word
_SHOWN = 6  # ids in a line of remarks: on a terminal of ordinary width they take two or three lines


class TerminalLog(ConsoleLog):
    """Writes while pytest captures what tests print, on any number of workers."""

    def __init__(self, config: pytest.Config) -> None:
        self._plugins = config.pluginmanager
        # Asked before pytest captures: while a test runs, standard error is a file. Workers share one terminal, in
        # which none of them knows where the cursor stands.
        live = super().live and not hasattr(config, "workerinput")
        self.still = StillWorking(self._column, live=live)

    @property
    def live(self) -> bool:
        """Whether a line can be rewritten in place."""
        return self.still.live

    def say(self, text: str) -> None:
        """Write a line."""
        with self.still.lock:
            self.still.clear()
            super().say(text)
            self.still.heard(text)

    def rewrite(self, text: str) -> None:
        """Write over the line that was written last."""
        with self.still.lock:
            self.still.clear()
            super().rewrite(text)
            self.still.heard(text.strip() if text.endswith("\n") else "")

    def _column(self) -> int:
        reporter = self._plugins.getplugin("terminalreporter")
        return 0 if reporter is None or not reporter.currentfspath else reporter._tw.width_of_current_line

    def _write(self, text: str) -> None:
        capture = self._plugins.getplugin("capturemanager")
        if capture is None:
            self._show(text)
            return
        with capture.global_and_fixture_disabled():
            self._show(text)

    def _show(self, text: str) -> None:
        # A worker of pytest-xdist has no terminal reporter; its stderr is the controller's.
        if (reporter := self._plugins.getplugin("terminalreporter")) is not None:
            reporter.ensure_newline()
            reporter.flush()  # into a pipe, pytest's own lines would otherwise come out after ours
        super()._write(text)


def resume_line(reporter: pytest.TerminalReporter | None, report: pytest.TestReport) -> None:
    """Name a test's file again before its letter, where lines of ours ended the line that named it.

    With -v pytest does so itself, and under pytest-xdist letters stand behind no file.
    """
    if reporter is None or reporter.verbosity != 0 or hasattr(report, "node") or reporter.currentfspath is not None:
        return
    if report.when == "call" or not report.passed:  # a setup that passed has no letter
        reporter.write_fspath_result(report.nodeid, "")


def header_lines(claims: ClaimRun, here: Path) -> list[str]:
    """Say whom the claims are about, and, where an accuracy is published, how it compares; paths as from ``here``."""
    from ctlab.lab.problem_flags import audit_line
    from ctlab.lab.reproduction import reproduction_line

    settings, lab = claims.settings, claims.lab
    problems = f"{formatting.counted(lab.subject.n, 'problem')} of {lab.subject.problems_name}"
    problems += "" if lab.ids else ", which are still to be drawn"
    families = claims.registered.families.values()
    alpha = ", ".join(sorted({f"{family.alpha:g}" for family in families}))
    bound = min(1.0, sum(family.alpha for family in families))  # Boole's inequality
    study = f" (at most {bound:.2g} over all {len(families)} families)" if len(families) > 1 else ""
    if settings.recorded:
        line = f"ctlab: recorded answers ({', '.join(settings.recorded)}), {problems}, α {alpha} per family{study}"
    else:
        store = settings.store
        where = store.relative_to(here) if store.is_relative_to(here) else store
        given = ", ".join(f"{key} = {value}" for key, value in settings.model_settings.items())
        model = f"{lab.engine.card()['id']} ({lab.answered_by[:8]}{f'; {given}' if given else ''})"
        line = f"ctlab: model {model}, {problems}, store {where}, α {alpha} per family{study}"
    unknown = unknown_names(settings.recorded, claims.conditions)
    look = f"{NOTHING_ACCEPTED}: a look, not a gate" if may_look(claims) else ""
    more = [look, reproduction_line(lab) if lab.ids else "", audit_line(lab), *unknown]
    return [visible(line), *(f"ctlab: {visible(remark)}" for remark in more if remark)]


def unknown_names(recorded: Iterable[str], conditions: Collection[str]) -> list[str]:
    """Warn of recorded answers whose name is not a condition of this suite: any may be recorded, many are typos."""
    lines = []
    for name in recorded:
        if name not in conditions:
            near = get_close_matches(name, conditions, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            lines.append(f"warning: {name!r} is not a condition of this suite, so no claim reads its answers{hint}")
    return lines


def write_plan(config: pytest.Config, claims: ClaimRun) -> None:
    """Print the plan of the selected claims."""
    from ctlab.lab.plan_table import plan_lines

    header = (
        header_lines(claims, config.invocation_params.dir) if config.get_verbosity() < 0 else []
    )  # pytest shows none there
    for line in (*header, *plan_lines(claims), *_sweep_lines(claims)):
        config.get_terminal_writer().line(visible(line))


def _sweep_lines(claims: ClaimRun) -> list[str]:
    """Say what sweeps would take, where a selected claim has one: this needs numpy."""
    if not any(claim.sweep for claim in claims.selected):
        return []
    from ctlab.sweeps.claimed_sweeps import claimed_lines

    return claimed_lines(claims)


def write_claims(reporter: pytest.TerminalReporter, rows: Sequence[Mapping[str, Any]], more: Iterable[str]) -> None:
    """Show the verdicts, what a reader must know of them, and more lines."""
    reporter.write_sep("=", "claims")
    for line in legend(rows):
        reporter.write_line(visible(line))
    for line, colour in verdict_lines(rows):
        reporter.write_line(visible(line), **{colour: True})
    for line in (*explained(rows), *remark_lines(rows), *more, WORDS):
        reporter.write_line(visible(line))


def explained(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say what thoughts do, each sentence on lines of its own: the first of the paragraph; the report has it whole."""
    from ctlab.claims.roles import explanation, roles_of

    told = explanation(rows).sentences[:_SENTENCES] if roles_of(rows) else ()
    return [line for sentence in told for line in _wrapped(sentence.text)]


def _wrapped(text: str) -> list[str]:
    return wrap(text, _COLUMNS, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def status_word(
    row: Mapping[str, Any], outcome: str, *, expected: bool
) -> tuple[str, str, tuple[str, dict[str, bool]]]:
    """Category, letter and word of a claim's report; the category is one of pytest's own, which its summary knows."""
    if row["status"] == "error":
        return "error", "E", ("ERROR", {"red": True})
    verdict = str(row["verdict"])
    if expected:
        return "xfailed", LETTERS[verdict].lower(), (verdict, {"yellow": True})
    if outcome == "failed" and row.get("accepted") not in (None, verdict):
        return "failed", LETTERS[verdict], (f"{verdict}, was {row['accepted']}", {"red": True})
    return outcome, LETTERS[verdict], (verdict, {COLOURS[verdict]: True})


def verdict_lines(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """One line a claim that was judged or went wrong, with its colour; families in order of appearance."""
    shown = [row for row in rows if row["status"] in ("judged", "error")]
    families = list(dict.fromkeys(row["family"] for row in shown))
    width = max((len(row["id"]) for row in shown), default=0)
    lines = []
    for row in sorted(shown, key=lambda row: families.index(row["family"])):
        verdict = row.get("verdict") or "ERROR"
        was = f"was accepted as {row['accepted']}. " if row.get("accepted") not in (None, verdict) else ""
        known = "positive control: " if row.get("positive_control") else ""
        found = f"{known}{was}{flag_names(row)}{finding(row)}"
        lines.append((f"{row['id']:<{width}}  {verdict:<12}  {found}".rstrip(), COLOURS.get(verdict, "red")))
    return lines


def flag_names(row: Mapping[str, Any]) -> str:
    """What stands behind a verdict in brackets: the short names of its flags, which the remarks below spell out."""
    names = dict.fromkeys(flag.partition(":")[0] for flag in row["flags"])
    return f"[{', '.join(names)}] " if names else ""


def finding(row: Mapping[str, Any]) -> str:
    """What was measured, in one line; the report has the rest. The first line of what went wrong, where that is it."""
    if row["effect"] is None or row["verdict"] == "VOID":  # no number of a void claim counts
        return str(row["reason"]).partition("\n")[0]
    from ctlab.claims.reasons import in_words
    from ctlab.records import Effect

    effect = Effect.from_json(row["effect"])
    words = in_words(effect, formatting.unit_on(effect.unit, row.get("scale", "")))
    if not effect.estimated:
        return f"{words}: {effect.undecided}"
    measured = f"{words}, {formatting.p_value(effect.p_value)}"
    # A p that would be small enough, or one of a rate that cannot move, does not tell why there is no verdict.
    open_claim = row["verdict"] == "INCONCLUSIVE"
    stands_in_the_way = open_claim and (effect.undecided or effect.p_value <= row["alpha"])
    return f"{measured}. {row['why']}" if stands_in_the_way else measured


def remark_lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a reader must know of some claims, grouped: their flags, which are exploratory, which have no verdict."""
    from ctlab.claims.standing import REWORDED

    exploratory: dict[str, list[str]] = {}
    unjudged: dict[str, list[str]] = {}
    said: dict[str, list[str]] = {}
    flagged: dict[str, list[str]] = {}
    for row in rows:
        for flag in row["flags"]:
            flagged.setdefault(flag, []).append(row["id"])
        if row["status"] in ("not_run", "skipped"):
            unjudged.setdefault(row["reason"] or "not selected", []).append(row["id"])
        elif row["exploratory"]:
            exploratory.setdefault(row["deviation"], []).append(row["id"])
        if row["status"] == "judged":
            for words in (*row.get("remarks", ()), *filter(None, [row.get("registration")])):
                said.setdefault(words, []).append(row["id"])
    old = [words for words in said if words.startswith(REWORDED)]
    if len(old) > _SHOWN:  # each quotes what it said before: the report is the place for that
        said[REWORDED] = [claim_id for words in old for claim_id in said.pop(words)]
    return [
        *(f"[{flag}] {_named(ids)}" for flag, ids in flagged.items()),
        *(f"EXPLORATORY ({why}): {_named(ids)}" for why, ids in exploratory.items()),
        *(f"{words}: {_named(ids)}" for words, ids in said.items()),
        *(f"{len(ids)} not judged ({why}): {_named(ids)}" for why, ids in unjudged.items()),
    ]


def _named(ids: Sequence[str]) -> str:
    # The report lists them all; a terminal is not the place for two dozen names.
    return ", ".join(ids) if len(ids) <= _SHOWN else f"{', '.join(ids[:_SHOWN])} and {len(ids) - _SHOWN} more"
