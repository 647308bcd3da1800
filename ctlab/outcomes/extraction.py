"""Answer extraction: one function for every condition, both readings kept."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ctlab.outcomes.forms import form_of
from ctlab.problems import Number, same_number
from ctlab.problems.text.numbers import first_number, last_number
from ctlab.problems.text.plain_text import plain
from ctlab.source_digest import source_digest

EXTRACTOR_VERSION = source_digest(__name__)
"""Digest of the source that reads answers, another one whenever any text may be read differently; stored with every
extraction."""

# What the published models, GSM8K and the recorded answers write before the answer; not the A of "Q&A:" or of a word.
_MARKER = re.compile(r"(?i:the answer is\s*+:)|####|(?<![\w&])A:")


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
    """Read the answer of a generation: after ``The answer is:``, ``####`` or ``A:`` (the last one), or the last number.

    Both readings are kept; a number that follows no marker is flagged by ``Extraction.flagged``. ``forms``: those that
    undisturbed answers have; empty or None where they have no common form.
    """
    form_broken = form_of(text) not in forms if forms else None
    text = plain(text)
    markers = list(_MARKER.finditer(text))
    marker = markers[-1] if markers else None
    return Extraction(
        after_marker=None if marker is None else first_number(text, marker.end()),
        last=last_number(text),
        marker=None if marker is None else marker[0],
        form_broken=form_broken,
    )
