"""A figure in the forms of a paper: SVG, PDF and PNG at two widths, and what it shows as comma-separated values."""

import csv
import io
from typing import TYPE_CHECKING

from ctlab.reporting.figures.picture import Cell, Drawing, Table
from ctlab.untrusted_text import in_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_FORMULA = ("=", "+", "-", "@", "\t")
"""Signs at which a spreadsheet takes a text for a formula."""


def forms(drawing: Drawing, stem: str) -> dict[str, bytes]:
    """Make every form of a figure, by file name; the same numbers give the same bytes: none holds a date or an id."""
    import matplotlib

    from ctlab.reporting.figures.style import COLUMN_WIDTH, SETTINGS, TEXT_WIDTH

    made = {f"{stem}.csv": table_bytes(drawing.table())}
    for name, width in (("column", COLUMN_WIDTH), ("text", TEXT_WIDTH)):
        with matplotlib.rc_context(SETTINGS):
            figure = drawing.draw(width)
            made |= {f"{stem}-{name}.{form}": _bytes(figure, form) for form in _METADATA}
    return made


_METADATA: dict[str, dict[str, None]] = {
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
}
"""Forms, and what each would hold of the day and the machine."""


def _bytes(figure: "Figure", form: str) -> bytes:
    from ctlab.reporting.figures.style import PAPER_DPI

    buffer = io.BytesIO()
    figure.savefig(buffer, format=form, dpi=PAPER_DPI, metadata=_METADATA[form])
    return buffer.getvalue()


def table_bytes(table: Table) -> bytes:
    """Write a table as UTF-8; a text that a spreadsheet would take for a formula has an apostrophe before it."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(table.heads)
    lines.writerows([[_plain(cell) for cell in row] for row in table.rows])
    return text.getvalue().encode("utf-8", "replace")


def _plain(cell: Cell) -> str | float | int:
    if isinstance(cell, str):
        shown = in_line(cell)
        return f"'{shown}" if shown.startswith(_FORMULA) else shown
    return "" if cell is None else cell
