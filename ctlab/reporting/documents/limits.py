"""What a run cannot say: what was not tested, what stayed open, what the classifier cannot tell apart."""

from ctlab import formatting
from ctlab.records.judgement import Verdict
from ctlab.reporting.documents.document import Block, Bullets, Paragraph
from ctlab.reporting.model.claim_row import Status
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
    limits = [f"One model ({report.model.id or 'unnamed'}) and one problem set were looked at."]
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
        limits.append("Padding was attended as in the published evaluation, so answers depend on batches.")
    return limits


def _of_claims(report: Report) -> list[str]:
    """Claims without a verdict, VOID ones, exploratory ones, and what the open ones could have found."""
    limits = []
    for status, words in _NOT_KNOWN.items():
        if names := [claim.id for claim in report.claims if claim.status == status]:
            subject = "each" if len(names) > 1 else "it"
            limits.append(f"Nothing is known about {formatting.listed(names)}: {subject} {words}.")
    for claim in report.claims:
        if claim.verdict == Verdict.VOID:
            limits.append(f"{claim.id} is VOID. {claim.because}".strip())
        elif claim.verdict == Verdict.INCONCLUSIVE:
            limits.append(f"{claim.id} is open. {claim.because}".strip())
        if claim.exploratory and claim.verdict:
            limits.append(f"{claim.id} is exploratory: it was not judged as registered.")
    return limits


def _of_labels(report: Report) -> list[str]:
    """How much the error labels mean: shares beside chance, and answers that no label explains."""
    limits = []
    for name, table in report.outcomes.items():
        wrong = sum(cell.count for label, cell in table.items() if label != "CORRECT")
        if wrong and (cell := table.get("UNEXPLAINED")):
            share = formatting.share_of(cell.count, wrong)
            limits.append(f"Under {name} no label explains {share} of the wrong answers.")
        near = [
            formatting.outcome(label)
            for label, cell in table.items()
            if cell.low is not None and cell.count and cell.low <= 0
        ]
        if near:
            interval = f"unadjusted {formatting.level(0.95)} interval"
            limits.append(f"Under {name} these labels are not above chance ({interval}): {formatting.listed(near)}.")
    return limits
