"""Judgements as a document, which is shown as Markdown or as a page."""

from collections.abc import Sequence

from ctlab import formatting
from ctlab.judging import words
from ctlab.judging.results_judgement import Grouped, ResultsJudgement, ending
from ctlab.reporting.documents.document import Block, Bullets, Heading, Paragraph, Table, markdown

DISAGREEMENTS = 20
"""Answers that tool and reader score otherwise that a document lists; the JSON has all."""
ALONE = 50
"""Problems without a partner that it lists."""


def as_markdown(judgements: Sequence[ResultsJudgement]) -> str:
    """Write judgements as Markdown in which nobody's words become markup."""
    return markdown(blocks(judgements))


def as_page(judgements: Sequence[ResultsJudgement]) -> str:
    """Write judgements as one self-contained page."""
    from ctlab.reporting.html.page import page

    parts = [(type(block).__name__, block, None) for block in blocks(judgements)]
    return page("document.html", title="ctlab judge", blocks=parts)


def blocks(judgements: Sequence[ResultsJudgement]) -> list[Block]:
    """Put judgements together: what was compared, what came of it, what changed, what must be known."""
    files = {file.letter: file for judgement in judgements for file in judgement.files}
    document: list[Block] = [
        Heading(text="Result files judged", level=1),
        Paragraph(text="Unregistered: asked when the answers were there, so that this explores and confirms nothing."),
        Table(
            heads=("", "file", "format", "model", "answers", "right"),
            rows=tuple(
                (name, file.path, file.format, file.model, formatting.count(file.rows), words.right_words(file))
                for name, file in sorted(files.items())
            ),
        ),
    ]
    for judgement in judgements:
        document += _judged(judgement)
    return document


def _judged(judgement: ResultsJudgement) -> list[Block]:
    first, second = judgement.files
    mark = formatting.VERDICT_MARKS[judgement.verdict]
    document: list[Block] = [
        Heading(text=f"{mark} {judgement.verdict}: {judgement.statement}"),
        Paragraph(text=words.decided_words(judgement)),
        Table(
            heads=(f"{second.letter} − {first.letter}", "interval", "test of no difference", "lost", "gained", "n"),
            rows=(
                (
                    words.size_words(judgement.difference),
                    words.interval_words(judgement.difference),
                    words.test_words(judgement),
                    *map(formatting.count, (judgement.lost, judgement.gained, judgement.n)),
                ),
            ),
        ),
    ]
    if judgement.grouped is not None:
        document += _grouped(judgement.grouped)
    document += [
        Bullets(items=(words.evidence_words(judgement), *judgement.flags)),
        *_alone(judgement),
        *_examples(judgement),
        *_disagreements(judgement),
    ]
    return document


def _grouped(grouped: Grouped) -> list[Block]:
    rows = tuple(
        (
            group.value,
            formatting.count(group.effect.n),
            *(formatting.percent(rate) for rate in group.rates),
            words.size_words(group.effect),
            words.interval_words(group.effect),
            formatting.p_value(group.holm_p),
            str(group.verdict),
        )
        for group in grouped.groups
    )
    heads = (grouped.field, "n", "before", "after", "difference", "interval", "p (Holm)", "verdict")
    return [Table(heads=heads, rows=rows), Paragraph(text=grouped.note, note=True)]


def _examples(judgement: ResultsJudgement) -> list[Block]:
    first, second = (file.letter for file in judgement.files)
    rows = tuple(
        (each.change, each.problem, each.question, each.gold, each.answers[first], each.answers[second])
        for each in judgement.examples
    )
    if not rows:
        return []
    heads = ("", "problem", "question", "gold", f"{first} answers", f"{second} answers")
    return [Heading(text="Lost and gained", level=3), Table(heads=heads, rows=rows)]


def _alone(judgement: ResultsJudgement) -> list[Block]:
    items = []
    for file, alone in zip(judgement.files, judgement.alone, strict=True):
        if alone:
            more = f" … and {len(alone) - ALONE:,} more" if len(alone) > ALONE else ""
            items.append(f"Only in {file.letter}: {', '.join(alone[:ALONE])}{more}")
    return [Heading(text="Left out", level=3), Bullets(items=tuple(items))] if items else []


def _disagreements(judgement: ResultsJudgement) -> list[Block]:
    rows = tuple(
        (each.letter, each.problem, f"{each.tool:g}", f"{each.ours:g}", ending(each.gold, 60), ending(each.answer))
        for each in judgement.disagreements[:DISAGREEMENTS]
    )
    if not rows:
        return []
    title = f"Tool and reader disagree on {formatting.counted(len(judgement.disagreements), 'answer')}"
    return [
        Heading(text=title, level=3),
        Table(heads=("", "problem", "tool", "ours", "gold", "answer"), rows=rows),
    ]
