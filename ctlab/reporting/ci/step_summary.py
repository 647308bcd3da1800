"""A run of claims as GitHub's summary of a step: what thoughts do, every verdict, and why the step ends as it does."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ctlab import formatting
from ctlab.claims.roles import explanation, roles_of
from ctlab.records import Verdict
from ctlab.reporting.ci.red_claims import RedClaim
from ctlab.reporting.documents.document import escaped
from ctlab.reporting.model.claim_row import ClaimRow
from ctlab.reporting.model.reading import read
from ctlab.reporting.prose.untrusted_text import clip

LIMIT = 1024 * 1024
"""Bytes of a step's summary: GitHub drops a larger one whole ("supports content up to a size of 1024k")."""
_HEADS = ("Claim", "Verdict", "Accepted", "Effect", "Interval", "p", "n", "Flags")
_NAMED = 6  # ids in a sentence, as many as in a line of the terminal
# What GitHub makes a link or a message of, in text as in code: mentions, addresses, numbers of issues.
_LINKING = re.compile(r"(@|:(?=//)|\bwww(?=\.)|#(?=\d))", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\n]+")  # others are marks that are made visible, or keep a number and its unit together
_ZERO_WIDTH_SPACE = "\u200b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What is told of a run."""

    subject: str
    """Whom and what it is about."""
    rows: Sequence[Mapping[str, Any]]
    """Every claim's row."""
    red: Sequence[RedClaim]
    """Claims whose tests failed."""
    others: Sequence[str] = ()
    """What else made the run red, or is wrong with its report, a sentence each."""
    report: str = ""
    """Folder of the report, empty where there is none."""
    accepting: bool = False
    """Whether the run accepts its own verdicts."""
    interrupted: bool = False
    """Whether it ended early."""
    exit_code: int | None = None
    """pytest's, which becomes the step's; None where it is not known."""


def step_summary(summary: Summary, room: int = LIMIT) -> str:
    """Write the summary as Markdown of at most ``room`` bytes, with a count of rows that do not fit.

    It is empty where there is no room at all.
    """
    head, foot = "\n\n".join(_head(summary)) + "\n\n", f"Report: {inert(summary.report)}\n" if summary.report else ""
    tables = _Room(room - len((head + foot).encode()) - _COUNTED)
    if tables.left < 0:
        return ""
    red = {claim.id for claim in summary.red}
    shown = [read(ClaimRow, row, "claim") for row in summary.rows if row["status"] in ("judged", "error")]
    parts = [tables.table([row for row in shown if row.id in red])]
    parts.append(tables.lines([f"- **{inert(claim.title)}.** {inert(clip(claim.message))}" for claim in summary.red]))
    if rest := [row for row in shown if row.id not in red]:
        title = f"<details><summary>{formatting.counted(len(rest), 'claim')} not red</summary>\n\n"
        parts.append(f"{title}{tables.table(rest)}</details>\n\n" if red else tables.table(rest))
    return head + "".join(parts) + foot


_COUNTED = 1_000  # bytes kept for the titles of tables and for the counts of what does not fit


class _Room:
    """Bytes that are left for tables."""

    def __init__(self, left: int) -> None:
        self.left = left

    def table(self, rows: Sequence[ClaimRow]) -> str:
        """Return a table of claims; empty for none."""
        if not rows:
            return ""
        head = f"| {' | '.join(_HEADS)} |\n|{' --- |' * len(_HEADS)}"
        self.left -= len(head)
        return self.lines([f"| {' | '.join(_cells(row))} |" for row in rows], head)

    def lines(self, lines: Sequence[str], head: str = "") -> str:
        """Return as many lines as fit, and a count of the rest."""
        kept = [head] if head else []
        for number, line in enumerate(lines):
            self.left -= len(line.encode()) + 1
            if self.left < 0:
                more = f"\n\n… and {len(lines) - number} more, which do not fit here: `report.json` has them all."
                return "\n".join(kept) + f"{more}\n\n"
            kept.append(line)
        return "\n".join(kept) + "\n\n" if kept else ""


def _cells(row: ClaimRow) -> list[str]:
    flags = list(dict.fromkeys(flag.partition(":")[0] for flag in row.flags))
    flags += ["exploratory"] if row.exploratory and row.status == "judged" else []
    verdict = "ERROR" if row.verdict is None else row.verdict
    cells = [row.id, verdict, "–" if row.accepted is None else row.accepted, *_numbers(row), ", ".join(flags)]
    return [inert(str(cell)) for cell in cells]


def _numbers(row: ClaimRow) -> list[str]:
    """Return effect, interval with its level, p and n; nothing of a VOID claim, no number of which counts."""
    effect = row.effect
    if effect is None or row.verdict == Verdict.VOID:
        return ["", "", "", ""]
    n = formatting.count(effect.n)
    if effect.measured is None:
        return [formatting.NO_ESTIMATE, "", "", n]
    measured, marks = effect.measured, effect.landmarks
    ends = formatting.interval(measured.low, measured.high, row.unit, marks, unit_shown=False)
    return [
        formatting.quantity(measured.estimate, row.unit, marks),
        formatting.unbroken(f"{ends} ({formatting.level(effect.level)})"),
        formatting.p_value(effect.p_value).removeprefix("p ").removeprefix("= ").replace(" ", "\N{NO-BREAK SPACE}"),
        n,
    ]


def _head(summary: Summary) -> Iterable[str]:
    """Return what is read first: how many are red, what thoughts do, what else is wrong, counts, the exit code."""
    red = len(summary.red)
    green = "red" if summary.others else "no claim red"
    yield f"## ctlab: {formatting.counted(red, 'claim')} red" if red else f"## ctlab: {green}"
    if roles_of(summary.rows):
        yield f"> {inert(explanation(summary.rows).text)}"
    if summary.others:
        yield "\n".join(f"- {inert(clip(reason))}" for reason in summary.others)
    yield f"**{inert(summary.subject)}**: {_counts(summary.rows)}."
    if summary.interrupted:
        yield "The run was interrupted: claims that it did not reach are not judged."
    yield f"{_exit(summary)} {_compared(summary)}".strip()


def _counts(rows: Sequence[Mapping[str, Any]]) -> str:
    verdicts = Counter(str(row["verdict"]) for row in rows if row["status"] == "judged")
    words = [f"{verdicts[verdict]} {verdict}" for verdict in Verdict if verdicts[verdict]]
    states = Counter(row["status"] for row in rows)
    words += [f"{states['error']} without a verdict by an error"] if states["error"] else []
    unjudged = len(rows) - states["judged"] - states["error"]
    words += [f"{unjudged} not judged"] if unjudged else []
    return f"of {formatting.counted(len(rows), 'claim')} {formatting.listed(words)}"


def _exit(summary: Summary) -> str:
    """Say with which exit code the run ends, and why; empty where it is not known."""
    if summary.exit_code is None:
        return ""
    why = []
    if summary.interrupted:
        why.append("the run was interrupted")
    if red := len(summary.red):
        kinds = Counter(claim.kind for claim in summary.red)
        counted = formatting.listed([f"{formatting.count(number)} {kind}" for kind, number in kinds.items()])
        why.append(f"{formatting.counted(red, 'claim is', 'claims are')} red ({counted})")
    if summary.others:
        why.append("the run is red for what is listed above")
    said = formatting.listed(why) if why else "no claim is red" if not summary.exit_code else "no claim made it so"
    return f"**Exit code {summary.exit_code}:** {said}."


def _compared(summary: Summary) -> str:
    """Say of which claims this run would notice that a verdict changed."""
    judged = [row for row in summary.rows if row["status"] == "judged"]
    if summary.accepting:
        return "This run accepts its own verdicts (`--ctlab-accept`), so none of them is held against an earlier one."
    unaccepted = [inert(row["id"]) for row in judged if row["accepted"] is None]
    if not judged:
        return "Nothing was judged, so no verdict was held against an accepted one."
    if not unaccepted:
        return "Every judged claim has an accepted verdict, and its test is red if the verdict changes."
    if len(unaccepted) == len(judged):
        return (
            "No verdict of these claims is accepted for this subject, so that none is held against an earlier one: **a "
            "verdict that changed is not noticed**. `--ctlab-accept` accepts verdicts."
        )
    named = ", ".join(unaccepted[:_NAMED])
    more = f" and {len(unaccepted) - _NAMED} more" if len(unaccepted) > _NAMED else ""
    return (
        f"No verdict is accepted of {len(unaccepted)} of {formatting.counted(len(judged), 'judged claim')}, so **a "
        f"verdict of theirs that changed is not noticed**: {named}{more}."
    )


def inert(text: str) -> str:
    """Write somebody's text on one line of Markdown, as text: no markup, no HTML, no link and no mention."""
    return _LINKING.sub(rf"\1{_ZERO_WIDTH_SPACE}", escaped(_BLANKS.sub(" ", text).strip()))
