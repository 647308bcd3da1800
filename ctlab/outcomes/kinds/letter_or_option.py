"""One of several options: by its letter, or by its text."""

import re
from collections import Counter
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
    r"[\s.)\]]*+(?:,\s*+(?:(?:or|and)\b)?|(?:or|and)\b|/|&|[^.!?\n]{0,40}?\bor\b)"
    r"[\s(\[]*+(?:(?:maybe|perhaps|possibly|option|the|an|a)\s++)*+[(\[]?",
    re.IGNORECASE,
)
_OPENS = re.compile(r"[\s\"'(\[{]*+(?:(?:the|an|a)\s++)?\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Mention:
    start: int
    end: int
    name: str
    """Letter of the option."""
    by_text: bool = False
    """Whether its text names it, and not its letter."""
    torn: bool = False
    """Whether it names two options: its letter one and its text another, or a text that two options have."""


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
            how += "; letter and text, or two options of the same text, do not agree"
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
    texts = _texts_named(found, problem)
    own = {letter(at): _folded(option) for at, option in enumerate(problem.options)}
    merged: list[_Mention] = []
    for each in sorted([*_letters(found), *texts], key=lambda mention: (mention.start, not mention.by_text)):
        before = merged[-1] if merged else None
        if before and before.by_text and each.start < before.end:
            continue  # the C of "vitamin C", where that is an option
        if (
            before
            and not before.by_text
            and each.by_text
            and _TO_ITS_TEXT.fullmatch(found.text, before.end, each.start)
        ):
            same = before.name == each.name or own.get(before.name) == _folded(found.text[each.start : each.end])
            merged[-1] = _Mention(before.start, each.end, before.name, torn=not same)
        else:
            merged.append(each)
    return merged


def _letters(found: Said) -> list[_Mention]:
    named = [
        _Mention(match.start(), match.end(), (match[match.lastgroup or 0]).upper())
        for match in _LETTER.finditer(found.text, found.start, found.end)
    ]
    small = _SMALL.match(found.part)
    at = found.start + small.start("small") if small else 0
    return [_Mention(at, at + 1, small["small"].upper()), *named] if small else named


def _texts_named(found: Said, problem: Problem) -> list[_Mention]:
    names = _names(problem.options, str(problem.gold), problem.aliases)
    pattern = _pattern(tuple(names))
    if pattern is None:
        return []
    matches = pattern.finditer(found.text, found.start, found.end)
    texts = Counter(map(_folded, problem.options))  # CommonsenseQA has problems with an option twice
    return [
        _Mention(match.start(), match.end(), names[text], by_text=True, torn=texts[text] > 1)
        for match in matches
        if (text := _folded(match[0])) in names
    ]


@lru_cache(maxsize=16384)
def _names(options: Sequence[str], gold: str, aliases: Sequence[str]) -> dict[str, str]:
    """Return the letter of each text that names an option; an alias, and a text that it shares, name the right one."""
    right = chosen(gold, options) or ""
    names = {_folded(alias): right for alias in aliases}
    for at, option in enumerate(options):
        if names.get(_folded(option)) != right:
            names[_folded(option)] = letter(at)
    return names


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
