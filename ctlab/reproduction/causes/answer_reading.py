"""Extraction at fault: the number is there, and ctlab's reader does not see it."""

import re
import unicodedata
from collections import Counter

from ctlab import formatting
from ctlab.outcomes import extract
from ctlab.problems.text.numbers import find_numbers
from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.variant import Variant

LEAST_ENDED = 0.5
"""Share of answers that end below which no other reading is tried: behind a number that is right stands then what the
model says for want of an end, and the first number is right by any fault that keeps answers from ending."""
MOST_UNREAD = 10
"""Unread answers that are listed."""
_WORDS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty
"""
_NUMBERS = {word: str(value) for value, word in enumerate(_WORDS.split())}


def _look(case: Case) -> Looked:
    if not all(asked.by_gold for asked in case.asked) or any(asked.problem.kind != "number" for asked in case.asked):
        return Looked(note="only numbers that are held against gold answers are read")
    texts = [answer.text for answer in case.given.answers]
    unread = Counter(text for text in texts if not _read(text))
    note = f"{formatting.share_of(sum(unread.values()), len(texts))} cannot be read" if unread else ""
    readings = _READINGS if case.given.ended >= LEAST_ENDED * len(texts) else {}
    if not readings:
        ends = f"{formatting.share_of(case.given.ended, len(texts))} end: first look why the others do not"
        note = f"{ends}; {note}" if note else ends
    return Looked(
        variants=tuple(
            Variant(change=f"read with {how}", remedy=_REMEDY, reading=reading) for how, reading in readings.items()
        ),
        note=note,
        details={"unread": dict(unread.most_common(MOST_UNREAD))},
    )


def _read(text: str) -> bool:
    found = extract(text)
    return found.after_marker is not None or found.last is not None


def _joined(text: str) -> str:
    """Join digits that stand apart: 1 5 is 15."""
    return re.sub(r"(?<=\d)[ \u00a0]+(?=\d)", "", text)


def _usual_digits(text: str) -> str:
    """Write every script's digits as 0 to 9, and forms of compatibility (full width) as the usual ones."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in plain)


def _first(text: str) -> str:
    found = find_numbers(text)
    return text[found[0].start : found[0].end] if found else text


def _last(text: str) -> str:
    found = find_numbers(text)
    return text[found[-1].start : found[-1].end] if found else text


def _words(text: str) -> str:
    """Write small number words as numbers."""
    return re.sub(r"[A-Za-z]+", lambda word: _NUMBERS.get(word[0].lower(), word[0]), text)


def _comma(text: str) -> str:
    """Take points for thousands and the comma for decimals: 1.234,5."""
    return re.sub(r"\d[\d.,]*\d", lambda number: number[0].replace(".", "").replace(",", "."), text)


_READINGS = {
    "its first number": _first,
    "its last number": _last,
    "digits joined that stand apart": _joined,
    "digits of other scripts as 0 to 9": _usual_digits,
    "number words as numbers": _words,
    "a decimal comma": _comma,
}
_REMEDY = "rewrite the answers so before they are judged, and report the form: ctlab reads the number after its marker"

ANSWER_READING = Cause(name="extraction", title="extraction at fault", look=_look)
