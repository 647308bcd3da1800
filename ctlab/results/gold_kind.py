"""Which kind of answer reference answers are, where nobody said it."""

from collections.abc import Iterable, Mapping
from typing import Any

from ctlab.delimited_text import decimal_comma_meant
from ctlab.errors import InputError, ProblemSetError
from ctlab.problems import Number
from ctlab.problems.answer_kinds import TRUTHS, chosen
from ctlab.problems.phrases import phrase
from ctlab.problems.problem import KINDS
from ctlab.results.row_values import final_part

MOSTLY = 0.9
"""Share of reference answers that must be numbers for the others to be left out as unreadable: of fewer it is a set of
texts some of which are numbers."""


def guessed(golds: Iterable[str]) -> str:
    """Return the kind that reference answers look like; sets and sequences look like entities and must be said."""
    texts = {final_part(gold) for gold in golds}
    if all(phrase(text) in TRUTHS for text in texts):
        return "boolean"
    if sum(map(_is_number, texts)) >= MOSTLY * len(texts):
        return "number"
    return "choice" if all(chosen(text, ()) for text in texts) else "entity"


def check_kind(kind: str) -> str:
    """Return a kind that somebody named, or say which there are."""
    if kind not in KINDS:
        raise InputError(f"there is no answer kind {kind!r}; there are {', '.join(KINDS)}")
    return kind


def options_of(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the texts of a row's options: a list of texts, or the hub's table of texts and letters."""
    for name in ("options", "choices"):
        held = fields.get(name)
        texts = held.get("text") if isinstance(held, Mapping) else held
        if isinstance(texts, list | tuple) and texts and all(isinstance(text, str) for text in texts):
            return tuple(texts)
    return ()


def _is_number(text: str) -> bool:
    if decimal_comma_meant(text):  # of a number, and left out with a word about the comma
        return True
    try:
        Number.parse(text)
    except ProblemSetError:
        return False
    return True
