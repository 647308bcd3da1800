"""The comprehensive report: one document that joins conditions, verdicts, cases and limits.

Every sentence about a claim is generated from its judgement. Only a SUPPORTED claim that was registered as it stands is
written as a statement; every other one is quoted behind what became of it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ctlab import formatting
from ctlab.reporting.documents.case_studies import case_blocks
from ctlab.reporting.documents.document import Block, Bullets, Heading, Image, Paragraph, Table
from ctlab.reporting.html.claim_view import certificate_words
from ctlab.reporting.html.condition_view import accuracy_words, environment_rows
from ctlab.reporting.html.grid import disturbed
from ctlab.reporting.prose import reason_words as reasons
from ctlab.reporting.prose import sentences
from ctlab.reporting.prose.limits import limits

Row = Mapping[str, Any]
_NAMED = {"auc": "AUC ", "ratio": "ratio ", "error mix": "total variation "}
"""Kinds of claim whose number does not say by its unit what it is."""


def comprehensive(report: Row, studies: Row, pictures: Sequence[tuple[str, str]] = ()) -> list[Block]:
    """Lay out the whole document; ``pictures`` are files beside it with what they show."""
    return [
        Heading(text="What the continuous thoughts do: comprehensive report", level=1),
        *_question(report),
        Heading(text="What the evidence says", anchor="summary"),
        *plain_language(report),
        Heading(text="Conditions", anchor="conditions"),
        *_conditions(report),
        *_families(report),
        *([Heading(text="Pictures", anchor="pictures")] if pictures else []),
        *(Image(file=file, words=words) for file, words in pictures),
        *case_blocks(studies, level=2),
        Heading(text="Limits", anchor="limits"),
        *limits(report),
        Heading(text="How to do it again", anchor="reproduce"),
        Table(heads=("what", "value"), rows=(("command", report["command"] or "–"), *environment_rows(report))),
    ]


def _question(report: Row) -> list[Block]:
    model, problems = report["model"], report["problems"]
    number = formatting.counted(len(report["claims"]), "claim")
    conditions = formatting.counted(len(report["conditions"]), "condition")
    text = (
        f"Which of {number} about the continuous thoughts of {model.get('id') or 'the model'} hold, judged on "
        f"{formatting.counted(int(problems.get('n') or 0), 'problem')} of {problems.get('name') or 'the problem set'} "
        f"under {conditions}."
    )
    tally = ", ".join(f"{formatting.count(count)} {word}" for word, count in sentences.tally(report["claims"]))
    return [Paragraph(text=text), Paragraph(text=f"Verdicts: {tally or 'none'}.")]


def plain_language(report: Row) -> list[Block]:
    """What the evidence says, claim by claim: what holds, what does not, what is open."""
    model, problems = report["model"].get("id") or "this model", report["problems"].get("name") or "these problems"
    groups: dict[str, list[str]] = {"holds": [], "not": [], "open": []}
    for claim in report["claims"]:
        if (spoken := _spoken(claim)) is not None:
            groups[spoken[0]].append(spoken[1])
    openings = {
        "holds": f"Of {model}, on {problems}, the evidence supports:",
        "not": "These claims do not hold here:",
        "open": "Still open:",
    }
    found: list[Block] = []
    for name, texts in groups.items():
        if texts:
            found += [Paragraph(text=openings[name]), Bullets(items=tuple(texts))]
    return found or [Paragraph(text="No claim was decided, so the evidence says nothing yet.")]


def _number(claim: Row, effect: Row) -> str:
    """An effect in brackets, with its interval."""
    n = f"n = {formatting.count(effect['n'])}"
    if effect["estimate"] is None:
        return f"({formatting.NO_ESTIMATE}, {n})"
    unit, marks = reasons.unit_of(claim), reasons.landmarks(effect)
    interval = f"{formatting.level(effect['level'])} interval {formatting.interval(effect['low'], effect['high'], unit, marks)}"
    noun = _NAMED.get(str(claim.get("kind")), "")
    return f"({noun}{formatting.quantity(effect['estimate'], unit, marks)}, {interval}, {n})"


def _spoken(claim: Row) -> tuple[str, str] | None:
    """A claim in plain language with the number behind it; None where nothing was decided about it at all."""
    verdict, effect = claim.get("verdict"), claim.get("effect")
    if verdict in (None, "VOID") or not effect:
        return None
    number = _number(claim, effect)
    if verdict == "SUPPORTED" and not claim.get("exploratory"):
        return "holds", f"{claim['statement'].strip().rstrip('.')} {number}."
    if verdict == "SUPPORTED":
        return "open", f"{sentences.quoted(claim)}, supported but exploratory, so it needs a new sample {number}."
    return ("not" if verdict == "REFUTED" else "open"), f"{sentences.quoted(claim)} {number}."


def _conditions(report: Row) -> list[Block]:
    rows = tuple(
        (
            row["name"],
            disturbed(row),
            accuracy_words(row),
            certificate_words(row)[0],
        )
        for row in report["conditions"]
    )
    return [Table(heads=("condition", "what is disturbed", "answers", "certificate"), rows=rows)]


def _families(report: Row) -> list[Block]:
    """Every family with the finding of every claim."""
    blocks: list[Block] = []
    for family in dict.fromkeys(claim["family"] for claim in report["claims"]):
        claims = [claim for claim in report["claims"] if claim["family"] == family]
        blocks.append(Heading(text=f"Results: {family}", anchor=f"family-{family}"))
        blocks.append(Bullets(items=tuple(f"{claim['id']}. {sentences.sentence(claim)}" for claim in claims)))
    return blocks
