"""What a run cannot say: what was not tested, what stayed open, what the classifier cannot tell apart."""

from collections import defaultdict
from collections.abc import Sequence

from ctlab import formatting
from ctlab.records.judgement import Verdict
from ctlab.reporting.documents.document import Block, Bullets, Paragraph
from ctlab.reporting.model.claim_row import ClaimRow, Status
from ctlab.reporting.model.run_report import Report

_NOT_KNOWN: dict[Status, str] = {
    "not_run": "was not run",
    "skipped": "was skipped",
    "error": "stopped with an error",
}


def limits(report: Report) -> list[Block]:
    """Every limit that the report's own numbers show."""
    items = [*_of_the_run(report), *_of_claims(report), *_of_labels(report)]
    return [Bullets(items=tuple(items))] if items else [Paragraph(text="None that this run's own numbers show.")]


def _of_the_run(report: Report) -> list[str]:
    own = [] if report.models and all(row.model for row in report.conditions) else [report.model.id or "unnamed"]
    ids = [*own, *(card.id for card in report.models)]
    who = (
        f"One model ({ids[0]})"
        if len(ids) == 1
        else f"One checkpoint each of several models ({formatting.listed(ids)})"
    )
    limits = [f"{who} and one problem set were looked at."]
    if report.interrupted:
        limits.append("The run was interrupted before its end.")
    if report.selection.is_selection:
        limits.append("The run was a selection of the registered claims.")
    if report.problems.limit:
        limits.append(f"Only the first {formatting.counted(report.problems.limit, 'problem')} were used.")
    if recorded := [row.name for row in report.conditions if row.recorded]:
        limits.append(
            f"The answers for {formatting.listed(recorded)} were recorded: no certificate shows what was hidden."
        )
    if report.decoding.padding == "as-published":
        what = report.model.as_published or "padding is attended to, so answers depend on batches"
        limits.append(f"Answers are those of the published evaluation: {what}.")
    return limits


def _of_claims(report: Report) -> list[str]:
    """Claims without a verdict, VOID ones, exploratory ones, and what the open ones could have found."""
    limits = []
    for status, words in _NOT_KNOWN.items():
        if names := [claim.id for claim in report.claims if claim.status == status]:
            subject = "each" if len(names) > 1 else "it"
            limits.append(f"Nothing is known about {formatting.listed(names)}: {subject} {words}.")
    limits += [
        f"{claim.id} is VOID. {claim.because}".strip() for claim in report.claims if claim.verdict == Verdict.VOID
    ]
    judged = [claim for claim in report.claims if claim.verdict is not None]
    if exploratory := [claim.id for claim in judged if claim.exploratory]:
        which = "All" if len(exploratory) == len(judged) else formatting.listed(exploratory)
        number = f" {formatting.counted(len(judged), 'verdict')}" if which == "All" else ""
        limits.append(f"Exploratory, not judged as registered before their answers were seen: {which}{number}.")
    open_claims = [claim for claim in judged if claim.verdict == Verdict.INCONCLUSIVE]
    if settled := [_settled(claim) for claim in open_claims]:
        limits.append(
            f"Open, with the number of problems that would settle them were everything as seen: {_list(settled)}."
        )
    return limits


def _settled(claim: ClaimRow) -> str:
    """An open claim with how many problems would settle it, or why that is not the question."""
    power = claim.power
    if power and power.problems_needed:
        against = ", against it" if power.against else ""
        return f"{claim.id} (about {formatting.count(power.problems_needed)}{against})"
    return f"{claim.id} ({(claim.because or 'no number would').rstrip('.')})"


def _list(items: Sequence[str]) -> str:
    return "; ".join(items)


def _of_labels(report: Report) -> list[str]:
    """How much the error labels mean: shares beside chance, and answers that no label explains."""
    unexplained, near = [], defaultdict(list)
    for name, table in report.outcomes.items():
        wrong = sum(cell.count for label, cell in table.items() if label != "CORRECT")
        if wrong and (cell := table.get("UNEXPLAINED")):
            unexplained.append(f"{formatting.share_of(cell.count, wrong)} under {name}")
        for label, cell in table.items():
            if cell.low is not None and cell.count and cell.low <= 0:
                near[formatting.outcome(label)].append(name)
    limits = [f"Wrong answers that no label explains: {_list(unexplained)}."] if unexplained else []
    if near:
        each = _list([f"{label} under {formatting.listed(names)}" for label, names in near.items()])
        limits.append(f"Labels that are not above chance (unadjusted {formatting.level(0.95)} interval): {each}.")
    return limits
