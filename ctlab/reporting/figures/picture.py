"""What a picture of the report is: its file and title, the numbers that it shows, their words and their drawing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from ctlab.reporting.model.record import Record
from ctlab.reporting.model.run_report import Report
from ctlab.reporting.model.sensitivity_table import ProblemRow

if TYPE_CHECKING:
    from matplotlib.figure import Figure

N = TypeVar("N", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A picture of one report, ready to be drawn."""

    file: str
    """Name of the file beside the page."""
    title: str
    """Heading above it."""
    words: str
    """What it shows, for those who do not see it."""
    numbers: Record
    """What it shows, as data; a picture whose numbers did not change is not drawn again."""
    draw: "partial[Figure]"
    """Draws it: the function of the picture's module, bound to its numbers."""


class Drawable(Protocol):
    """A picture, whatever its numbers are."""

    @property
    def file(self) -> str:
        """Name of the file beside the page."""

    def of(self, report: Report, problems: Sequence[ProblemRow]) -> Drawing | None:
        """The picture of a report; None where the report has no numbers for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture(Generic[N]):
    """One picture, as the three functions of its module."""

    file: str
    """Name of the file beside the page."""
    title: str
    """Heading above it."""
    numbers: Callable[[Report, Sequence[ProblemRow]], N | None]
    """Takes what is shown from the report and the full table of problems; None where there is nothing to show."""
    words: Callable[[N], str]
    """Describes it."""
    draw: "Callable[[N], Figure]"
    """Draws it, with matplotlib imported inside: a warm run whose pictures are up to date never imports it."""

    def of(self, report: Report, problems: Sequence[ProblemRow]) -> Drawing | None:
        """The picture of a report; None where the report has no numbers for it."""
        shown = self.numbers(report, problems)
        if shown is None:
            return None
        return Drawing(
            file=self.file, title=self.title, words=self.words(shown), numbers=shown, draw=partial(self.draw, shown)
        )
