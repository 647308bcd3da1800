"""Items of a set or a sequence, however they are listed: commas, lines, bullets, numbers, arrows, first and then."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ctlab.problems.phrases import phrase, spelled

# "and" alone joins the last two: "a, b and c"; an item that holds it ("salt and pepper") is split in answer and
# reference alike.
_BETWEEN = re.compile(r"(?:[,;\n|]|\band\b|&|(?<=[ \t])[/+](?=[ \t]))\s*+", re.IGNORECASE)
# Words that go on with the next item behind a mark or "and": "next" and "last" stand in names, too.
_NEXT = r"(?:then|next|afterwards?|after\s++that|finally|lastly|(?:second|third)(?:ly)?+(?=,|\s++\w))\b[\s,:]*+"
_THEN = re.compile(
    rf"(?:[,;.\n]\s*+(?:and\s++)?{_NEXT}|\band\s++(?:{_NEXT}|last\b)|\b(?:and\s++)?then\b"
    r"|(?:,\s*+)?\bfollowed\s++by\b|\bbefore\b|[-=–—]{1,3}+>++|[→⇒⟶➔➜»>]++|[,;\n|]|\band\b|&"
    r"|(?<=[ \t])[/+–—-](?=[ \t]))\s*+",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\s*+(?:(?:you|we|i|one|they|he|she)\s++)?(?:(?:should|must|would|will|need\s++to|have\s++to)\s++)?"
    r"(?:first(?:ly)?|first\s++of\s++all|to\s++begin\s++with)\b[\s,:]*+(?=\w)",
    re.IGNORECASE,
)
_AND_SO_ON = re.compile(
    r"\b(?:(?:then|next|finally|lastly|after\s++that|afterwards?|and\s++last)\b|second(?:ly)?\b(?=\s*+,))",
    re.IGNORECASE,
)
_AFTER = re.compile(r"(?:,\s*+)?(?:and\s++)?\bafter\s++(?!that\b)", re.IGNORECASE)
BULLET = re.compile(r"[ \t]*+(?:[•◦▪‣·●○]|[-–—*+](?=\s))[ \t]*+(?=\S)")
"""What stands before an item of a list without numbers."""
_MARK = (
    r"(?:(?:step|item)\s*+(?P<step>\d{1,2})\s*+[.):–—-]|\(?(?P<number>\d{1,2})(?:[.)](?!\d)|:(?=\s))"
    r"|\((?P<bracketed>[a-z])\)|(?P<letter>[a-z])[.)](?=\s)|(?P<roman>[ivx]{1,4})[.)](?=\s))"
    r"[ \t]*+(?![,;:]|\(\w{1,2}\))(?=\S)"
)
NUMBER = re.compile(rf"[ \t]*+{_MARK}", re.IGNORECASE)
"""What stands before an item of a numbered list: 1. 1) (1) 1: (a) a) i. Step 1:"""
_INLINE = re.compile(rf"(?:(?<=[\s,;:])|\A){_MARK}", re.IGNORECASE)
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


@dataclass(frozen=True, slots=True)
class Listed:
    """Items as they are compared, in the order that is meant."""

    items: tuple[str, ...]
    turned: bool = False
    """Whether they were written in another order: "c, after b, after a", or by numbers that do not count up."""


def items(text: str, *, ordered: bool = False) -> tuple[str, ...]:
    """Split a text into its items, as they are compared; see `listed`."""
    return listed(text, ordered=ordered).items


def listed(text: str, *, ordered: bool = False) -> Listed:
    """Split a text into its items: at commas, semicolons, line ends, bars and "and", or at the numbers before them.

    Of a sequence (``ordered``) arrows, "then", "before" and the like stand between two items as well.
    """
    inside = spelled(text).strip()
    inside = inside.strip("[]{}") if not NUMBER.match(inside) else inside
    if inside.startswith("(") and inside.endswith(")") and not NUMBER.match(inside):
        inside = inside[1:-1]
    numbered = _numbered(inside)
    if numbered is not None:
        places = [place for place, _ in numbered]
        turned = ordered and places != sorted(places)
        parts = sorted(numbered, key=lambda each: each[0]) if turned else numbered
        return Listed(_parts([part for _, part in parts], ordered=False), turned)
    inside = "\n".join(map(_without_bullet, inside.split("\n")))
    if not ordered:
        return Listed(_parts([inside], ordered=False))
    back = _AFTER.split(inside)
    if len(back) > 1 and all(part.strip() for part in back):
        return Listed(_parts(back[::-1], ordered=True), turned=True)
    first = _FIRST.match(inside)
    if first and _AND_SO_ON.search(inside, first.end()):
        inside = inside[first.end() :]
    return Listed(_parts([inside], ordered=True))


def _without_bullet(line: str) -> str:
    bullet = BULLET.match(line)
    return line[bullet.end() :] if bullet else line


def _parts(texts: Sequence[str], *, ordered: bool) -> tuple[str, ...]:
    split = (_THEN if ordered else _BETWEEN).split
    parts = (phrase(part) for text in texts for part in split(text))
    return tuple(part for part in parts if part)


def _numbered(text: str) -> list[tuple[int, str]] | None:
    """Return the items of a numbered list with their numbers; None where these do not count up."""
    marks = list(_INLINE.finditer(text))
    if not marks or marks[0].start() > 0:
        return None
    for name in ("step", "number", "bracketed", "letter", "roman"):
        own = [mark for mark in marks if mark[name] or (name == "roman" and mark["letter"])]
        places = [_place(name, mark[name] or mark["letter"]) for mark in own]
        if name in ("letter", "roman"):  # "A. Lincoln, B. Obama" is no list: letters stand before lines
            own = [mark for mark in own if _opens_a_line(text, mark.start())]
        alone = len(own) == 1 and name in ("letter", "roman")
        if own and own[0].start() == 0 and not alone and _counts(places):
            ends = [*(mark.start() for mark in own[1:]), len(text)]
            return [(place, text[mark.end() : end]) for place, mark, end in zip(places, own, ends, strict=True)]
    return None


def _opens_a_line(text: str, at: int) -> bool:
    while at and text[at - 1] in " \t":
        at -= 1
    return at == 0 or text[at - 1] == "\n"


def _place(name: str, mark: str) -> int:
    if name in ("step", "number"):
        return int(mark)
    if name == "roman":
        return _ROMAN.index(mark.lower()) if mark.lower() in _ROMAN else -1
    return ord(mark.lower()) - ord("a")


def _counts(places: Sequence[int]) -> bool:
    """Whether places are some in a row, in any order, or one over and over as Markdown allows."""
    low = min(places)
    return low in (0, 1) and (sorted(places) == list(range(low, low + len(places))) or set(places) == {1})
