"""Answers that a text takes back: "The answer is A. Wait, B." answers B, and a careful person would hesitate."""

import re
from dataclasses import dataclass, replace

from ctlab.outcomes.kinds.answer_kind import AnswerKind, Reading
from ctlab.outcomes.kinds.refusal import is_meant, is_refusal
from ctlab.outcomes.kinds.said import Said
from ctlab.outcomes.outcome import Outcome
from ctlab.problems import Problem

_SURE = (
    r"i\s++mean(?:t)?\b(?!\s++(?:it|that|this)\s*+(?:[.!\n]|\Z))|scratch\s++that\b|strike\s++that\b"
    r"|on\s++second\s++thoughts?\b|let\s++me\s++correct\s++(?:that|myself)\b|i\s++misspoke\b|or\s++rather\b|make\s++that\b"
    r"|my\s++(?:mistake|bad|apologies)\b|no[\s,]++wait\b|wait[\s,]++no\b"
)
# A single word may be an item or a name: a mark or the beginning of a sentence follows where it takes something back.
_WORD = r"(?:wait|sorry|correction|oops|hold\s++on|apologies|hmm++|nope|no)(?=\s*+[,.:;!…–—-]|\s++(?:it|that|the\s++answer|i)\b)"
_FILLED = r"(?:(?:oh|ah|um|uh|but|and|or|well)\b[\s,]*+)?+"
_AFTER = r"[\s,.:;!…–—-]*+"
_CUES = rf"(?P<however>however\b)|{_SURE}|{_WORD}|actually\b"
_CUE = re.compile(
    rf"(?:(?:\A|[\n.!,;:…–—(-])\s*+{_FILLED}(?:{_CUES})|\b(?:{_SURE})){_AFTER}(?:(?:{_SURE}|{_WORD}|actually\b){_AFTER})*+",
    re.IGNORECASE,
)
# Between commas "wait" and "sorry" are items.
_CUE_OF_A_LIST = re.compile(
    rf"(?:(?<=[.!;…–—])\s++{_FILLED}(?:{_SURE}|{_WORD}|actually\b)|\n{_FILLED}(?:{_SURE})|\b(?:{_SURE})){_AFTER}"
    rf"(?:(?:{_SURE}|{_WORD}){_AFTER})*+",
    re.IGNORECASE,
)
_NO = re.compile(r"\W*+\bno", re.IGNORECASE)
_TRIES = 3
"""So many of the last corrections are looked at: each costs two readings of the text."""


@dataclass(frozen=True, slots=True)
class _Answers:
    """How a kind reads a problem's answer, and whether what it read answers."""

    kind: AnswerKind
    problem: Problem

    def read(self, text: str) -> Reading:
        return self.kind.read(self.problem, text)

    def given(self, reading: Reading) -> bool:
        """Whether there is an answer at all, and no refusal or aside."""
        where = reading.text[reading.start : reading.end]
        return bool(reading.answer) and not is_refusal(where) and not self.kind.beside(self.problem, reading)

    def same(self, one: Reading, two: Reading) -> bool:
        right = [
            each.answer is not None and self.kind.label(self.problem, each.answer).outcome is Outcome.CORRECT
            for each in (one, two)
        ]
        return one.answer == two.answer or all(right)


def corrected(kind: AnswerKind, problem: Problem, found: Said, reading: Reading) -> Reading:
    """Return what a text answers after it has taken an answer back; the reading as it is where nothing is.

    A later answer that is no more than a remark ("No, A is wrong") leaves the first one, and both are ambiguous.
    """
    if reading.answer is None or is_meant(problem, found.part):
        return reading
    pattern = _CUE_OF_A_LIST if kind.several else _CUE
    cues = list(pattern.finditer(found.text, found.start))
    for cue in reversed(cues[-_TRIES:]):
        changed = _after(_Answers(kind, problem), found, cue)
        if changed is not None:
            return changed
    return reading


def _after(answers: _Answers, found: Said, cue: re.Match[str]) -> Reading | None:
    """Return the reading after one correction; None where nothing is taken back by it."""
    tail = found.text[cue.end() :]
    read = answers.read(tail)
    if not answers.given(read):
        return None
    shift = cue.end() + len(tail) - len(tail.lstrip())
    later = replace(
        read, text=found.text, start=shift + read.start, end=shift + read.end, marker=found.marker or read.marker
    )
    if not re.search(r"\w", found.text[found.start : cue.start()]):  # "No, Paris": it opens what is said
        opens = answers.kind.name == "entity" and "however" not in cue[0].lower()
        return replace(later, ambiguous=later.ambiguous or bool(_NO.match(cue[0]))) if opens else None
    if _NO.match(cue[0]) and found.text[: cue.start() + 1].rstrip()[-1:] == "?":
        return None
    first = answers.read(found.text[: cue.start()])
    if not answers.given(first) or answers.same(first, later):
        return None
    keeps = bool(cue.re.groups and cue["however"] and found.marker)
    if keeps or not answers.kind.answers(answers.problem, later.answer or ""):
        return replace(first, text=found.text, ambiguous=True, how=f"{first.how}; it is questioned after it")
    return replace(later, ambiguous=True, how=f"{later.how}, after a correction")
