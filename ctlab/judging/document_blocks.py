"""Judgements as a document, which is shown as Markdown or as a page."""

from collections.abc import Sequence

from ctlab import formatting
from ctlab.judging import words
from ctlab.judging.results_judgement import Changed, Grouped, ResultsJudgement, beginning, ending
from ctlab.reporting.documents.document import Block, Bullets, Heading, Paragraph, Table, markdown

DISAGREEMENTS = 20
"""Answers that tool and reader score otherwise that a document lists; the JSON has all."""
QUESTION = 160
"""Characters of a question: enough to know it by; the JSON has more."""
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
    apart = words.compared_apart(judgements)
    document: list[Block] = [
        Heading(text="Result files judged", level=1),
        Paragraph(text="Unregistered: asked when the answers were there, so that this explores and confirms nothing."),
        Bullets(
            items=tuple(
                f"{letter}: {file.path}, {said}; {formatting.counted(file.rows, 'answer')}"
                for letter, (file, said) in words.files_words(judgements).items()
            )
        ),
    ]
    for judgement in judgements:
        document += _judged(judgement, rates=apart)
    return document


def _judged(judgement: ResultsJudgement, *, rates: bool) -> list[Block]:
    first, second = judgement.files
    mark = formatting.VERDICT_MARKS[judgement.verdict]
    document: list[Block] = [
        Heading(text=f"{mark} {judgement.verdict}: {judgement.statement}"),
        Paragraph(text=words.decided_words(judgement)),
        Paragraph(
            text=f"{second.letter} − {first.letter}: {words.measured_words(judgement)}. "
            f"{words.changed_words(judgement)}." + (f" {words.both_right_words(judgement)}." if rates else "")
        ),
    ]
    if judgement.grouped is not None:
        document += _grouped(judgement.grouped, first.letter, second.letter)
    document += [
        Bullets(items=(words.evidence_words(judgement), *judgement.flags)),
        *_alone(judgement),
        *_examples(judgement),
        *_disagreements(judgement),
    ]
    return document


def _grouped(grouped: Grouped, first: str, second: str) -> list[Block]:
    rows = tuple(
        (
            group.value,
            formatting.count(group.effect.n),
            " → ".join(map(formatting.percent, group.rates)),
            words.size_words(group.effect),
            words.interval_words(group.effect),
            formatting.p_value(group.holm_p),
            str(group.verdict),
        )
        for group in grouped.groups
    )
    heads = (grouped.field, "n", f"{first} → {second}", "difference", "interval", "p (Holm)", "verdict")
    return [Table(heads=heads, rows=rows), Paragraph(text=grouped.note, note=True)]


def _examples(judgement: ResultsJudgement) -> list[Block]:
    first, second = (file.letter for file in judgement.files)
    rows = tuple((_asked(each), each.answers[first], each.answers[second]) for each in judgement.examples)
    if not rows:
        return []
    heads = ("problem", f"{first} answers", f"{second} answers")
    return [Heading(text="Lost and gained", level=3), Table(heads=heads, rows=rows)]


def _asked(each: Changed) -> str:
    """Write what changed at which problem: ``lost 4 (gold 540): James decides to run …``."""
    gold = f" (gold {ending(each.gold, 60)})" if each.gold else ""
    question = f": {' '.join(beginning(each.question, QUESTION).split())}" if each.question else ""
    return f"{each.change} {each.problem}{gold}{question}"


def _alone(judgement: ResultsJudgement) -> list[Block]:
    items = []
    for file, alone in zip(judgement.files, judgement.alone, strict=True):
        if alone:
            more = f" … and {len(alone) - ALONE:,} more" if len(alone) > ALONE else ""
            items.append(f"Only in {file.letter}: {', '.join(alone[:ALONE])}{more}")
    return [Heading(text="Left out", level=3), Bullets(items=tuple(items))] if items else []


def _disagreements(judgement: ResultsJudgement) -> list[Block]:
    rows = tuple(
        (
            f"{each.letter}: {each.row.problem}",
            f"{each.row.score:g}",
            f"{float(each.right):g}",
            ending(each.gold, 60),
            ending(each.row.answer),
        )
        for each in judgement.disagreements[:DISAGREEMENTS]
    )
    if not rows:
        return []
    title = f"Tool and reader disagree on {formatting.counted(len(judgement.disagreements), 'answer')}"
    return [
        Heading(text=title, level=3),
        Table(heads=("problem", "tool", "ours", "gold", "answer"), rows=rows),
    ]
