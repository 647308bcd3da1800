"""Yes or no, true or false: read with its negation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from ctlab.outcomes.kinds.answer_kind import AnswerKind, Label, Reading
from ctlab.outcomes.kinds.doubt import negations
from ctlab.outcomes.kinds.said import Said, said
from ctlab.outcomes.outcome import Outcome
from ctlab.problems import Problem
from ctlab.problems.answer_kinds import TRUTHS, truth

# "I don't think so." judges as a word does, at the end of what is said alone.
_JUDGED = {
    "think so": True,
    "believe so": True,
    "suppose so": True,
    "guess so": True,
    "say so": True,
    "the case": True,
    "agree": True,
    "think not": False,
    "believe not": False,
    "doubt it": False,
    "doubt that": False,
    "doubt so": False,
    "disagree": False,
}
_BLANKS = r"[ \t]++"
_TRUTH = re.compile(
    rf"(?<![\w-])(?:{'|'.join(TRUTHS)})(?![\w-])"
    rf"|\b(?:{'|'.join(each.replace(' ', _BLANKS) for each in _JUDGED)})(?=[ \t]*+(?:[.,;!\n]|\Z))",
    re.IGNORECASE,
)
_SAYS = {**TRUTHS, **_JUDGED}
# In "no one", "the correct answer", "the wrong way" the word judges nothing; these say yes or no after "is", "not" and
# at an end alone.
_ADJECTIVES = frozenset(("no", "correct", "right", "incorrect", "wrong"))
_CLOSED = re.compile(
    r"\s*+(?:[.,;:!?)\"'/\n-]|\Z|(?:or|and|because|since|as|that|it|this|he|she|they|we|i)\b)", re.IGNORECASE
)
_COPULA = re.compile(
    r"(?:(?:\b(?:is|are|was|were|be|not|say|answer)|n't|'s|:)(?:\s++\w++)?|\b(?:or|and|but)|[/&])\s*+\Z", re.IGNORECASE
)
_UNSURE = re.compile(
    r"\b(?:whether|if|necessarily|unclear|unsure|uncertain|unknown|(?:not|n't)\s++(?:sure|clear|certain|known))\b"
    r"(?:(?!\bbut\b)[^.;\n]){0,60}\Z",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[\s,]*+(?:or|nor|and|/|&)[\s,]*+(?:also\s++|maybe\s++|perhaps\s++)?\Z", re.IGNORECASE)
_ENDS = re.compile(r"[\"')]*+(?:[.!\n]|\s*+\Z)")
_ASKED = re.compile(r"[^.!?\n]{0,200}\?")  # "Is it true? No." states one thing
# As far as a negation can stand before its word; a longer look back would cost time and find another sentence's.
_BACK = 80


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    value: bool
    unsure: bool
    alone: bool
    """Whether it is a sentence of its own."""
    turned_twice: bool
    """Whether two negations bear on it."""


class Boolean(AnswerKind):
    """True and false, yes and no, correct and incorrect, in any case."""

    name: ClassVar[str] = "boolean"
    nothing: ClassVar[str] = "neither yes nor no in the text"

    def read(self, problem: Problem, text: str) -> Reading:
        """Read the first word that judges after the last marker or at the start of the text, else the last one."""
        found = said(text)
        short = truth(found.part)
        if short is not None:
            lead = len(found.part) - len(found.part.lstrip())
            return _read(found, short, found.start + lead, found.end, "the answer is that word alone")
        mentions = _mentions(found)
        if not mentions:
            return Reading(text=found.text, marker=found.marker)
        first = mentions[0]
        opens = found.marker is not None or not found.text[: first.start].strip(" \n\t\"'([")
        chosen = first if opens else mentions[-1]
        if chosen.unsure or _hedges(found.text, mentions, chosen):
            return Reading(
                text=found.text,
                answer=HEDGE,
                start=chosen.start,
                end=mentions[-1].end,
                marker=found.marker,
                ambiguous=True,
                how="neither is chosen",
            )
        where = "the first word that judges" if opens else "the last word that judges"
        others = {each.value for each in mentions if not opens or (found.marker is None and each.alone)}
        split = len(others | {chosen.value}) > 1
        torn = split or chosen.turned_twice
        return _read(found, chosen.value, chosen.start, chosen.end, where, ambiguous=torn)

    def label(self, problem: Problem, answer: str) -> Label:
        """Say whether it is the reference answer or its opposite."""
        if answer == HEDGE:
            return Label(Outcome.HEDGED, "neither true nor false is chosen")
        right = truth(str(problem.gold))
        if answer == _word(bool(right)):
            return Label(Outcome.CORRECT, "equals the gold answer")
        return Label(Outcome.NEGATED, f"{answer}, the opposite of the gold answer")


HEDGE = "true or false"
"""The answer of a text that chooses neither."""


def _word(value: bool) -> str:
    return "true" if value else "false"


def _read(found: Said, value: bool, start: int, end: int, how: str, *, ambiguous: bool = False) -> Reading:
    return Reading(
        text=found.text, answer=_word(value), start=start, end=end, marker=found.marker, ambiguous=ambiguous, how=how
    )


def _mentions(found: Said) -> list[_Mention]:
    """Every word of the part that judges, turned round where it is negated."""
    mentions = []
    for word in _TRUTH.finditer(found.text, found.start, found.end):
        name, before = (
            " ".join(word[0].lower().split()),
            found.text[max(found.start, word.start() - _BACK) : word.start()],
        )
        opens = not before.strip(" \n\t\"'([")
        if name in _ADJECTIVES and not _judges(name, before, opens, closed=bool(_CLOSED.match(found.text, word.end()))):
            continue
        turns = negations(before)
        value = _SAYS[name] ^ bool(turns % 2)
        alone = opens or before.rstrip(" \t\"'(")[-1:] in (".", "!", "\n")
        alone = alone and bool(_ENDS.match(found.text, word.end()))
        mentions.append(_Mention(word.start(), word.end(), value, bool(_UNSURE.search(before)), alone, turns > 1))
    stated = [each for each in mentions if not _ASKED.match(found.text, each.end)]
    return stated or mentions


def _judges(name: str, before: str, opens: bool, *, closed: bool) -> bool:
    """Whether a word that may be an adjective says yes or no: "so, no." does, "there is no way" does not."""
    ends_a_clause = name == "no" and before.rstrip(" \t").endswith((",", ";", ".", ":", "-", "?", "!", "\n"))
    return closed and (opens or ends_a_clause or bool(_COPULA.search(before)))


def _hedges(text: str, mentions: Sequence[_Mention], chosen: _Mention) -> bool:
    """Whether the chosen word is joined to its opposite: "true or false", "yes and no"."""
    at = mentions.index(chosen)
    pairs = [(mentions[i], mentions[i + 1]) for i in (at - 1, at) if i >= 0 and i + 1 < len(mentions)]
    return any(one.value != two.value and _JOINED.fullmatch(text, one.end, two.start) for one, two in pairs)
