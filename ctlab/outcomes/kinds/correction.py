"""Answers that a text takes back: "The answer is A. Wait, B." answers B, and a careful person would hesitate."""

import re
from dataclasses import dataclass, replace

from ctlab.outcomes.kinds.answer_kind import AnswerKind, Reading
from ctlab.outcomes.kinds.refusal import is_meant, is_refusal
from ctlab.outcomes.kinds.said import Said
from ctlab.problems import Problem

_SURE = (
    r"i\s++mean(?:t)?\b(?!\s++(?:it|that|this)\s*+(?:[.!\n]|\Z))|scratch\s++that\b|strike\s++that\b"
    r"|on\s++second\s++thoughts?\b|let\s++me\s++correct\s++(?:that|myself)\b|i\s++misspoke\b|or\s++rather\b|make\s++that\b"
    r"|on\s++reflection\b|i\s++take\s++that\s++back\b|i\s++(?:was|am)\s++(?:wrong|mistaken)\b|i\s++apologi[sz]e\b"
    r"|i\s++made\s++a\s++mistake\b|my\s++(?:mistake|bad|apologies)\b|no[\s,]++wait\b|wait[\s,]++no\b"
)
# A single word may be an item or a name: a mark or the beginning of a sentence follows where it takes something back.
_GOES_ON = r"\s*+[,.:;!…–—-]|\s++(?:it|that|the\s++answer|i)\b"
_WRONG = r"(?:that|this)(?:'s|\s++is)\s++(?:wrong|incorrect|not\s++(?:right|correct)|a\s++mistake)"
_TURN = rf"wait|sorry|correction|oops|hold\s++on|apologies|hmm++|rather|{_WRONG}"
_WORD = rf"(?:{_TURN})(?={_GOES_ON}|\s++(?-i:[A-Z]))"
_NO = rf"(?:nope|no)(?={_GOES_ON}|\s*+\Z)"
_FILLED = r"(?:(?:oh|ah|um|uh|but|and|or|well)\b[\s,]*+)?+"
_AFTER = r"[\s,.:;!…–—-]*+"


def _cue(no: str, again: str) -> re.Pattern[str]:
    """Find what takes an answer back, with ``no`` for the word no, and the words that go on with it."""
    # A run of blanks is looked at once, from its start.
    opens = r"(?:(?:\A|[.!?,:;…–—(-])\s*+|(?<!\s)[ \t]*+\n\s*+)"
    begins = rf"{opens}{_FILLED}(?:however\b|{_SURE}|{_WORD}|actually\b|{no})"
    goes_on = rf"(?:(?:{_SURE}|{_WORD}|actually\b{again}){_AFTER})*+"
    return re.compile(rf"(?:{begins}|\b(?:{_SURE})){_AFTER}{goes_on}", re.IGNORECASE)


_CUE = _cue(_NO, f"|{_NO}")
# Where yes and no are asked for, no is the later answer itself.
_CUE_OF_A_BOOLEAN = _cue(f"(?={_NO})", "")
# Between commas "wait" and "sorry" are items.
_CUE_OF_A_LIST = re.compile(
    rf"(?:(?<=[.!;…–—])\s++{_FILLED}(?:{_SURE}|{_WORD}|{_NO}|actually\b)|\n{_FILLED}(?:{_SURE})|\b(?:{_SURE})){_AFTER}"
    rf"(?:(?:{_SURE}|{_WORD}|{_NO}){_AFTER})*+",
    re.IGNORECASE,
)
_OPENS_WITH_NO = re.compile(r"\W*+\bno", re.IGNORECASE)
_NO_FIRST = re.compile(r"(?:nope|no)\b[\s,.:;!…–—-]*+", re.IGNORECASE)
_TRIES = 3
"""So many of the last corrections are looked at: each costs two readings of the text."""


@dataclass(frozen=True, slots=True)
class _Answers:
    """How a kind reads a problem's answer, and whether what it read answers."""

    kind: AnswerKind
    problem: Problem

    def read(self, text: str) -> Reading:
        return self.kind.read(self.problem, text)

    def behind(self, found: Said, at: int) -> Reading | None:
        """Read the answer that a text gives from a place on; None where it gives none there."""
        tail = found.text[at:]
        read = self.read(tail)
        if not self.given(read):
            return None
        shift = at + len(tail) - len(tail.lstrip())
        marker = found.marker or read.marker
        return replace(read, text=found.text, start=shift + read.start, end=shift + read.end, marker=marker)

    def given(self, reading: Reading) -> bool:
        """Whether there is an answer at all, and no refusal or aside."""
        where = reading.text[reading.start : reading.end]
        return bool(reading.answer) and not is_refusal(where) and not self.kind.beside(self.problem, reading)


def corrected(kind: AnswerKind, problem: Problem, found: Said, reading: Reading) -> Reading:
    """Return what a text answers after it has taken an answer back; the reading as it is where nothing is.

    A later answer that is no more than a remark ("No, A is wrong") leaves the first one, and both are ambiguous.
    """
    if reading.answer is None or is_meant(problem, found.part):
        return reading
    pattern = _CUE_OF_A_LIST if kind.several else _CUE_OF_A_BOOLEAN if kind.name == "boolean" else _CUE
    cues = list(pattern.finditer(found.text, found.start))
    for cue in reversed(cues[-_TRIES:]):
        changed = _after(_Answers(kind, problem), found, cue, first=cue is cues[0])
        if changed is not None:
            return changed
    return reading


def _after(answers: _Answers, found: Said, cue: re.Match[str], *, first: bool) -> Reading | None:
    """Return the reading after one correction; None where nothing is taken back by it."""
    no = _NO_FIRST.match(found.text, cue.end()) if answers.kind.name == "boolean" else None
    later = answers.behind(found, no.end()) if no else None
    later = later or answers.behind(found, cue.end())
    if later is None:
        return None
    if not re.search(r"\w", found.text[found.start : cue.start()]):  # "No, Paris": it opens what is said
        opens = answers.kind.name == "entity" and "however" not in cue[0].lower()
        return replace(later, ambiguous=later.ambiguous or bool(_OPENS_WITH_NO.match(cue[0]))) if opens else None
    before = found.text[: cue.start()]
    if cue.string[cue.start()] == "?" or before.rstrip()[-1:] == "?":  # "Is it Lyon? No, Paris." takes nothing back
        return later if answers.kind.name == "entity" else None
    earlier = replace(answers.read(before), text=found.text)
    if not answers.given(earlier):
        return None
    if earlier.answer == later.answer:
        return replace(earlier, ambiguous=earlier.ambiguous or not first)
    keeps = found.marker is not None and "however" in cue[0].lower()  # goes on about a marked answer
    if keeps or not answers.kind.answers(later.answer or ""):
        return replace(earlier, ambiguous=True, how=f"{earlier.how}; it is questioned after it")
    return replace(later, ambiguous=True, how=f"{later.how}, after a correction")
