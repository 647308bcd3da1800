"""What a picture of the report is: its question and file, and its numbers in words, as a table and drawn.

A drawing takes a width: a report shows it at the width of a text, a paper at that and at the width of a column.
"""

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
Cell = str | float | int | None
"""What stands in a table; proportions stay proportions, and None is an empty cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a picture shows, for a file of comma-separated values."""

    heads: tuple[str, ...]
    """Names of the columns; numbers are in the units of report.json: rates and differences of rates are proportions."""
    rows: tuple[tuple[Cell, ...], ...]
    """One row a mark, or a cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A picture of one report, ready to be drawn."""

    file: str
    """Name of the file beside the page."""
    title: str
    """The question that it answers."""
    words: str
    """What it shows, and how to read it."""
    numbers: Record
    """What it shows, as data; a picture whose numbers did not change is not drawn again."""
    draw: "partial[Figure]"
    """Draws it at a width in inches: the function of the picture's module, bound to its numbers."""
    table: Callable[[], Table]
    """Makes the table of what it shows."""
    appendix: bool = False
    """Whether it holds what the first picture of its subject has no room for."""


class Drawable(Protocol):
    """A picture, whatever its numbers are."""

    @property
    def file(self) -> str:
        """Name of the file beside the page."""

    @property
    def appendix(self) -> bool:
        """Whether it holds what the first picture of its subject has no room for."""

    def of(self, report: Report, problems: Sequence[ProblemRow]) -> Drawing | None:
        """The picture of a report; None where the report has no numbers for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture(Generic[N]):
    """One picture, as the three functions of its module."""

    file: str
    """Name of the file beside the page."""
    title: str
    """The question that it answers."""
    numbers: Callable[[Report, Sequence[ProblemRow]], N | None]
    """Takes what is shown from the report and the full table of problems; None where there is nothing to show."""
    words: Callable[[N], str]
    """Describes it."""
    draw: "Callable[[N, float], Figure]"
    """Draws it at a width in inches, with matplotlib imported inside: a warm run whose pictures are up to date never
    imports it."""
    table: Callable[[N], Table]
    """Its numbers as a table."""
    appendix: bool = False
    """Whether it holds what the first picture of its subject has no room for."""

    def of(self, report: Report, problems: Sequence[ProblemRow]) -> Drawing | None:
        """The picture of a report; None where the report has no numbers for it."""
        shown = self.numbers(report, problems)
        if shown is None:
            return None
        return Drawing(
            file=self.file,
            title=self.title,
            words=self.words(shown),
            numbers=shown,
            draw=partial(self.draw, shown),
            table=partial(self.table, shown),
            appendix=self.appendix,
        )
