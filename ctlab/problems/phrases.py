"""Phrases as they are compared: one spelling for what a careful person takes for the same words."""

import re
import unicodedata
from functools import lru_cache

_QUOTES = {ord(mark): "'" for mark in "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"} | {
    ord(mark): '"' for mark in "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
}
# Zero-width and direction marks steer rendering and are no part of a word; NFKC keeps them.
_UNSEEN = re.compile("[\N{SOFT HYPHEN}\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_AROUND = ".,;:!?\"'()[]{}*_`…"
_ARTICLES = frozenset(("a", "an", "the"))


def spelled(text: str) -> str:
    """Write a text in Unicode's NFKC with straight quotes and without marks that nobody sees; lines stay."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).translate(_QUOTES)


# As many as there are distinct answers and references of some sets of thousands under some conditions.
@lru_cache(maxsize=65536)
def words(text: str) -> tuple[str, ...]:
    """Split a text into the words by which it is compared.

    Case, runs of blanks, marks around a word and the articles a, an, the count for nothing; where nothing but articles
    is there, they are kept ("A" is a blood group, "The The" a band).
    """
    bare = [word.strip(_AROUND) for word in spelled(text).casefold().split()]
    kept = tuple(word for word in bare if word)
    return tuple(word for word in kept if word not in _ARTICLES) or kept


def phrase(text: str) -> str:
    """Write a text as the words by which it is compared, with a blank between two."""
    return " ".join(words(text))
