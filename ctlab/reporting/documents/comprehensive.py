"""The comprehensive report: one document that joins conditions, verdicts, cases and limits.

Every sentence about a claim is generated from its judgement. Only a SUPPORTED claim that was registered as it stands is
written as a statement; every other one is quoted behind what became of it.
"""

from collections.abc import Sequence

from ctlab import formatting
from ctlab.records.judgement import Verdict
from ctlab.reporting.documents.case_chapter import case_blocks
from ctlab.reporting.documents.document import Block, Bullets, Heading, Image, Paragraph, Table
from ctlab.reporting.documents.limits import limits
from ctlab.reporting.figures import thoughts_needed
from ctlab.reporting.model.case_table import CaseStudies
from ctlab.reporting.model.claim_row import ClaimRow
from ctlab.reporting.model.effects import EffectRow
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.prose import sentences
from ctlab.reporting.prose.certificate_words import certificate_words
from ctlab.reporting.prose.environment_words import environment_rows
from ctlab.reporting.prose.hesitation_words import hesitation_line
from ctlab.reporting.prose.intervention_words import disturbed
from ctlab.reporting.prose.untrusted_text import clip

_NAMED = {"probability": "AUC ", "ratio": "ratio ", "variation": "total variation "}
"""Units whose number does not say what it is."""


def comprehensive(report: Report, studies: CaseStudies | None, pictures: Sequence[tuple[str, str]] = ()) -> list[Block]:
    """Lay out the whole document; ``pictures`` are files beside it with what they show."""
    return [
        Heading(text="What the continuous thoughts do: comprehensive report", level=1),
        *([Paragraph(text=report.explanation.text)] if report.explanation else []),
        *_needed(report, pictures),
        *_question(report),
        Heading(text="What the evidence says", anchor="summary"),
        *plain_language(report),
        Heading(text="Conditions", anchor="conditions"),
        *_conditions(report),
        *_families(report),
        *([Heading(text="Pictures", anchor="pictures")] if pictures else []),
        *(Image(file=file, words=words) for file, words in pictures if file != thoughts_needed.PICTURE.file),
        *case_blocks(studies, level=2),
        Heading(text="Limits", anchor="limits"),
        *limits(report),
        Heading(text="How to do it again", anchor="reproduce"),
        Table(heads=("what", "value"), rows=(("command", report.command or "–"), *environment_rows(report))),
    ]


def _needed(report: Report, pictures: Sequence[tuple[str, str]]) -> list[Block]:
    """Where each thought is needed, as a picture; a sentence where no claim says so."""
    drawn = [Image(file=file, words=words) for file, words in pictures if file == thoughts_needed.PICTURE.file]
    return [*drawn] if drawn else [Paragraph(text=thoughts_needed.missing(report), note=True)]


def _question(report: Report) -> list[Block]:
    number = formatting.counted(len(report.claims), "claim")
    text = (
        f"Which of {number} about the continuous thoughts of {report.model.id or 'the model'} hold, judged on "
        f"{formatting.counted(report.problems.n, 'problem')} of {report.problems.name or 'the problem set'} "
        f"under {formatting.counted(len(report.conditions), 'condition')}."
    )
    tally = ", ".join(f"{formatting.count(count)} {word}" for word, count in sentences.tally(report.claims))
    return [Paragraph(text=text), Paragraph(text=f"Verdicts: {tally or 'none'}.")]


def plain_language(report: Report) -> list[Block]:
    """What the evidence says, claim by claim: what holds, what does not, what is open."""
    model, problems = report.model.id or "this model", report.problems.name or "these problems"
    groups: dict[str, list[str]] = {"holds": [], "not": [], "open": []}
    for claim in report.claims:
        if (decided := _decided(claim)) is not None:
            groups[decided[0]].append(decided[1])
    openings = {
        "holds": f"Of {model}, on {problems}, the evidence supports:",
        "not": "These claims do not hold here:",
        "open": "Still open:",
    }
    blocks: list[Block] = []
    for name, texts in groups.items():
        if texts:
            blocks += [Paragraph(text=openings[name]), Bullets(items=tuple(texts))]
    return blocks or [Paragraph(text="No claim was decided, so the evidence says nothing yet.")]


def _decided(claim: ClaimRow) -> tuple[str, str] | None:
    """A claim in plain language with the number behind it; None where nothing was decided about it at all."""
    if claim.verdict in (None, Verdict.VOID) or claim.effect is None:
        return None
    number = _number(claim, claim.effect)
    if claim.verdict == Verdict.SUPPORTED and not claim.exploratory:
        text = f"{claim.statement.strip().rstrip('.')} {number}."
        return "holds", " ".join(filter(None, [text, sentences.positive_control(claim)]))
    if claim.verdict == Verdict.SUPPORTED:
        return "open", f"{sentences.quoted(claim)}, supported but exploratory, so it needs a new sample {number}."
    return ("not" if claim.verdict == Verdict.REFUTED else "open"), f"{sentences.quoted(claim)} {number}."


def _number(claim: ClaimRow, effect: EffectRow) -> str:
    """An effect in brackets, with its interval."""
    n = f"n = {formatting.count(effect.n)}"
    if (measured := effect.measured) is None:
        return f"({formatting.NO_ESTIMATE}, {n})"
    unit, marks = claim.unit, effect.landmarks
    interval = formatting.interval(measured.low, measured.high, unit, marks)
    estimate = f"{_NAMED.get(effect.unit, '')}{formatting.quantity(measured.estimate, unit, marks)}"
    return f"({estimate}, {formatting.level(effect.level)} interval {interval}, {n})"


def _conditions(report: Report) -> list[Block]:
    rows = tuple(
        (row.name, disturbed(row), formatting.accuracy(row.accuracy, row.n), certificate_words(row)[0])
        for row in report.conditions
    )
    table = Table(heads=("condition", "what is disturbed", "answers", "certificate"), rows=rows)
    return [table, *_hesitations(report)]


def _hesitations(report: Report) -> list[Block]:
    """Answers that a careful person would hesitate over, with how they were read."""
    line = hesitation_line((row.name, row.ambiguous) for row in report.conditions)
    if not line:
        return []
    rows = tuple(
        (row.name, clip(each.answer), clip(each.read or "–"), clip(each.reading))
        for row in report.conditions
        for each in row.hesitations
    )
    examples = Table(heads=("condition", "answer", "read as", "how"), rows=rows)
    return [Paragraph(text=f"{line}."), *([examples] if rows else [])]


def _families(report: Report) -> list[Block]:
    """Every family with the finding of every claim."""
    blocks: list[Block] = []
    for family in dict.fromkeys(claim.family for claim in report.claims):
        claims = [claim for claim in report.claims if claim.family == family]
        blocks.append(Heading(text=f"Results: {family}", anchor=f"family-{family}"))
        blocks.append(Bullets(items=tuple(f"{claim.id}. {sentences.sentence(claim)}" for claim in claims)))
    return blocks
