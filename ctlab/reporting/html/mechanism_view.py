"""The two sections about what went on inside: their form, and why one holds no numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ctlab import formatting
from ctlab.reporting.html.claim_tables import DetailTable
from ctlab.reporting.model.run_report import Report

_NEEDS = {"A": "attention weights", "H": "hidden states"}
"""What claims need beside answers, by the letter that they say it with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MechanismView:
    """One of the two sections."""

    title: str
    """Heading."""
    anchor: str
    """Where a link can lead."""
    paragraphs: tuple[str, ...]
    """What was seen, or why nothing was."""
    tables: tuple[DetailTable, ...] = ()
    """The numbers of the picture, for those who do not see it."""
    file: str = ""
    """Picture of this section, beside the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedPicture:
    """A figure inside the page."""

    title: str
    """Heading."""
    words: str
    """What it shows, for those who do not see it."""
    source: str
    """``data:`` address of the PNG."""
    file: str
    """Name of the file beside the page."""


def missing(report: Report, need: Literal["A", "H"]) -> str:
    """Why a section holds no numbers."""
    what = _NEEDS[need]
    if any(row.recorded for row in report.conditions):
        return f"Not measured: recorded answers hold no {what}."
    needy = [claim for claim in report.claims if claim.needs in _NEEDS]
    if not needy:
        return f"Not measured: no claim of this run needs {what}."
    if not any(claim.status == "judged" for claim in needy):
        number = formatting.counted(len(needy), "claim")
        return f"Not measured: of {number} that need attention weights or hidden states none was judged in this run."
    return f"Not measured: the claims that were judged left no {what} on record."


def pictured(pictures: Sequence[EmbeddedPicture], view: MechanismView) -> EmbeddedPicture | None:
    """The picture of a section among those of the page."""
    return next((picture for picture in pictures if view.file and picture.file == view.file), None)
