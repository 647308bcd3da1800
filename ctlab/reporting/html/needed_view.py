"""Where each thought is needed, as the first screen draws it: cells in pixels, at a width that a phone has."""

from dataclasses import dataclass

from ctlab import formatting
from ctlab.reporting.figures import thoughts_needed
from ctlab.reporting.figures.needed_cells import NeedCell, NeedNumbers
from ctlab.reporting.figures.style import shortened
from ctlab.reporting.figures.thoughts_needed import NEEDED_FILL
from ctlab.reporting.model.run_report import Report

_ACROSS = 356  # pixels: a window of 400 less the page's edges
_CELL = (62, 58)
_HEADS, _BELOW = 46, 10
_LETTER = 6.6  # pixels: a letter of a thought's name, at 11 pixels
_NAMES = (40, 110)  # least and most room for the names of thoughts


@dataclass(frozen=True, slots=True, kw_only=True)
class CellBox:
    """One cell; places in pixels."""

    x: int
    """Left edge."""
    y: int
    """Top edge."""
    label: str
    """``needed``, ``idle`` or ``unknown``."""
    number: str
    """What was lost, in points."""
    ends: str
    """Its interval."""
    line: tuple[float, float, float] | None
    """Interval and estimate as places from the left; None where it was not tested."""
    words: str
    """All of it as a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededView:
    """The picture on the page."""

    title: str
    """Its question."""
    words: str
    """What it shows, for those who do not see it."""
    claim: str
    """Id of the claim."""
    caption: str
    """How to read it."""
    feature: str
    """What tells columns apart."""
    width: int
    """Pixels."""
    height: int
    """Pixels."""
    middle: float
    """Where the names of the columns have their middle."""
    heads: tuple[tuple[float, int, str, str], ...]
    """Place, name and problems of each column."""
    thoughts: tuple[tuple[int, str, str], ...]
    """Place of each row, with its name as it is shown and in full."""
    cells: tuple[CellBox, ...]
    """Every cell."""
    fill: str = NEEDED_FILL
    """Colour of a needed cell."""


def needed_view(report: Report) -> NeededView | str:
    """Return the picture, or a sentence that says why there is none."""
    shown = thoughts_needed.numbers(report)
    return thoughts_needed.missing(report) if shown is None else _view(shown)


def _view(shown: NeedNumbers) -> NeededView:
    left = int(min(_NAMES[1], max(_NAMES[0], _LETTER * max(map(len, shown.thoughts)))))
    parts = thoughts_needed.blocks(shown, (_ACROSS - left) // _CELL[0])
    heads, thoughts, cells = [], [], []
    top = 0
    for part in parts:
        top += _HEADS
        for x, column in enumerate(part):
            place = left + (x + 0.5) * _CELL[0]
            heads.append((place, top, shortened(shown.strata[column], 9), f"n = {shown.sizes[column]}"))
        for y, (name, row) in enumerate(zip(shown.thoughts, shown.cells, strict=True)):
            thoughts.append((top + y * _CELL[1] + _CELL[1] // 2, shortened(name, int(left / _LETTER)), name))
            cells += [
                _box(left + x * _CELL[0], top + y * _CELL[1], (name, shown.names[column]), cell, shown)
                for x, column in enumerate(part)
                if (cell := row[column])
            ]
        top += len(shown.thoughts) * _CELL[1] + _BELOW
    across = left + len(parts[0]) * _CELL[0]
    return NeededView(
        title=thoughts_needed.PICTURE.title,
        words=thoughts_needed.words(shown),
        claim=shown.claim,
        caption=thoughts_needed.legend(shown),
        feature=shown.feature,
        width=across,
        height=top,
        middle=(left + across) / 2,
        heads=tuple(heads),
        thoughts=tuple(thoughts),
        cells=tuple(cells),
    )


def _box(x: int, y: int, where: tuple[str, str], cell: NeedCell, shown: NeedNumbers) -> CellBox:
    number = "–" if cell.cost is None else thoughts_needed.cost_text(cell.cost, shown.margin)
    line = None
    if cell.numbers is not None:
        low, high = shown.reach
        at, start, end = (round(x + 8 + (_CELL[0] - 16) * (end - low) / (high - low), 1) for end in cell.numbers)
        line = start, end, at
    ends = thoughts_needed.ends_text(cell, shown.margin)
    lost = f"{number} {formatting.POINTS} lost ({ends})" if line else ends
    label = f"{cell.label}, {cell.why}" if cell.why else cell.label
    words = f"{where[0]}, {where[1]}: {lost}, n = {formatting.count(cell.n)}: {label}"
    return CellBox(x=x, y=y, label=cell.label, number=number, ends=ends, line=line, words=words)
