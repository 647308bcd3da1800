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
_BLANK = re.compile(r"[ \t]++")
_NEITHER = re.compile(r"[\s)\].,]*+(?:or|nor)\s++(?:(?:the|an|a|option)\s++)*+[(\[]?", re.IGNORECASE)
# What a text chooses is said behind such words, whatever it names besides.
_CHOSEN = re.compile(
    r"\b(?:(?:it|that|this)(?:'s|\s++(?:is|was|(?:must|has\s++to|should|would)\s++be))"
    r"|answer(?:\s++is|\s*+:)|i(?:\s++would|'d)?\s++(?:think|believe|guess|say|choose|pick|select|suppose|go\s++(?:with|for))"
    r"|so|therefore|thus|hence)(?:\s++that)?(?:\s++(?:it|that|this)(?:'s|\s++(?:is|was|must\s++be)))?"
    r"(?:\s++(?:probably|likely|definitely|clearly|in|on|at))?"
    r"[\s:,]*+(?:(?:the|an|a|option|answer|choice|letter|is)\s++)*+[(\[\"']*+\Z",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|since|given\s++that|whereas|while|although|though|as\s++(?=(?:the|an?)\s|[(\[]?[A-Z]\b))",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[.!?;\n](?!\w)|,\s*+(?=(?:so|it|that|the\s++answer|i)\b)", re.IGNORECASE)
_BACK = 80  # characters: as far as the words of `_CHOSEN` reach
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
        """Read the option named first after the last marker, else one said to be it, the opening one or the last."""
        found = said(text, letters=True)
        named = _mentions(found, problem)
        live = _outside_reasons(found.text, _not_rejected(found, named))
        empty = Reading(text=found.text, marker=found.marker)
        if not live:
            refused = list(dict.fromkeys(each.name for each in named))
            if len(refused) != 1:
                return empty
            spot = replace(empty, start=named[0].start, end=named[0].end, ambiguous=True)
            return replace(spot, answer=f"not {refused[0]}", how="an option is rejected and none is chosen")
        opens = found.marker is not None or bool(_OPENS.match(found.text[: live[0].start]))
        said_to_be = [each for each in live if found.marker is None and _is_chosen(found.text, each)]
        told = len({each.name for each in said_to_be}) == 1
        mention = said_to_be[0] if told else live[0] if opens else live[-1]
        spot = replace(empty, start=mention.start, end=mention.end)
        if (hedge := _joined(found.text, live, mention)) is not None:
            return replace(spot, answer=hedge, end=live[-1].end, ambiguous=True, how="neither is chosen")
        split = not (told or opens) and len({each.name for each in live}) > 1
        how = "the option that is said to be it" if told else f"the {'first' if opens else 'last'} option named"
        if mention.torn:
            how += "; letter and text, or two options of the same text, do not agree"
        return replace(spot, answer=mention.name, ambiguous=split or mention.torn, how=how)

    def answers(self, answer: str) -> bool:
        """Whether an option is chosen, and none rejected."""
        return not answer.startswith("not ")

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
        if name in texts and right in texts and _folded(texts[name]) == _folded(texts[right]):
            return Label(Outcome.CORRECT, f"({name}) has the text of the right option, which stands twice")
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
    letters = _letters(found, len(problem.options))
    for each in sorted([*letters, *texts], key=lambda mention: (mention.start, not mention.by_text)):
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


def _is_chosen(text: str, mention: _Mention) -> bool:
    return bool(_CHOSEN.search(text[max(0, mention.start - _BACK) : mention.start]))


def _not_rejected(found: Said, named: Sequence[_Mention]) -> list[_Mention]:
    """Leave out what is rejected, and what "or" joins to it: "C, not A or B"."""
    live: list[_Mention] = []
    refused: _Mention | None = None
    for each in named:
        along = refused is not None and _NEITHER.fullmatch(found.text, refused.end, each.start)
        if along or rejected(found.text, found.start, each.start, each.end):
            refused = each
        else:
            refused = None
            live.append(each)
    return live


def _outside_reasons(text: str, live: Sequence[_Mention]) -> list[_Mention]:
    """Leave out options that only a reason names ("because A and B are too fast"), unless nothing else is named."""
    kept: list[_Mention] = []
    begun, end = 0, 0
    for each in live:
        # A reason after which the mention before began, and not within the option's own text.
        for reason in _REASON.finditer(text, max(begun, end), each.end):
            if reason.start() >= each.start:
                break
            ends = _CLAUSE_END.search(text, reason.end())
            end = ends.start() if ends else len(text)
            if each.start < end:
                break
        begun = each.end
        if not each.start < end:
            kept.append(each)
    return kept or list(live)


def _letters(found: Said, count: int) -> list[_Mention]:
    """Every letter that names one of so many options; where these are not known (0), every letter."""
    named = [
        _Mention(match.start(), match.end(), name)
        for match in _LETTER.finditer(found.text, found.start, found.end)
        if _is_option(name := match[match.lastgroup or 0].upper(), count)
    ]
    small = _SMALL.match(found.part)
    if small is None or not _is_option(small["small"].upper(), count):
        return named
    at = found.start + small.start("small")
    return [_Mention(at, at + 1, small["small"].upper()), *named]


def _is_option(name: str, count: int) -> bool:
    return not count or ord(name) - ord("A") < count


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
        in_a_row = not two.by_text and _BLANK.fullmatch(text, one.end, two.start)  # "A B C"
        joined = in_a_row or _JOINED.fullmatch(text, one.end, two.start)
        if mention in (one, two) and one.name != two.name and joined:
            together += [one.name, two.name]
    names = sorted(set(together))
    return HEDGE.join(names) if len(names) > 1 else None
