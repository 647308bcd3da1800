"""The comprehensive report: one document that says what was found, claim by claim, and folds what proves it.

Every sentence about a claim is generated from its judgement (`ctlab.reporting.prose.findings`). What it leaves out is
on the page beside it, to which every claim links.
"""

import re
from collections.abc import Sequence

from ctlab import formatting
from ctlab.reporting.documents.case_chapter import case_blocks
from ctlab.reporting.documents.document import Block, Bullets, Folded, Heading, Image, Links, Paragraph, Table
from ctlab.reporting.documents.limits import limits
from ctlab.reporting.figures import thoughts_needed
from ctlab.reporting.model.case_table import CaseStudies
from ctlab.reporting.model.condition_row import ConditionRow
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.prose import sentences
from ctlab.reporting.prose.certificate_words import certificate_words
from ctlab.reporting.prose.environment_words import environment_rows
from ctlab.reporting.prose.findings import finding
from ctlab.reporting.prose.hesitation_words import hesitation_line
from ctlab.reporting.prose.intervention_words import disturbed
from ctlab.reporting.prose.since_accepted import since_accepted
from ctlab.reporting.prose.studied import studied
from ctlab.untrusted_text import in_line

PAGE = "index.html"
"""The page beside this document."""
_FIRST_CASES = 3
"""Case studies in the text: one that broke, one that was fixed, one control; the others are in their own document."""


def comprehensive(report: Report, studies: CaseStudies | None, pictures: Sequence[tuple[str, str]] = ()) -> list[Block]:
    """Lay out the whole document; ``pictures`` are files beside it with what they show."""
    return [
        Heading(text="What the continuous thoughts do: comprehensive report", level=1),
        *(Paragraph(text=text) for text in studied(report)),
        *([Paragraph(text=report.explanation.text)] if report.explanation else []),
        *_needed(report, pictures),
        *_opening(report, studies),
        Heading(text="Claims", anchor="summary"),
        *claims_by_family(report),
        *_reasons(report),
        *([Heading(text="Pictures", anchor="pictures")] if pictures else []),
        *(Image(file=file, words=words) for file, words in pictures if file != thoughts_needed.PICTURE.file),
        *case_blocks(studies, level=2, chosen=_FIRST_CASES),
        Heading(text="Conditions", anchor="conditions"),
        *_conditions(report),
        Heading(text="Limits", anchor="limits"),
        *limits(report),
        Links(before="What the words mean:", items=(("the glossary of the page", f"{PAGE}#_words"),)),
        Heading(text="How to do it again", anchor="reproduce"),
        Table(heads=("what", "value"), rows=(("command", report.command or "–"), *environment_rows(report))),
    ]


def _needed(report: Report, pictures: Sequence[tuple[str, str]]) -> list[Block]:
    """Where each thought is needed, as a picture; a sentence where no claim says so."""
    drawn = [Image(file=file, words=words) for file, words in pictures if file == thoughts_needed.PICTURE.file]
    return [*drawn] if drawn else [Paragraph(text=thoughts_needed.missing(report), note=True)]


def _opening(report: Report, studies: CaseStudies | None) -> list[Block]:
    """What stands below the paragraph: how many verdicts there are of each kind, what changed, where to read on."""
    tally = ", ".join(f"{formatting.count(count)} {word}" for word, count in sentences.tally(report.claims))
    number = formatting.counted(len(report.claims), "claim")
    conditions = formatting.counted(len(report.conditions), "condition")
    verdicts = f"{number} under {conditions}: {tally or 'no verdict'}. {since_accepted(report.claims)}"
    beside = [("the page with every claim's evidence", PAGE)]
    beside += [("all case studies", "case_studies.md")] if studies and studies.cases else []
    return [
        Paragraph(text=verdicts.strip()),
        Links(before="Read on:", items=(*beside, ("report.json", "report.json"))),
    ]


def claims_by_family(report: Report) -> list[Block]:
    """Every family with one line a claim, which links to the claim's evidence."""
    if not report.claims:
        return [Paragraph(text="This run judged no claim.")]
    n = report.problems.n
    legend = (
        "In brackets: the estimate; the interval that decides, behind its level; p; how many problems changed; n where "
        f"it is not {formatting.count(n)}. An exploratory verdict rests on answers that had been seen: a new sample "
        "would have to show it again."
    )
    blocks: list[Block] = []
    if report.notes:
        number = formatting.counted(len(report.notes), "note")
        blocks.append(Folded(summary=f"{number} on the whole run", blocks=(Bullets(items=report.notes),)))
    blocks.append(Paragraph(text=legend, note=True))
    ordered = sentences.not_run_last(report.claims)
    for family in dict.fromkeys(claim.family for claim in ordered):
        claims = [claim for claim in ordered if claim.family == family]
        blocks.append(Heading(text=family, level=3, anchor=f"family-{family}"))
        blocks.append(
            Bullets(
                items=tuple(finding(claim, n) for claim in claims),
                links=tuple((claim.id, f"{PAGE}#{in_line(claim.id)}") for claim in claims),
            )
        )
    return blocks


def _reasons(report: Report) -> list[Block]:
    """Why each verdict, as it was judged; each sentence once, with the claims that it is said of."""
    claims: dict[str, list[str]] = {}
    for claim in report.claims:
        if claim.verdict is not None:
            for sentence in _BETWEEN.split(claim.why or claim.because):
                claims.setdefault(sentence, []).append(claim.id)
    items = tuple(f"{sentence} ({', '.join(ids)})" for sentence, ids in claims.items() if sentence)
    return [Folded(summary="Why each verdict", blocks=(Bullets(items=items),))] if items else []


_BETWEEN = re.compile(r"(?<=\.) (?=[A-Z])")


def _conditions(report: Report) -> list[Block]:
    heads = ("condition", "what is disturbed", "right")
    rows = tuple((row.name, disturbed(row), _right(row)) for row in report.conditions)
    folded = Folded(
        summary=f"What each of {formatting.counted(len(rows), 'condition')} disturbs, and how many answers are right",
        blocks=(Table(heads=heads, rows=rows),),
    )
    line = hesitation_line((row.name, row.ambiguous) for row in report.conditions)
    return [
        *(Paragraph(text=text) for text in _proved(report.conditions)),
        folded,
        *([Paragraph(text=f"{line}; the page shows them.")] if line else []),
    ]


def _right(row: ConditionRow) -> str:
    if row.correct is None or not row.n or row.accuracy is None:
        return "did not run"
    return f"{formatting.percent(row.accuracy)} ({formatting.share_of(row.correct, row.n).partition(' (')[0]})"


def _proved(conditions: Sequence[ConditionRow]) -> list[str]:
    """What certificates prove, in one sentence where all passed; those that did not are named with what they say."""
    words = {row.name: certificate_words(row) for row in conditions}
    passed = [name for name, (_, tone) in words.items() if tone == "good"]
    texts = []
    if passed:
        number = formatting.counted(len(passed), "condition has", "conditions have")
        texts.append(
            f"{number} a certificate that passed: on a sample of problems, what the condition says is hidden or "
            "replaced was, and nothing else. The page has every check."
        )
    texts += [f"{name}: certificate {text}." for name, (text, _) in words.items() if name not in passed]
    return texts
