"""Judgements for a terminal: one screen for two files, a line a file for several."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

from ctlab import formatting
from ctlab.judging import words
from ctlab.judging.results_judgement import Changed, File, Grouped, ResultsJudgement, beginning, ending
from ctlab.untrusted_text import in_line

WIDTH = 100
"""Most columns that are used: what two windows side by side leave on a usual screen."""
NARROWEST = 80
"""Fewest for which lines are laid out, which a table of groups takes; a narrower terminal breaks them itself."""
_EXAMPLES, _FLAGS = 5, 6
_TOGETHER = re.compile(r"(?<=\d) (?=%|points?\b)|(?<=\bp) (?=[=<>≤])|(?<=[=<>≤]) (?=[\d.])")


def screen(judgements: Sequence[ResultsJudgement], width: int = WIDTH) -> str:
    """Write what came of judging files, in the order in which they were given, in lines of so many columns."""
    width = min(max(width, NARROWEST), WIDTH)
    apart = words.compared_apart(judgements)
    lines = [*_files(words.files_words(judgements), width), ""]
    for judgement in judgements:
        lines += [*_measured(judgement, width, rates=apart), *_verdict(judgement, width), ""]
    if len(judgements) == 1:
        (judgement,) = judgements
        if judgement.grouped is not None:
            lines += [*_groups(judgement.grouped, width), ""]
        else:
            lines += _examples(judgement, width)
    elif any(judgement.grouped is not None for judgement in judgements):
        for judgement in judgements:
            if judgement.grouped is not None:
                first, second = judgement.files
                lines += [f"{second.letter} − {first.letter} by group", *_groups(judgement.grouped, width), ""]
    lines += _evidence(judgements, width)
    return "\n".join(line.rstrip() for line in lines)


def _files(said: Mapping[str, tuple[File, str]], width: int) -> list[str]:
    room = width * 2 // 5
    files = [file for file, _ in said.values()]
    names = [cut(Path(file.path).name or file.path, room) for file in files]
    if len(set(names)) < len(names):  # some tools call every run's file alike, or begin their names so
        names = [cut_front(file.path, room) for file in files]
    longest = words.widest(names)
    return [
        f"{file.letter}  {name:<{longest}}  {cut(said[file.letter][1], width - longest - 5)}"
        for file, name in zip(files, names, strict=True)
    ]


def _measured(judgement: ResultsJudgement, width: int, *, rates: bool) -> list[str]:
    first, second = judgement.files
    tested = f"{second.letter} − {first.letter}  {words.measured_words(judgement)}"
    more = [words.both_right_words(judgement)] if rates else []
    below = [line for text in [*more, words.changed_words(judgement)] for line in _wrapped(text, width - 7)]
    return [*_wrapped(tested, width, indent=" " * 7), *(f"       {line}" for line in below)]


def _verdict(judgement: ResultsJudgement, width: int) -> list[str]:
    mark = formatting.VERDICT_MARKS[judgement.verdict]
    head = f"{mark} {judgement.verdict}: {judgement.statement}.  [unregistered]"
    said = _wrapped(words.decided_words(judgement), width - 2)
    return [*_wrapped(head, width, indent="  "), *(f"  {line}" for line in said)]


def _groups(grouped: Grouped, width: int) -> list[str]:
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
    lines = _columns([heads, *rows])
    if words.widest(lines) - 2 > width:  # the difference says the most of them
        lines = _columns([(*row[:2], *row[4:]) for row in (heads, *rows)])
    return [*(line[2:] for line in lines), *_wrapped(grouped.note, width)]


def _examples(judgement: ResultsJudgement, width: int) -> list[str]:
    lines = []
    for change, count in (("lost", judgement.lost), ("gained", judgement.gained)):
        shown = [example for example in judgement.examples if example.change == change][:_EXAMPLES]
        if shown:
            lines += [f"{change} {formatting.count(count)}{', such as' if count > len(shown) else ''}"]
            lines += _examples_below(shown, width)
    return [*lines, ""] if lines else []


def _examples_below(examples: Sequence[Changed], width: int) -> list[str]:
    """Write a problem a row: where its question begins, and where its answers end, in the room that is left."""
    questions = [_whole_words(each.question, width * 3 // 10) for each in examples]
    asked = any(questions)
    golds = [f"gold {cut_front(each.gold, 12 if asked else 30)}" if each.gold else "" for each in examples]
    before = [
        (cut_front(each.problem, 12), question, gold)
        for each, question, gold in zip(examples, questions, golds, strict=True)
    ]
    taken = sum(widest + 2 for column in zip(*before, strict=True) if (widest := words.widest(column)))
    room = (width - 2 - taken - 2) // 2 - len("A: ")
    rows = []
    for each, cells in zip(examples, before, strict=True):
        silent = not asked and not any(each.answers.values())
        answers = [f"{letter}: {cut_front(text, room)}" for letter, text in each.answers.items()]
        rows.append((*cells, *([""] * len(answers) if silent else answers)))
    return _columns(rows)


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Align cells below each other; a column that is empty in every row is left out."""
    widths = [words.widest(column) for column in zip(*rows, strict=True)]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True) if width) for row in rows
    ]


def _evidence(judgements: Sequence[ResultsJudgement], width: int) -> list[str]:
    said = words.evidence_of_all(judgements)
    # What a file says of itself comes last: columns are seldom what is missed.
    flags = sorted(dict.fromkeys(flag for judgement in judgements for flag in judgement.flags), key=_is_of_file)
    more = [f"{len(flags) - _FLAGS} more notes with --markdown or --json"] if len(flags) > _FLAGS + 1 else []
    kept = flags[:_FLAGS] if more else flags
    return [line for text in [*said, *kept, *more] for line in _wrapped(f"· {in_line(text)}", width, indent="  ")]


def _is_of_file(flag: str) -> bool:
    return flag[1:3] == ": " and not flag.endswith("counted as repeats")


def _wrapped(text: str, width: int, *, indent: str = "") -> list[str]:
    """Break a text into lines; a number stays with its unit, and p with its value."""
    whole = _TOGETHER.sub("\N{NO-BREAK SPACE}", text)
    lines = textwrap.wrap(whole, width, subsequent_indent=indent, break_on_hyphens=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


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
