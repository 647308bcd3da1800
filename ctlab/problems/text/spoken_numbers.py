"""Numbers that an answer gives in words: ``minus four``, ``a hundred and five``, ``two and a half``, ``one point two``.

`find_number_words` collects the whole numbers of a question; here one answer is read, so that signs, decimals and parts
count, and where each stands.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ctlab.problems.text.number_words import NUMBER_WORDS, read_run

_NEGATIVE = frozenset(("minus", "negative"))
_DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_SINGULAR_SCALES = frozenset(("dozen", "hundred", "thousand", "million", "billion"))
_SCALES = _SINGULAR_SCALES | {f"{scale}s" for scale in _SINGULAR_SCALES}
PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7}
PARTS |= {"eighth": 8, "ninth": 9, "tenth": 10, "twelfth": 12, "sixteenth": 16, "twentieth": 20, "thirtieth": 30}
PARTS |= {"fiftieth": 50, "hundredth": 100, "thousandth": 1000, "millionth": 1_000_000}
PARTS |= {f"{part}s": under for part, under in PARTS.items() if not part.startswith("hal")}
"""Names of parts, singular and plural, and into how many the whole is divided."""
_ORDINALS = ["first", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"]
_RANK = {word: rank for rank, word in zip((1, *range(3, 13)), _ORDINALS, strict=True)}
# "no one", "the one that", "one of them": a pronoun.
_BEFORE_PRONOUN = frozenset(("no", "the", "this", "that", "each", "every", "any", "which", "only", "other"))
# "at this point five people": no decimal point.
_BEFORE_A_POINT = frozenset(("this", "that", "the", "a", "some", "any", "one", "each", "every", "which", "last"))
_AFTER_PRONOUN = frozenset(("of", "another", "that", "who", "which", "is", "can", "day", "way"))
_WORD = re.compile(r"[A-Za-z]++")
# "nine hundred ninety-nine billion nine hundred … ninety-nine" has 16; hostile text has no end.
_MOST_WORDS = 20


@dataclass(frozen=True, slots=True)
class Spoken:
    """A number in words."""

    value: Fraction
    """Exact value."""
    places: int | None
    """Decimals as spoken; None when the number is exact."""
    start: int
    """First character."""
    end: int
    """One past the last character."""
    ordinal: bool = False
    """Whether it says which one, and not how many."""


def spoken_numbers(text: str) -> list[Spoken]:
    """Read every number in words, in order."""
    return list(_Reader(text).read())


class _Reader:
    def __init__(self, text: str) -> None:
        self.spans = [match.span() for match in _WORD.finditer(text)]
        self.words = [text[start:end].lower() for start, end in self.spans]
        self.gaps = [text[a[1] : b[0]] for a, b in zip(self.spans, self.spans[1:], strict=False)]

    def read(self) -> Iterator[Spoken]:
        at = 0
        while at < len(self.words):
            found = self._signed(at)
            if found is None:
                at += 1
                continue
            value, places, after, ordinal = found
            yield Spoken(value, places, self.spans[at][0], self.spans[after - 1][1], ordinal)
            at = after

    def _word(self, at: int) -> str:
        """The word at a place, empty where a sign other than a hyphen parts it from the word before."""
        joined = 0 <= at < len(self.words) and (at == 0 or self.gaps[at - 1] in (" ", "-"))
        return self.words[at] if joined else ""

    def _signed(self, at: int) -> tuple[Fraction, int | None, int, bool] | None:
        if self.words[at] in _NEGATIVE:
            found = self._number(at + 1) if self._word(at + 1) else None
            return None if found is None else (-found[0], *found[1:])
        return self._number(at)

    def _number(self, at: int) -> tuple[Fraction, int | None, int, bool] | None:
        if self.words[at] in _RANK and self._word(at - 1) not in ("a", "an", "one"):
            return Fraction(_RANK[self.words[at]]), None, at + 1, True
        if self.words[at] == "point" and self._word(at - 1) not in _BEFORE_A_POINT and self._word(at + 1) in _DIGITS:
            return (*self._scaled(*self._decimals(0, at + 1)), False)
        if part := self._part(at):
            return (*self._scaled(part[0], None, part[1]), False)
        whole, after = self._whole(at)
        if whole is None:
            return None
        if self._word(after) == "point" and self._word(after + 1) in _DIGITS:
            return (*self._scaled(*self._decimals(whole, after + 1)), False)
        if self._word(after) == "and" and (part := self._part(after + 1)):
            return (*self._scaled(whole + part[0], None, part[1]), False)
        return Fraction(whole), None, after, False

    def _scaled(self, value: Fraction, places: int | None, at: int) -> tuple[Fraction, int | None, int]:
        """``half a million``, ``two point five million``."""
        skip = self._word(at) in ("a", "an")
        scale = self._word(at + skip)
        if scale not in _SINGULAR_SCALES:
            return value, places, at
        return value * read_run([scale])[0], None, at + skip + 1

    def _part(self, at: int) -> tuple[Fraction, int] | None:
        """``half``, ``a quarter``, ``three fifths``; not ``half as many``, which is a relation."""
        if at >= len(self.words):
            return None
        over, after = 1, at
        if self.words[at] in ("a", "an"):
            after = at + 1
        elif self.words[at] != "half":
            whole, after = self._whole(at, alone=False)
            if whole is None:
                return None
            over = whole
        name = self._word(after) if after > at else self.words[at]
        if name not in PARTS or self._word(after + 1) == "as":
            return None
        return Fraction(over, PARTS[name]), after + 1

    def _whole(self, at: int, *, alone: bool = True) -> tuple[int | None, int]:
        """A whole number and the place after it; ``alone``: nothing that it could be a part of follows."""
        word = self.words[at]
        if word == "zero":
            return 0, at + 1
        if word in ("a", "an"):
            if self._word(at + 1) not in _SINGULAR_SCALES:
                return None, at
            run, after = ["one"], at + 1
        elif word in NUMBER_WORDS and (word not in _SCALES or word in _SINGULAR_SCALES):
            run, after = [], at
        else:
            return None, at
        while after < len(self.words) and len(run) < _MOST_WORDS:
            skip = 1 if self._word(after) == "and" and run and run[-1] in _SCALES else 0
            following = self._word(after + skip) if run else self.words[after]
            if following not in NUMBER_WORDS or len(read_run([*run, following])) > 1:
                break
            run.append(following)
            after += skip + 1
        if alone and run == ["one"] and self._pronoun(at):
            return None, at
        return read_run(run)[0], after

    def _pronoun(self, at: int) -> bool:
        return (at > 0 and self.words[at - 1] in _BEFORE_PRONOUN) or self._word(at + 1) in _AFTER_PRONOUN

    def _decimals(self, whole: int, at: int) -> tuple[Fraction, int, int]:
        digits = ""
        while self._word(at) in _DIGITS:
            digits += str(_DIGITS.index(self._word(at)))
            at += 1
        return Fraction(int(f"{whole}{digits}"), 10 ** len(digits)), len(digits), at
