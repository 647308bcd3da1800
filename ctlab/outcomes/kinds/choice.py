"""One of several options: by its letter, or by its text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import ClassVar

from ctlab.outcomes.kinds.answer_kind import AnswerKind, Label, Reading
from ctlab.outcomes.kinds.negation import rejected
from ctlab.outcomes.kinds.said import Said, said
from ctlab.outcomes.outcome import Outcome
from ctlab.problems import Problem
from ctlab.problems.answer_kinds import chosen, letter
from ctlab.problems.phrases import spelled

# "A" and "I" are words, so that they are letters of options only where something says so: brackets, a mark or the end
# behind them, "option" before them, or an "or" and the like beside them.
_LETTER = re.compile(
    r"[(\[](?P<bracketed>[A-Za-z])[)\]]"
    r"|(?<![\w'-])(?P<marked>[A-Z])(?=\s*+(?:[.):,;=/]|\Z|\n))"
    r"|\b(?i:option|choice|answer|letter)\s++(?:is\s++)?[(\[]?(?P<called>[A-Za-z])(?![\w'-])"
    r"|(?<![\w'-])(?P<joined>[A-Z])(?=\s++(?:or|and|but|nor|is\s++(?:correct|right|wrong|incorrect|the|not))\b)"
    r"|(?<![\w'-])(?P<bare>[B-HJ-Z])(?![\w'-])"
)
_SMALL = re.compile(r"\s*+(?P<small>[a-z])(?:[.):]|\s*+\Z)")
_TO_ITS_TEXT = re.compile(r"[\s.):,;=\"'\]-]*+(?:(?:the|a|an)\s++)?", re.IGNORECASE)
_JOINED = re.compile(
    r"[\s.)\]]*+(?:,\s*+(?:(?:or|and)\b)?|(?:or|and)\b|/|&)[\s(\[]*+(?:(?:maybe|perhaps|possibly|option)\s++)?",
    re.IGNORECASE,
)
_OPENS = re.compile(r"[\s\"'(\[]*+\Z")


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    name: str
    """Letter of the option."""
    torn: bool = False
    """Whether letter and text name two options."""


class Choice(AnswerKind):
    """One option of several."""

    name: ClassVar[str] = "choice"
    nothing: ClassVar[str] = "no option is named in the text"

    def read(self, problem: Problem, text: str) -> Reading:
        """Read the option named first after the last marker or at the start of the text, else the last one."""
        found = said(text, letters=True)
        named = _mentions(found, problem)
        live = [each for each in named if not rejected(found.text, found.start, each.start, each.end)]
        empty = Reading(text=found.text, marker=found.marker)
        if not live:
            refused = list(dict.fromkeys(each.name for each in named))
            if len(refused) != 1:
                return empty
            spot = replace(empty, start=named[0].start, end=named[0].end, ambiguous=True)
            return replace(spot, answer=f"not {refused[0]}", how="an option is rejected and none is chosen")
        opens = found.marker is not None or bool(_OPENS.match(found.text[: live[0].start]))
        mention = live[0] if opens else live[-1]
        spot = replace(empty, start=mention.start, end=mention.end)
        if (hedge := _joined(found.text, live, mention)) is not None:
            return replace(spot, answer=hedge, end=live[-1].end, ambiguous=True, how="neither is chosen")
        split = not opens and len({each.name for each in live}) > 1
        how = f"the {'first' if opens else 'last'} option named"
        if mention.torn:
            how += ", by its letter, which stands before another option's text"
        return replace(spot, answer=mention.name, ambiguous=split or mention.torn, how=how)

    def label(self, problem: Problem, answer: str) -> Label:
        """Say whether it is the right option, another one, or none of them."""
        right = chosen(str(problem.gold), problem.options)
        if answer == right:
            return Label(Outcome.CORRECT, "equals the gold answer")
        if HEDGE in answer:
            return Label(Outcome.HEDGED, answer)
        name = answer.removeprefix("not ")
        if name != answer:
            if name == right:
                return Label(Outcome.NEGATED, "rejects the right option")
            return Label(Outcome.UNEXPLAINED, f"rejects ({name}) and chooses none")
        texts = {letter(at): option for at, option in enumerate(problem.options)}
        if name in texts or not texts:
            return Label(Outcome.WRONG_OPTION, f"({name}) {texts.get(name, '')}".strip())
        return Label(Outcome.UNEXPLAINED, f"({name}) is none of {len(texts)} options")


HEDGE = " or "
"""Between the letters of an answer that chooses none of them."""


def _mentions(found: Said, problem: Problem) -> list[_Mention]:
    """Every option that the part names, in its order; a letter before its own text is one mention with it."""
    small = _SMALL.match(found.part)
    if small:
        at = found.start + small.start("small")
        letters = [_Mention(at, at + 1, small["small"].upper())]
    else:
        letters = []
    letters += [
        _Mention(match.start(), match.end(), (match[match.lastgroup or 0]).upper())
        for match in _LETTER.finditer(found.text, found.start, found.end)
    ]
    texts = _texts_named(found, problem)
    letters = [each for each in letters if not any(text.start <= each.start < text.end for text in texts)]
    merged: list[_Mention] = []
    for each in sorted([*letters, *texts], key=lambda mention: mention.start):
        before = merged[-1] if merged and merged[-1] in letters and each in texts else None
        if before and _TO_ITS_TEXT.fullmatch(found.text, before.end, each.start):
            merged[-1] = _Mention(before.start, each.end, before.name, torn=before.name != each.name)
        else:
            merged.append(each)
    return merged


def _texts_named(found: Said, problem: Problem) -> list[_Mention]:
    names = _names(problem.options, str(problem.gold), problem.aliases)
    pattern = _pattern(tuple(names))
    if pattern is None:
        return []
    matches = pattern.finditer(found.text, found.start, found.end)
    return [_Mention(match.start(), match.end(), names[_folded(match[0])]) for match in matches]


@lru_cache(maxsize=16384)
def _names(options: Sequence[str], gold: str, aliases: Sequence[str]) -> dict[str, str]:
    """Return the letter of each text that names an option; an alias names the right one."""
    right = chosen(gold, options) or ""
    return {_folded(alias): right for alias in aliases} | {
        _folded(option): letter(at) for at, option in enumerate(options)
    }


@lru_cache(maxsize=16384)
def _pattern(texts: tuple[str, ...]) -> re.Pattern[str] | None:
    """Find whole texts, the longest first where one holds another ("New York City", "York")."""
    if not texts:
        return None
    ways = [r"\s++".join(map(re.escape, text.split())) for text in sorted(texts, key=len, reverse=True)]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(ways)})(?![\w-])", re.IGNORECASE)


def _folded(text: str) -> str:
    return " ".join(spelled(text).strip(" \t\n.").lower().split())


def _joined(text: str, live: Sequence[_Mention], mention: _Mention) -> str | None:
    """Return the options that are joined to the one that would be chosen, with "or" between; None where it is alone."""
    together = [mention.name]
    for one, two in pairwise(live):
        if mention in (one, two) and one.name != two.name and _JOINED.fullmatch(text, one.end, two.start):
            together += [one.name, two.name]
    names = sorted(set(together))
    return HEDGE.join(names) if len(names) > 1 else None
