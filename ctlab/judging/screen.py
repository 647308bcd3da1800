"""Judgements for a terminal: one screen for two files, a line a file for several."""

import textwrap
from collections.abc import Sequence
from pathlib import Path

from ctlab import formatting
from ctlab.judging import words
from ctlab.judging.results_judgement import Changed, File, Grouped, ResultsJudgement, beginning, ending
from ctlab.untrusted_text import in_line

WIDTH = 100
"""Columns: what two windows side by side leave on a usual screen."""
_EXAMPLES, _FLAGS = 5, 6


def screen(judgements: Sequence[ResultsJudgement]) -> str:
    """Write what came of judging files, in the order in which they were given."""
    files = {file.letter: file for judgement in judgements for file in judgement.files}
    lines = [*_files([files[letter] for letter in sorted(files)]), ""]
    for judgement in judgements:
        lines += [*_measured(judgement), *_verdict(judgement), ""]
    if len(judgements) == 1:
        (judgement,) = judgements
        if judgement.grouped is not None:
            lines += [*_groups(judgement.grouped), ""]
        else:
            lines += _examples(judgement)
    elif any(judgement.grouped is not None for judgement in judgements):
        for judgement in judgements:
            if judgement.grouped is not None:
                first, second = judgement.files
                lines += [f"{second.letter} − {first.letter} by group", *_groups(judgement.grouped), ""]
    lines += _evidence(judgements)
    return "\n".join(line.rstrip() for line in lines)


def _files(files: Sequence[File]) -> list[str]:
    names = [Path(file.path).name or file.path for file in files]
    # Some tools call every run's file alike: their folders then tell them apart.
    names = (
        [cut_front(file.path, 40) for file in files] if len(set(names)) < len(names) else [cut(n, 40) for n in names]
    )
    width = words.widest(names)
    return [
        f"{file.letter}  {name:<{width}}  {cut(words.file_words(file), WIDTH - width - 5)}"
        for file, name in zip(files, names, strict=True)
    ]


def _measured(judgement: ResultsJudgement) -> list[str]:
    first, second = judgement.files
    return [
        f"{second.letter} − {first.letter}  {words.difference_words(judgement)}; {words.test_words(judgement)}",
        f"       {words.changed_words(judgement)} of {formatting.counted(judgement.n, 'problem')}",
    ]


def _verdict(judgement: ResultsJudgement) -> list[str]:
    mark = formatting.VERDICT_MARKS[judgement.verdict]
    head = f"{mark} {judgement.verdict}: {judgement.statement}."
    said = textwrap.wrap(words.decided_words(judgement), WIDTH - 2)
    return [f"{head}  [unregistered]", *(f"  {line}" for line in said)]


def _groups(grouped: Grouped) -> list[str]:
    heads = (cut(grouped.field, 16), "n", "from", "to", "difference", "interval", "p (Holm)", "verdict")
    rows = [
        (
            cut(group.value, 16),
            formatting.count(group.effect.n),
            *(formatting.percent(rate) for rate in group.rates),
            words.size_words(group.effect),
            words.interval_words(group.effect).replace(" interval", ":"),
            formatting.p_value(group.holm_p),
            str(group.verdict),
        )
        for group in grouped.groups
    ]
    return [*(line[2:] for line in _columns([heads, *rows])), *textwrap.wrap(grouped.note, WIDTH)]


def _examples(judgement: ResultsJudgement) -> list[str]:
    lines = []
    for change, count in (("lost", judgement.lost), ("gained", judgement.gained)):
        shown = [example for example in judgement.examples if example.change == change][:_EXAMPLES]
        if shown:
            lines += [f"{change} {formatting.count(count)}{', such as' if count > len(shown) else ''}"]
            lines += _columns([_example(example) for example in shown])
    return [*lines, ""] if lines else []


def _example(example: Changed) -> tuple[str, ...]:
    """Write a problem in a row: where its question begins, and where its answers end."""
    (first, before), (second, after) = example.answers.items()
    name, question = cut(example.problem, 12), _whole_words(example.question, 30)
    if not (before or after or question):
        return (name,)
    gold = f"gold {cut_front(example.gold, 12 if question else 30)}" if example.gold else ""
    room = (WIDTH - 12 - 2 - (32 if question else 0) - (19 if question else 37) - 2) // 2 - 3
    return name, question, gold, f"{first}: {cut_front(before, room)}", f"{second}: {cut_front(after, room)}"


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Align cells below each other; a column that is empty in every row is left out."""
    widths = [words.widest(column) for column in zip(*rows, strict=True)]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True) if width) for row in rows
    ]


def _evidence(judgements: Sequence[ResultsJudgement]) -> list[str]:
    said = [*dict.fromkeys(words.evidence_words(judgement) for judgement in judgements)]
    flags = [*dict.fromkeys(flag for judgement in judgements for flag in judgement.flags)]
    more = [f"{len(flags) - _FLAGS} more notes with --markdown or --json"] if len(flags) > _FLAGS + 1 else []
    kept = flags[:_FLAGS] if more else flags
    return [f"· {line}" for text in [*said, *kept, *more] for line in textwrap.wrap(in_line(text), WIDTH - 2)]


def _whole_words(text: str, longest: int) -> str:
    """Cut a question at the end of a word."""
    short = cut(text, longest)
    head, blank, _ = short.removesuffix(" …").rpartition(" ")
    return f"{head} …" if blank and short.endswith(" …") else short


def cut(text: str, longest: int) -> str:
    """Bring somebody's text into a line, cut at its end."""
    return beginning(in_line(" ".join(text.split())), longest)


def cut_front(text: str, longest: int) -> str:
    """The same, cut in front."""
    return ending(in_line(" ".join(text.split())), longest) or "(nothing)"
