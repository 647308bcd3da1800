"""What must be known beside a verdict on two result files."""

from collections.abc import Sequence

from ctlab import formatting
from ctlab.judging.compared import Compared
from ctlab.judging.paired_rows import Pair
from ctlab.judging.question import Question, size_words
from ctlab.judging.results_judgement import UNREGISTERED, ending

LEAST_MARGIN = 0.001
"""A smaller margin, a tenth of a point, may be meant as a proportion: 0.02 for 2 points. GSM8K's test split has a
problem for each 0.076 points."""
NAMED = 5
"""Problems that are named of those that were left out."""


def flags_of(side: Compared, question: Question, *, several: bool) -> list[str]:
    """Say what must be known of two files; of several which two are meant, because all stand in one list."""
    of_pair = [*_alone(side), *_repeats(side), *side.matching.notes, *side.scored.notes, *_same(side)]
    flags = [UNREGISTERED, *(f"{side.pair}: {flag}" if several else flag for flag in of_pair)]
    if question.margin and question.margin < LEAST_MARGIN:
        meant = f"{question.margin * 1e4:.10g}"
        flags.append(
            f"the margin is {size_words(question.margin)}, less than one problem in 1,000; for {meant} points write "
            f"--margin {meant}, or “by {meant}”"
        )
    for letter, results in zip(side.letters, side.results, strict=True):
        flags += [f"{letter}: {note}" for note in results.notes]
    return flags


def _alone(side: Compared) -> list[str]:
    flags = []
    for letter, alone in zip(side.letters, side.matching.alone, strict=True):
        if alone:
            names = ", ".join(ending(" ".join(name.split()), 30) for name in alone[:NAMED])
            more = " …" if len(alone) > NAMED else ""
            flags.append(f"left out: {formatting.counted(len(alone), 'problem')} only in {letter} ({names}{more})")
    return flags


def _repeats(side: Compared) -> list[str]:
    repeats = max(side.file(place).repeats for place in (0, 1))
    if repeats > 1:
        return [f"up to {repeats} answers a problem: each problem counts once, with its mean score"]
    return [] if side.scores.single else ["scores are shares of a point: each problem counts with its score"]


def _same(side: Compared) -> list[str]:
    if not side.scored.pairs or not _copied(side.scored.pairs):
        return []
    first, second = side.letters
    return [f"every answer of {second} is, letter for letter, that of {first}"]


def _copied(pairs: Sequence[Pair]) -> bool:
    """Whether all answers are the same texts; a list of scores has none."""
    return any(row.answer for row in pairs[0].rows) and all(
        [row.answer for row in pair.before] == [row.answer for row in pair.after] for pair in pairs
    )
