"""How good each answer is: the tool's own score where both files have one, otherwise our reading against the gold."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.delimited_text import decimal_comma_meant
from ctlab.errors import InputError
from ctlab.judging.paired_rows import Pair, Rows
from ctlab.records.result_row import ResultRow
from ctlab.results.gold_kind import check_kind, guessed, options_of

if TYPE_CHECKING:
    from ctlab.outcomes.against_golds import Rightness
    from ctlab.outcomes.agreement import Agreement, Comparison, Disagreement

WAYS = ("tool", "ours")
"""Who says what is right: the tool that wrote the file, or our reader."""
READ_BESIDE = 4000
"""Answers that are read where the tool's scores decide: all of GSM8K's test split under two conditions (2,638).

Of more every k-th is: reading 20,000 takes half a second more, and a share of disagreements is known to ± 1.5 points
from these."""
_NAMED = 3
"""Rows that are named of those that were left out."""
Scores = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Pairs with scores, and what was left out for want of one."""

    way: str
    """Who said what is right: `tool` or `ours`."""
    kind: str
    """Answer kind that was read; empty where nothing was read."""
    pairs: tuple[Pair, ...]
    """Problems that have a score in both files, with the rows that have one."""
    before: tuple[Scores, ...]
    """Scores of each in the first file, one a repeat."""
    after: tuple[Scores, ...]
    """Scores in the second."""
    left_out: int
    """Problems that have none in one of the files."""
    compared: int
    """Answers that have both scores: of very many a sample."""
    disagreements: "tuple[Disagreement, ...]"
    """Those where the two differ."""
    notes: tuple[str, ...]
    """What a reader should know of the scores."""


class _Reader:
    """Our reading of answers of one kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def read(self, row: ResultRow, pair: Pair) -> "tuple[str, Rightness | None]":
        """Return a reference answer and what an answer is worth by it; None where it cannot be said."""
        from ctlab.outcomes.against_golds import problems_of, right_by_any

        golds = row.golds or pair.golds
        # What a number is read as does not depend on the question, and questions are long to remember.
        question = "?" if self.kind == "number" else pair.question or "?"
        problems = problems_of(golds, self.kind, question, options_of(row.fields)) if golds else ()
        return golds[0] if golds else "", right_by_any(problems, row.answer)


def score(
    pairs: Sequence[Pair], letters: tuple[str, str], *, way: str | None = None, kind: str | None = None
) -> Scored:
    """Score every answer of matched files; InputError where nothing says what is right."""
    if way is not None and way not in WAYS:
        raise InputError(f"answers are scored by {formatting.listed(WAYS, 'or')}, not by {way!r}; name one of them")
    golds = [gold for pair in pairs for gold in pair.golds]
    reader = _Reader(check_kind(kind) if kind else guessed(golds)) if golds else None
    files = list(zip(*map(_sides, pairs), strict=True))
    sides = [[row for rows in side for row in rows if not row.failure] for side in files]
    rows = [row for side in sides for row in side]
    said = [letter for letter, side in zip(letters, files, strict=True) if _said(side)]
    readable = reader is not None and len(said) == len(letters)
    way = way or _best_way(sides, readable=readable)
    if way == "tool":
        _check_scores(rows, letters, readable=readable)
    elif reader is None:
        raise InputError(
            f"neither {letters[0]} nor {letters[1]} says the reference answers, so that nothing can be read against "
            'them; give a file with a "gold" column, or score by the tool (--score tool)'
        )
    for letter in letters:
        if way == "ours" and letter not in said:
            raise InputError(
                f"{letter} holds scores and no answers that could be read; score by the tool (--score tool)"
            )
    return _scored(pairs, letters, way, reader, said)


def _best_way(sides: Sequence[Sequence[ResultRow]], *, readable: bool) -> str:
    """Take the tool's scores where they are 0 and 1 in each file; our reading where one has others or none."""
    if not readable:
        return "tool"
    # A few scores that a crash left out are no reason to leave the tool's own scale; a file without any is one.
    mostly = [2 * sum(row.score in (0.0, 1.0) for row in rows) > len(rows) or not rows for rows in sides]
    return "tool" if all(mostly) else "ours"


def _check_scores(rows: Sequence[ResultRow], letters: tuple[str, str], *, readable: bool) -> None:
    scores = [row for row in rows if row.score is not None]
    if not scores:
        raise InputError(
            f"neither scores nor reference answers are in {letters[0]} and {letters[1]}, so that nothing says what is "
            'right; give files with a "score" or a "gold" column (FILE?gold=COLUMN)'
        )
    for row in scores:
        if row.score is not None and not 0.0 <= row.score <= 1.0:
            step = "read the answers against the gold (--score ours)" if readable else "divide them by the highest"
            raise InputError(f"{row.name} has the score {row.score:g}, and scores from 0 to 1 are compared; {step}")


def _scored(
    pairs: Sequence[Pair], letters: tuple[str, str], way: str, reader: _Reader | None, said: Sequence[str]
) -> Scored:
    step = 1 if way == "ours" else math.ceil(sum(len(pair.rows) for pair in pairs) / READ_BESIDE)
    scorer = _Scorer(way, reader, said, step)
    kept: list[Pair] = []
    sides: tuple[list[Scores], list[Scores]] = ([], [])
    for place, pair in enumerate(pairs):
        (before, first), (after, second) = (
            scorer.scored(letter, pair, rows, place) for letter, rows in zip(letters, _sides(pair), strict=True)
        )
        if before and after:
            kept.append(replace(pair, before=before, after=after))
            sides[0].append(first)
            sides[1].append(second)
    beside = scorer.beside
    return Scored(
        way=way,
        kind=reader.kind if reader else "",
        pairs=tuple(kept),
        before=tuple(sides[0]),
        after=tuple(sides[1]),
        left_out=len(pairs) - len(kept),
        compared=beside.compared if beside else 0,
        disagreements=beside.disagreements if beside else (),
        notes=scorer.notes,
    )


class _Scorer:
    """Scores answers one by one, and counts what was left out and where tool and reader differ."""

    def __init__(self, way: str, reader: _Reader | None, said: Sequence[str], step: int) -> None:
        self._way, self._reader, self._said, self._step = way, reader, said, step
        self._left_out: dict[tuple[str, str], list[ResultRow]] = {}
        self._beside: Comparison | None = None
        if reader is not None:
            from ctlab.outcomes import agreement

            self._beside = agreement.Comparison()
        self._ambiguous = 0

    def scored(self, letter: str, pair: Pair, rows: Rows, place: int) -> tuple[Rows, Scores]:
        """Return the rows of one file that have a score, and the scores."""
        found: list[tuple[ResultRow, float]] = []
        for row in rows:
            ours = self._read(letter, pair, row, place)
            value = None if row.failure else row.score if self._way == "tool" else ours
            if value is None:
                self._left_out.setdefault((letter, _without(row, self._way)), []).append(row)
            else:
                found.append((row, value))
        return tuple(row for row, _ in found), tuple(value for _, value in found)

    def _read(self, letter: str, pair: Pair, row: ResultRow, place: int) -> float | None:
        """Return our score, where this row is read at all, and hold it against the tool's."""
        if not self._reader or not self._beside or letter not in self._said or place % self._step or row.failure:
            return None
        gold, read = self._reader.read(row, pair)
        self._beside.add(row, gold, None if read is None else read.right, letter=letter)
        if read is None:
            return None
        self._ambiguous += read.ambiguous and self._way == "ours"
        return float(read.right)

    @property
    def beside(self) -> "Agreement | None":
        """How the tool's scores and our readings go together; None where nothing was read."""
        return None if self._beside is None else self._beside.agreement

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of the scores."""
        left_out = [
            f"left out: {formatting.counted(len(rows), 'answer')} of {letter} ({_places(rows)}): {reason}"
            for (letter, reason), rows in sorted(self._left_out.items(), key=lambda item: item[0])
        ]
        who = formatting.counted(self._ambiguous, "answer is", "answers are")
        ambiguous = [f"{who} ambiguous: a careful person would hesitate how to read them"] if self._ambiguous else []
        return (*left_out, *ambiguous)


def _sides(pair: Pair) -> tuple[Rows, Rows]:
    return pair.before, pair.after


def _said(side: Iterable[Rows]) -> bool:
    """Whether a file holds answers, and not their scores alone: there an empty answer is one."""
    return any(row.answer for rows in side for row in rows)


def _without(row: ResultRow, way: str) -> str:
    if row.failure:
        return "something went wrong there, which is no wrong answer"
    if way == "tool":
        return "no score, or NaN, which is neither right nor wrong"
    comma = next(filter(None, map(decimal_comma_meant, row.golds)), "")
    return "no reference answer that can be read" + (f": a decimal comma; write {comma}" if comma else "")


def _places(rows: Sequence[ResultRow]) -> str:
    return ", ".join(row.name for row in rows[:_NAMED]) + (" …" if len(rows) > _NAMED else "")
