"""Answer extraction: one function for every condition, both readings kept."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ctlab.outcomes.answer_reading import Reading, read_last, read_statement
from ctlab.outcomes.forms import form_of
from ctlab.outcomes.markers import Marker, answered_part, closing, find_markers, own_question
from ctlab.problems import Number, same_number
from ctlab.problems.text.numbers import last_number
from ctlab.problems.text.spelling import spelled
from ctlab.source_digest import source_digest
from ctlab.untrusted_text import visible

EXTRACTOR_VERSION = source_digest(__name__)
"""Digest of the source that reads answers, another one whenever any text may be read differently; stored with every
extraction."""

# Between two markers that announce different numbers: the second replaces the first.
_REPLACES = re.compile(r"(?i:\b(?:final(?:ly)?|wait|no,|actually|correct\w*|instead|then|mistake|sorry|oops|forgot)\b|no,)")
_DASH_APART = re.compile(r"(?:^|[\s:=])[\u2012-\u2015]\s+[$€£¥]?\d")
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
    form_broken = form_of(text) not in forms if forms else None
    spelling = answered_part(spelled(text))
    markers = find_markers(spelling)
    found = _after_marker(spelling, markers)
    if found is None:
        reading = read_last(spelling)
        if markers and reading.number is not None and not reading.hesitation:
            reading = replace(reading, hesitation="the marker announces nothing")
        marker = markers[-1].text if markers else None
    else:
        marker, reading = found
    if not reading.hesitation and "stands apart" in reading.how and _DASH_APART.search(text):
        reading = replace(reading, hesitation="a dash that may be a sign")
    last = last_number(spelling) if found else reading.number
    return Extraction(
        after_marker=reading.number if found else None,
        last=last,
        marker=marker,
        form_broken=form_broken,
        ambiguous=bool(reading.hesitation),
        reading=f"{reading.how}; {reading.hesitation}" if reading.hesitation else reading.how,
    )


def _after_marker(text: str, markers: Sequence[Marker]) -> tuple[str, Reading] | None:
    """Read what the markers announce; None where none of them announces a number."""
    stated = [(marker, read_statement(text[marker.end : marker.stop])) for marker in markers]
    stated = [(marker, reading) for marker, reading in stated if reading.number is not None]
    if not stated:
        return _closing(text)
    asks = own_question(text)
    ours = [each for each in stated if asks is None or each[0].start < asks] or stated
    chosen, reading = ours[-1]
    several = len(stated) > 1
    how = f"{reading.how} after {'the last ' if several and chosen is stated[-1][0] else ''}“{_shown(chosen.text)}”"
    hesitation = reading.hesitation or _disagreement(text, chosen, reading, ours)
    if not hesitation and len(ours) < len(stated):
        hesitation = "the text goes on with a question of its own"
    if not hesitation and markers[-1].start > stated[-1][0].start and asks is None:
        hesitation = "a later marker announces nothing"
    return chosen.text, Reading(reading.number, how, hesitation)


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


def _closing(text: str) -> tuple[str, Reading] | None:
    """Read ``so 18 is the answer``."""
    span = closing(text)
    if span is None:
        return None
    reading = read_last(text[: span[0]])
    if reading.number is None:
        return None
    marker = text[span[0] : span[1]]
    return marker, Reading(reading.number, f"the number before “{_shown(marker)}”", reading.hesitation)


def _shown(marker: str) -> str:
    text = " ".join(visible(marker).split())
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
