"""Where a text lists several items: lines with bullets or numbers, brackets, one item a line, a sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ctlab.outcomes.kinds.refusal import is_refusal
from ctlab.outcomes.kinds.said import Said, sentences
from ctlab.problems.listed_items import BULLET, NUMBER

_BRACKETS = re.compile(r"[\[{][^\[\]{}]*+[\]}]")
_FIRST = re.compile(r"(?:(?:you|we|i|one)\s++(?:\w++\s++){0,2}?)?first(?:ly)?\b", re.IGNORECASE)
_GOES_ON = re.compile(
    r"(?:and\s++)?(?:then|next|finally|lastly|(?:second|third)(?:ly)?|after\s++that|afterwards?|last)\b",
    re.IGNORECASE,
)
# A line that is an item: a few words, no sentence and no list of its own.
_ITEM_WORDS = 6
_SENTENCE = re.compile(r"[,;:?!|]|\b(?:is|are|was|were|and|because|so|then)\b|->|→", re.IGNORECASE)
# What opens a sentence before its list: "The colors are", "Here are the colors:", "Colors:".
_LEADS = (
    re.compile(r"[^,;:\n]{0,80}+:(?=\s)\s*+(?=\S)"),
    re.compile(
        r"(?:[^,;:\n]{0,80}?\b(?:is|are|was|were|be)(?:\s++(?:as\s++follows|these|the\s++following))?+"
        r"|(?:it|that)'s|they're)\s++(?=\S)",
        re.IGNORECASE,
    ),
)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a list stands in a text."""

    start: int
    end: int
    ambiguous: bool
    """Whether other lines could be the answer as well."""


def found_list(found: Said, *, ordered: bool) -> Spot | None:
    """Find the list that answers: after the marker, else the last one of the text; None where nothing has a word."""
    lines = _lines(found.text, found.start, len(found.text))
    lines = [line for line in lines if not is_refusal(found.text[slice(*line)])] or lines
    if not lines:
        return None
    if found.marker is not None:
        return Spot(found.start, _end_of_list(found, lines), ambiguous=False)
    if brackets := list(_BRACKETS.finditer(found.text)):
        return Spot(brackets[-1].start(), brackets[-1].end(), ambiguous=len(brackets) > 1)
    if (block := _marked_block(found.text, lines)) is not None:
        return block
    if (block := _bare_lines(found.text, lines)) is not None:
        return block
    parts = sentences(found.text, lines[0][0], lines[-1][1])
    if ordered and (first := _told_in_order(found.text, parts)) is not None:
        return Spot(parts[first][0], parts[-1][1], ambiguous=first > 0)
    return Spot(*parts[-1], ambiguous=len(parts) > 1)


def lead(text: str) -> int:
    """Return how many characters of a sentence stand before its list; 0 where it has no such opening."""
    if NUMBER.match(text) or BULLET.match(text):
        return 0
    openings = (opening.match(text) for opening in _LEADS)
    return next((opening.end() for opening in openings if opening), 0)


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [
        (start + line.start(), start + line.end())
        for line in re.finditer(r"[^\n]++", text[start:end])
        if re.search(r"\w", line[0])
    ]


def _is_marked(line: str) -> bool:
    return bool(BULLET.match(line) or NUMBER.match(line))


def _is_item(line: str) -> bool:
    line = line.strip().rstrip(",;").removeprefix("and ")
    return len(line.split()) <= _ITEM_WORDS and not _SENTENCE.search(line) and not re.search(r"\w{3}\.\s*\Z", line)


def _end_of_list(found: Said, lines: Sequence[tuple[int, int]]) -> int:
    """Return where a list ends that begins after a marker: lines of the same sort go on with it."""
    first = found.text[slice(*lines[0])]
    if found.text[found.start] in "[{":
        closes = re.search(r"[\]}]", found.text[found.start :])
        return found.start + closes.end() if closes else found.end
    belongs = _is_marked if _is_marked(first) else _is_item if _is_item(first) else None
    end = max(found.end, lines[0][1])
    for one, two in pairwise(lines):
        apart = belongs is _is_item and found.text.count("\n", one[1], two[0]) > 1
        if belongs is None or apart or not belongs(found.text[slice(*two)]):
            break
        end = two[1]
    return end


def _marked_block(text: str, lines: Sequence[tuple[int, int]]) -> Spot | None:
    """Find the last run of lines with bullets or numbers; another run before it makes it ambiguous."""
    marked = [at for at, line in enumerate(lines) if _is_marked(text[slice(*line)])]
    if not marked:
        return None
    known = frozenset(marked)
    runs = [at for at in marked if at - 1 not in known]
    return Spot(lines[runs[-1]][0], lines[marked[-1]][1], ambiguous=len(runs) > 1)


def _bare_lines(text: str, lines: Sequence[tuple[int, int]]) -> Spot | None:
    """Find one item a line, perhaps below a line that ends in a colon."""
    opens = text[slice(*lines[0])].rstrip().endswith(":")
    rest = lines[1:] if opens else lines
    if len(rest) < (1 if opens else 2) or not all(_is_item(text[slice(*line)]) for line in rest):
        return None
    return Spot(rest[0][0], rest[-1][1], ambiguous=False)


def _told_in_order(text: str, parts: Sequence[tuple[int, int]]) -> int | None:
    """Return the sentence from which on all are told in order: "First, wash. Then rinse. Finally, dry."."""
    first = len(parts) - 1
    while first > 0 and _GOES_ON.match(text[slice(*parts[first])].lstrip()):
        first -= 1
    return first if first < len(parts) - 1 and _FIRST.match(text[slice(*parts[first])].lstrip()) else None
