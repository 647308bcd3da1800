"""Answer extraction: one function for every condition, both readings kept."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from ctlab.outcomes.forms import form_of
from ctlab.outcomes.reading.answer_markers import Marker, answered_part, closing, find_markers, own_question
from ctlab.outcomes.reading.last import read_last
from ctlab.outcomes.reading.result import Reading
from ctlab.outcomes.reading.statement import read_solution, read_statement
from ctlab.problems import Number, same_number
from ctlab.problems.text.numbers import last_number
from ctlab.problems.text.spelling import spelled
from ctlab.source_digest import source_digest
from ctlab.untrusted_text import visible

EXTRACTOR_VERSION = source_digest(__name__)
"""Digest of the source that reads answers, another one whenever any text may be read differently; stored with every
extraction."""

# Between two markers that announce different numbers: the second replaces the first.
_REPLACES = re.compile(
    r"(?i:\b(?:final(?:ly)?|wait|no,|actually|correct\w*|instead|then|mistake|sorry|oops|forgot)\b|no,)"
)
_DASH_APART = re.compile(r"(?:^|[\s:=])[\u2012-\u2015]\s+[$€£¥]?\d")
# Markers whose numbers are compared; hostile text has thousands.
_MOST_MARKERS = 8
# Longer markers ("the answer to the question of … is") are cut where they are shown.
_LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What number a text gives as its answer, by both readings."""

    after_marker: Number | None
    """First number after the last answer marker."""
    last: Number | None
    """Last number of the text."""
    marker: str | None
    """The last answer marker as written; None when there is none."""
    form_broken: bool | None = None
    """Whether the text has another form than undisturbed answers; None where these have no common form."""
    answer: str | None = None
    """What was read where the answer is no number (`Problem.kind`), as it is compared; None without any."""
    ambiguous: bool = False
    """Whether a careful person would hesitate."""
    reading: str = ""
    """How it was read, in words; empty where there is nothing to say."""
    version: str = EXTRACTOR_VERSION
    """Version of the extractor that read it."""

    @property
    def prediction(self) -> Number | None:
        """The judged number: after the marker, otherwise the last one."""
        return self.after_marker or self.last

    @property
    def flagged(self) -> bool:
        """Whether the judged number stood after no answer marker."""
        return self.after_marker is None

    @property
    def disagrees(self) -> bool:
        """Whether the two readings are different numbers."""
        return self.after_marker is not None and (self.last is None or not same_number(self.after_marker, self.last))

    def to_json(self) -> dict[str, Any]:
        """JSON form; what is not there of the last three is left out."""
        form = {
            "after_marker": None if self.after_marker is None else str(self.after_marker),
            "last": None if self.last is None else str(self.last),
            "marker": self.marker,
            "form_broken": self.form_broken,
            "version": self.version,
        }
        more = {"answer": self.answer, "ambiguous": self.ambiguous, "reading": self.reading}
        return {**form, **{name: value for name, value in more.items() if value}}

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> "Extraction":
        """Read the JSON form."""
        return cls(
            after_marker=None if form["after_marker"] is None else Number.parse(form["after_marker"]),
            last=None if form["last"] is None else Number.parse(form["last"]),
            marker=form["marker"],
            form_broken=form["form_broken"],
            answer=form.get("answer"),
            ambiguous=form.get("ambiguous", False),
            reading=form.get("reading", ""),
            version=form["version"],
        )


def extract(text: str, forms: Collection[str] | None = None) -> Extraction:
    """Read the answer of a generation: what the last marker announces, or the last number of a text without one.

    Both readings are kept; a number that follows no marker is flagged by ``Extraction.flagged``, one that a careful
    person would hesitate over by ``Extraction.ambiguous``, and ``Extraction.reading`` says how it was read. ``forms``:
    those that undisturbed answers have; empty or None where they have no common form.
    """
    found = _extracted(text)
    return replace(found, form_broken=form_of(text) not in forms) if forms else found


# Conditions mostly repeat each other's answers.
@lru_cache(maxsize=65536)
def _extracted(text: str) -> Extraction:
    spelling = answered_part(spelled(text))
    markers = find_markers(spelling)
    marker, reading = _announced(spelling, markers) or (None, _unannounced(spelling, markers))
    if not reading.hesitation and "stands apart" in reading.how and _DASH_APART.search(text):
        reading = replace(reading, hesitation="a dash that may be a sign")
    ends_with_it = reading.alone and marker is not None and marker.stop == len(spelling)
    return Extraction(
        after_marker=reading.number if marker else None,
        last=reading.number if ends_with_it or not marker else last_number(spelling),
        marker=marker.text if marker else markers[-1].text if markers else None,
        ambiguous=bool(reading.hesitation),
        reading=f"{reading.how}; {reading.hesitation}" if reading.hesitation else reading.how,
    )


def _announced(text: str, markers: Sequence[Marker]) -> tuple[Marker, Reading] | None:
    """Read what the markers announce; None where none of them announces a number."""
    stated = [(marker, _reading(text, marker)) for marker in markers]
    stated = [(marker, reading) for marker, reading in stated if reading.number is not None]
    if not stated:
        return _before_closing(text)
    asks = own_question(text, stated[0][0].end)
    ours = [each for each in stated if asks is None or each[0].start < asks]
    chosen, reading = ours[-1]
    several = len(ours) == len(stated) > 1
    how = f"{reading.how} after {'the last ' if several else ''}“{_shown(chosen.text)}”"
    hesitation = reading.hesitation
    if not hesitation and len(markers) > 1:
        hesitation = _disagreement(text, chosen, reading, ours[-_MOST_MARKERS:])
        if not hesitation and len(ours) < len(stated):
            hesitation = "the text goes on with a question of its own"
        if not hesitation and markers[-1].start > stated[-1][0].start and asks is None:
            hesitation = "a later marker announces nothing"
    return chosen, replace(reading, how=how, hesitation=hesitation)


def _reading(text: str, marker: Marker) -> Reading:
    said = text[marker.end : marker.stop]
    reading = read_solution(said) if marker.opens else read_statement(said)
    foreign = marker.kind in ("german", "romance") and reading.number is not None and reading.number.places == 3
    if foreign and not reading.hesitation:
        return replace(reading, hesitation="the point may group thousands")
    return reading


def _unannounced(text: str, markers: Sequence[Marker]) -> Reading:
    """Read the last number of a text without a marker, or of one whose markers announce nothing."""
    asks = own_question(text, 0)
    reading = read_last(text[:asks])
    if asks is not None:
        reading = read_last(text) if reading.number is None else reading
        return replace(reading, hesitation=reading.hesitation or "the text goes on with a question of its own")
    if markers and reading.number is not None and not reading.hesitation:
        return replace(reading, hesitation="the marker announces nothing")
    return reading


def _before_closing(text: str) -> tuple[Marker, Reading] | None:
    """Read ``so 18 is the answer``."""
    span = closing(text)
    reading = read_last(text[: span[0]]) if span else Reading(None)
    if span is None or reading.number is None:
        return None
    marker = Marker(text[span[0] : span[1]], *span, span[1], "closing")
    return marker, replace(reading, how=f"the number before “{_shown(marker.text)}”")


def _disagreement(text: str, chosen: Marker, reading: Reading, stated: Sequence[tuple[Marker, Reading]]) -> str:
    """Say that markers announce different numbers, unless the last one corrects or, after ``A:``, concludes."""
    for marker, other in stated:
        opens = marker.kind == "letter" and chosen.kind != "letter"
        same = other.number is not None and reading.number is not None and same_number(other.number, reading.number)
        if same or opens or chosen.final:
            continue
        if not _REPLACES.search(text[marker.end : chosen.start]):
            return "several markers disagree"
    return ""


def _shown(marker: str) -> str:
    text = " ".join(visible(marker).split())
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
