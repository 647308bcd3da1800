"""What a run cannot say: what was not tested, what stayed open, what the instrument cannot tell apart."""

from collections.abc import Mapping
from typing import Any

from ctlab import formatting
from ctlab.reporting.documents.document import Block, Bullets, Paragraph
from ctlab.reporting.prose import reason_words as reasons
from ctlab.reporting.prose import sentences

Row = Mapping[str, Any]


def limits(report: Row) -> list[Block]:
    """Every limit that the report's own numbers show."""
    items = [*_of_the_run(report), *_of_claims(report), *_of_labels(report)]
    return [Bullets(items=tuple(items))] if items else [Paragraph(text="None that this run's own numbers show.")]


def _of_the_run(report: Row) -> list[str]:
    found = [f"One model ({report['model'].get('id') or 'unnamed'}) and one problem set were looked at."]
    if report["interrupted"]:
        found.append("The run was interrupted before its end.")
    if report["selection"].get("is_selection"):
        found.append("The run was a selection of the registered claims.")
    if report["problems"].get("limit"):
        found.append(f"Only the first {formatting.counted(report['problems']['limit'], 'problem')} were used.")
    if recorded := [row["name"] for row in report["conditions"] if row.get("recorded")]:
        found.append(
            f"The answers for {formatting.listed(recorded)} were recorded: no certificate shows what was hidden."
        )
    if report["decoding"].get("padding") == "as-published":
        found.append("Padding was attended as in the published evaluation, so answers depend on batches.")
    return found


def _of_claims(report: Row) -> list[str]:
    """Claims without a verdict, VOID ones, exploratory ones, and what the open ones could have found."""
    found = []
    for status, words in (("not_run", "was not run"), ("skipped", "was skipped"), ("error", "stopped with an error")):
        names = [claim["id"] for claim in report["claims"] if claim["status"] == status]
        if names:
            found.append(
                f"Nothing is known about {formatting.listed(names)}: {'each' if len(names) > 1 else 'it'} {words}."
            )
    for claim in report["claims"]:
        if claim.get("verdict") == "VOID":
            found.append(f"{claim['id']} is VOID. {reasons.why(claim)}")
        elif claim.get("verdict") == "INCONCLUSIVE":
            found.append(f"{claim['id']} is open. {reasons.why(claim)} {reasons.reach(claim)}".strip())
        if claim.get("exploratory") and sentences.verdict_word(claim) in formatting.VERDICT_MARKS:
            found.append(f"{claim['id']} is exploratory: it was not judged as registered.")
    return found


def _of_labels(report: Row) -> list[str]:
    """How much the error labels mean: shares beside chance, and answers that no label explains."""
    found = []
    for name, table in report["outcomes"].items():
        wrong = sum(cell["count"] for label, cell in table.items() if label != "CORRECT")
        if wrong and (cell := table.get("UNEXPLAINED")):
            share = formatting.share_of(cell["count"], wrong)
            found.append(f"Under {name} no label explains {share} of the wrong answers.")
        near = [
            formatting.outcome(label)
            for label, cell in table.items()
            if cell.get("low") is not None and cell["count"] and cell["low"] <= 0
        ]
        if near:
            interval = f"unadjusted {formatting.level(0.95)} interval"
            found.append(f"Under {name} these labels are not above chance ({interval}): {formatting.listed(near)}.")
    return found
